/** What stands below the chart. It is fetched after it, with its own style sheet. */

import { page } from "./state.js";
import { byId } from "./views/dom.js";
import { drawLog } from "./views/log.js";
import { drawRestated } from "./views/restated.js";
import { drawStatistics } from "./views/statistics.js";

/** Settled when the sections can be shown; without their style sheet they can be read all the same. */
export const styled = new Promise((done) => {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.addEventListener("load", done);
  link.addEventListener("error", done);
  link.href = "/css/sections.css";
  document.head.append(link);
});

/**
 * @param {import("./types.js").Reader} reader
 * @param {import("./state.js").State} state
 */
export function drawSections(reader, state) {
  const kind = page(state);
  byId("sections").hidden = kind !== "figures" && kind !== "waiting";
  drawStatistics(reader, kind === "figures" ? state : null);
  drawLog(reader, byId("sections").hidden ? null : state);
  if (state.history && kind === "figures") drawRestated(reader, state.history);
}
