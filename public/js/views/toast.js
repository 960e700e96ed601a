/** A line at the bottom that goes by itself: for what is good to know and needs nothing done. */

import { byId, h } from "./dom.js";

const SHOWN_MS = 6000;
const MOST = 3;

/** @param {(Node|string)[]} words */
export function toast(words) {
  const place = byId("toasts");
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
