/** Numbers for people: digits and grouping follow the reader's locale, signs and units are the house's. */

import { abs, compare, round, sign } from "./decimal.js";

/** @typedef {import("./types.js").Reader} Reader */

export const MINUS = "\u2212";
const FIVE = "\u2022".repeat(5); // always five: their number must not tell how large it is
export const HIDDEN = `$${FIVE}`;
const THIN = "\u202f"; // narrow no-break space before "%"

/** @type {Map<string, Intl.NumberFormat>} */
const formatters = new Map();

/**
 * @param {Reader} reader
 * @param {Intl.NumberFormatOptions} options
 */
function formatter(reader, options) {
  const key = `${reader.locale} ${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = new Intl.NumberFormat(reader.locale, options)));
  return found;
}

/**
 * @param {Reader} reader
 * @param {string} magnitude a decimal string without sign; Intl reads it exactly
 * @param {number} places
 */
function dollars(reader, magnitude, places) {
  const format = formatter(reader, {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  return format.format(/** @type {Intl.StringNumericLiteral} */ (magnitude));
}

/**
 * @param {Reader} reader
 * @param {string} usd
 * @param {number} [places]
 * @returns {string} "$117,116.90"; a negative one has a true minus
 */
export function money(reader, usd, places = 2) {
  if (reader.hidden) return HIDDEN;
  const rounded = round(usd, places);
  return (sign(rounded) < 0 ? MINUS : "") + dollars(reader, abs(rounded), places);
}

/**
 * @param {Reader} reader
 * @param {string} usd
 * @returns {string} "+$6,356.32": for changes, differences and profits
 */
export function signedMoney(reader, usd) {
  if (reader.hidden) return HIDDEN;
  return (sign(round(usd, 2)) > 0 ? "+" : "") + money(reader, usd);
}

/**
 * @param {Reader} reader
 * @param {string} usd
 * @returns {string} without cents where there are none: "$104,500"
 */
export function roundMoney(reader, usd) {
  return money(reader, usd, compare(round(usd, 2), round(usd, 0)) === 0 ? 0 : 2);
}

/**
 * @param {Reader} reader
 * @param {string} usd
 * @returns {string} the sentence's amount: cents, none from $1,000,000
 */
export function headlineMoney(reader, usd) {
  return money(reader, abs(usd), compare(abs(usd), "1000000") >= 0 ? 0 : 2);
}

/**
 * @param {Reader} reader
 * @param {number} usd a tick's value
 * @returns {string} "$120k", "$1.2M": on axes only
 */
export function compactMoney(reader, usd) {
  if (reader.hidden) return HIDDEN;
  const size = Math.abs(usd);
  const [unit, suffix] = size >= 1e9 ? [1e9, "B"] : size >= 1e6 ? [1e6, "M"] : size >= 1e3 ? [1e3, "k"] : [1, ""];
  const scaled = size / unit;
  const digits = formatter(reader, { maximumFractionDigits: unit === 1 && size < 10 ? 4 : 3 }).format(scaled);
  return `${usd < 0 ? MINUS : ""}$${digits}${suffix}`;
}

/**
 * @param {Reader} reader
 * @param {number} ratio
 * @param {number} [places]
 * @returns {string} "12.22 %"
 */
export function percent(reader, ratio, places = 2) {
  const value = Math.abs(ratio) * 100;
  const digits = formatter(reader, { minimumFractionDigits: places, maximumFractionDigits: places }).format(value);
  const isZero = Number(value.toFixed(places)) === 0;
  return `${ratio < 0 && !isZero ? MINUS : ""}${digits}${THIN}%`;
}

/**
 * @param {Reader} reader
 * @param {number} ratio
 * @returns {string} "+12.22 %"
 */
export function signedPercent(reader, ratio) {
  const text = percent(reader, ratio);
  return ratio > 0 && Number((ratio * 100).toFixed(2)) !== 0 ? `+${text}` : text;
}

/**
 * @param {Reader} reader
 * @param {number} ratio a tick's value
 * @param {boolean} signed
 * @returns {string} "+20 %": on axes only
 */
export function tickPercent(reader, ratio, signed) {
  const digits = formatter(reader, { maximumFractionDigits: 2 }).format(Math.abs(ratio) * 100);
  return `${ratio < 0 ? MINUS : signed && ratio > 0 ? "+" : ""}${digits}${THIN}%`;
}

/**
 * @param {Reader} reader
 * @param {number} ratio
 * @returns {string} the sentence's percentage: one decimal, two under 0.1 %, none from 100 %
 */
export function headlinePercent(reader, ratio) {
  const size = Math.abs(ratio);
  return percent(reader, size, size < 0.001 ? 2 : size < 1 ? 1 : 0);
}

/**
 * @param {Reader} reader
 * @param {string} quantity
 * @returns {string} at most 7 significant digits, no trailing zeros
 */
export function quantity(reader, quantity) {
  if (reader.hidden) return FIVE; // coins are no dollars
  const digits = formatter(reader, { maximumSignificantDigits: 7 }).format(
    /** @type {Intl.StringNumericLiteral} */ (abs(quantity)),
  );
  return (sign(quantity) < 0 ? MINUS : "") + digits;
}

/**
 * @param {Reader} reader
 * @param {string} usd
 * @returns {string} 2 decimals from $1, else 4 significant digits
 */
export function price(reader, usd) {
  if (compare(abs(usd), "1") >= 0) return money({ ...reader, hidden: false }, usd); // what the market says is no secret
  const format = formatter(reader, {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    maximumSignificantDigits: 4,
  });
  return format.format(/** @type {Intl.StringNumericLiteral} */ (usd));
}

/**
 * @param {Reader} reader
 * @param {number} count
 */
export function integer(reader, count) {
  return formatter(reader, { maximumFractionDigits: 0 }).format(count);
}

/**
 * @param {Reader} reader
 * @param {number} ratio
 * @returns {string} two decimals: "1.79"
 */
export function plainRatio(reader, ratio) {
  const digits = formatter(reader, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(Math.abs(ratio));
  return (ratio < 0 ? MINUS : "") + digits;
}
