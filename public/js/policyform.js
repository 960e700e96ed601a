/** A benchmark's policy as its owner types it, and as the API takes it. Percentages and weights stay decimal strings. */

import { compare as bigger } from "./decimal.js";
import { weights as readWeights } from "./compare.js";
import { date, epoch } from "./dates.js";

/** @typedef {import("./types.js").Policy} Policy */
/** @typedef {import("./types.js").Rule} Rule */
/** @typedef {"never"|"day"|"week"|"month"|"band"} Every */
/**
 * @typedef {object} Typed
 * @property {{asset: string, percent: string}[]} weights
 * @property {string} deposits
 * @property {string} withdrawals
 * @property {Every} every
 * @property {string} hour  0 to 23, UTC
 * @property {string} weekday  0 is Monday
 * @property {string} day  of the month, 1 to 31
 * @property {string} band  percent points
 * @property {string} cost_bp
 * @property {string} risk_free  percent a year
 */
/** @typedef {{wrong: {field: string, words: string}|null, change: Partial<Policy>|null}} Read */

const NUMBER = /^(\d{1,9})(?:[.,](\d{1,12}))?$/;
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** @type {[string, string][]} */
export const DAYS = WEEKDAYS.map((name, index) => [String(index), name]);
/** @type {[string, string][]} */
export const HOURS = Array.from({ length: 24 }, (_, hour) => [String(hour), `${String(hour).padStart(2, "0")}:00 UTC`]);
/** @type {[string, string][]} */
export const RULES = [["week", "Weekly"], ["day", "Daily"], ["month", "Monthly"], ["band", "When it drifts"], ["never", "Never"]];
/** @type {[string, string][]} */
export const DEPOSITS = [["target_weights", "buy at the target weights"], ["proportional", "buy more of what is held"]];
/** @type {[string, string][]} */
export const WITHDRAWALS = [["dollar_matched", "take the same dollars"], ["fraction_matched", "take the same share"]];

/**
 * @param {string} number decimal
 * @param {number} places to the right where positive
 * @returns {string} the number with its point moved, exact
 */
export function shifted(number, places) {
  const [whole = "0", part = ""] = number.split(".");
  const digits = places > 0 ? `${whole}${part.padEnd(places, "0")}` : `${whole.padStart(1 - places, "0")}${part}`;
  const point = places > 0 ? whole.length + places : Math.max(whole.length, 1 - places) + places;
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, "");
  const right = digits.slice(point).replace(/0+$/, "");
  return right ? `${left}.${right}` : left;
}

/** @param {Policy} policy @returns {Typed} */
export function typed({ weights, deposits, withdrawals, rebalance, cost_bp, risk_free }) {
  const rule = { every: "week", hour: 12, weekday: 0, day: 1, ...(rebalance ?? {}) };
  const every = rebalance === null ? "never" : "band" in rebalance ? "band" : rule.every;
  return {
    weights: Object.entries(weights).map(([asset, weight]) => ({ asset, percent: shifted(weight, 2) })),
    deposits, withdrawals, every: /** @type {Every} */ (every),
    hour: String(rule.hour), weekday: String(rule.weekday), day: String(rule.day),
    band: rebalance && "band" in rebalance ? shifted(rebalance.band, 2) : "5",
    cost_bp, risk_free: shifted(risk_free, 2),
  };
}

/** @param {string} text @returns {string|null} the number as the API has it; null where it is none */
export function number(text) {
  const found = NUMBER.exec(text.trim());
  return found ? `${(found[1] ?? "").replace(/^0+(?=\d)/, "")}${found[2] ? `.${found[2]}` : ""}` : null;
}

/**
 * @param {Typed} now
 * @param {Typed} before as it was when the form opened
 * @returns {Read} what is wrong with it, or the parts that change; an empty change: nothing does
 */
export function readPolicy(now, before) {
  const wrong = (/** @type {string} */ field, /** @type {string} */ words) => ({ wrong: { field, words }, change: null });
  const differs = (/** @type {(keyof Typed)[]} */ ...names) => names.some((name) => JSON.stringify(now[name]) !== JSON.stringify(before[name]));
  /** @type {Partial<Policy>} */
  const change = {};
  if (differs("weights")) {
    const found = readWeights(now.weights);
    if (found.benchmark === null) return wrong("weights", found.wrong);
    change.weights = asWeights(found.benchmark);
  }
  for (const name of /** @type {const} */ (["deposits", "withdrawals"])) if (differs(name)) change[name] = now[name];
  if (differs("every", "hour", "weekday", "day", "band")) {
    const band = number(now.band);
    if (now.every === "band" && (!band || bigger(band, "0") <= 0 || bigger(band, "100") >= 0)) return wrong("band", "A drift is more than 0 and less than 100 points.");
    if (now.every === "month" && !/^([1-9]|[12]\d|3[01])$/.test(now.day.trim())) return wrong("day", "A day of the month is 1 to 31; shorter months take their last.");
    change.rebalance = rule(now, band ?? "5");
  }
  const [cost, free] = [number(now.cost_bp), number(now.risk_free)];
  if (cost === null) return wrong("cost_bp", "The cost is a number of basis points, like 10.");
  if (free === null) return wrong("risk_free", "The rate is a percentage of a year, like 4.");
  if (differs("cost_bp")) change.cost_bp = cost;
  if (differs("risk_free")) change.risk_free = shifted(free, -2);
  return { wrong: null, change };
}

/** @param {string} benchmark as `compare.weights` names it: BTC, or BTC:0.6,ETH:0.4 */
function asWeights(benchmark) {
  return Object.fromEntries(benchmark.split(",").map((one) => {
    const [asset = "", weight = "1"] = one.split(":");
    return [asset, weight];
  }));
}

/** @param {Typed} typed @param {string} band @returns {Rule} */
function rule({ every, hour, weekday, day }, band) {
  switch (every) {
    case "never": return null;
    case "band": return { band: shifted(band, -2) };
    case "day": return { every, hour: Number(hour) };
    case "month": return { every, day: Number(day), hour: Number(hour) };
    default: return { every: "week", weekday: Number(weekday), hour: Number(hour) };
  }
}

/**
 * @param {import("./types.js").Reader} reader
 * @param {string|null} inception
 * @returns {string} what a change of it does
 */
export function warning(reader, inception) {
  return inception
    ? `The benchmark is computed anew since ${date(reader, epoch(inception))}. Your own figures stay.`
    : "It holds from the first snapshot on.";
}
