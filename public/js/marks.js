/** Deposits, withdrawals and rebalances in the lane under the plot, merged where they would touch. */

import { epoch } from "./dates.js";

/** @typedef {import("./types.js").MarkEvent} MarkEvent */
/** @typedef {{x: number, kind: "deposit"|"withdrawal"|"rebalance"|"several", events: MarkEvent[]}} Mark  x in pixels */

const NEAR_PX = 18;
const MOST_REBALANCES = 40;

/**
 * @param {MarkEvent[]} events
 * @param {(t: number) => number} place pixel of an instant
 * @param {{left: number, right: number}} plot
 * @returns {Mark[]} from left to right; flows within 18 px are one disc, rebalances give way to flows
 */
export function marks(events, place, { left, right }) {
  const seen = events
    .map((event) => ({ x: place(epoch(event.at)), event }))
    .filter(({ x }) => x >= left - 0.5 && x <= right + 0.5)
    .sort((a, b) => a.x - b.x);
  const flows = merged(seen.filter(({ event }) => event.kind === "deposit" || event.kind === "withdrawal"));
  const rebalances = seen.filter(({ event }) => event.kind === "rebalance");
  if (rebalances.length > MOST_REBALANCES) return flows;
  /** @type {Mark[]} */
  const diamonds = [];
  for (const { x, event } of rebalances) {
    const isCrowded = [...flows, ...diamonds.slice(-1)].some((mark) => Math.abs(mark.x - x) < NEAR_PX * 0.75);
    if (!isCrowded) diamonds.push({ x, kind: "rebalance", events: [event] });
  }
  return [...flows, ...diamonds].sort((a, b) => a.x - b.x);
}

/**
 * @param {{x: number, event: MarkEvent}[]} placed
 * @returns {Mark[]}
 */
function merged(placed) {
  /** @type {{xs: number[], events: MarkEvent[]}[]} */
  const groups = [];
  for (const { x, event } of placed) {
    const last = groups.at(-1);
    if (last && x - middle(last.xs) < NEAR_PX) {
      last.xs.push(x);
      last.events.push(event);
    } else groups.push({ xs: [x], events: [event] });
  }
  return groups.map(({ xs, events }) => {
    const only = events.length === 1 ? events[0] : undefined;
    const kind = only ? /** @type {Mark["kind"]} */ (only.kind) : "several";
    return { x: middle(xs), kind, events };
  });
}

/** @param {number[]} xs */
function middle(xs) {
  return xs.reduce((total, x) => total + x, 0) / xs.length;
}
