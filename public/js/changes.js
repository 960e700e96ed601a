/** What changed the value: the parts of /api/history's attribution as rows with floating bars, and in one line. */

import { began, changesLine } from "./briefs.js";
import { clockAndZone, epoch } from "./dates.js";
import { compare, sign, subtract, sum } from "./decimal.js";
import { money, signedMoney } from "./format.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").History} History */
/** @typedef {import("./types.js").Attribution} Attribution */
/** @typedef {"flow"|"gain"|"loss"|"total"|"none"} Tone */
/** @typedef {{from: number, size: number}} Bar  fractions of the cell's width; pixels may be floats */
/** @typedef {{id: string, name: string, amount: string, tone: Tone, bar: Bar|null}} Row */
/**
 * @typedef {object} Changes
 * @property {string} line
 * @property {{name: string, amount: string}} begin
 * @property {Row[]} rows  the parts, what is not explained, and the change itself
 * @property {{name: string, amount: string}} end
 * @property {number} zero  where the common zero line stands, a fraction of the cell's width
 * @property {string[]} notes
 */

/** @type {[keyof Attribution["parts"], string][]} */
const PARTS = [
  ["flows", "Deposits and withdrawals"],
  ["realised", "Realised profit"],
  ["funding", "Funding fees"],
  ["commission", "Commission"],
  ["unrealised", "Change in unrealised"],
  ["revaluation", "Spot and Earn revaluation"],
  ["rewards", "Rewards"],
  ["other", "Other"],
];

/**
 * @param {Reader} reader
 * @param {History} history
 * @param {number} now
 * @returns {Changes|null} null where nothing is told of it
 */
export function changes(reader, history, now) {
  const { attribution, from, to } = history;
  if (!attribution || !from || !to) return null;
  const { short, since } = began(reader, from, to, now);
  const steps = [...PARTS.map(([id, name]) => ({ id: String(id), name, usd: attribution.parts[id] })), { id: "residual", name: "Not explained", usd: attribution.residual }];
  const { zero, bars, whole } = floating(steps.map(({ usd }) => usd), attribution.change);
  return {
    line: changesLine(reader, history, now),
    begin: { name: `Value ${short ? "at" : "on"} ${since}`, amount: money(reader, attribution.nav_from) },
    rows: [
      ...steps.map(({ id, name, usd }, index) => ({ id, name, amount: signedMoney(reader, usd), tone: tone(id, usd), bar: bars[index] ?? null })),
      { id: "change", name: "Change", amount: signedMoney(reader, attribution.change), tone: /** @type {const} */ ("total"), bar: whole },
    ],
    end: { name: "Value now", amount: money(reader, attribution.nav_to) },
    zero,
    notes: notes(reader, attribution, epoch(to), now),
  };
}

/** @param {string} id @param {string} usd @returns {Tone} */
function tone(id, usd) {
  if (sign(usd) === 0) return "none";
  if (id === "flows") return "flow";
  return sign(usd) < 0 ? "loss" : "gain";
}

/**
 * Each bar begins where the one before it ended; the first, and that of the whole change, begin at zero.
 * @param {string[]} steps
 * @param {string} change
 * @returns {{zero: number, bars: (Bar|null)[], whole: Bar|null}}
 */
function floating(steps, change) {
  const ends = steps.map((_, index) => sum(steps.slice(0, index + 1)));
  const reached = ["0", ...ends, change];
  const low = reached.reduce((a, b) => (compare(b, a) < 0 ? b : a));
  const high = reached.reduce((a, b) => (compare(b, a) > 0 ? b : a));
  const width = Number(subtract(high, low)) || 1;
  const place = (/** @type {string} */ usd) => Number(subtract(usd, low)) / width;
  /** @param {string} a @param {string} b @returns {Bar|null} */
  const bar = (a, b) => (compare(a, b) === 0 ? null : { from: Math.min(place(a), place(b)), size: Math.abs(place(b) - place(a)) });
  return { zero: place("0"), bars: ends.map((end, index) => bar(index ? ends[index - 1] ?? "0" : "0", end)), whole: bar("0", change) };
}

/**
 * @param {Reader} reader
 * @param {Attribution} attribution
 * @param {number} ended
 * @param {number} now
 * @returns {string[]} why something may not be explained
 */
function notes(reader, { residual, known_from, income_until }, ended, now) {
  const found = [];
  if (known_from) found.push(`The parts are measured since ${clockAndZone(reader, epoch(known_from), now)}; what prices did before that is not explained.`);
  if (income_until && epoch(income_until) < ended && sign(residual) !== 0) {
    found.push(`Futures income is read every six hours and known up to ${clockAndZone(reader, epoch(income_until), now)}; what came later is not explained yet.`);
  }
  return found;
}
