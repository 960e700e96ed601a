/** A line at the bottom that goes by itself: for what is good to know and needs nothing done. */

import { byId, h } from "./dom.js";

const SHOWN_MS = 6000;
const MOST = 3;

/** @param {(Node|string)[]} words */
export function toast(words) {
  const place = placeFor();
  const line = h("p", { class: "toast" }, ...words);
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const go = () => {
    timer = setTimeout(() => line.remove(), SHOWN_MS);
  };
  line.addEventListener("pointerenter", () => clearTimeout(timer));
  line.addEventListener("pointerleave", go);
  while (place.children.length >= MOST) place.firstElementChild?.remove();
  place.append(line);
  go();
}

/** @returns {HTMLElement} over a dialog where one is open: what lies below it can neither be seen nor heard */
function placeFor() {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  if (!dialog) return byId("toasts");
  const found = /** @type {HTMLElement|null} */ (dialog.querySelector(".toasts"));
  if (found) return found;
  const made = h("div", { class: "toasts", role: "status" });
  dialog.append(made);
  dialog.addEventListener("close", () => byId("toasts").append(...made.children));
  return made;
}
