/** Open futures positions: what each is, how it stands, and how far it is from being closed by the exchange. */

import { distance, tone } from "./briefs.js";
import { abs, compare } from "./decimal.js";
import { money, percent, price, quantity, signedMoney, signedPercent } from "./format.js";
import { capital, short } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").Position} Position */
/** @typedef {import("./briefs.js").Piece} Piece */
/**
 * @typedef {object} Row
 * @property {string} symbol
 * @property {string} about  "Long · 5× · cross"
 * @property {string} size
 * @property {string} value
 * @property {string|null} entry
 * @property {string} mark
 * @property {string|null} liquidation
 * @property {string} distance
 * @property {boolean} close
 * @property {string|null} unrealised
 * @property {string} ratio
 * @property {Piece["tone"]} tone
 */

const CLOSE = 0.1;
const QUOTES = /^(.+?)(?:USDT|USDC|FDUSD|BUSD|BNFCR|USD1|USD)(?:_.*)?$/;

/**
 * @param {Reader} reader
 * @param {Position[]} positions
 * @param {(account: string) => string} nameOf empty where there is one account only
 * @returns {Row[]} the largest first
 */
export function positionRows(reader, positions, nameOf) {
  const known = (/** @type {string|null|undefined} */ usd) => (usd === null || usd === undefined ? null : price(reader, usd));
  return [...positions].sort((a, b) => compare(abs(b.value), abs(a.value))).map((one) => {
    const away = distance(one);
    const gained = one.unrealised ?? null;
    const ratio = one.entry ? Number(gained) / (Number(one.entry) * Number(one.quantity)) : NaN;
    return {
      symbol: one.symbol,
      about: [short(nameOf(one.account)), capital(one.side), one.leverage ? `${quantity(reader, one.leverage)}×` : "", one.margin ?? ""].filter(Boolean).join(" · "),
      size: `${quantity(reader, one.quantity)} ${coin(one.symbol)}`.trim(), value: money(reader, one.value),
      entry: known(one.entry), mark: price(reader, one.mark), liquidation: known(one.liquidation),
      distance: away === null ? "" : `${percent(reader, away, 1)} away`, close: away !== null && away < CLOSE,
      unrealised: gained === null ? null : signedMoney(reader, gained),
      ratio: gained !== null && Number.isFinite(ratio) ? signedPercent(reader, ratio) : "",
      tone: gained === null ? "plain" : tone(gained),
    };
  });
}

/** @param {string} symbol @returns {string} the coin a contract is of: "BTC" of "BTCUSDT" and of "BTCUSD_PERP" */
function coin(symbol) {
  return QUOTES.exec(symbol)?.[1] ?? "";
}
