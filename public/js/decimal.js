/** Exact arithmetic on decimal strings: money never becomes a float on its way to the reader. */

/**
 * @param {string} text "-12.30", also with an exponent
 * @returns {{units: bigint, scale: number}} units × 10^−scale
 */
function parse(text) {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (!match || !(match[2] || match[3])) throw new TypeError(`not a decimal: "${text}"`);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  let digits = whole + fraction;
  let scale = fraction.length - Number(exponent);
  if (scale < 0) {
    digits += "0".repeat(-scale);
    scale = 0;
  }
  const units = BigInt(digits);
  return { units: sign === "-" ? -units : units, scale };
}

/**
 * @param {bigint} units
 * @param {number} scale
 */
function write(units, scale) {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale ? `.${digits.slice(digits.length - scale)}` : "";
  return `${units < 0n ? "-" : ""}${whole}${fraction}`;
}

/**
 * @param {string} a
 * @param {string} b
 * @returns {string} a − b, exactly
 */
export function subtract(a, b) {
  const [left, right] = [parse(a), parse(b)];
  const scale = Math.max(left.scale, right.scale);
  const widen = (/** @type {{units: bigint, scale: number}} */ value) => value.units * 10n ** BigInt(scale - value.scale);
  return write(widen(left) - widen(right), scale);
}

/**
 * @param {string[]} values
 * @returns {string} their sum, exactly
 */
export function sum(values) {
  return values.reduce((total, value) => subtract(total, negate(value)), "0");
}

/** @param {string} value */
export function negate(value) {
  const { units, scale } = parse(value);
  return write(-units, scale);
}

/** @param {string} value */
export function abs(value) {
  return sign(value) < 0 ? negate(value) : value;
}

/** @param {string} value */
export function sign(value) {
  const { units } = parse(value);
  return units > 0n ? 1 : units < 0n ? -1 : 0;
}

/**
 * @param {string} value
 * @param {number} places
 * @returns {string} rounded half away from zero, as the reader sees it
 */
export function round(value, places) {
  const { units, scale } = parse(value);
  if (scale <= places) return write(units * 10n ** BigInt(places - scale), places);
  const step = 10n ** BigInt(scale - places);
  const half = step / 2n;
  const rounded = units < 0n ? -((-units + half) / step) : (units + half) / step;
  return write(rounded, places);
}

/**
 * @param {string} a
 * @param {string} b
 */
export function compare(a, b) {
  return sign(subtract(a, b));
}
