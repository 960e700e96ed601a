/** What stands below the chart. It is fetched after it, with its own style sheet. */

import { askBelow, flows, holdings, namer, watchers } from "./below.js";
import { quietly } from "./late.js";
import { page } from "./state.js";
import { byId } from "./views/dom.js";
import { drawLog } from "./views/log.js";
import { drawParts } from "./views/parts.js";
import { styles } from "./views/styles.js";

/** Settled when the sections can be shown. */
export const styled = styles("sections");

/**
 * @param {import("./types.js").Reader} reader
 * @param {import("./state.js").State} state
 * @param {() => void} refresh ask the server for everything anew
 */
export function drawSections(reader, state, refresh) {
  const kind = page(state);
  byId("sections").hidden = kind !== "figures" && kind !== "waiting";
  drawShown(reader, kind === "figures" ? state : null, refresh);
  drawLog(reader, byId("sections").hidden ? null : state);
  const { history, failure } = state;
  if (kind === "figures" && !failure && history?.events.some((event) => event.kind === "restated")) {
    void quietly(() => import("./views/restated.js")).then((restated) => restated?.drawRestated(reader, history));
  }
}

/**
 * @param {import("./types.js").Reader} reader
 * @param {import("./state.js").State|null} state null: there are no figures
 * @param {() => void} refresh
 */
function drawShown(reader, state, refresh) {
  if (!state?.history) {
    watchers.delete("sections");
    drawParts(null);
    return;
  }
  const history = { answer: state.history, failed: /** @type {const} */ (false), again: refresh };
  const draw = () => drawParts({ reader, state, holdings, flows, history, nameOf: namer(state), redraw: draw, refresh });
  watchers.set("sections", draw);
  askBelow(state);
  draw();
}
