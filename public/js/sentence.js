/** The answer in one sentence, always since the account's start, whatever range is chosen. */

import { abs, round, sign } from "./decimal.js";
import { clock, date, dayMonth, epoch, zoneName } from "./dates.js";
import { headlineMoney, headlinePercent, money } from "./format.js";
import { benchmarkName, capital } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").History} History */
/** @typedef {import("./words.js").Names} Names */
/** @typedef {{text: string, tone: "plain"|"gain"|"loss"|"bench"}} Piece */
/** @typedef {{pieces: Piece[], differs: boolean, brief: string}} Sentence  `differs`: amount and return point apart */

const TINY = 0.00005; // shown as 0.00 %

/** @param {string} text @returns {Piece} */
const plain = (text) => ({ text, tone: "plain" });

/** @param {string} text @returns {Piece} */
const benched = (text) => ({ text, tone: "bench" });

/**
 * @param {string} text
 * @param {number} direction
 * @returns {Piece}
 */
const tinted = (text, direction) => ({ text, tone: direction > 0 ? "gain" : "loss" });

/**
 * @param {History} history
 * @returns {number|null} the return beyond the benchmark's since the start; indices start at 1 there in every range
 */
export function activeReturn({ series, metrics }) {
  if (metrics?.twr === -1) return -1; // all was lost: what a new beginning made of other money does not make up for it
  const [you, bench] = [series.nav_index.at(-1), series.benchmark_index.at(-1)];
  return you === null || you === undefined || !bench ? null : you / bench - 1;
}

/**
 * @param {Reader} reader
 * @param {History} history
 * @returns {string|null} the day the account reached zero and stayed there; empty where the range begins after it
 */
function wipedOut(reader, { series }) {
  if (series.nav_index.at(-1) !== 0) return null;
  let first = series.nav_index.length - 1;
  while (first > 0 && series.nav_index[first - 1] === 0) first -= 1;
  return first > 0 ? date(reader, series.t[first] ?? 0) : "";
}

/**
 * @param {Reader} reader
 * @param {number} at
 * @param {number} now
 * @returns {string} "At 09:00 UTC", "On 4 Nov at 09:00 UTC"
 */
function when(reader, at, now) {
  const time = `${clock(reader, at)} ${zoneName(reader, at)}`;
  return date(reader, at) === date(reader, now) ? `At ${time}` : `On ${dayMonth(reader, at)} at ${time}`;
}

/**
 * @param {Reader} reader
 * @param {History} history with at least two snapshots
 * @param {{past: boolean, now: number}} tense past: figures are no longer of this moment, so the sentence names theirs
 * @returns {Sentence}
 */
export function sentence(reader, history, { past, now }) {
  const at = history.series.t.at(-1) ?? now;
  const lead = past ? `${when(reader, at, now)} you` : "You";
  const names = benchmarkName(reader, history);
  return ending(reader, history, lead, names, past) ?? nothing(reader, history, past ? when(reader, at, now) : "", names) ?? comparison(reader, history, lead, names, past);
}

/**
 * @param {Reader} reader
 * @param {History} history
 * @param {string} lead
 * @param {Names} names
 * @param {boolean} past
 * @returns {Sentence|null} the sentence where one of the two has come to its end
 */
function ending(reader, history, lead, names, past) {
  const metrics = history.metrics;
  if (history.benchmark?.exhausted_at && metrics) {
    const end = date(reader, epoch(history.benchmark.exhausted_at));
    const still = `${lead} ${isNothing(metrics.nav) ? `${past ? "had" : "have"} nothing left` : `still ${past ? "had" : "have"} ${money(reader, metrics.nav)}`}`;
    const pieces = [plain(`${still}. ${capital(names.verb)} `), benched(names.long), plain(` would have run out on ${end}.`)];
    return { pieces, differs: false, brief: "Benchmark used up" };
  }
  const zero = wipedOut(reader, history);
  if (zero === null || !metrics) return null;
  const reached = zero ? `This account reached zero on ${zero}. ` : "This account has reached zero. ";
  const stands = `${past ? "stood" : "stands"} at ${money(reader, metrics.benchmark)}.`;
  return { pieces: [plain(reached), benched(capital(names.long)), plain(` ${stands}`)], differs: false, brief: "Reached zero" };
}

/**
 * @param {Reader} reader
 * @param {History} history
 * @param {string} then the time that is spoken of, empty for now
 * @param {Names} names
 * @returns {Sentence|null} the sentence where neither side holds anything: two times nothing are no draw
 */
function nothing(reader, history, then, names) {
  const { metrics, account, inception } = history;
  if (!metrics || ![metrics.nav, metrics.benchmark, metrics.difference].every(isNothing)) return null;
  const [now, past] = account === "all" ? ["your accounts are", "your accounts were"] : ["this account is", "this account was"];
  const lead = then ? `${then} ${past}` : capital(now);
  const pieces = [plain(`${lead} empty: nothing to compare with ${names.verb} `), benched(names.long), plain(".")];
  const active = activeReturn(history) ?? 0;
  if (Math.abs(active) >= TINY) { // made while there was something, and kept
    const share = `${headlinePercent(reader, active)} ${active > 0 ? "higher" : "lower"}`;
    pieces.push(plain(` The return since ${date(reader, epoch(inception ?? ""))} ${then ? "was" : "is"} `), tinted(share, active), plain("."));
  }
  return { pieces, differs: false, brief: "Empty" };
}

/** @param {string} usd @returns {boolean} whether it is shown as zero */
function isNothing(usd) {
  return sign(round(usd, 2)) === 0;
}

/**
 * @param {Reader} reader
 * @param {History} history
 * @param {string} lead
 * @param {Names} names
 * @param {boolean} past
 * @returns {Sentence}
 */
function comparison(reader, history, lead, names, past) {
  const difference = history.metrics?.difference ?? "0";
  const active = activeReturn(history);
  const amountSign = sign(round(difference, 2));
  const returnSign = active === null || Math.abs(active) < TINY ? 0 : Math.sign(active);
  const bench = benched(names.long);
  const other = history.compared ? names.short : "";
  const since = past || names.dated ? "." : ` since ${date(reader, epoch(history.inception ?? ""))}.`;
  const verb = past ? "were" : "are";
  const amount = headlineMoney(reader, abs(difference));
  if (amountSign === 0 && returnSign === 0) {
    return { pieces: [plain(`${lead} ${verb} level with ${names.verb} `), bench, plain(since)], differs: false, brief: other ? `Level with ${other}` : "Level" };
  }
  const share = active === null ? "" : headlinePercent(reader, active);
  if (amountSign * returnSign < 0) {
    const pieces = [
      plain(`${lead} ${past ? "had" : "have"} `),
      tinted(`${amount} ${amountSign > 0 ? "more" : "less"}`, amountSign),
      plain(` than ${names.verb} `), bench, plain(` would have given, though your return ${past ? "was" : "is"} `),
      tinted(`${share} ${returnSign > 0 ? "higher" : "lower"}`, returnSign), plain("."),
    ];
    return { pieces, differs: true, brief: `${amount} ${amountSign > 0 ? "more" : "less"}${other && ` than ${other}`}` };
  }
  const direction = amountSign || returnSign;
  const word = direction > 0 ? "ahead of" : "behind";
  const pieces = [
    plain(`${lead} ${verb} `), tinted(share ? `${amount} (${share})` : amount, direction),
    plain(` ${word} ${names.verb} `), bench, plain(since),
  ];
  return { pieces, differs: false, brief: `${share || amount} ${other ? `${word} ${other}` : direction > 0 ? "ahead" : "behind"}` };
}
