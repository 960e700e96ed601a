/** Columns of /api/history made ready to draw. Pixels may be floats; what is read out stays a string. */

import { crosses } from "./gaps.js";

/** @typedef {import("./types.js").Series} Series */
/** @typedef {import("./gaps.js").Stretch} Stretch */
/** @typedef {{x: number, y: number}} Point  y is NaN where the line stops */
/** @typedef {{above: boolean, edge: Point[], base: Point[]}} Fill  the area between the two lines where one is on top */

/**
 * @param {number[]} t
 * @param {(string|number|null)[]} values
 * @param {Stretch[]} holes
 * @returns {Point[]} one line, broken at every hole
 */
export function line(t, values, holes) {
  /** @type {Point[]} */
  const points = [];
  values.forEach((value, index) => {
    if (value === null) return;
    const x = t[index] ?? 0;
    const last = points.at(-1);
    if (last && crosses(last.x, x, holes)) points.push({ x: (last.x + x) / 2, y: NaN });
    points.push({ x, y: Number(value) });
  });
  return points;
}

/**
 * @param {Point[]} points
 * @returns {Point[]} points with a break on either side: no line shows them, so a dot must
 */
export function lonely(points) {
  const isOpen = (/** @type {Point|undefined} */ point) => !point || Number.isNaN(point.y);
  return points.filter((point, index) => !isOpen(point) && isOpen(points[index - 1]) && isOpen(points[index + 1]));
}

/**
 * @param {number[]} t
 * @param {(string|number|null)[]} you
 * @param {(string|number|null)[]} bench
 * @param {Stretch[]} holes
 * @returns {Fill[]} the gap between the lines, cut where they cross and where either stops
 */
export function fills(t, you, bench, holes) {
  /** @type {Fill[]} */
  const areas = [];
  /** @type {{x: number, a: number, b: number}|null} */
  let last = null;
  t.forEach((x, index) => {
    const [own, other] = [you[index] ?? null, bench[index] ?? null];
    if (own === null || other === null) return;
    const now = { x, a: Number(own), b: Number(other) };
    if (last && !crosses(last.x, x, holes)) {
      for (const [from, to] of cut(last, now)) extend(areas, from, to);
    }
    last = now;
  });
  return areas;
}

/** @typedef {{x: number, a: number, b: number}} Pair  account and benchmark at one instant */

/**
 * @param {Pair} from
 * @param {Pair} to
 * @returns {[Pair, Pair][]} one piece, or two where the lines cross
 */
function cut(from, to) {
  const [before, after] = [from.a - from.b, to.a - to.b];
  if (before * after >= 0) return [[from, to]];
  const share = before / (before - after);
  const level = from.a + (to.a - from.a) * share;
  const crossing = { x: from.x + (to.x - from.x) * share, a: level, b: level };
  return [[from, crossing], [crossing, to]];
}

/**
 * @param {Fill[]} areas grows: a piece that carries on the last area is joined to it, so no seam shows
 * @param {Pair} from
 * @param {Pair} to
 */
function extend(areas, from, to) {
  const above = from.a - from.b + (to.a - to.b) > 0;
  const last = areas.at(-1);
  if (last && last.above === above && last.edge.at(-1)?.x === from.x) {
    last.edge.push({ x: to.x, y: to.a });
    last.base.push({ x: to.x, y: to.b });
    return;
  }
  areas.push({ above, edge: [{ x: from.x, y: from.a }, { x: to.x, y: to.a }], base: [{ x: from.x, y: from.b }, { x: to.x, y: to.b }] });
}

/**
 * @param {number[]} t oldest first
 * @param {number} x
 * @returns {number} index of the nearest instant, −1 where there is none
 */
export function nearest(t, x) {
  if (t.length === 0) return -1;
  let [low, high] = [0, t.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((t[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  return Math.abs((t[low] ?? 0) - x) <= Math.abs((t[high] ?? 0) - x) ? low : high;
}

/**
 * @param {number[]} t
 * @param {number} index
 * @param {number} step_s signed
 * @returns {number} index of the snapshot that far away, at least one further, kept inside
 */
export function stepped(t, index, step_s) {
  const found = nearest(t, (t[index] ?? 0) + step_s);
  const moved = found === index ? index + Math.sign(step_s) : found;
  return Math.min(Math.max(moved, 0), t.length - 1);
}
