/** Where the axes carry a label: round amounts upwards, the reader's calendar along. */

import { clock, dayMonth, instant, monthName, wall } from "./dates.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {{t: number, label: string}} TimeTick */

const HOUR_S = 3600;
const DAY_S = 86400;
const ROUND = [1, 2, 2.5, 5, 10];

const GUESTS = 0.25; // of the span, so far may what is not counted widen the scale on either side

/**
 * @param {number[]} values what is drawn; NaN is ignored
 * @param {number[]} [guests] what is drawn beside it and must not squeeze it: what lies further off is cut
 * @returns {{min: number, max: number}} 7 % air above, 11 % below
 */
export function domain(values, guests = []) {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return { min: 0, max: 1 };
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const span = high - low || Math.abs(high) * 0.02 || 1;
  const [least, most] = [Math.max(Math.min(low, ...guests), low - span * GUESTS), Math.min(Math.max(high, ...guests), high + span * GUESTS)];
  return { min: least - span * 0.11, max: most + span * 0.07 };
}

/**
 * @param {number} min
 * @param {number} max
 * @param {number} wanted about how many lines
 * @returns {number[]} multiples of a 1-2-2.5-5 step
 */
export function amounts(min, max, wanted) {
  const raw = (max - min) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const steps = [...ROUND.map((factor) => factor * power)];
  const count = (/** @type {number} */ step) => Math.floor(max / step) - Math.ceil(min / step) + 1;
  const off = (/** @type {number} */ step) => Math.abs(count(step) - wanted);
  const step = steps.reduce((best, next) => (off(next) < off(best) ? next : best));
  const first = Math.ceil(min / step);
  return Array.from({ length: count(step) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/**
 * @param {Reader} reader
 * @param {number} from
 * @param {number} to
 * @param {boolean} narrow a phone
 * @returns {TimeTick[]} on calendar boundaries of the reader's zone
 */
export function times(reader, from, to, narrow) {
  const days = (to - from) / DAY_S;
  if (days <= 1.5) return hours(reader, from, to, days <= 0.26 ? 1 : 6);
  if (days <= 8) return everyDays(reader, from, to, narrow && days > 5 ? 2 : 1);
  if (days <= 35) return everyDays(reader, from, to, narrow ? 10 : 5);
  if (days <= 120 && !narrow) return everyDays(reader, from, to, 14);
  if (days <= 400) return months(reader, from, to, narrow && days > 130 ? 3 : 1);
  return months(reader, from, to, 12);
}

/**
 * @param {Reader} reader
 * @param {number} from
 * @param {number} to
 * @param {number} step hours
 */
function hours(reader, from, to, step) {
  const first = wall(from, reader.zone);
  /** @type {TimeTick[]} */
  const found = [];
  for (let hour = first.hour - (first.hour % step); ; hour += step) {
    const t = instant({ ...first, hour, minute: 0 }, reader.zone);
    if (t > to) return found;
    if (t >= from) found.push({ t, label: clock(reader, t) === "00:00" ? dayMonth(reader, t) : clock(reader, t) });
    if (found.length > 48 || hour > first.hour + 24 * HOUR_S) return found;
  }
}

/**
 * @param {Reader} reader
 * @param {number} from
 * @param {number} to
 * @param {number} step days, counted back from the newest midnight
 */
function everyDays(reader, from, to, step) {
  const last = wall(to, reader.zone);
  /** @type {TimeTick[]} */
  const found = [];
  for (let day = last.day; ; day -= step) {
    const t = instant({ ...last, day, hour: 0, minute: 0 }, reader.zone);
    if (t < from) return found.reverse();
    found.push({ t, label: dayMonth(reader, t) });
  }
}

/**
 * @param {Reader} reader
 * @param {number} from
 * @param {number} to
 * @param {number} step months
 */
function months(reader, from, to, step) {
  const first = wall(from, reader.zone);
  /** @type {TimeTick[]} */
  const found = [];
  for (let month = step === 12 ? 1 : first.month; ; month += step) {
    const t = instant({ year: first.year, month, day: 1, hour: 0, minute: 0 }, reader.zone);
    if (t > to) return found;
    const { year } = wall(t, reader.zone);
    const label = step === 12 ? String(year) : (to - from) / DAY_S <= 120 ? dayMonth(reader, t) : monthName(reader, t);
    if (t >= from) found.push({ t, label });
  }
}
