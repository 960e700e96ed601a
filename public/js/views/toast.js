/** Lines at the bottom: what is good to know goes by itself, what went wrong stays until it is closed. */

import { h } from "./dom.js";
import { made } from "./toastline.js";

export { toastError } from "./toastline.js";

const SHOWN_MS = 6000;

/** @typedef {{words: string, act: () => void}} Action */

/**
 * @param {(Node|string)[]} words
 * @param {Action|null} [action] something to look at; nothing that must be done
 */
export function toast(words, action = null) {
  const [line, close] = made("check", words, action && h("button", { type: "button", class: "toast-action" }, action.words));
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const hold = () => clearTimeout(timer);
  const go = () => {
    hold();
    if (!line.matches(":hover") && !line.contains(document.activeElement)) timer = setTimeout(close, SHOWN_MS);
  };
  for (const name of ["pointerenter", "focusin"]) line.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) line.addEventListener(name, () => setTimeout(go));
  line.querySelector("button")?.addEventListener("click", () => {
    close();
    action?.act();
  });
  go();
}
