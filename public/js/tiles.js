/** The figures under the sentence: yours large, the benchmark's small beneath. */

import { subtract } from "./decimal.js";
import { clock, date, dayMonth, epoch } from "./dates.js";
import { money, percent, plainRatio, roundMoney, signedMoney, signedPercent } from "./format.js";
import { benchmarkName } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").History} History */
/** @typedef {{name: string, label: string, value: string, known: boolean, short: string, bench: string, wide: boolean}} Tile  `name`: of the metric; `wide`: from 1120 px only */

const PERIODS = { "24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days", "1y": "1 year", all: "" };

/**
 * @param {Reader} reader
 * @param {History} history
 * @param {import("./types.js").Range} range
 * @returns {{since: string|null, words: string}} `since` where the range holds the whole history
 */
function period(reader, history, range) {
  const whole = range === "all" || (history.inception && history.from && epoch(history.inception) >= epoch(history.from));
  return whole && history.inception
    ? { since: dayMonth(reader, epoch(history.inception)), words: "" }
    : { since: null, words: PERIODS[range] };
}

/**
 * @param {Reader} reader
 * @param {History} history
 * @param {import("./types.js").Range} range
 * @param {number|null} past_now the present, where the figures are of an earlier time, which the labels then name
 * @returns {Tile[]}
 */
export function tiles(reader, history, range, past_now) {
  const metrics = history.metrics;
  if (!metrics) return [];
  const { short } = benchmarkName(reader, history);
  const span = period(reader, history, range);
  const at = past_now === null ? null : then(reader, history.series.t.at(-1) ?? 0, past_now);
  const notes = metrics.notes;

  /** @type {(name: string, label: string, you: string|null, bench: string|null, wide?: boolean) => Tile} */
  const tile = (name, label, you, bench, wide = false) => ({
    name, label, value: you ?? reason(notes[name]), known: you !== null, short, bench: bench ?? "not yet", wide,
  });
  const change = (/** @type {number|null} */ ratio) => (ratio === null ? null : signedPercent(reader, ratio));
  const depth = (/** @type {import("./types.js").Drawdown|null} */ fall) =>
    fall?.depth === null || fall?.depth === undefined ? null : percent(reader, fall.depth);

  const since = history.series.t.length < 2 ? "Return" : span.since ? `Return since ${span.since}` : `Return, ${span.words}`;
  const shown = [
    tile("nav", at ? `Value ${at.on}` : "Value", money(reader, metrics.nav), money(reader, metrics.benchmark)),
    tile("twr", at && span.since ? `Return ${at.to}` : since, change(metrics.twr), change(metrics.benchmark_twr)),
    tile("twr_24h", at ? `24 hours ${at.to}` : "Last 24 hours", change(metrics.twr_24h), change(metrics.benchmark_twr_24h)),
    tile("max_drawdown", span.words ? `Max drawdown, ${span.words}` : "Max drawdown",
      depth(metrics.max_drawdown), depth(metrics.benchmark_max_drawdown)),
  ];
  if (metrics.put_in !== null && metrics.pnl_since_inception !== null) {
    const label = `Profit on ${roundMoney(reader, metrics.put_in)} put in`;
    const kept = subtract(subtract(metrics.benchmark, history.benchmark?.shortfall ?? "0"), metrics.put_in);
    shown.push(tile("pnl_since_inception", label, signedMoney(reader, metrics.pnl_since_inception), signedMoney(reader, kept), true));
  }
  if (metrics.sharpe !== undefined) {
    const ratio = (/** @type {number|null|undefined} */ value) => (value === null || value === undefined ? null : plainRatio(reader, value));
    const weak = notes["sharpe"]?.startsWith("weak") && metrics.days !== undefined ? `, ${metrics.days} days` : "";
    shown.push(tile("sharpe", `Sharpe ratio${weak}`, ratio(metrics.sharpe), ratio(metrics.benchmark_sharpe), true));
  }
  return shown;
}

/**
 * @param {Reader} reader
 * @param {number} t
 * @param {number} now
 * @returns {{on: string, to: string}} "at 13:00" and "to 13:00", or the day where it is another one
 */
function then(reader, t, now) {
  if (date(reader, t) === date(reader, now)) return { on: `at ${clock(reader, t)}`, to: `to ${clock(reader, t)}` };
  return { on: `on ${dayMonth(reader, t)}`, to: `to ${dayMonth(reader, t)}` };
}

/** @param {string|undefined} note */
function reason(note) {
  return !note || note === "needs two snapshots" ? "not yet" : note;
}
