/** What can be done to the demo, as /api/demo calls it, and the words for it and for what came of it. */

import { epoch } from "./dates.js";
import { quantity } from "./format.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").Demo} Demo */
/** @typedef {import("./types.js").DemoAct} Act */
/** @typedef {Demo & {run: string|null, booked: boolean|null, books_at: string|null}} Acted */

/** @type {Record<string, string>} what each scenario does to the market */
const TURNS = { bull: "rises", bear: "falls", crash: "crashes", flat: "hardly moves", choppy: "goes up and down" };

export const TIMES = [
  { id: "1h", label: "1 hour", about: "12 runs, one every five minutes" },
  { id: "1d", label: "1 day", about: "24 runs, one an hour" },
  { id: "1w", label: "1 week", about: "168 runs, one an hour" },
];

export const BREAKAGES = [
  { id: "429", label: "429, too many requests", about: "every call is told to come back in 30 s" },
  { id: "418", label: "418, banned", about: "no call is answered for 30 minutes" },
  { id: "5xx", label: "5xx, overloaded", about: "every call fails" },
  { id: "slow", label: "Slow", about: "every answer takes 6 s" },
  { id: "clock_skew", label: "Clock skew", about: "Binance’s clock is 20 s ahead" },
  { id: "wallet_down", label: "A wallet down", about: "USD-M futures do not answer" },
];

/** @type {{id: string, label: string, ways: string[]}[]} */
const KINDS = [
  { id: "network", label: "Over the blockchain", ways: ["deposit", "withdrawal"] },
  { id: "internal", label: "Another Binance user", ways: ["deposit", "withdrawal"] },
  { id: "pay", label: "Binance Pay", ways: ["deposit", "withdrawal"] },
  { id: "p2p", label: "P2P", ways: ["deposit", "withdrawal"] },
  { id: "bank", label: "Bank (EUR, TRY)", ways: ["deposit", "withdrawal"] },
  { id: "card", label: "Bought by card", ways: ["deposit"] },
  { id: "gift", label: "Gift card", ways: ["deposit", "withdrawal"] },
];
const ASSET = /^[A-Z0-9]{1,20}$/;
const AMOUNT = /^\d{1,10}(?:\.\d{1,8})?$/;

/** @param {string} way @returns {{id: string, label: string}[]} how money can move that way */
export function kinds(way) {
  return KINDS.filter(({ ways }) => ways.includes(way));
}

/**
 * @param {{action: string, account: string, asset: string, amount: string, kind: string}} typed
 * @returns {{act: Act, wrong: null}|{act: null, wrong: string}} the move, or what is wrong with it
 */
export function move(typed) {
  const asset = typed.asset.trim().toUpperCase();
  const amount = typed.amount.trim().replace(",", ".");
  if (!AMOUNT.test(amount) || !/[1-9]/.test(amount)) return { act: null, wrong: "The amount must be a number above 0, with at most 8 decimals." };
  if (!ASSET.test(asset)) return { act: null, wrong: asset ? `“${asset}” is no coin’s short name, like BTC.` : "The asset is missing: a short name, like BTC." };
  return { act: { ...typed, asset, amount }, wrong: null };
}

/** @param {number} wait_s @returns {string} "in 40 s", "in 12 min" */
function soon(wait_s) {
  const left_s = Math.max(1, Math.round(wait_s));
  return left_s < 120 ? `in ${left_s} s` : `in ${Math.round(left_s / 60)} min`;
}

/** @param {string|null} run @returns {string} how the run after the act went */
function after(run) {
  if (run === "failed") return "The run after it failed and stored nothing.";
  if (run === "partial") return "The run after it is partial.";
  return "The run after it is complete.";
}

/**
 * @param {Reader} reader
 * @param {Act} act
 * @param {Acted} answer
 * @param {number} now epoch seconds
 * @returns {string|null} what came of it; null where the page shows that by itself
 */
export function told(reader, act, answer, now) {
  switch (act.action) {
    case "scenario":
      return `From now on the market ${TURNS[act.scenario ?? ""] ?? "turns"}. Earlier prices stay.`;
    case "break":
      return `Binance is broken. ${after(answer.run)}`;
    case "mend":
      return `Binance is mended. ${after(answer.run)}`;
    case "deposit":
    case "withdrawal":
      return moved(reader, act, answer, now);
    default:
      return null;
  }
}

/** @param {Reader} reader @param {Act} act @param {Acted} answer @param {number} now */
function moved(reader, act, answer, now) {
  const what = `A ${act.action} of ${quantity(reader, act.amount ?? "0")} ${act.asset}`;
  if (answer.books_at !== null) return `${what} is on its way. The next run, ${soon(epoch(answer.books_at) - now)}, books it.`;
  if (answer.booked) return `${what} is done and booked.`;
  if (act.kind === "gift") return `${what} is done. Binance lists gift cards nowhere: a large one shows as a change that nothing explains.`;
  return `${what} is done. A run books it at its own time once its list is read, some hours from now.`;
}
