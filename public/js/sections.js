/** What stands below the chart. It is fetched after it, with its own style sheets. */

import { page } from "./state.js";
import { drawChanges } from "./views/changes.js";
import { byId } from "./views/dom.js";
import { drawLog } from "./views/log.js";
import { drawRestated } from "./views/restated.js";
import { drawStatistics } from "./views/statistics.js";

/** Settled when the sections can be shown; without their style sheets they can be read all the same. */
export const styled = Promise.all(["sections", "changes"].map((name) => new Promise((done) => {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.addEventListener("load", done);
  link.addEventListener("error", done);
  link.href = `/css/${name}.css`;
  document.head.append(link);
})));

/**
 * @param {import("./types.js").Reader} reader
 * @param {import("./state.js").State} state
 */
export function drawSections(reader, state) {
  const kind = page(state);
  byId("sections").hidden = kind !== "figures" && kind !== "waiting";
  drawChanges(reader, kind === "figures" ? state : null);
  drawStatistics(reader, kind === "figures" ? state : null);
  drawLog(reader, byId("sections").hidden ? null : state);
  if (state.history && kind === "figures") drawRestated(reader, state.history);
}
