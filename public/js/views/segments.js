/** One choice out of a few: a radio group whose arrows move and choose at once. */

import { h } from "./dom.js";

/** @typedef {{id: string, label: Node|string, title?: string, off?: boolean}} Segment  off: not to be had at the moment; the title says why */

/**
 * @param {string} name what is chosen, for those who cannot see the group
 * @param {Segment[]} segments
 * @param {string|null} chosen
 * @param {(id: string) => void} choose
 */
export function segments(name, segments, chosen, choose) {
  const move = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const free = segments.filter(({ id, off }) => !off || id === chosen);
    const here = free.findIndex(({ id }) => id === /** @type {HTMLElement} */ (event.target).dataset["key"]);
    const next = free[(here + step + free.length) % free.length];
    if (!next) return;
    /** @type {HTMLElement|null} */ (/** @type {HTMLElement} */ (event.currentTarget).querySelector(`[data-key="${CSS.escape(next.id)}"]`))?.focus();
    choose(next.id);
  };
  return h("div", { role: "radiogroup", "aria-label": name, class: "segments", onkeydown: move },
    ...segments.map(({ id, label, title, off }) => h("button", {
      type: "button", role: "radio", class: "segment", "aria-checked": String(id === chosen), "data-key": id,
      tabindex: id === chosen ? "0" : "-1", title, disabled: off ?? false, onclick: () => choose(id),
    }, label)));
}
