/** Coming in and going out: the log-in form over the page, and the end of a session. */

import { logIn as ask, logOut, Unanswered } from "./api.js";
import { door } from "./views/door.js";
import { h } from "./views/dom.js";
import { openSheet } from "./views/sheet.js";
import { toast } from "./views/toast.js";

/**
 * @param {string} password
 * @returns {Promise<string|null>} why not, in words; null where the session is open
 */
export async function logIn(password) {
  try {
    await ask(password);
    return null;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return refusalWords(error.failure);
  }
}

/**
 * @param {Pick<import("./types.js").Failure, "status"|"wait_s"|"detail">} failure
 * @returns {string}
 */
export function refusalWords({ status, wait_s, detail }) {
  if (status === 401) return "That password is not right.";
  if (status === 429) return `Too many tries. Try again in ${Math.max(1, Math.ceil((wait_s ?? 60) / 60))} min.`;
  return detail;
}

/**
 * @param {HTMLElement} anchor what gets the focus back
 * @param {() => void} entered
 */
export function openLogIn(anchor, entered) {
  openSheet("Log in", anchor, (close) => [
    h("p", { class: "prose" }, "You were logged out. Log in to go on where you were."),
    ...door("password", false, {
      open: () => undefined,
      async logIn(password) {
        const refused = await logIn(password);
        if (refused === null) {
          close();
          entered();
        }
        return refused;
      },
    }),
  ]);
  document.getElementById("password")?.focus();
}

/** @param {boolean} everywhere */
export async function leave(everywhere) {
  try {
    await logOut(everywhere);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    toast([`You are not logged out: ${error.failure.detail}`]);
    return;
  }
  location.reload(); // nothing of the figures stays in this tab
}
