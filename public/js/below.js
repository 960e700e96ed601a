/** What the sections about one snapshot and about its flows share: their answers, and whose they are. */

import * as api from "./api.js";
import { makeAsked } from "./asked.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./asked.js").Asked<import("./types.js").Holdings>} AskedHoldings */
/** @typedef {import("./asked.js").Asked<import("./types.js").Flows>} AskedFlows */
/** @typedef {{answer: import("./types.js").History, failed: false, again: () => void}} Given  an answer that is there already */
/**
 * @typedef {object} Below
 * @property {Reader} reader
 * @property {State} state
 * @property {AskedHoldings} holdings
 * @property {AskedFlows} flows
 * @property {Given} history
 * @property {(account: string) => string} nameOf  empty where one account is on show
 * @property {() => void} redraw
 * @property {() => void} refresh  ask the server for everything anew
 */

/** @type {Map<string, () => void>} who draws anew when an answer comes, by name */
export const watchers = new Map();
const tell = () => [...watchers.values()].forEach((draw) => draw());

/** @type {AskedHoldings} */
export const holdings = makeAsked(tell);
/** @type {AskedFlows} */
export const flows = makeAsked(tell);
let asked_at = -1;
let turn = 0;

/**
 * Ask for what the newest figures on show are made of. A snapshot never changes; the ledger can with every look at it.
 * @param {State} state
 */
export function askBelow({ shown, history, loaded_at }) {
  if (!shown || !history?.to) return;
  const { account } = shown;
  const { to } = history;
  holdings.about(account, to, () => api.holdings(account, to));
  if (loaded_at !== asked_at) turn += 1;
  asked_at = loaded_at ?? -1;
  flows.about(account, String(turn), () => api.flows(account));
}

/** @param {State} state @returns {(account: string) => string} */
export function namer({ shown, accounts }) {
  const names = new Map((accounts?.accounts ?? []).map(({ id, name }) => [id, name]));
  return (account) => (shown?.account === "all" ? names.get(account) ?? account : "");
}
