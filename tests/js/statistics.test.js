import assert from "node:assert/strict";
import { test } from "node:test";

import { statisticsLine } from "../../public/js/briefs.js";
import { FORMULAS } from "../../public/js/formulas.js";
import { dailyWords, days } from "../../public/js/statdays.js";
import { statistics } from "../../public/js/statistics.js";
import { tiles } from "../../public/js/tiles.js";
import { history } from "./history.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const FIGURES = {
  volatility: 0.3002, sharpe: 1.79, sortino: 2.46, cagr: 0.668, calmar: 0.668 / 0.1032, beta: (0.8 * 0.3002) / 0.434, alpha: 0.4221, correlation: 0.8,
  tracking_error: 0.2638, information_ratio: 1.24, up_capture: 0.59, down_capture: 0.46, benchmark_volatility: 0.434, benchmark_sharpe: 0.48,
  benchmark_sortino: 0.65, benchmark_cagr: 0.2816, benchmark_calmar: 1.07, mwr: 0.1233, mwr_annual: null, value_ratio: 0.0574, active_return: 0.06118,
  days: 81, notes: { sharpe: "weak: 81 days", mwr_annual: "needs 365 days, has 82" },
};
const GAP = { from: "2025-09-26T21:00:00Z", to: "2025-09-28T19:00:00Z", kind: /** @type {const} */ ("missing"), missing: [] };

/** @param {object} [figures] @param {object} [change] */
function answer(figures = {}, change = {}) {
  const found = history({ gaps: [GAP], ...change });
  if (found.metrics) Object.assign(found.metrics, FIGURES, { benchmark_max_drawdown: { depth: -0.2639, from: null, trough: null, recovered: null, days: null } }, figures);
  return found;
}
/** @param {import("../../public/js/types.js").History} found @param {string} id */
function row(found, id) {
  const told = statistics(UTC, found);
  const one = [...(told?.risk ?? []), ...(told?.against ?? [])].find((each) => each.id === id);
  assert.ok(one, id);
  return one;
}
const plain = (/** @type {string|null|undefined} */ text) => (text ?? "").replaceAll("\u202f", " ");

test("a server without statistics has none, and part of them is shown as part", () => {
  assert.equal(statistics(UTC, history()), null);
  const some = history();
  if (some.metrics) Object.assign(some.metrics, { days: 81, sharpe: 1.79, benchmark_sharpe: 0.48 });
  assert.deepEqual(statistics(UTC, some)?.risk.map(({ id }) => id), ["twr", "sharpe", "max_drawdown"]);
});

test("the line tells how much there is to go by", () => {
  const line = (/** @type {number} */ days, free = "0") => plain(statisticsLine(UTC, answer({ days }, {
    benchmark: { policy: { weights: { BTC: "1" }, risk_free: free }, value: "1", units: {}, exhausted_at: null, shortfall: "0" },
  })));
  assert.equal(line(81), "81 daily returns · risk-free 0 % · under 90 days the ratios are a first hint");
  assert.equal(line(12), "12 daily returns · risk-free 0 % · the ratios need 30");
  assert.equal(line(365, "0.0425"), "365 daily returns · risk-free 4.25 %");
});

test("you are better, worse, calmer, wilder or the same", () => {
  const verdict = (/** @type {string} */ id, figures = {}) => row(answer(figures), id).verdict;
  assert.deepEqual(["twr", "volatility", "sharpe", "max_drawdown"].map((id) => verdict(id)), ["better", "calmer", "better", "better"]);
  assert.equal(verdict("sharpe", { sharpe: 0.1 }), "worse");
  assert.equal(verdict("volatility", { volatility: 0.5 }), "wilder");
  assert.equal(verdict("sharpe", { sharpe: 0.4801 }), "same");
  assert.equal(verdict("sharpe", { sharpe: null }), "");
});

test("what is not known is words with the reason", () => {
  const xirr = row(answer(), "mwr_annual");
  assert.deepEqual([xirr.you.text, xirr.words], ["not yet", "needs 365 days, has 82"]);
  const sharpe = row(answer({ sharpe: null, notes: { sharpe: "needs 30 days, has 12" } }), "sharpe");
  assert.deepEqual([sharpe.you, sharpe.words, sharpe.how.numbers], [{ text: "not yet", known: false }, "needs 30 days, has 12", null]);
});

test("a figure is computed before the reader's eyes", () => {
  const numbers = (/** @type {string} */ id, figures = {}) => plain(row(answer(figures), id).how.numbers);
  assert.equal(numbers("sharpe"), "(0.1472 % − 0 %) ÷ 1.5713 % × 19.105 = 1.79");
  assert.equal(numbers("calmar"), "66.80 % ÷ 10.32 % = 6.47");
  assert.equal(numbers("cagr"), "(1 + 12.22 %) ^ (365 ÷ 82.25) − 1 = +66.80 %");
  assert.equal(numbers("active_return"), "1.1222 ÷ 1.0575 − 1 = +6.12 %");
  assert.equal(numbers("alpha"), "(0.1472 % − 0.55 × 0.0571 %) × 365 = +42.21 %");
  assert.equal(numbers("value_ratio"), "$117,116.90 ÷ $110,760.58 − 1 = +5.74 %");
});

test("numbers that do not give the figure are not shown", () => {
  assert.equal(row(answer({ cagr: 0.9 }), "cagr").how.numbers, null);
  assert.equal(row(answer({ value_ratio: 0.01 }), "value_ratio").how.numbers, null);
});

test("every row has a formula and a meaning", () => {
  const found = statistics(UTC, answer());
  for (const { id, how } of [...(found?.risk ?? []), ...(found?.against ?? [])]) assert.ok(how.formula && how.meaning && how.days, id);
  assert.equal((found?.risk.length ?? 0) + (found?.against.length ?? 0), Object.keys(FORMULAS).length);
});

test("the days used are named, and those left out", () => {
  assert.equal(dailyWords(UTC, answer()), "From 81 daily returns, 28 Aug to 18 Nov, days turning at 00:00 UTC. 27 Sep and 28 Sep have none and are left out.");
  assert.match(dailyWords(UTC, answer({ days: 70 })), /13 days have none and are left out\.$/);
  assert.match(dailyWords(UTC, answer({ days: 83 }, { gaps: [] })), /days turning at 00:00 UTC\.$/);
});

test("midnight ends its day", () => {
  const range = { from: "2025-11-01T00:00:00Z", to: "2025-11-03T00:00:00Z" };
  const { first, last } = days(history(range));
  assert.equal(last - first + 1, 2);
});

test("a weak Sharpe ratio says on how many days it stands", () => {
  assert.equal(tiles(UTC, answer(), "90d", null).at(-1)?.label, "Sharpe ratio, 81 days");
  assert.equal(tiles(UTC, answer({ notes: {} }), "90d", null).at(-1)?.label, "Sharpe ratio");
});
