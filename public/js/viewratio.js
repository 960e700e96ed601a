/** The views in percent: growth of one unit, and how far each is below its highest growth. */

import { dayMonth, epoch } from "./dates.js";
import { percent, signedPercent, tickPercent } from "./format.js";
import { activeReturn } from "./sentence.js";
import { nearest } from "./series.js";
import { NO_DATA } from "./viewmoney.js";
import { benchmarkName, capital } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").History} History */
/** @typedef {import("./shapes.js").View} View */
/** @typedef {import("./shapes.js").Entry} Entry */
/** @typedef {import("./shapes.js").Deep} Deep */

const NOTHING = 0.00005; // shown with two decimals of a percent, this is zero
const ON_THE_LINE = 0.002;

/** @param {number|null} index */
const grown = (index) => (index === null ? null : index - 1);

/**
 * @param {Reader} reader
 * @param {number|null|undefined} ratio
 */
const change = (reader, ratio) => (ratio === null || ratio === undefined ? NO_DATA : signedPercent(reader, ratio));

/**
 * @param {History} history
 * @param {number} index
 * @returns {number|null} how much more one unit of the account grew since the start
 */
function active({ series }, index) {
  const [you, bench] = [series.nav_index[index] ?? null, series.benchmark_index[index]];
  return you === null || !bench ? null : you / bench - 1;
}

/** @type {View} */
export const growth = {
  id: "growth",
  title: "Growth",
  you: ({ series }) => series.nav_index.map(grown),
  bench: ({ series }) => series.benchmark_index.map(grown),
  estimates: false,
  filled: true,
  level: false,
  fit: (found) => found,
  tick: (reader, ratio) => tickPercent(reader, ratio, true),
  legend: ({ long, short, you }) => ({
    you: [you, you], bench: [`${capital(long)}, money in and out taken out`, `${capital(short)}, flows taken out`],
  }),
  ends(reader, history) {
    const last = history.series.t.length - 1;
    const gap = activeReturn(history);
    return {
      you: change(reader, grown(history.series.nav_index[last] ?? null)),
      bench: change(reader, grown(history.series.benchmark_index[last] ?? null)),
      between: gap === null ? null : signedPercent(reader, gap),
      direction: gap === null || Math.abs(gap) < NOTHING ? 0 : Math.sign(gap),
    };
  },
  deepest: () => [],
  read(reader, history, index) {
    const gap = active(history, index);
    const both = pair(reader, history, growth, index, change);
    if (gap === null) return both;
    if (Math.abs(gap) < NOTHING) return [...both, { label: "", text: "Level", tone: "plain" }];
    return [...both, { label: gap > 0 ? "Ahead" : "Behind", text: percent(reader, Math.abs(gap)), tone: gap > 0 ? "gain" : "loss" }];
  },
  heads: ({ short, you }) => [you, capital(short), "Ahead"],
  cells: (reader, history, index) => [...texts(reader, history, growth, index, change), change(reader, active(history, index))],
};

/** @type {View} */
export const drawdown = {
  ...growth,
  id: "drawdown",
  title: "Drawdown",
  you: ({ series }) => series.drawdown,
  bench: ({ series }) => series.benchmark_drawdown,
  filled: false,
  fit: ({ min }) => ({ min, max: Math.abs(min) * 0.04 }), // nothing is ever above the highest point
  tick: (reader, ratio) => tickPercent(reader, ratio, false),
  legend: ({ long, short, you }) => ({
    you: [you, you], bench: [`${capital(long)}, each below its highest growth so far`, `${capital(short)}, below the highest so far`],
  }),
  ends(reader, history) {
    const [you, bench] = texts(reader, history, drawdown, history.series.t.length - 1, depth);
    return { you: you ?? null, bench: bench ?? null, between: null, direction: 0 };
  },
  deepest: (reader, history) => [
    ...deep(reader, history, "you", history.metrics?.max_drawdown, history.series.drawdown),
    ...deep(reader, history, "bench", history.metrics?.benchmark_max_drawdown, history.series.benchmark_drawdown),
  ],
  read: (reader, history, index) => pair(reader, history, drawdown, index, depth),
  heads: ({ short, you }) => [you, capital(short)],
  cells: (reader, history, index) => texts(reader, history, drawdown, index, depth),
};

/**
 * @param {Reader} reader
 * @param {number|null|undefined} ratio
 */
function depth(reader, ratio) {
  return ratio === null || ratio === undefined ? NO_DATA : percent(reader, ratio);
}

/**
 * @param {Reader} reader
 * @param {History} history
 * @param {View} view
 * @param {number} index
 * @param {(reader: Reader, ratio: number|null) => string} write
 * @returns {string[]} both values at one snapshot
 */
function texts(reader, history, view, index, write) {
  return [view.you(history)[index], view.bench(history)[index]].map((ratio) => write(reader, /** @type {number|null} */ (ratio ?? null)));
}

/**
 * @param {Reader} reader
 * @param {History} history
 * @param {View} view
 * @param {number} index
 * @param {(reader: Reader, ratio: number|null) => string} write
 * @returns {Entry[]}
 */
function pair(reader, history, view, index, write) {
  const [you = "", bench = ""] = texts(reader, history, view, index, write);
  const names = benchmarkName(reader, history);
  return [{ label: names.you, text: you, tone: "you" }, { label: names.short, text: bench, tone: "bench" }];
}

/**
 * @param {Reader} reader
 * @param {History} history
 * @param {Deep["line"]} line
 * @param {import("./types.js").Drawdown|null|undefined} fall
 * @param {(number|null)[]} column
 * @returns {Deep[]} none where the range's deepest fall is not what the line shows: it began from an older peak
 */
function deep(reader, { series }, line, fall, column) {
  if (!fall?.depth || !fall.trough) return [];
  const t = epoch(fall.trough);
  if (t < (series.t[0] ?? t)) return []; // before what is shown
  const drawn = column[nearest(series.t, t)] ?? null;
  if (drawn === null || Math.abs(drawn - fall.depth) > ON_THE_LINE) return [];
  return [{ line, t, value: fall.depth, label: `${percent(reader, fall.depth)} on ${dayMonth(reader, t)}` }];
}
