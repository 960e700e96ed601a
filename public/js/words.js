/** Names of things that come from the API as codes. */

import { date, epoch } from "./dates.js";
import { integer } from "./format.js";

const WALLETS = new Map([
  ["spot", "Spot"], ["funding", "Funding"], ["usdm", "USD-M futures"], ["coinm", "COIN-M futures"],
  ["cross_margin", "Cross margin"], ["isolated_margin", "Isolated margin"], ["earn", "Earn"], ["options", "Options"],
  ["portfolio_margin", "Portfolio margin"], ["trading_bots", "Trading bots"], ["copy_trading", "Copy trading"],
  ["pay", "Pay"], ["p2p", "P2P"], ["sub_transfers_in", "Transfers from the master account"],
  ["sub_transfers_out", "Transfers to the master account"], ["master_transfers", "Transfers of sub-accounts"],
]);

/**
 * @param {string} code "usdm", "flows:deposits", "price:SOL"
 * @returns {string} "USD-M futures", "Deposits", "The price of SOL"
 */
export function part(code) {
  const [kind = "", name] = code.split(":");
  if (kind === "price" && name) return `The price of ${name}`;
  const plain = kind === "flows" && name ? name : code;
  return WALLETS.get(plain) ?? plain.charAt(0).toUpperCase() + plain.slice(1).replaceAll("_", " ");
}

/**
 * @param {string[]} items
 * @returns {string} "A", "A and B", "A, B and C"
 */
export function list(items) {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function plural(count, one, many = `${one}s`) {
  return count === 1 ? one : many;
}

/** @param {string} name @returns {string} at most 20 characters */
export function short(name) {
  const letters = Array.from(name);
  return letters.length > 20 ? `${letters.slice(0, 19).join("")}…` : name;
}

/** @param {Record<string, string>} weights */
function shares(weights) {
  return Object.values(weights).map((weight) => String(Math.round(Number(weight) * 1000) / 10)).join("/");
}

/** @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * @typedef {object} Names  of the benchmark on show
 * @property {string} verb  what one would have done: "holding"
 * @property {string} long  "50/50 BTC and ETH"
 * @property {string} short  "50/50"
 * @property {boolean} dated  the long name says since when
 * @property {string} you  what the account's own line is called
 */

/**
 * @param {import("./types.js").Reader} reader
 * @param {Pick<import("./types.js").History, "benchmark"|"compared"|"inception"|"holder">} history
 * @returns {Names}
 */
export function benchmarkName(reader, { benchmark, compared, inception, holder }) {
  const you = holder ?? "You";
  const named = (/** @type {string} */ long, short = long) => ({ verb: "holding", long, short, dated: false, you });
  if (compared === "initial" && inception) {
    return { verb: "keeping", long: `what you held on ${date(reader, epoch(inception))}`, short: "day one", dated: true, you };
  }
  const weights = benchmark?.policy?.weights;
  if (!weights) return named("your benchmarks", "Benchmarks");
  const assets = Object.keys(weights).map((asset) => (asset === "USD" ? "US dollars" : asset));
  return assets.length === 1 ? named(list(assets)) : named(`${shares(weights)} ${list(assets)}`, shares(weights));
}

/** @param {string} what @returns {string} "Broken: 429" */
export function brokenWords(what) {
  return `Broken: ${what.replace("_", " ")}`;
}

/**
 * @param {import("./types.js").Reader} reader
 * @param {import("./types.js").Demo} demo
 * @returns {{words: string, done: number, total: number}|null} what takes time at the moment
 */
export function underWay(reader, { building, passing }) {
  const found = building ?? passing ?? null;
  if (!found) return null;
  const runs = `${integer(reader, found.done)} of ${integer(reader, found.total)} runs`;
  return { words: building ? `Building 90 days of history: ${runs}` : `Time passes: ${runs}`, ...found };
}
