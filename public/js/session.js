/** Coming in and going out: the log-in form over the page, and the end of a session. */

import { forgetToken, logIn as ask, logOut, Unanswered } from "./api.js";
import { door } from "./views/door.js";
import { h } from "./views/dom.js";
import { openSheet } from "./views/sheet.js";
import { toastError } from "./views/toast.js";

/**
 * @param {string} password
 * @returns {Promise<string|null>} why not, in words; null where the session is open
 */
export async function logIn(password) {
  try {
    await ask(password);
    forgetToken(); // who reads by token only would stay a reader
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

/** @type {Promise<boolean>|null} */
let waiting = null;

/**
 * Ask for the password over the page; whoever else asks meanwhile waits for the same answer.
 * @param {HTMLElement} anchor what gets the focus back
 * @param {string} [why]
 * @returns {Promise<boolean>} whether somebody logged in
 */
export function openLogIn(anchor, why = "You were logged out. Log in to go on where you were.") {
  return (waiting ??= new Promise((done) => {
    let isIn = false;
    const back = () => {
      waiting = null;
      done(isIn);
      return anchor;
    };
    openSheet("Log in", anchor, (close) => [
      h("p", { class: "prose" }, why),
      ...door("password", false, {
        open: () => undefined,
        async logIn(password) {
          const refused = await logIn(password);
          isIn = refused === null;
          if (isIn) close();
          return refused;
        },
      }),
    ], { back });
    document.getElementById("password")?.focus();
  }));
}

/** @param {boolean} everywhere */
export async function leave(everywhere) {
  try {
    await logOut(everywhere);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    toastError([`You are not logged out: ${error.failure.detail}`]);
    return;
  }
  location.reload(); // nothing of the figures stays in this tab
}
