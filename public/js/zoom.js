/** The part of a range that the chart shows. It begins and ends at snapshots, so that no line is cut in two. */

import { date, dayMonth, epoch, moment, wall } from "./dates.js";
import { nearest } from "./series.js";

/** @typedef {import("./types.js").History} History */
/** @typedef {import("./types.js").Window} Window */

const FEWEST = 4; // snapshots that still show a course
const SHORT_S = 3 * 86400;

/**
 * @param {number[]} t oldest first
 * @param {Window|null} zoom
 * @returns {{first: number, last: number}|null} the snapshots inside; null where all are, or too few
 */
export function inside(t, zoom) {
  if (!zoom) return null;
  const first = t.findIndex((at) => at >= zoom.from);
  const last = t.findLastIndex((at) => at <= zoom.to);
  if (first < 0 || last - first + 1 < Math.min(FEWEST, t.length)) return null;
  return first === 0 && last === t.length - 1 ? null : { first, last };
}

/**
 * @param {number[]} t
 * @param {number} first
 * @param {number} last
 * @returns {Window|null} null: all of it
 */
function between(t, first, last) {
  if (first <= 0 && last >= t.length - 1) return null;
  return { from: t[Math.max(first, 0)] ?? 0, to: t[Math.min(last, t.length - 1)] ?? 0 };
}

/**
 * @param {number[]} t
 * @param {number} a an instant
 * @param {number} b another one, in any order
 * @returns {Window|null} the snapshots nearest to both and those between; null where that is all, or nothing to look at
 */
export function chosen(t, a, b) {
  const [first, last] = [nearest(t, Math.min(a, b)), nearest(t, Math.max(a, b))];
  return last - first + 1 < FEWEST ? null : between(t, first, last);
}

/**
 * @param {number[]} t
 * @param {Window|null} zoom
 * @param {number} at the instant that keeps its place
 * @param {number} factor of the width: under 1 looks closer
 * @returns {Window|null}
 */
export function scaled(t, zoom, at, factor) {
  const { first, last } = inside(t, zoom) ?? { first: 0, last: t.length - 1 };
  const [from, to] = [t[first] ?? 0, t[last] ?? 0];
  const held = Math.min(Math.max(at, from), to);
  let [a, b] = [nearest(t, held - (held - from) * factor), nearest(t, held + (to - held) * factor)];
  if (factor > 1) { // a step that is smaller than a snapshot's distance is still a step
    if (a === first) a -= 1;
    if (b === last) b += 1;
  } else if (b - a + 1 < FEWEST) return between(t, first, last);
  return between(t, a, b);
}

/**
 * @param {number[]} t
 * @param {Window|null} zoom
 * @param {number} seconds signed: later ones come into view where positive
 * @returns {Window|null} as wide as before, stopped by the ends
 */
export function panned(t, zoom, seconds) {
  const seen = inside(t, zoom);
  if (!seen || !zoom) return zoom;
  const wide = (t[seen.last] ?? 0) - (t[seen.first] ?? 0);
  const [begin, end] = [t[0] ?? 0, t.at(-1) ?? 0];
  const from = Math.min(Math.max((t[seen.first] ?? 0) + seconds, begin), end - wide);
  return between(t, nearest(t, from), nearest(t, from + wide)) ?? zoom;
}

/**
 * @param {History} history
 * @param {Window|null} zoom
 * @returns {History} what of it the chart shows; itself where that is all
 */
export function windowed(history, zoom) {
  const { series, estimated, gaps, metrics } = history;
  const seen = inside(series.t, zoom);
  if (!seen) return history;
  const cut = (/** @type {any[]} */ column) => column.slice(seen.first, seen.last + 1);
  const shown = /** @type {typeof series} */ (Object.fromEntries(Object.entries(series).map(([name, column]) => [name, cut(column)])));
  const [from, to] = [shown.t[0] ?? 0, shown.t.at(-1) ?? 0];
  return {
    ...history, series: shown,
    estimated: seen.first === 0 ? estimated : { t: [], nav: [] },
    gaps: gaps.filter((gap) => epoch(gap.to) > from && epoch(gap.from) < to),
    metrics: seen.last === series.t.length - 1 ? metrics : null, // they are as of the range's end
  };
}

/**
 * @param {import("./types.js").Reader} reader
 * @param {Window} zoom
 * @param {number} now
 * @returns {string} "3 Oct – 18 Oct"; with times where it is short, with years where one is not this one
 */
export function windowWords(reader, { from, to }, now) {
  if (to - from < SHORT_S) return `${moment(reader, from, now)} – ${moment(reader, to, now)}`;
  const year = (/** @type {number} */ t) => wall(t, reader.zone).year;
  const day = year(from) === year(now) && year(to) === year(now) ? dayMonth : date;
  return `${day(reader, from)} – ${day(reader, to)}`;
}
