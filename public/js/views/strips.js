/** The strips under the bar: that this is a demo, and how far its history is built. */

import { byId, h, redraw } from "./dom.js";
import { integer } from "../format.js";

/**
 * @param {import("../types.js").Reader} reader
 * @param {import("../state.js").State} state
 */
export function drawStrips(reader, { health, demo }) {
  const isDemo = health?.demo === true;
  byId("demo-strip").hidden = !isDemo;
  byId("demo-chip").hidden = !isDemo;
  const building = isDemo ? demo?.building ?? null : null;
  const strip = byId("building");
  strip.hidden = building === null;
  if (!building) return;
  const words = `Building 90 days of history: ${integer(reader, building.done)} of ${integer(reader, building.total)} runs`;
  redraw(strip, words, () => [h("p", { class: "width building-row" },
    h("span", { id: "building-words" }, words),
    h("progress", { max: String(building.total), value: String(building.done), "aria-labelledby": "building-words" }))]);
}
