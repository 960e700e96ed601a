/** The strips under the bar: that this is a demo, and how far its history is built, or the time that passes. */

import { byId, h, redraw } from "./dom.js";
import { underWay } from "../words.js";

/**
 * @param {import("../types.js").Reader} reader
 * @param {import("../state.js").State} state
 */
export function drawStrips(reader, { health, demo }) {
  const isDemo = health ? health.demo === true : demo !== null; // a server that is away for a moment is no other one
  byId("demo-strip").hidden = !isDemo;
  byId("demo-chip").hidden = !isDemo;
  const found = isDemo && demo ? underWay(reader, demo) : null;
  const strip = byId("building");
  strip.hidden = found === null;
  if (!found) return;
  redraw(strip, found, () => [h("p", { class: "width building-row" },
    h("span", { id: "building-words" }, found.words),
    h("progress", { max: String(found.total), value: String(found.done), "aria-labelledby": "building-words" }))]);
}
