/** The log as the reader sees it: filters as parameters, entries joined, the day in one line. */

import { clock, date, dayMonth, epoch, wall } from "./dates.js";
import { plural } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").LogEntry} LogEntry */
/** @typedef {{level: string, account: string, event: string, q: string, run: string}} Filters  as the API names them; empty: all */

/** @type {Filters} */
export const NO_FILTERS = { level: "", account: "", event: "", q: "", run: "" };
export const LEVELS = /** @type {const} */ ([["", "All levels"], ["info", "Info and graver"], ["warning", "Warnings and errors"], ["error", "Errors"]]);
export const MOST_COUNTED = 100;

/** @param {Filters} filters */
export function isFiltered(filters) {
  return Object.values(filters).some((value) => value !== "");
}

/**
 * Ids rise in the order of writing: a run tells of an account when that is done, after what another one told later.
 * @param {LogEntry[]} known newest first
 * @param {LogEntry[]} more
 * @returns {LogEntry[]} both, each once, newest first by the times that stand beside them
 */
export function joined(known, more) {
  const all = new Map([...known, ...more].map((entry) => [entry.id, entry]));
  return [...all.values()].sort((a, b) => epoch(b.at) - epoch(a.at) || (BigInt(b.id) > BigInt(a.id) ? 1 : -1));
}

/**
 * @param {LogEntry[]} entries
 * @returns {{first: string, last: string}|null} the ids written first and last among them, to go on from; null: there are none
 */
export function written(entries) {
  const ids = entries.map(({ id }) => BigInt(id)).sort((a, b) => (a < b ? -1 : 1));
  return ids.length === 0 ? null : { first: String(ids[0]), last: String(ids.at(-1)) };
}

/**
 * @param {Reader} reader
 * @param {number} t
 * @returns {string} "14:00:07"
 */
function seconds(reader, t) {
  return `${clock(reader, t)}:${String(Math.floor(t) % 60).padStart(2, "0")}`;
}

/**
 * @param {Reader} reader
 * @param {string} at
 * @param {number} now
 * @returns {string} "14:00:07", on another day "17 Nov 14:00:07"
 */
export function moment(reader, at, now) {
  const t = epoch(at);
  if (date(reader, t) === date(reader, now)) return seconds(reader, t);
  const isThisYear = wall(t, reader.zone).year === wall(now, reader.zone).year;
  return `${isThisYear ? dayMonth(reader, t) : date(reader, t)} ${seconds(reader, t)}`;
}

/**
 * @param {Reader} reader
 * @param {LogEntry|undefined} newest what the last run told of itself
 * @param {LogEntry[]} grave newest warnings and errors, MOST_COUNTED of them at most
 * @param {number} now
 * @returns {string} "Last run 14:00:07 · 1 warning and 1 error today"
 */
export function summary(reader, newest, grave, now) {
  if (!newest) return "Nothing has run yet";
  const last = `Last run ${moment(reader, newest.at, now)}`;
  const today = grave.filter(({ at }) => date(reader, epoch(at)) === date(reader, now));
  if (today.length === 0) return `${last} · no warnings today`;
  if (today.length >= MOST_COUNTED) return `${last} · ${MOST_COUNTED} or more warnings and errors today`;
  const errors = today.filter(({ level }) => level === "error").length;
  const warnings = today.length - errors;
  const parts = [
    ...(warnings ? [`${warnings} ${plural(warnings, "warning")}`] : []), ...(errors ? [`${errors} ${plural(errors, "error")}`] : []),
  ];
  return `${last} · ${parts.join(" and ")} today`;
}
