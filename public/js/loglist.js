/** Which lines of the log are looked at, and in which order they stand. */

import { epoch } from "./dates.js";

/** @typedef {import("./types.js").LogEntry} LogEntry */
/** @typedef {{level: string, account: string, event: string, q: string, run: string}} Filters  as the API names them; empty: all */

/** @type {Filters} */
export const NO_FILTERS = { level: "", account: "", event: "", q: "", run: "" };
export const LEVELS = /** @type {const} */ ([["", "All levels"], ["info", "Info and graver"], ["warning", "Warnings and errors"], ["error", "Errors"]]);

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
