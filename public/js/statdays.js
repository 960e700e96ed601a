/** Which days the statistics come from. Statistical days are UTC, (00:00, 24:00]. */

import { clockAndZone, dayMonth, epoch } from "./dates.js";
import { list, plural } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").History} History */

const DAY_S = 86400;
const MOST_NAMED = 4;

/** @param {number} t @returns {number} the day that holds an instant, counted from 1970; 00:00 ends the day before */
const dayOf = (t) => Math.ceil(t / DAY_S) - 1;

/**
 * @param {History} history
 * @returns {{first: number, last: number, without: number[]}} days of the range, and those that have no daily return
 */
export function days({ from, to, gaps }) {
  const base = epoch(from ?? "");
  const first = base % DAY_S === 0 ? base / DAY_S : dayOf(base);
  const last = dayOf(epoch(to ?? ""));
  /** @type {Set<number>} */
  const without = new Set();
  for (const gap of gaps) {
    // A day whose hours all lie in a gap has no value, so neither it nor the day after has a return.
    for (let day = dayOf(epoch(gap.from)) + 1; day < dayOf(epoch(gap.to)); day += 1) without.add(day).add(day + 1);
  }
  return { first, last, without: [...without].filter((day) => day >= first && day <= last).sort((a, b) => a - b) };
}

/**
 * @param {Reader} reader
 * @param {History} history
 * @returns {string} for figures of daily returns
 */
export function dailyWords(reader, history) {
  const used = history.metrics?.days ?? 0;
  const { first, last, without } = days(history);
  const utc = { ...reader, zone: "UTC" };
  const name = (/** @type {number} */ day) => dayMonth(utc, day * DAY_S);
  const from = `From ${used} daily ${plural(used, "return")}, ${name(first)} to ${name(last)}, days turning at 00:00 UTC.`;
  const missing = last - first + 1 - used;
  if (missing <= 0) return from;
  const known = without.length === missing && missing <= MOST_NAMED;
  const which = known ? list(without.map(name)) : `${missing} ${plural(missing, "day")}`;
  return `${from} ${which} ${plural(missing, "has", "have")} none and ${plural(missing, "is", "are")} left out.`;
}

/**
 * @param {Reader} reader
 * @param {History} history
 * @returns {string} for figures of all snapshots
 */
export function snapshotWords(reader, { from, to }) {
  const end = epoch(to ?? "");
  return `From all complete snapshots, ${clockAndZone(reader, epoch(from ?? ""), end)} to ${dayMonth(reader, end)}, ${clockAndZone(reader, end, end)}.`;
}
