/** What the pages of the settings are made of. */

import { now } from "../api.js";
import { ago, epoch } from "../dates.js";
import { h, icon } from "./dom.js";

/** @param {string} title @param {import("./dom.js").Child[]} content */
export function part(title, content) {
  return h("section", { class: "settings-part" }, h("h3", {}, title), ...content);
}

/** @param {string} key @param {import("./dom.js").Child[]} words @param {() => void} act */
export function row(key, words, act) {
  return h("button", { type: "button", class: "settings-row", "data-key": key, onclick: act }, h("span", { class: "settings-words" }, ...words), icon("chevron-down", "icon-small settings-sign"));
}

/** @param {import("../types.js").Account} account */
export function condition({ state, status, latest }) {
  if (state !== "active") return { words: state, isBad: false };
  if (status.code === "needs_attention") return { words: "needs attention", isBad: true };
  return { words: latest ? `newest snapshot ${ago(now() - epoch(latest.at))}` : "no snapshot yet", isBad: false };
}
