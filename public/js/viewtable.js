/** The chart's views, one row each: what is drawn, how the axis reads, what stands at the line ends. */

import { difference, value } from "./viewmoney.js";
import { drawdown, growth } from "./viewratio.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").History} History */
/** @typedef {import("./words.js").Names} Names */
/** @typedef {{you: string|null, bench: string|null, between: string|null, direction: number}} Ends  texts; direction tints `between` */
/** @typedef {{label: string, text: string, tone: "you"|"bench"|"gain"|"loss"|"plain"}} Entry */
/** @typedef {{you: [string, string], bench: [string, string]|null}} Legend  each line's words, long and short; null: there is one line */
/** @typedef {{line: "you"|"bench", t: number, value: number, label: string}} Deep  a deepest point */
/**
 * @typedef {object} View
 * @property {string} id
 * @property {string} title
 * @property {(history: History) => (string|number|null)[]} you
 * @property {(history: History) => (string|number|null)[]} bench
 * @property {boolean} estimates
 * @property {boolean} filled  the gap between the lines is tinted
 * @property {boolean} level  the benchmark is no line but the level the account's line is measured from
 * @property {(found: {min: number, max: number}) => {min: number, max: number}} fit  the scale, from one that fits the lines
 * @property {(reader: Reader, value: number) => string} tick
 * @property {(names: Names) => Legend} legend
 * @property {(reader: Reader, history: History) => Ends} ends
 * @property {(reader: Reader, history: History) => Deep[]} deepest  points ringed and named
 * @property {(reader: Reader, history: History, index: number) => Entry[]} read
 * @property {(names: Names) => string[]} heads  of the table's columns after the day
 * @property {(reader: Reader, history: History, index: number) => string[]} cells
 */

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
