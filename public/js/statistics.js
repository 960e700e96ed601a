/** The statistics as rows of words: what each figure is, yours beside the benchmark's, and how it came about. */

import { SOLID_DAYS } from "./briefs.js";
import { dayMonth, epoch } from "./dates.js";
import { percent, plainRatio, signedPercent } from "./format.js";
import { FORMULAS } from "./formulas.js";
import { dailyWords, snapshotWords } from "./statdays.js";
import { benchmarkName } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").History} History */
/** @typedef {import("./formulas.js").Given} Given */
/** @typedef {{formula: string, numbers: string|null, meaning: string, days: string}} How */
/** @typedef {{text: string, known: boolean}} Figure */
/** @typedef {{id: string, name: string, words: string, you: Figure, bench: Figure|null, verdict: string, tone: "gain"|"loss"|"plain", how: How}} Row */
/** @typedef {(reader: Reader, ratio: number) => string} Write */

const whole = (/** @type {Reader} */ reader, /** @type {number} */ ratio) => percent(reader, ratio, 0);
const UNKNOWN = "not yet";

/** @type {[string, string, Write, "more"|"calm"][]} name, words, and whether more of it is better */
const RISK = [
  ["twr", "Return, time-weighted", signedPercent, "more"],
  ["volatility", "Volatility, a year", percent, "calm"],
  ["sharpe", "Sharpe ratio", plainRatio, "more"],
  ["sortino", "Sortino ratio", plainRatio, "more"],
  ["max_drawdown", "Max drawdown", percent, "more"],
  ["calmar", "Calmar ratio", plainRatio, "more"],
  ["cagr", "Growth a year (CAGR)", signedPercent, "more"],
];

/** @type {[string, string, Write, (given: Given, figure: string) => string][]} */
const AGAINST = [
  ["active_return", "Active return", signedPercent, ({ bench }) => `your return beyond ${bench}`],
  ["value_ratio", "Value ratio", signedPercent, ({ reader, history }) => `not a return; since ${dayMonth(reader, epoch(history.inception ?? ""))}`],
  ["beta", "Beta", plainRatio, ({ bench }, figure) => `moves ${figure}\u202f% when ${bench} moves 1\u202f%`],
  ["alpha", "Alpha, a year", signedPercent, () => "what beta does not explain"],
  ["correlation", "Correlation", plainRatio, () => "1 is in step, 0 unrelated"],
  ["tracking_error", "Tracking error, a year", percent, ({ bench }) => `how far days stray from ${bench}`],
  ["information_ratio", "Information ratio", plainRatio, () => "return beyond it, per straying"],
  ["up_capture", "Up capture", whole, ({ bench }) => `on days ${bench} rose`],
  ["down_capture", "Down capture", whole, ({ bench }) => `on days ${bench} fell`],
  ["mwr", "Money-weighted return", signedPercent, () => "what your dollars earned"],
  ["mwr_annual", "Annual return (XIRR)", signedPercent, () => "the same, a year"],
];

/**
 * @param {Reader} reader
 * @param {History} history
 * @returns {{bench: string, risk: Row[], against: Row[]}|null} null where the server tells no statistics
 */
export function statistics(reader, history) {
  const { metrics } = history;
  if (!metrics || metrics.days === undefined) return null;
  const free = Number(history.benchmark?.policy?.risk_free ?? "0");
  const bench = benchmarkName(reader, history).short;
  const given = { reader, history, metrics, bench, free };
  return {
    bench,
    risk: RISK.filter(([id]) => has(given, id)).map(([id, name, write, better]) => riskRow(given, id, name, write, better)),
    against: AGAINST.filter(([id]) => has(given, id)).map(([id, name, write, words]) => {
      const you = figure(given, id, write);
      return { ...plainRow(given, id, name, you), words: you.known ? words(given, you.text) : reason(given, id) };
    }),
  };
}

/** @param {Given} given @param {string} id @returns {boolean} an older server may not know it */
function has({ metrics }, id) {
  return /** @type {Record<string, unknown>} */ (metrics)[id] !== undefined;
}

/** @param {Given} given @param {string} id @returns {number|null} */
function raw({ metrics }, id) {
  const found = /** @type {Record<string, any>} */ (metrics)[id];
  return (id.endsWith("max_drawdown") ? found?.depth : found) ?? null;
}

/**
 * @param {Given} given
 * @param {string} id
 * @param {Write} write
 * @returns {Figure}
 */
function figure(given, id, write) {
  const ratio = raw(given, id);
  return ratio === null ? { text: UNKNOWN, known: false } : { text: write(given.reader, ratio), known: true };
}

/** @param {Given} given @param {string} id @returns {string} why there is no figure */
function reason({ metrics }, id) {
  return metrics.notes[id] ?? "";
}

/**
 * @param {Given} given
 * @param {string} id
 * @param {string} name
 * @param {Figure} you
 * @returns {Row}
 */
function plainRow(given, id, name, you) {
  const { formula, meaning, daily, numbers } = FORMULAS[id] ?? { formula: "", meaning: "", daily: false, numbers: () => null };
  const weak = given.metrics.notes[id]?.startsWith("weak") ? ` Under ${SOLID_DAYS} days: a first hint.` : "";
  const used = (daily ? dailyWords : snapshotWords)(given.reader, given.history) + weak;
  return { id, name, words: "", you, bench: null, verdict: "", tone: "plain", how: { formula, meaning, numbers: you.known ? numbers(given) : null, days: used } };
}

/**
 * @param {Given} given
 * @param {string} id
 * @param {string} name
 * @param {Write} write
 * @param {"more"|"calm"} better
 * @returns {Row}
 */
function riskRow(given, id, name, write, better) {
  const [you, bench] = [figure(given, id, write), figure(given, `benchmark_${id}`, write)];
  const row = { ...plainRow(given, id, name, you), bench, words: you.known ? "" : reason(given, id) };
  if (!you.known || !bench.known) return row;
  if (you.text === bench.text) return { ...row, verdict: "same" };
  const more = (raw(given, id) ?? 0) > (raw(given, `benchmark_${id}`) ?? 0);
  if (better === "calm") return { ...row, verdict: more ? "wilder" : "calmer" };
  return { ...row, verdict: more ? "better" : "worse", tone: more ? "gain" : "loss" };
}
