/** A flow as its owner types it, and as the API takes it. */

import { instant, wall } from "./dates.js";
import { abs, sign } from "./decimal.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {{way: "in"|"out", quantity: string, asset: string, at: string, reason: string}} Typed  `at` as a field has it: 2025-11-04T07:05 */
/** @typedef {{wrong: string|null, entry: {at: string, asset: string, quantity: string, reason: string}|null}} Read */

const NUMBER = /^\d{1,18}([.,]\d{1,18})?$/;
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/;

/** @param {Reader} reader @param {number} t @returns {string} what a field for date and time shows then */
export function fieldMoment(reader, t) {
  const { year, month, day, hour, minute } = wall(t, reader.zone);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/**
 * @param {Reader} reader
 * @param {import("./types.js").LedgerEntry} entry
 * @returns {Typed}
 */
export function typedFrom(reader, { at, asset, quantity }) {
  return { way: sign(quantity) < 0 ? "out" : "in", quantity: abs(quantity), asset, at: fieldMoment(reader, Date.parse(at) / 1000), reason: "" };
}

/**
 * @param {Reader} reader
 * @param {Typed} typed
 * @param {{at: string}|null} [before] the entry that is corrected: an untouched time stays what it was to the second
 * @returns {Read} what is wrong with it in words, or what to send
 */
export function readFlow(reader, typed, before = null) {
  const wrong = (/** @type {string} */ words) => ({ wrong: words, entry: null });
  const number = typed.quantity.trim();
  if (!NUMBER.test(number) || sign(number.replace(",", ".")) === 0) return wrong("How much is a number greater than 0, like 250.5.");
  const asset = typed.asset.trim().toUpperCase();
  if (!/^[A-Z0-9]{1,20}$/.test(asset)) return wrong("The coin is a symbol like USDT or BTC.");
  const parts = MOMENT.exec(typed.at.slice(0, 16))?.slice(1).map(Number);
  if (!parts) return wrong("Say when it was credited or left.");
  if (typed.reason.trim() === "") return wrong("Say why: the ledger keeps the reason.");
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts;
  const untouched = before !== null && fieldMoment(reader, Date.parse(before.at) / 1000) === typed.at.slice(0, 16);
  const at = untouched ? before.at : new Date(instant({ year, month, day, hour, minute }, reader.zone) * 1000).toISOString();
  const quantity = number.replace(",", ".");
  return { wrong: null, entry: { at, asset, quantity: typed.way === "out" ? `-${quantity}` : quantity, reason: typed.reason.trim() } };
}
