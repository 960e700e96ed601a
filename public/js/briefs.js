/** What stands below the chart, each in one line: its answer while it is closed. */

import { clockAndZone, date, dayMonth, epoch, wall } from "./dates.js";
import { abs, compare, negate, round, sign, subtract, sum } from "./decimal.js";
import { integer, money, percent, signedMoney } from "./format.js";
import { part, plural } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").Holdings} Holdings */
/** @typedef {import("./types.js").Position} Position */
/** @typedef {import("./types.js").Flows} Flows */
/** @typedef {import("./types.js").LedgerEntry} LedgerEntry */
/** @typedef {{text: string, tone: "gain"|"loss"|"plain"}} Piece */

const TOLERATED_USD = "1";
const TOLERATED = 0.001; // of the value
const NEARLY_ALL = 0.99;
export const SOLID_DAYS = 90;
const FEWEST_DAYS = 30;
const DAY_S = 86400;

/**
 * @param {Reader} reader
 * @param {import("./types.js").History} history
 * @param {number} now
 * @returns {string} "+$21,116.90 since 28 Aug: $8,500.00 put in, $12,616.90 earned"
 */
export function changesLine(reader, { attribution, from, to }, now) {
  if (!attribution || !from || !to) return "";
  const { change, parts } = attribution;
  const earned = subtract(change, parts.flows);
  const won = `${money(reader, abs(earned))} ${sign(earned) < 0 ? "lost" : "earned"}`;
  const moved = sign(parts.flows) === 0 ? "no money in or out" : `${money(reader, abs(parts.flows))} ${sign(parts.flows) < 0 ? "taken out" : "put in"}`;
  return `${signedMoney(reader, change)} since ${began(reader, from, to, now).since}: ${moved}, ${won}`;
}

/**
 * @param {Reader} reader
 * @param {string} from
 * @param {string} to
 * @param {number} now
 * @returns {{short: boolean, since: string}} "28 Aug"; of a short range the hour, of another year the year
 */
export function began(reader, from, to, now) {
  const t = epoch(from);
  if (epoch(to) - t < 2 * DAY_S) return { short: true, since: clockAndZone(reader, t, now) };
  const isThisYear = wall(t, reader.zone).year === wall(now, reader.zone).year;
  return { short: false, since: isThisYear ? dayMonth(reader, t) : date(reader, t) };
}

/**
 * @param {Reader} reader
 * @param {Holdings} holdings
 * @returns {string} "61 % in USD-M futures, 48 % in USDT"
 */
export function allocationLine(reader, { nav, wallets }) {
  const whole = Number(nav ?? "0");
  /** @type {Map<string, string>} */
  const assets = new Map();
  for (const { holdings } of wallets.filter(({ total_only }) => !total_only)) {
    for (const { asset, value } of holdings) assets.set(asset, sum([assets.get(asset) ?? "0", value]));
  }
  const [wallet] = wallets;
  if (!wallet || whole <= 0 || sign(wallet.value) <= 0) return "Nothing is held";
  const words = (/** @type {string} */ value, /** @type {string} */ name) => `${percent(reader, Number(value) / whole, 0)} in ${name}`;
  const [asset] = [...assets].sort(([, a], [, b]) => compare(b, a)).filter(([, value]) => sign(value) > 0);
  return [words(wallet.value, part(wallet.wallet)), ...(asset ? [words(asset[1], asset[0])] : [])].join(", ");
}

/**
 * @param {Reader} reader
 * @param {Position[]} positions
 * @returns {Piece[]} "3 open · +$849.60 unrealised · nearest liquidation 19.0 % away"
 */
export function positionsLine(reader, positions) {
  /** @param {string} text @returns {Piece} */
  const plain = (text) => ({ text, tone: "plain" });
  if (positions.length === 0) return [plain("No open positions")];
  const gains = positions.map(({ unrealised }) => unrealised ?? null);
  const pieces = [plain(`${positions.length} open`)];
  if (gains.every((gain) => gain !== null)) {
    const gained = sum(gains.map((gain) => gain ?? "0"));
    pieces.push(plain(" · "), { text: signedMoney(reader, gained), tone: tone(gained) }, plain(" unrealised"));
  }
  const distances = positions.map(distance).filter((ratio) => ratio !== null);
  if (distances.length > 0) pieces.push(plain(` · nearest liquidation ${percent(reader, Math.min(...distances), 1)} away`));
  return pieces;
}

