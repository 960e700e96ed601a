/** A dialog of several pages: one at a time, with a way back. What it shows follows the state of the page below it. */

import { byId, h, icon, redraw } from "./dom.js";
import { openSheet } from "./sheet.js";

/**
 * @typedef {object} Page
 * @property {string} title
 * @property {(pages: Pages) => import("./dom.js").Child[]} build
 * @property {() => unknown} [value]  what the drawing follows from; drawn anew when it changes. Without it: built once
 * @property {() => boolean} [isTyped]  then neither Esc nor a click beside it closes the dialog
 */
/**
 * @typedef {object} Pages
 * @property {(page: Page) => void} go
 * @property {() => void} back  to the page before; from the first one out
 * @property {(page: Page) => void} instead  show another page in the place of this one
 * @property {() => void} draw  anew where something changed
 * @property {() => void} close
 * @property {() => boolean} isOpen
 * @property {(act: () => void) => void} after  do it when the dialog is closed; at once where it is
 */

/**
 * @param {HTMLElement} anchor it gets the focus back
 * @param {Page} first
 * @returns {Pages}
 */
export function openPages(anchor, first) {
  const body = h("div", { class: "pages" });
  const way = h("button", { type: "button", class: "icon-button pages-back", "aria-label": "Back", onclick: () => pages.back() }, icon("chevron-down"));
  /** @type {{page: Page, from: string|null}[]} */
  let trail = [];
  let isOpen = true;
  /** @type {(() => void)[]} */
  const later = [];
  const here = () => trail.at(-1)?.page ?? first;
  const show = (/** @type {string|null} */ focus) => {
    const { title } = here();
    const heading = /** @type {HTMLElement} */ (dialog.querySelector("h2"));
    heading.replaceChildren(h("bdi", {}, title));
    dialog.setAttribute("aria-label", title);
    way.hidden = trail.length < 2;
    draw();
    dialog.scrollTop = 0;
    const found = focus ? body.querySelector(`[data-key="${CSS.escape(focus)}"]`) : body.querySelector("[data-first]");
    /** @type {HTMLElement} */ (found ?? (way.hidden ? dialog.querySelector("[aria-label=Close]") ?? way : way)).focus();
  };
  const draw = () => {
    const page = here();
    redraw(body, [trail.length, page.title, serial(page), page.value?.()], () => page.build(pages));
  };
  /** @type {Pages} */
  const pages = {
    go(page) {
      const held = document.activeElement?.getAttribute("data-key") ?? null;
      trail = [...trail, { page, from: held }];
      show(null);
    },
    back() {
      const left = trail.at(-1);
      if (trail.length < 2) pages.close();
      else {
        trail = trail.slice(0, -1);
        show(left?.from ?? null);
      }
    },
    instead(page) {
      trail = [...trail.slice(0, -1), { page, from: trail.at(-1)?.from ?? null }];
      show(null);
    },
    draw,
    close: () => dialog.close(),
    isOpen: () => isOpen,
    after: (act) => void (isOpen ? later.push(act) : act()),
  };
  openSheet(first.title, anchor, () => [body], {
    wide: true, isTyped: () => here().isTyped?.() ?? false,
    back() {
      isOpen = false;
      for (const act of later) act();
      return anchor.isConnected && anchor.checkVisibility() ? anchor : byId("menu-button");
    },
  });
  const dialog = /** @type {HTMLDialogElement} */ (body.closest("dialog"));
  dialog.querySelector(".sheet-head")?.prepend(way);
  trail = [{ page: first, from: null }];
  show(null);
  return pages;
}

/** @type {WeakMap<Page, number>} */
const known = new WeakMap();
let count = 0;

/** @param {Page} page @returns {number} tells pages apart */
function serial(page) {
  const found = known.get(page) ?? (count += 1);
  known.set(page, found);
  return found;
}
