/** How far the figures can be trusted right now: one state, the worst first. */

import { abs, compare, sum } from "./decimal.js";
import { epoch } from "./dates.js";

/** @typedef {import("./types.js").Account} Account */
/** @typedef {import("./types.js").Latest} Latest */
/** @typedef {{at: number, usd: string, name: string}} Jump  name: of its account, where several are on show */
/** @typedef {import("./shapes.js").Standing} Standing */

const STALE_SLOTS = 2;
const NEWS_S = 7 * 86400; // so long a change of value that nothing explains is pointed at

/**
 * @param {Account} account
 * @param {number} at
 */
function newerPartial(account, at) {
  const last = account.last_try;
  return last && !last.complete && epoch(last.at) > at ? { at: last.at, missing: last.missing, wallets: last.wallets } : null;
}

/** @param {Latest[]} latest */
function totalDifference(latest) {
  const known = latest.flatMap((snapshot) => (snapshot.reconciliation ? [snapshot.reconciliation.difference] : []));
  return known.length === latest.length && known.length > 0 ? sum(known) : null;
}

/**
 * @param {string} difference
 * @param {Latest[]} latest
 * @returns {boolean} whether it is more than max($1, 0.1 %)
 */
function isNotable(difference, latest) {
  const size = abs(difference);
  const nav = abs(sum(latest.map((snapshot) => snapshot.nav)));
  return compare(size, "1") > 0 && Number(size) > Number(nav) * 0.001;
}

/**
 * @param {Account[]} members the account on show, or all that are active
 * @param {number} at epoch seconds of the newest figure on show
 * @param {number} now
 * @param {{slot_s: number, building: boolean, jumps: Jump[]}} house how often a snapshot is due; whether the demo's past is still
 *   being made; the changes of value that nothing explains
 * @returns {Standing}
 */
export function standing(members, at, now, { slot_s, building, jumps }) {
  const latest = members.flatMap((account) => (account.latest ? [account.latest] : []));
  const difference = totalDifference(latest);
  const fresh = jumps.filter((jump) => jump.at > at - NEWS_S).sort((a, b) => b.at - a.at);
  /** @type {(kind: Standing["kind"], extra?: Partial<Standing>) => Standing} */
  const be = (kind, extra = {}) => ({ kind, at, past: false, culprit: null, partial: null, latest, difference, jumps: fresh, ...extra });

  const refused = members.find((account) => account.status.code === "needs_attention");
  const torn = members.find((account) => newerPartial(account, at));
  const partial = torn ? newerPartial(torn, at) : null;
  const stale = now - at > STALE_SLOTS * slot_s;
  if (refused) return be("attention", { past: true, culprit: refused });
  if (building) return be("building", { past: true });
  if (stale) return be("stale", { past: true, culprit: torn ?? members[0] ?? null, partial });
  if (torn) return be("partial", { past: true, culprit: torn, partial });
  if (latest.some((snapshot) => snapshot.unpriced.length > 0)) return be("unpriced");
  if (latest.some((snapshot) => snapshot.stale_prices.length > 0)) return be("old_price");
  if (fresh.length > 0) return be("unexplained");
  if (difference === null) return be("unreconciled");
  return be(isNotable(difference, latest) ? "differs" : "fine");
}
