/** Instants for people: the order follows the reader's locale, months are English, the clock has 24 hours. */

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {{year: number, month: number, day: number, hour: number, minute: number}} Wall */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86400;

/** @type {Map<string, Intl.DateTimeFormat>} */
const clocks = new Map();

/** @param {string} zone */
function clockOf(zone) {
  let found = clocks.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hourCycle: "h23",
      year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
    });
    clocks.set(zone, found);
  }
  return found;
}

/**
 * @param {string} at RFC 3339
 * @returns {number} epoch seconds
 */
export function epoch(at) {
  return Date.parse(at) / 1000;
}

/**
 * @param {number} t epoch seconds
 * @param {string} zone
 * @returns {Wall} what a clock on the wall shows there
 */
export function wall(t, zone) {
  const parts = Object.fromEntries(clockOf(zone).formatToParts(t * 1000).map((part) => [part.type, Number(part.value)]));
  return /** @type {Wall} */ (/** @type {unknown} */ (parts));
}

/**
 * @param {Wall} shown months and days may overflow, as in Date.UTC
 * @param {string} zone
 * @returns {number} the instant at which the wall clock shows it; the later one where a change of clocks skips it
 */
export function instant(shown, zone) {
  const wanted = Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute) / 1000;
  let t = wanted;
  for (let round = 0; round < 2; round += 1) {
    const seen = wall(t, zone);
    t += wanted - Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour, seen.minute) / 1000;
  }
  return t;
}

/** @param {string} locale */
function order(locale) {
  const parts = new Intl.DateTimeFormat(locale, { year: "numeric", month: "numeric", day: "numeric" }).formatToParts(0);
  return parts.filter((part) => ["year", "month", "day"].includes(part.type)).map((part) => part.type[0]).join("");
}

/** @param {number} t @returns {string} as an address has it, to the millisecond */
export function stamped(t) {
  return new Date(Math.round(t * 1000)).toISOString().replace(".000Z", "Z");
}

/**
 * @param {Reader} reader
 * @param {number} t
 * @returns {string} "28 Aug", or "Aug 28" where the month comes first
 */
export function dayMonth(reader, t) {
  const { day, month } = wall(t, reader.zone);
  return order(reader.locale).startsWith("d") ? `${day} ${MONTHS[month - 1]}` : `${MONTHS[month - 1]} ${day}`;
}

/**
 * @param {Reader} reader
 * @param {number} t
 * @returns {string} "28 Aug 2025"
 */
export function date(reader, t) {
  const { year } = wall(t, reader.zone);
  const way = order(reader.locale);
  if (way.startsWith("y")) return `${year} ${dayMonth(reader, t)}`;
  return way.startsWith("m") ? `${dayMonth(reader, t)}, ${year}` : `${dayMonth(reader, t)} ${year}`;
}

/**
 * @param {Reader} reader
 * @param {number} t
 * @returns {string} "08:00"
 */
export function clock(reader, t) {
  const { hour, minute } = wall(t, reader.zone);
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/**
 * @param {Reader} reader
 * @param {number} t
 * @returns {string} "UTC", "CET", "GMT+5:30"
 */
export function zoneName(reader, t) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: reader.zone, timeZoneName: "short" }).formatToParts(t * 1000);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? reader.zone;
}

/**
 * @param {Reader} reader
 * @param {number} t
 * @param {number} now
 * @returns {string} "14:00 UTC" today, "4 Nov, 14:00 UTC" on another day: for sentences
 */
export function clockAndZone(reader, t, now) {
  const time = `${clock(reader, t)} ${zoneName(reader, t)}`;
  return dayMonth(reader, t) === dayMonth(reader, now) && Math.abs(now - t) < 2 * DAY_S ? time : `${dayMonth(reader, t)}, ${time}`;
}

/**
 * @param {Reader} reader
 * @param {number} t
 * @param {number} now
 * @returns {string} "4 Nov 07:05", with the year when it is not this one: for tables and marks
 */
export function moment(reader, t, now) {
  const isThisYear = wall(t, reader.zone).year === wall(now, reader.zone).year;
  return `${isThisYear ? dayMonth(reader, t) : date(reader, t)} ${clock(reader, t)}`;
}

/** @param {number} t @param {Reader} reader */
export function monthName(reader, t) {
  return MONTHS[wall(t, reader.zone).month - 1] ?? "";
}

/**
 * @param {number} age_s
 * @returns {string} "just now", "12 min", "5 h 12 min", "3 days"
 */
export function age(age_s) {
  if (age_s < MINUTE_S) return "just now";
  if (age_s < HOUR_S) return `${Math.floor(age_s / MINUTE_S)} min`;
  if (age_s < 2 * DAY_S) {
    const [hours, minutes] = [Math.floor(age_s / HOUR_S), Math.floor((age_s % HOUR_S) / MINUTE_S)];
    return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  }
  return `${Math.floor(age_s / DAY_S)} days`;
}

/** @param {number} age_s @returns {string} "12 min ago", "just now" */
export function ago(age_s) {
  return age_s < MINUTE_S ? "just now" : `${age(age_s)} ago`;
}
