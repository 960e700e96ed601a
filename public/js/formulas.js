/** How each statistic is computed: the formula, the same with the reader's numbers, and what it means. */

import { epoch } from "./dates.js";
import { money, percent, plainRatio, signedPercent } from "./format.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").History} History */
/** @typedef {import("./types.js").Metrics} Metrics */
/** @typedef {{reader: Reader, history: History, metrics: Metrics, bench: string, free: number}} Given  bench: its short name; free: a year's risk-free ratio */
/** @typedef {{formula: string, meaning: string, daily: boolean, numbers: (given: Given) => string|null}} Formula  daily: from daily returns */

const YEAR = 365;
const ROOT = Math.sqrt(YEAR);
const DAY_S = 86400;

/** @param {Given} given @param {number} ratio */
const small = ({ reader }, ratio) => percent(reader, ratio, 4);

/**
 * Numbers are only shown where they give the figure: those at hand may be rounded or thinned.
 * @param {number|null|undefined} figure
 * @param {number} found
 * @param {() => string} words
 */
function agreed(figure, found, words) {
  return typeof figure === "number" && Math.abs(found - figure) <= 0.0005 * Math.max(1, Math.abs(figure)) ? words() : null;
}

/** @param {History} history */
function elapsedDays({ from, to }) {
  return (epoch(to ?? "") - epoch(from ?? "")) / DAY_S;
}

/**
 * @param {Given} given
 * @returns {{mean: number, spread: number}|null} of the account's daily returns beyond the risk-free rate, as its Sharpe ratio implies
 */
function daily({ metrics: { volatility, sharpe } }) {
  if (typeof volatility !== "number" || typeof sharpe !== "number") return null;
  return { spread: volatility / ROOT, mean: (sharpe * volatility) / YEAR };
}

/** @param {Given} given @returns {string} the daily mean less the daily risk-free rate */
function excess(given, /** @type {number} */ mean) {
  return `(${small(given, mean + given.free / YEAR)} − ${given.free ? small(given, given.free / YEAR) : percent(given.reader, 0, 0)})`;
}

/**
 * @param {string} formula
 * @param {string} meaning
 * @param {boolean} daily
 * @param {Formula["numbers"]} numbers
 * @returns {Formula}
 */
const of = (formula, meaning, daily, numbers = () => null) => ({ formula, meaning, daily, numbers });