/** @param {string} usd @returns {Piece["tone"]} */
export function tone(usd) {
  return sign(usd) > 0 ? "gain" : sign(usd) < 0 ? "loss" : "plain";
}

/** @param {Position} position @returns {number|null} by how much the price would have to move, a fraction of it */
export function distance({ mark, liquidation, side }) {
  if (!liquidation || sign(mark) <= 0) return null;
  const room = side === "long" ? subtract(mark, liquidation) : negate(subtract(mark, liquidation));
  return Math.max(0, Number(room) / Number(mark));
}

/**
 * @param {Reader} reader
 * @param {Holdings} holdings
 * @param {number} now
 * @returns {{verdict: "Yes"|"Almost"|"Not checked", words: string}} "Binance's own total differs by +$0.42"
 */
export function addsUp(reader, { at, nav, reconciliation }, now) {
  if (!reconciliation) {
    const why = at === null ? "Nothing is kept to check" : `Binance did not give its total at ${clockAndZone(reader, epoch(at), now)}`;
    return { verdict: "Not checked", words: why };
  }
  const { difference, wallets } = reconciliation;
  const size = abs(difference);
  const whole = Math.abs(Number(nav ?? "0"));
  if (compare(size, TOLERATED_USD) <= 0 || Number(size) <= whole * TOLERATED) {
    const words = sign(round(difference, 2)) === 0 ? "is the same to the cent" : `differs by ${signedMoney(reader, difference)}`;
    return { verdict: "Yes", words: `Binance’s own total ${words}` };
  }
  const share = whole > 0 ? ` (${percent(reader, Number(size) / whole, 1)})` : "";
  return { verdict: "Almost", words: `Binance’s own total differs by ${money(reader, size)}${share}${where(wallets)}` };
}

/** @param {import("./types.js").Reconciliation["wallets"]} wallets @returns {string} ", all of it in Earn" */
function where(wallets) {
  const sized = wallets.map(({ wallet, difference }) => ({ wallet, size: Number(abs(difference)) })).sort((a, b) => b.size - a.size);
  const all = sized.reduce((total, { size }) => total + size, 0);
  const [first] = sized;
  if (!first || first.size < all / 2) return "";
  return `, ${first.size >= all * NEARLY_ALL ? "all" : "most"} of it in ${part(first.wallet)}`;
}

/**
 * @param {Reader} reader
 * @param {Flows} flows
 * @param {(account: string) => string|null} inceptionOf
 * @param {string|null} since the inception of what is on show
 * @returns {string} "+$8,500.00 since 28 Aug · 1 on its way · 1 waiting for a price"
 */
export function flowsLine(reader, { flows, coming }, inceptionOf, since) {
  const day = since === null ? "" : ` since ${dayMonth(reader, epoch(since))}`;
  const counted = flows.filter((entry) => entry.state === "booked" && counts(entry, inceptionOf(entry.account)));
  const [moving, waiting] = ["on_its_way", "waiting_for_price"].map((state) => coming.filter((one) => one.state === state).length);
  return [
    counted.length > 0 ? `${signedMoney(reader, sum(counted.map(({ usd }) => usd)))}${day}` : `No money in or out${day}`,
    ...(moving ? [`${moving} on its way`] : []), ...(waiting ? [`${waiting} waiting for a price`] : []),
  ].join(" · ");
}

/** @param {LedgerEntry} entry @param {string|null} inception */
function counts(entry, inception) {
  return inception === null || epoch(entry.at) > epoch(inception);
}

/**
 * @param {Reader} reader
 * @param {import("./types.js").History} history
 * @returns {string} "81 daily returns · risk-free 0 % · under 90 days the ratios are a first hint"
 */
export function statisticsLine(reader, { metrics, benchmark }) {
  const days = metrics?.days ?? 0;
  const free = Number(benchmark?.policy?.risk_free ?? "0");
  const hint = days < FEWEST_DAYS ? ` · the ratios need ${FEWEST_DAYS}` : days < SOLID_DAYS ? ` · under ${SOLID_DAYS} days the ratios are a first hint` : "";
  return `${integer(reader, days)} daily ${plural(days, "return")} · risk-free ${percent(reader, free, Number.isInteger(free * 100) ? 0 : 2)}${hint}`;
}
