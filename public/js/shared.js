/** What a link shows, in the shapes that the page draws: an account that began with one dollar. */

import { date, dayMonth, epoch } from "./dates.js";
import { headlinePercent, percent, plainRatio, signedPercent } from "./format.js";
import { activeReturn } from "./sentence.js";
import { benchmarkName } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").Shared} Shared */
/** @typedef {import("./types.js").History} History */

/**
 * @param {Shared} shared
 * @returns {History} one dollar's, whose amounts are its indices
 */
export function sharedHistory({ inception, from, to, benchmark, series, gaps }) {
  return {
    account: "shared", holder: "Portfolio", inception, from, to, resolution_s: 0,
    benchmark: benchmark && { policy: { weights: benchmark.weights }, value: null, units: {}, exhausted_at: null, shortfall: "0" },
    series: {
      ...series, nav: series.nav_index.map(String), benchmark: series.benchmark_index.map(String), flow: series.t.map(() => "0"),
    },
    estimated: { t: [], nav: [] }, gaps: gaps.map((gap) => ({ ...gap, kind: "missing", missing: [] })),
    events: [], metrics: null, compared: null,
  };
}

/**
 * @param {Reader} reader
 * @param {Shared} shared
 * @param {History} history
 * @returns {{text: string, tone: "plain"|"gain"|"loss"|"bench"}[]}
 */
export function sharedSentence(reader, { inception }, history) {
  const active = activeReturn(history);
  const { verb, long } = benchmarkName(reader, history);
  const since = ` since ${date(reader, epoch(inception ?? ""))}.`;
  if (active === null) return [{ text: `This portfolio reached zero, compared with ${verb} ${long}${since}`, tone: "plain" }];
  if (Math.abs(active) < 0.0005) return [{ text: `This portfolio is level with ${verb} ${long}${since}`, tone: "plain" }];
  return [
    { text: "This portfolio is ", tone: "plain" },
    { text: headlinePercent(reader, active), tone: active > 0 ? "gain" : "loss" },
    { text: ` ${active > 0 ? "ahead of" : "behind"} ${verb} ${long}${since}`, tone: "plain" },
  ];
}

/**
 * The dashboard's benchmark got the account's money on the same days; this one got nothing, for what a deposit moves in it
 * would tell the deposit's share of the whole. So the two pages' percentages may differ, and this one says what it counts.
 * @param {Reader} reader
 * @param {Shared} shared
 * @returns {string} of when the figures are, and of what since when
 */
export function sharedTrust(reader, { inception, to }) {
  const [since, until] = [inception, to].map((at) => date(reader, epoch(at ?? "")));
  return `As of ${until} · one dollar on each side since ${since}, no money in or out`;
}

/**
 * @param {Reader} reader
 * @param {Shared} shared
 * @param {History} history
 * @returns {import("./tiles.js").Tile[]}
 */
export function sharedTiles(reader, { inception, metrics }, history) {
  if (!metrics) return [];
  const { short } = benchmarkName(reader, history);
  const change = (/** @type {number} */ ratio) => signedPercent(reader, ratio);
  const shown = /** @type {const} */ ([
    ["twr", `Return since ${dayMonth(reader, epoch(inception ?? ""))}`, metrics.twr, metrics.benchmark_twr, change],
    ["max_drawdown", "Max drawdown", metrics.max_drawdown?.depth, metrics.benchmark_max_drawdown?.depth, (/** @type {number} */ ratio) => percent(reader, ratio)],
    ["twr_24h", "Last 24 hours", metrics.twr_24h, metrics.benchmark_twr_24h, change],
    ["sharpe", "Sharpe ratio", metrics.sharpe, metrics.benchmark_sharpe, (/** @type {number} */ ratio) => plainRatio(reader, ratio)],
  ]);
  return shown.map(([name, label, you, bench, words]) => ({
    name, label, short, wide: false, known: typeof you === "number",
    value: typeof you === "number" ? words(you) : "not yet", bench: typeof bench === "number" ? words(bench) : "not yet",
  }));
}
