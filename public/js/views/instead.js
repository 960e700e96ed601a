/** What stands in place of the figures: no snapshot yet, an error. What an error needs is there from the start. */

import { byId, foreign, h, redraw } from "./dom.js";

/** @typedef {import("../types.js").Failure} Failure */

/** @param {boolean} show */
export function reveal(show) {
  byId("instead").hidden = !show;
  byId("figures").hidden = show;
}

export function drawNothingInstead() {
  reveal(false);
  redraw(byId("instead"), "nothing", () => []); // a hidden door would keep its password, and its field's name from another one
}

/** @param {string} when about when the first snapshot comes */
export function drawWaiting(when) {
  reveal(true);
  redraw(byId("instead"), ["waiting", when], () => [
    h("h1", {}, "The comparison starts with the first snapshot."),
    h("p", { class: "prose" }, `It comes at about ${when}. The first answer follows with the snapshot after it.`),
  ]);
}

/**
 * @param {Failure} failure
 * @param {number} wait_s until the page tries by itself
 * @param {() => void} retry
 */
export function drawFailed(failure, wait_s, retry) {
  reveal(true);
  const offline = failure.kind === "offline";
  redraw(byId("instead"), ["failed", failure], () => [
    h("h1", {}, offline ? "You are offline." : "The figures could not be loaded."),
    h("p", { class: "prose" }, foreign(offline ? "The page needs its server." : failure.detail),
      " What is stored is safe; a run that fails stores nothing."),
    h("div", { class: "actions" }, h("button", { type: "button", class: "button button-first", "data-key": "retry", onclick: retry }, "Try again"), isSecureContext && copyButton(failure)),
    h("p", { class: "small" }, h("span", { id: "retry-words" }), requestWords(failure)),
  ]);
  tellRetry(wait_s);
}

/** Where a page may write to the clipboard: over HTTPS and on this machine. @param {Failure} failure */
function copyButton({ detail, request_id }) {
  const words = [detail, ...(request_id ? [`Request ${request_id}.`] : []), new Date().toISOString(), location.origin].join(" ");
  const button = h("button", {
    type: "button", class: "button", "data-key": "copy", onclick: async () => {
      await navigator.clipboard.writeText(words);
      button.textContent = "Copied";
    },
  }, "Copy details");
  return button;
}

/** @param {number} wait_s */
export function tellRetry(wait_s) {
  const words = document.getElementById("retry-words");
  if (words) words.textContent = wait_s > 0 ? `Trying again by itself in ${wait_s} s.` : "Trying again…";
}

/** @param {Failure} failure @returns {Node|null} */
export function requestWords({ request_id }) {
  return request_id ? h("span", {}, " Request ", foreign(request_id), ".") : null;
}
