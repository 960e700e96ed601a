/** A small dialog: a sheet from below on a phone, a popover under its button elsewhere. */

import { h, icon } from "./dom.js";

/**
 * @param {string} title
 * @param {HTMLElement} anchor the button it belongs to; it gets the focus back
 * @param {(close: () => void) => Node[]} build
 * @param {{wide?: boolean, isTyped?: () => boolean, back?: () => HTMLElement}} [how] wide: 480 px in the middle; typed in: a slip
 *   does not close it; back: what gets the focus where the button may be gone by then
 */
export function openSheet(title, anchor, build, { wide = false, isTyped = () => false, back = () => anchor } = {}) {
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: wide ? "sheet sheet-wide" : "sheet", "aria-label": title }));
  const close = () => dialog.close();
  dialog.append(h("div", { class: "sheet-body" },
    h("div", { class: "sheet-head" },
      h("h2", {}, title),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: close }, icon("close"))),
    ...build(close)));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && !isTyped()) close();
  });
  dialog.addEventListener("cancel", (event) => isTyped() && event.preventDefault());
  dialog.addEventListener("close", () => {
    dialog.remove();
    anchor.setAttribute("aria-expanded", "false");
    back().focus();
  });
  document.body.append(dialog);
  const box = anchor.getBoundingClientRect();
  const left = Math.min(box.left, document.documentElement.clientWidth - 376);
  dialog.style.setProperty("--anchor-left", `${Math.round(Math.max(left, 16))}px`);
  anchor.setAttribute("aria-expanded", "true");
  dialog.showModal();
  const room = document.documentElement.clientHeight - dialog.offsetHeight - 16;
  dialog.style.setProperty("--anchor-top", `${Math.round(Math.max(Math.min(box.bottom + 8, room), 16))}px`);
  /** @type {HTMLElement|null} */ (dialog.querySelector('[aria-checked="true"], [aria-current="true"]'))?.focus();
}
