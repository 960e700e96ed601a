/** A line at the bottom, and the one that stays: what the page needs at once of toasts. */

import { byId, h, icon } from "./dom.js";

const MOST = 3;

/** @param {(Node|string)[]} words @returns {() => void} takes it away once it is true no more */
export function toastError(words) {
  const [line, close] = made("error", words, h("button", { type: "button", class: "toast-action" }, "Close"));
  line.classList.add("is-lasting");
  line.querySelector("button")?.addEventListener("click", close);
  return close;
}

/**
 * @param {string} sign
 * @param {(Node|string)[]} words
 * @param {HTMLElement|null} button
 * @returns {[HTMLElement, () => void]} the line, and what takes it away and gives the focus back
 */
export function made(sign, words, button) {
  const place = placeFor();
  const line = h("div", { class: "toast" }, icon(sign, "icon-small"), h("p", {}, ...words), button);
  /** @type {EventTarget|null} */
  let before = null;
  line.addEventListener("focusin", ({ relatedTarget }) => {
    before = relatedTarget;
  });
  const close = () => {
    const isHere = line.contains(document.activeElement);
    line.remove();
    if (isHere && before instanceof HTMLElement) before.focus();
  };
  for (const other of place.querySelectorAll(".toast")) if (other.textContent === line.textContent) other.remove(); // said again, it stands once
  while (place.children.length >= MOST) (place.querySelector(".toast:not(.is-lasting)") ?? place.firstElementChild)?.remove();
  place.append(line);
  return [line, close];
}

/** @returns {HTMLElement} over a dialog where one is open: what lies below it can neither be seen nor heard */
function placeFor() {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  if (!dialog) return byId("toasts");
  const found = /** @type {HTMLElement|null} */ (dialog.querySelector(".toasts"));
  if (found) return found;
  const place = h("div", { class: "toasts", role: "status" });
  dialog.append(place);
  dialog.addEventListener("close", () => byId("toasts").append(...place.children));
  return place;
}
