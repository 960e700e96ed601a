/** A section of the page: a heading that says its answer in one line, and opens to its details. */

import { recall, remember } from "../storage.js";
import { byId, h, icon, redraw } from "./dom.js";

/** @typedef {import("../shapes.js").Section} Section */

const MEMORY = "sections";
const WIDE = "(min-width: 768px)";
const READY = "ready"; // said to every section when all of them are to be shown with what they hold
const NEAR = "600px 0px"; // so far below the screen it is made ready, once the reader scrolls

/** @returns {Record<string, boolean>} which sections the reader opened or closed */
function remembered() {
  try {
    return JSON.parse(recall(MEMORY) ?? "{}");
  } catch {
    return {};
  }
}

/**
 * @param {string} id of the element it fills
 * @param {string} title
 * @param {(open: boolean) => void} [toggled]
 * @param {() => void} [neared] it is on the screen, or about to be, for the first time
 * @returns {Section} closed on a phone and open elsewhere, until the reader says otherwise
 */
export function makeSection(id, title, toggled = () => undefined, neared = () => undefined) {
  const element = byId(id);
  const body = h("div", { id: `${id}-body`, class: "section-body" });
  const line = h("p", { class: "section-line", id: `${id}-line` });
  const button = h("button", {
    type: "button", class: "section-button", "aria-controls": body.id, "aria-describedby": line.id, onclick: () => {
      const open = body.hasAttribute("hidden");
      remember(MEMORY, JSON.stringify({ ...remembered(), [id]: open }));
      show(open);
      toggled(open);
    },
  }, title);
  const show = (/** @type {boolean} */ open) => {
    body.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  element.replaceChildren(h("div", { class: "section-head" }, h("h2", {}, button), line, icon("chevron-down", "section-sign")), body);
  show(remembered()[id] ?? matchMedia(WIDE).matches);
  let isNear = false;
  document.addEventListener(READY, () => toggled(true));
  const watch = (/** @type {string} */ rootMargin) => {
    const observer = new IntersectionObserver((entries) => {
      if (isNear || !entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      isNear = true;
      neared();
    }, { rootMargin });
    observer.observe(element);
  };
  watch("0px");
  addEventListener("scroll", () => isNear || watch(NEAR), { once: true, passive: true });
  return {
    element, body, isOpen: () => isAllOpen || !body.hasAttribute("hidden"), isNear: () => isAllOpen || isNear,
    say(words) {
      redraw(line, words, () => (typeof words === "string" ? [words] : words.map(({ text, tone }) => (tone === "plain" ? text : h("span", { class: `is-${tone}` }, text)))));
    },
  };
}

let isAllOpen = false;

/** @param {boolean} open as long as the page is printed */
export function openAll(open) {
  isAllOpen = open;
  if (open) document.dispatchEvent(new Event(READY));
}

/** @param {string} id of a section that the reader is led to */
export function openSection(id) {
  const button = /** @type {HTMLElement|null} */ (byId(id).querySelector(".section-button"));
  if (button?.getAttribute("aria-expanded") === "false") button.click();
  byId(id).scrollIntoView({ block: "start" });
  button?.focus({ preventScroll: true });
}
