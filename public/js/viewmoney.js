/** The views in US dollars: value of both, and the difference between them. */

import { abs, round, sign, subtract } from "./decimal.js";
import { compactMoney, money, percent, signedMoney } from "./format.js";
import { benchmarkName, capital } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").History} History */
/** @typedef {import("./shapes.js").View} View */
/** @typedef {import("./shapes.js").Entry} Entry */

export const NO_DATA = "no data";

/**
 * The account less the benchmark. At the newest snapshot it is the answer's own difference, which was rounded once;
 * the difference of two rounded amounts may be a cent beside the sentence.
 * @param {History} history
 * @param {number} index
 * @returns {string|null}
 */
function lead({ series, metrics, benchmark }, index) {
  const [you, bench] = [series.nav[index] ?? null, series.benchmark[index] ?? null];
  if (you === null || bench === null) return null;
  const isNewest = index === series.t.length - 1 && sign(benchmark?.shortfall ?? "0") === 0;
  return isNewest && metrics ? metrics.difference : subtract(you, bench);
}

/** @param {Reader} reader @param {History} history */
function between(reader, history) {
  const gap = lead(history, history.series.t.length - 1);
  return { between: gap && signedMoney(reader, gap), direction: gap ? sign(round(gap, 2)) : 0 };
}

/**
 * @param {Reader} reader
 * @param {History} history
 * @param {number} index
 * @returns {Entry[]}
 */
function read(reader, history, index) {
  const { series } = history;
  const [you, bench] = [series.nav[index] ?? null, series.benchmark[index] ?? "0"];
  const other = /** @type {Entry} */ ({ label: benchmarkName(reader, history).short, text: money(reader, bench), tone: "bench" });
  const gap = lead(history, index);
  if (you === null || gap === null) return [{ label: "You", text: NO_DATA, tone: "you" }, other];
  const share = Number(bench) === 0 ? "" : ` (${percent(reader, Math.abs(Number(gap) / Number(bench)), 1)})`;
  const direction = sign(round(gap, 2));
  const isEmpty = [you, bench].every((usd) => sign(round(usd, 2)) === 0);
  const words = /** @type {Entry} */ (
    direction === 0
      ? { label: "", text: isEmpty ? "Empty" : "Level", tone: "plain" }
      : { label: direction > 0 ? "Ahead" : "Behind", text: money(reader, abs(gap)) + share, tone: direction > 0 ? "gain" : "loss" }
  );
  return [{ label: "You", text: money(reader, you), tone: "you" }, other, words];
}

/** @type {View["cells"]} */
function cells(reader, history, index) {
  const you = history.series.nav[index] ?? null;
  const gap = lead(history, index);
  return [
    you === null ? NO_DATA : money(reader, you), money(reader, history.series.benchmark[index] ?? "0"),
    gap === null ? NO_DATA : signedMoney(reader, gap),
  ];
}

/** @type {View} */
export const value = {
  id: "value",
  title: "Value",
  you: ({ series }) => series.nav,
  bench: ({ series }) => series.benchmark,
  estimates: true,
  filled: true,
  level: false,
  fit: (found) => found,
  tick: compactMoney,
  legend: ({ long, short }) => ({
    you: ["You", "You"], bench: [`${capital(long)}, same money on the same days`, `${capital(short)}, same money, same days`],
  }),
  ends(reader, history) {
    const [you, bench] = [history.series.nav.at(-1) ?? null, history.series.benchmark.at(-1) ?? null];
    return { you: you && money(reader, you), bench: bench && money(reader, bench), ...between(reader, history) };
  },
  deepest: () => [],
  read,
  heads: ({ short }) => ["You", capital(short), "Difference"],
  cells,
};

/** @type {View} */
export const difference = {
  ...value,
  id: "difference",
  title: "Difference",
  you: (history) => history.series.t.map((_, index) => lead(history, index)),
  bench: ({ series }) => series.t.map(() => 0),
  estimates: false,
  level: true,
  tick: (reader, usd) => (usd === 0 ? "level" : compactMoney(reader, usd)),
  legend: ({ short }) => ({ you: [`Your value less that of ${short}, ahead above the level line, behind below it`, `You less ${short}`], bench: null }),
  ends: (reader, history) => ({ you: null, bench: null, ...between(reader, history) }),
};
