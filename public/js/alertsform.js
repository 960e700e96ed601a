/** An account's alerts as its owner types them, and as the API takes them. Limits stay decimal strings. */

import { compare as bigger } from "./decimal.js";
import { number, shifted } from "./policyform.js";

/** @typedef {import("./types.js").Alerts} Alerts */
/** @typedef {{behind: string, drawdown: string, digest: Alerts["digest"]}} Typed  limits in percent; empty: none */
/** @typedef {{wrong: {field: string, words: string}|null, change: Record<string, string|null>|null}} Read */

/** @type {[string, string][]} */
export const DIGESTS = [["off", "never"], ["daily", "each day"], ["weekly", "each week"]];

/** @param {Alerts} alerts @returns {Typed} */
export function typed({ behind, drawdown, digest }) {
  const percent = (/** @type {number|null} */ limit) => (limit === null ? "" : shifted(String(limit), 2));
  return { behind: percent(behind), drawdown: percent(drawdown), digest };
}

/** @param {Alerts} alerts @returns {string} what the owner is told of besides what everybody is */
export function inWords(alerts) {
  const { behind, drawdown, digest } = typed(alerts);
  const parts = [behind && `${behind} % behind`, drawdown && `${drawdown} % below its highest`, digest !== "off" && `a ${digest} summary`];
  return parts.filter(Boolean).join(", ") || "no limits, no summary";
}

/**
 * @param {Typed} now
 * @param {Typed} before as it was when the form opened
 * @returns {Read} what is wrong with it, or the parts that change; an empty change: nothing does
 */
export function readAlerts(now, before) {
  /** @type {Record<string, string|null>} */
  const change = {};
  for (const name of /** @type {const} */ (["behind", "drawdown"])) {
    if (now[name].trim() === before[name]) continue;
    const limit = now[name].trim() === "" ? "" : number(now[name]);
    if (limit === null || (limit && (bigger(limit, "0") <= 0 || bigger(limit, "100") >= 0))) {
      return { wrong: { field: name, words: "A limit is more than 0 and less than 100 percent, or empty for none." }, change: null };
    }
    change[name] = limit ? shifted(limit, -2) : null;
  }
  if (now.digest !== before.digest) change.digest = now.digest;
  return { wrong: null, change };
}
