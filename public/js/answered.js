/** Histories that came before: a switch back to one shows it at once, while the server is asked whether it still holds. */

import { writes } from "./api.js";
import { chosen } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {Pick<State, "history"|"shown">} Answered */

const MOST = 12; // the six ranges of two accounts

/** @returns {{keep: (state: State) => void, find: (state: State) => Answered|null}} */
export function answers() {
  /** @type {Map<string, Answered>} */
  const kept = new Map();
  let edition = "";
  return {
    /** Where the accounts say something else of themselves, or a change was asked for, nothing that came before holds. */
    keep({ accounts, history, shown }) {
      const now = edited(accounts);
      if (now !== edition) kept.clear();
      edition = now;
      if (!shown || isBehind(shown, history, accounts)) return;
      const key = named(shown);
      kept.delete(key); // the one that came last goes last
      kept.set(key, { history, shown });
      const [oldest] = kept.keys();
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
    },
    /** A part of the past that is looked at closer may lie outside of what came before. */
    find(state) {
      const { range, benchmark, zoom } = state.choices;
      const account = chosen(state);
      if (account === null || zoom || edited(state.accounts) !== edition) return null;
      return kept.get(named({ account, range, benchmark })) ?? null;
    },
  };
}

/**
 * Both were asked for at once, and a snapshot may have come between the two answers.
 * @param {import("./state.js").Shown} shown
 * @param {State["history"]} history
 * @param {State["accounts"]} accounts
 */
function isBehind({ account }, history, accounts) {
  const latest = accounts?.accounts.find(({ id }) => id === account)?.latest;
  return Boolean(latest) && latest?.at !== history?.to;
}

/** @param {State["accounts"]} answer */
const edited = (answer) => JSON.stringify([writes(), answer?.accounts]);

/** @param {Pick<import("./state.js").Shown, "account"|"range"|"benchmark">} shown */
const named = ({ account, range, benchmark }) => JSON.stringify([account, range, benchmark]);
