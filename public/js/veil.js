/** Amounts in the words of others, while amounts are hidden. */

import { HIDDEN } from "./format.js";

/**
 * @param {import("./types.js").Reader} reader
 * @param {string} text of the server's log: amounts in it are numbers with a unit behind them, or a dollar before
 * @returns {string} without them where amounts are hidden
 */
export function veiled(reader, text) {
  if (!reader.hidden) return text;
  return text.replace(/[+\-\u2212]?\$\d[\d,.]*|[+\-\u2212]?\d[\d,.]*(?= (?!UTC\b)[A-Z][A-Z0-9]+\b)/g, (found) => (found.includes("$") ? HIDDEN : HIDDEN.slice(1)));
}