/** @type {Record<string, Formula>} */
export const FORMULAS = {
  twr: of("index at the end ÷ index at the beginning − 1", "How one unit grew, money in and out taken out: what you put in or took out does not move it.", false,
    ({ reader, history: { series }, metrics: { twr } }) => {
      const [first, last] = [series.nav_index[0] ?? NaN, series.nav_index.at(-1) ?? NaN];
      return agreed(twr, last / first - 1, () => `${last.toFixed(4)} ÷ ${first.toFixed(4)} − 1 = ${signedPercent(reader, twr ?? 0)}`);
    }),
  volatility: of("std. deviation of the daily returns × √365", "How widely the days’ returns spread, as a yearly figure. Less is calmer, not better.", true,
    (given) => {
      const { volatility } = given.metrics;
      return typeof volatility !== "number" ? null : `${small(given, volatility / ROOT)} × 19.105 = ${percent(given.reader, volatility)}`;
    }),
  sharpe: of("(mean daily return − risk-free) ÷ std. deviation × √365", "How much return each unit of risk bought.", true,
    (given) => {
      const found = daily(given);
      return found && `${excess(given, found.mean)} ÷ ${small(given, found.spread)} × 19.105 = ${plainRatio(given.reader, given.metrics.sharpe ?? 0)}`;
    }),
  sortino: of("(mean daily return − risk-free) ÷ downside deviation × √365", "As the Sharpe ratio, but only falls count as risk.", true,
    (given) => {
      const [found, { sortino }] = [daily(given), given.metrics];
      if (!found || !sortino) return null;
      return `${excess(given, found.mean)} ÷ ${small(given, (found.mean * ROOT) / sortino)} × 19.105 = ${plainRatio(given.reader, sortino)}`;
    }),
  max_drawdown: of("lowest index after a peak ÷ that peak − 1", "The deepest fall from a highest point, of the growth and not of the value: a withdrawal is no fall.", false,
    ({ reader, history: { series }, metrics: { max_drawdown: fall } }) => {
      const at = (/** @type {string|null|undefined} */ when) => series.nav_index[series.t.indexOf(epoch(when ?? ""))] ?? NaN;
      const [peak, trough] = [at(fall?.from), at(fall?.trough)];
      return agreed(fall?.depth, trough / peak - 1, () => `${trough.toFixed(4)} ÷ ${peak.toFixed(4)} − 1 = ${percent(reader, fall?.depth ?? 0)}`);
    }),
  calmar: of("growth a year ÷ max drawdown", "How much yearly growth each point of the deepest fall came with.", false,
    ({ reader, metrics: { calmar, cagr, max_drawdown: fall } }) => {
      const depth = -(fall?.depth ?? 0);
      return typeof cagr !== "number" || depth === 0 ? null
        : agreed(calmar, cagr / depth, () => `${percent(reader, cagr)} ÷ ${percent(reader, depth)} = ${plainRatio(reader, calmar ?? 0)}`);
    }),
  cagr: of("(1 + return) ^ (365 ÷ days) − 1", "The return carried on for a year at the same pace. Over a short time it exaggerates.", false,
    ({ reader, history, metrics: { cagr, twr } }) => {
      const days = elapsedDays(history);
      return typeof twr !== "number" ? null : agreed(cagr, (1 + twr) ** (YEAR / days) - 1,
        () => `(1 ${twr < 0 ? "−" : "+"} ${percent(reader, Math.abs(twr))}) ^ (365 ÷ ${plainRatio(reader, days)}) − 1 = ${signedPercent(reader, cagr ?? 0)}`);
    }),
  active_return: of("(1 + your return) ÷ (1 + its return) − 1", "How much more one unit of yours grew than one unit of the benchmark.", false,
    ({ reader, metrics: { active_return: active, twr, benchmark_twr: other } }) => (typeof twr !== "number" || typeof other !== "number" ? null
      : agreed(active, (1 + twr) / (1 + other) - 1, () => `${(1 + twr).toFixed(4)} ÷ ${(1 + other).toFixed(4)} − 1 = ${signedPercent(reader, active ?? 0)}`))),
  value_ratio: of("your value ÷ its value − 1", "Value against value, since the start. It is not a return: money that came in lately dilutes it.", false,
    ({ reader, metrics: { value_ratio: ratio, nav, benchmark } }) => agreed(ratio, Number(nav) / Number(benchmark) - 1,
      () => `${money(reader, nav)} ÷ ${money(reader, benchmark)} − 1 = ${signedPercent(reader, ratio ?? 0)}`)),
  beta: of("covariance of both ÷ its variance", "How far your day moves when the benchmark’s moves by 1 %.", true,
    ({ reader, metrics: { beta, correlation, volatility, benchmark_volatility: other } }) => (typeof correlation !== "number" || typeof volatility !== "number" || !other ? null
      : agreed(beta, (correlation * volatility) / other,
        () => `correlation × volatilities: ${plainRatio(reader, correlation)} × ${percent(reader, volatility)} ÷ ${percent(reader, other)} = ${plainRatio(reader, beta ?? 0)}`))),
  alpha: of("(mean daily excess − beta × its mean daily excess) × 365", "Return that moving along with the benchmark does not explain, as a yearly figure.", true,
    (given) => {
      const { alpha, beta, benchmark_sharpe: sharpe, benchmark_volatility: volatility } = given.metrics;
      const found = daily(given);
      if (!found || typeof beta !== "number" || typeof sharpe !== "number" || typeof volatility !== "number") return null;
      const other = (sharpe * volatility) / YEAR;
      return agreed(alpha, (found.mean - beta * other) * YEAR, () =>
        `(${small(given, found.mean)} − ${plainRatio(given.reader, beta)} × ${small(given, other)}) × 365 = ${signedPercent(given.reader, alpha ?? 0)}`);
    }),
  correlation: of("covariance of both ÷ (your std. deviation × its std. deviation)", "1 is always in step, 0 is unrelated, −1 is always opposite.", true),
  tracking_error: of("std. deviation of (your − its daily return) × √365", "How far your days stray from the benchmark’s, as a yearly figure.", true,
    (given) => {
      const { tracking_error: error } = given.metrics;
      return typeof error !== "number" ? null : `${small(given, error / ROOT)} × 19.105 = ${percent(given.reader, error)}`;
    }),
  information_ratio: of("mean of (your − its daily return) ÷ std. deviation of it × √365", "How much return beyond the benchmark each unit of straying bought.", true,
    (given) => {
      const { information_ratio: ratio, tracking_error: error } = given.metrics;
      if (typeof ratio !== "number" || typeof error !== "number") return null;
      return `${small(given, (ratio * error) / YEAR)} ÷ ${small(given, error / ROOT)} × 19.105 = ${plainRatio(given.reader, ratio)}`;
    }),
  up_capture: of("your mean daily return ÷ its, geometric, on days it rose", "How much of the benchmark’s rising days you took part in. Above 100 % you rose more.", true),
  down_capture: of("your mean daily return ÷ its, geometric, on days it fell", "How much of the benchmark’s falling days you took part in. Below 100 % you fell less.", true),
  mwr: of("(1 + XIRR) ^ (days ÷ 365) − 1", "What your dollars earned, over the range: money that was there longer counts more.", false,
    ({ reader, history, metrics: { mwr, mwr_annual: annual } }) => {
      const days = elapsedDays(history);
      return typeof annual !== "number" ? null : agreed(mwr, (1 + annual) ** (days / YEAR) - 1,
        () => `(1 ${annual < 0 ? "−" : "+"} ${percent(reader, Math.abs(annual))}) ^ (${plainRatio(reader, days)} ÷ 365) − 1 = ${signedPercent(reader, mwr ?? 0)}`);
    }),
  mwr_annual: of("the rate at which Σ money × (1 + rate) ^ (days left ÷ 365) = value now", "The yearly interest that would have made your value out of the same money on the same days.", false),
};
