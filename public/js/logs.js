/** The log as the reader sees it: when a line was told, and the day in one line. */

import { clock, date, dayMonth, epoch, wall } from "./dates.js";
import { plural } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").LogEntry} LogEntry */

export const MOST_COUNTED = 100;

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
