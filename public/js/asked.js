/** An answer that something is drawn from: asked for when its question changes, and kept while a new one fails. */

import { Unanswered } from "./api.js";

/**
 * @template T
 * @typedef {object} Asked
 * @property {T|null} answer  the newest one to a question about the same subject
 * @property {boolean} failed  whether the newest question has none
 * @property {(subject: string, question: string, ask: () => Promise<T>) => void} about  ask, unless that was the last question
 * @property {() => void} again
 */

/**
 * @template T
 * @param {() => void} changed
 * @returns {Asked<T>}
 */
export function makeAsked(changed) {
  /** @type {{subject: string, question: string, ask: (() => Promise<T>)|null}} */
  let last = { subject: "", question: "", ask: null };
  const put = async () => {
    const mine = last;
    try {
      const answer = await mine.ask?.();
      if (mine === last && answer !== undefined) Object.assign(asked, { answer, failed: false });
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      if (mine === last) asked.failed = true;
    }
    if (mine === last) changed();
  };
  /** @type {Asked<T>} */
  const asked = {
    answer: null, failed: false,
    about(subject, question, ask) {
      if (last.subject === subject && last.question === question) return;
      if (last.subject !== subject) Object.assign(asked, { answer: null, failed: false });
      last = { subject, question, ask };
      void put();
    },
    again() {
      last = { ...last };
      asked.failed = false;
      changed();
      void put();
    },
  };
  return asked;
}
