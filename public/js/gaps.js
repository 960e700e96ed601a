/** Hours without data: which stretches are hatched, and where a line must stop. */

import { epoch } from "./dates.js";

/** @typedef {{from: number, to: number, kind: "missing"|"partial", missing: string[]}} Stretch  epoch seconds */

/**
 * @param {import("./types.js").Gap[]} gaps as answered
 * @param {Stretch|null} tail the time since the newest figure, if nothing complete came after it
 * @returns {Stretch[]} in order; neighbours of one kind are one stretch
 */
export function stretches(gaps, tail) {
  /** @type {Stretch[]} */
  const all = gaps.map(({ from, to, kind, missing }) => ({ from: epoch(from), to: epoch(to), kind, missing }));
  if (tail && tail.to > tail.from) all.push(tail);
  all.sort((a, b) => a.from - b.from || a.to - b.to);
  return all.reduce((/** @type {Stretch[]} */ joined, next) => {
    const last = joined.at(-1);
    if (!last || last.kind !== next.kind || next.from > last.to) return [...joined, next];
    const missing = [...new Set([...last.missing, ...next.missing])];
    return [...joined.slice(0, -1), { ...last, to: Math.max(last.to, next.to), missing }];
  }, []);
}

/**
 * @param {number} from
 * @param {number} to
 * @param {Stretch[]} holes
 * @returns {boolean} whether a line from one snapshot to the next would cross hours without data
 */
export function crosses(from, to, holes) {
  return holes.some((hole) => from <= hole.from && hole.to <= to);
}

/**
 * @param {number} t
 * @param {Stretch[]} holes
 * @returns {Stretch|null} the stretch strictly around an instant
 */
export function holeAt(t, holes) {
  return holes.find((hole) => hole.from < t && t < hole.to) ?? null;
}
