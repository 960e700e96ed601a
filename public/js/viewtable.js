/** The chart's views, one row each: what is drawn, how the axis reads, what stands at the line ends. */

import { difference, value } from "./viewmoney.js";
import { drawdown, growth } from "./viewratio.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./shapes.js").View} View */

/** @type {readonly View[]} */
export const VIEWS = [value, growth, difference, drawdown];

/** @param {View} view @returns {boolean} whether it shows amounts: not while they are hidden */
export function hasAmounts(view) {
  return view === value || view === difference;
}

/**
 * @param {readonly View[]} views those there are
 * @param {Reader} reader
 * @param {string} wanted
 * @returns {View} the wanted one, growth instead of amounts that are hidden
 */
export function seen(views, reader, wanted) {
  const view = viewOf(wanted);
  return reader.hidden && hasAmounts(view) ? views.find((other) => !hasAmounts(other)) ?? growth : view;
}

/** @param {string} id */
export function viewOf(id) {
  return VIEWS.find((view) => view.id === id) ?? value;
}
