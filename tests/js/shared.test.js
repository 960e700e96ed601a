import assert from "node:assert/strict";
import { test } from "node:test";

import { sharedHistory, sharedSentence, sharedTiles, sharedTrust } from "../../public/js/shared.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const fall = { depth: -0.0949, from: null, trough: null, recovered: null, days: 3 };

/** @param {number} you @param {number} bench @returns {import("../../public/js/types.js").Shared} */
const grown = (you, bench) => ({
  inception: "2025-08-28T14:00:00Z", from: "2025-08-28T14:00:00Z", to: "2025-11-18T14:00:00Z",
  benchmark: { weights: { BTC: "0.5", ETH: "0.5" } },
  series: { t: [1, 2], nav_index: [1, you], benchmark_index: [1, bench], drawdown: [0, 0], benchmark_drawdown: [0, 0] },
  gaps: [{ from: "2025-09-27T00:00:00Z", to: "2025-09-28T00:00:00Z" }],
  metrics: {
    twr: you - 1, benchmark_twr: bench - 1, active_return: 0, twr_24h: null, benchmark_twr_24h: null, max_drawdown: fall,
    benchmark_max_drawdown: fall, sharpe: null, benchmark_sharpe: null, days: 2, notes: {},
  },
});
/** @param {number} you @param {number} bench */
const said = (you, bench) =>
  sharedSentence(UTC, grown(you, bench), sharedHistory(grown(you, bench))).map(({ text }) => text).join("");

test("the sentence compares in percent and never says you", () => {
  assert.equal(said(1.1, 1), "This portfolio is 10.0\u202f% ahead of holding 50/50 BTC and ETH since 28 Aug 2025.");
  assert.equal(said(0.9, 1), "This portfolio is 10.0\u202f% behind holding 50/50 BTC and ETH since 28 Aug 2025.");
  assert.equal(said(1.0001, 1), "This portfolio is level with holding 50/50 BTC and ETH since 28 Aug 2025.");
});

test("a link says what its percentages count, and since when", () => {
  assert.equal(sharedTrust(UTC, grown(1.1, 1)), "As of 18 Nov 2025 · one dollar on each side since 28 Aug 2025, no money in or out");
});

test("a link's history is one dollar's, with nothing in it that the link did not say", () => {
  const history = sharedHistory(grown(1.1, 1.2));
  assert.deepEqual(history.series.nav, ["1", "1.1"]);
  assert.deepEqual(history.series.flow, ["0", "0"]);
  assert.equal(history.holder, "Portfolio");
  assert.equal(history.metrics, null);
  assert.deepEqual(history.gaps[0]?.missing, []);
});

test("what is not known yet says so", () => {
  const tiles = sharedTiles(UTC, grown(1.1, 1), sharedHistory(grown(1.1, 1)));
  assert.deepEqual(tiles.map(({ label }) => label), ["Return since 28 Aug", "Max drawdown", "Last 24 hours", "Sharpe ratio"]);
  assert.deepEqual(tiles.map(({ value }) => value).slice(2), ["not yet", "not yet"]);
  assert.equal(tiles.some(({ value, bench }) => `${value}${bench}`.includes("$")), false);
});
