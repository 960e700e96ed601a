/** Walking along the chart from mark to mark. */

/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./types.js").MarkEvent} MarkEvent */

/**
 * Which mark comes next: each in its turn, also where several stand at one snapshot.
 * @param {number[]} places index of the snapshot at each mark, from left to right
 * @param {number|null} here  index of the snapshot that is read, null: none
 * @param {number} told  index of the mark that was come to last, -1: none
 * @param {1|-1} way
 * @returns {number} index of the mark, -1 where there is none; past the last one it begins anew
 */
export function nextMark(places, here, told, way) {
  const from = told >= 0 ? told + way : here === null ? -1 : way > 0
    ? places.findIndex((place) => place > here) : places.findLastIndex((place) => place < here);
  if (from >= 0 && from < places.length) return from;
  return way > 0 ? Math.min(0, places.length - 1) : places.length - 1;
}

/**
 * @param {import("./shapes.js").Plot} plot
 * @param {number|null} here
 * @param {import("./types.js").MarkEvent|null} told
 * @param {1|-1} way
 * @returns {Mark|null} the next mark; a closer look may have parted the one that was told, and a refresh brings new events
 */
export function markFrom(plot, here, told, way) {
  const marks = plot.marks();
  const isTold = (/** @type {import("./types.js").MarkEvent} */ event) =>
    told !== null && event.at === told.at && event.kind === told.kind && event.usd === told.usd && event.account === told.account;
  const last = marks.findIndex(({ events }) => events.some(isTold));
  return marks[nextMark(marks.map(({ x }) => plot.indexAt(x)), here, last, way)] ?? null;
}
