/** Listens for the page's single keys. */

import { wish } from "./keys.js";

/**
 * @param {() => boolean} isOn
 * @param {Record<import("./keys.js").Act, (nth: number) => void>} deeds
 */
export function listen(isOn, deeds) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !isOn()) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const found = wish(event, {
      field: target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName),
      dialog: document.querySelector("dialog[open]") !== null,
    });
    if (!found) return;
    event.preventDefault();
    deeds[found.act](found.nth);
  });
}

/**
 * @param {string[]} selectors
 * @returns {HTMLElement} the first of them that can be seen: what a dialog belongs to and gives the focus back to
 */
export function firstSeen(...selectors) {
  const found = selectors.map((one) => /** @type {HTMLElement|null} */ (document.querySelector(one)));
  return found.find((one) => one?.offsetParent) ?? document.body;
}

/** Open the log and go to its search. */
export function searchLog() {
  const button = /** @type {HTMLElement|null} */ (document.querySelector("#log h2 button"));
  if (button?.getAttribute("aria-expanded") === "false") button.click();
  const field = /** @type {HTMLElement|null} */ (document.querySelector("#log .log-search"));
  field?.scrollIntoView({ block: "center" });
  field?.focus();
}
