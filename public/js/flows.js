/** Money in and out as rows of words: when, what, how far it has come, and what it counts. */

import { dayMonth, epoch, moment } from "./dates.js";
import { abs } from "./decimal.js";
import { quantity, signedMoney } from "./format.js";
import { short } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").Flows} Flows */
/** @typedef {import("./types.js").LedgerEntry} LedgerEntry */
/** @typedef {import("./types.js").Coming} Coming */
/** @typedef {"all"|"in"|"out"|"open"|"off"} Kind */
/** @typedef {{words: string, tone: "plain"|"chip"|"warn"}} Badge */
/** @typedef {{id: string, account: string, when: string, title: string, about: string, badge: Badge, usd: string, known: boolean, struck: boolean, entry: LedgerEntry|null}} Row  entry: one that can be changed */

export const KINDS = /** @type {const} */ ([
  ["all", "All kinds"], ["in", "Money in"], ["out", "Money out"], ["open", "Not booked yet"], ["off", "Not counted"],
]);

/** @type {Record<string, [string, string]>} what a row of a source is called where it comes in, and where it goes out */
const TITLES = {
  pay: ["Pay transfer", "Pay transfer"],
  p2p: ["P2P trade", "P2P trade"],
  fiat_deposits: ["Bank deposit", "Bank withdrawal"],
  fiat_withdrawals: ["Bank deposit", "Bank withdrawal"],
  fiat_buys: ["Card purchase", "Card sale"],
  fiat_sells: ["Card purchase", "Card sale"],
  sub_transfers_in: ["Sub-account transfer", "Sub-account transfer"],
  sub_transfers_out: ["Sub-account transfer", "Sub-account transfer"],
  master_transfers: ["Sub-account transfer", "Sub-account transfer"],
};
const MANUAL = "manual";
const INSIDE = "internal"; // what the exchange says of a transfer between two of its accounts

/**
 * @param {Reader} reader
 * @param {Flows} flows
 * @param {Kind} kind
 * @param {number} now
 * @param {(account: string) => string} nameOf empty where there is one account only
 * @returns {Row[]} what is not booked yet first, then the newest
 */
export function flowRows(reader, { flows, coming }, kind, now, nameOf) {
  const entries = [...coming, ...flows].filter((entry) => isOf(kind, entry));
  return entries.map((entry) => {
    const isIn = entry.kind === "deposit";
    const [into, out] = TITLES[entry.source] ?? ["Deposit", "Withdrawal"];
    const isBooked = entry.state === "booked";
    const isOpen = entry.state === "on_its_way" || entry.state === "waiting_for_price";
    const about = [short(nameOf(entry.account)), said(reader, entry)].filter((one) => one !== "").join(" · ");
    return {
      id: entry.id, account: entry.account, when: moment(reader, epoch(entry.at), now),
      title: `${isIn ? into : out} ${quantity(reader, abs(entry.quantity))} ${entry.asset}`, about, badge: badge(entry),
      usd: "usd" in entry && isBooked ? signedMoney(reader, entry.usd) : isOpen ? "not yet" : "not counted", known: isBooked,
      struck: entry.state === "void" || entry.state === "superseded", entry: "usd" in entry && isBooked ? entry : null,
    };
  });
}

/** @param {Kind} kind @param {LedgerEntry|Coming} entry */
function isOf(kind, { kind: way, state }) {
  if (kind === "in") return way === "deposit";
  if (kind === "out") return way === "withdrawal";
  if (kind === "open") return state === "on_its_way" || state === "waiting_for_price";
  return kind === "all" || (state !== "booked" && state !== "on_its_way" && state !== "waiting_for_price");
}

/** @param {LedgerEntry|Coming} entry @returns {Badge} */
function badge({ state, source }) {
  switch (state) {
    case "on_its_way":
      return { words: "On its way", tone: "chip" };
    case "waiting_for_price":
      return { words: "Waiting for price", tone: "warn" };
    case "internal":
      return { words: "Internal", tone: "chip" };
    case "void":
      return { words: "Voided", tone: "chip" };
    case "superseded":
      return { words: "Corrected", tone: "chip" };
    default:
      return source === MANUAL ? { words: "Added by you", tone: "chip" } : { words: "Booked", tone: "plain" };
  }
}

/** @param {Reader} reader @param {LedgerEntry|Coming} entry @returns {string} where it comes from, or what became of it */
function said(reader, entry) {
  if (entry.state === "on_its_way") return entry.kind === "deposit" ? "counts when Binance credits it" : "leaves when Binance completes it";
  if (entry.state === "waiting_for_price") return "no one-minute price yet";
  const done = { void: "voided", internal: "marked internal", superseded: "corrected", booked: null }[entry.state];
  const isOnChain = entry.source === "deposits" || entry.source === "withdrawals";
  const detail = entry.detail === INSIDE ? "between Binance accounts" : isOnChain && entry.detail !== "" ? `${entry.detail} network` : entry.detail;
  if (done === null) return detail;
  return `${done}${entry.decided_at ? ` on ${dayMonth(reader, epoch(entry.decided_at))}` : ""}${entry.reason ? `: ${entry.reason}` : ""}`;
}
