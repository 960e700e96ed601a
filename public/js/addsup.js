/** Does it add up: our value of each wallet beside the exchange's own, now and over the snapshots before. */

import { epoch, moment } from "./dates.js";
import { abs, compare } from "./decimal.js";
import { money, signedMoney } from "./format.js";
import { part } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").Holdings} Holdings */
/** @typedef {{name: string, ours: string, theirs: string, difference: string}} Row */
/** @typedef {{size: number|null, words: string}} Bar  size from −1 to 1; null: not reconciled */
/** @typedef {{rows: Row[], total: Row}} Table */

const BARS = 60;
const LEAST_FULL_USD = 1; // a bar of its full height is at least so much: cents stay small

/**
 * @param {Reader} reader
 * @param {Holdings} holdings
 * @returns {Table|null} null where it was not checked
 */
export function addsUpTable(reader, { reconciliation }) {
  if (!reconciliation) return null;
  const row = (/** @type {string} */ name, /** @type {import("./types.js").Beside} */ { ours, theirs, difference }) => ({
    name, ours: money(reader, ours), theirs: money(reader, theirs), difference: signedMoney(reader, difference),
  });
  const ranked = [...reconciliation.wallets].sort((a, b) => compare(abs(b.ours), abs(a.ours)));
  return { rows: ranked.map((one) => row(part(one.wallet), one)), total: row("Total", reconciliation) };
}

/**
 * @param {Holdings} holdings
 * @returns {string[]} the wallets that were ever compared in the snapshots on show
 */
export function comparedWallets({ differences, reconciliation }) {
  return [...new Set([...(reconciliation?.wallets ?? []).map(({ wallet }) => wallet), ...Object.keys(differences.wallets)])];
}

/**
 * @param {Reader} reader
 * @param {Holdings} holdings
 * @param {string} wallet "" is all of them
 * @param {number} now
 * @returns {{bars: Bar[], words: string}} the snapshot itself last
 */
export function differenceBars(reader, { at, differences, reconciliation }, wallet, now) {
  const own = reconciliation?.wallets.find((one) => one.wallet === wallet)?.difference ?? "0";
  const last = reconciliation ? (wallet === "" ? reconciliation.difference : own) : null;
  const columns = wallet === "" ? differences.total : differences.wallets[wallet] ?? differences.total.map((one) => (one === null ? null : "0"));
  const t = [...differences.t, ...(at === null ? [] : [epoch(at)])].slice(-BARS);
  const values = [...columns, ...(at === null ? [] : [last])].slice(-BARS);
  const known = values.filter((value) => value !== null);
  const largest = known.map(abs).reduce((most, size) => (compare(size, most) > 0 ? size : most), "0");
  const bars = values.map((value, index) => ({
    size: value === null ? null : Number(value) / Math.max(Number(largest), LEAST_FULL_USD),
    words: `${moment(reader, t[index] ?? 0, now)}: ${value === null ? "not checked" : signedMoney(reader, value)}`,
  }));
  const [low, high] = [known.reduce(least, known[0] ?? "0"), known.reduce(most, known[0] ?? "0")];
  const unchecked = values.length - known.length;
  const rest = unchecked > 0 ? `, ${unchecked} not checked` : "";
  return { bars, words: known.length === 0 ? `not checked${rest}` : `from ${signedMoney(reader, low)} to ${signedMoney(reader, high)}${rest}` };
}

/** @param {string} a @param {string} b */
function least(a, b) {
  return compare(b, a) < 0 ? b : a;
}

/** @param {string} a @param {string} b */
function most(a, b) {
  return compare(b, a) > 0 ? b : a;
}
