/** The page before there is an account: what to do first. */

import { byId, h, redraw } from "./dom.js";
import { reveal } from "./instead.js";

/** @param {import("../types.js").Deeds["settings"]} settings */
export function drawEmpty(settings) {
  reveal(true);
  const to = (/** @type {"add"|"help"} */ page, /** @type {string} */ words, /** @type {string} */ kind) => {
    const made = h("button", { type: "button", class: kind, "data-key": page, onclick: () => settings(made, { page }) }, words);
    return made;
  };
  redraw(byId("instead"), "empty", () => [
    h("h1", {}, "Are you beating 50/50 BTC and ETH?"),
    h("p", { class: "prose" }, "Add a Binance key that can only read. The comparison starts with the first snapshot; the first answer follows an hour later."),
    h("div", { class: "actions" }, to("add", "Add account", "button button-first"), to("help", "How to make such a key", "button")),
    h("p", { class: "small" }, "A key that may trade, withdraw or transfer is refused. The secret is encrypted before it is stored and never shown again."),
  ]);
}
