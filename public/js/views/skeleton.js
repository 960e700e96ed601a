/** While the first figures are on their way: bars at the final heights, so nothing jumps when they come. */

import { byId, h, redraw } from "./dom.js";

/** @param {string} words said under the bars; empty for the first two seconds */
export function drawSkeleton(words) {
  const bar = (/** @type {string} */ kind) => h("span", { class: `bone bone-${kind}`, "aria-hidden": "true" });
  byId("figures").classList.add("is-loading");
  redraw(byId("sentence"), "skeleton", () => [
    h("span", { class: "visually-hidden" }, "Reading the figures"), bar("line-1"), bar("line-2"), bar("line-3"),
  ]);
  redraw(byId("trust"), "skeleton", () => [bar("trust")]);
  redraw(byId("panels"), "skeleton", () => []);
  redraw(byId("tiles"), "skeleton", () => Array.from({ length: 6 }, (_, index) =>
    h("div", { class: index > 3 ? "tile wide-only" : "tile", "aria-hidden": "true" },
      h("dt", {}, bar("label")), h("dd", { class: "tile-value" }, bar("value")), h("dd", { class: "tile-bench" }, bar("label")))));
  redraw(byId("readout"), ["skeleton", words], () => [h("p", { class: "readout-row" }, words)]);
}

export function clearSkeleton() {
  byId("figures").classList.remove("is-loading");
}
