/** What the page knows, in one value; a change makes a new one and draws again. */

import { stamped } from "./dates.js";

/** @typedef {import("./types.js").Choices} Choices */
/** @typedef {{account: string, range: import("./types.js").Range, benchmark: string|null, loaded_at: number}} Shown  loaded_at: epoch seconds by the server's clock */
/**
 * @typedef {object} State
 * @property {Choices} choices
 * @property {import("./types.js").Health|null} health
 * @property {import("./types.js").Demo|null} demo
 * @property {import("./types.js").AccountsAnswer|null} accounts
 * @property {import("./types.js").History|null} history
 * @property {Shown|null} shown  what `history` answers
 * @property {string|null} uncompared  why the comparison that was asked for cannot be had
 * @property {import("./types.js").Failure|null} failure
 * @property {number|null} retry_at_ms  on the browser's monotonic clock
 * @property {number|null} waiting_since_ms  on the browser's monotonic clock
 * @property {number|null} loaded_at  when the server was last asked, epoch seconds by its clock
 * @property {boolean} table
 * @property {import("./closer.js").Detail|null} detail  all snapshots of the part of the range that is looked at
 */

const RANGES = /** @type {const} */ (["24h", "7d", "30d", "90d", "1y", "all"]);

/**
 * @param {Choices} choices
 * @returns {State}
 */
export function beginning(choices) {
  return {
    choices, health: null, demo: null, accounts: null, history: null, shown: null, uncompared: null,
    failure: null, retry_at_ms: null, waiting_since_ms: 0, loaded_at: null, table: false, detail: null,
  };
}

/**
 * @param {string} address the query of the page's address
 * @param {string|null} remembered the query of the last visit
 * @returns {Choices} the address wins, then memory
 */
export function choices(address, remembered) {
  const [here, before] = [new URLSearchParams(address), new URLSearchParams(remembered ?? "")];
  const of = (/** @type {string} */ name) => here.get(name) ?? before.get(name);
  const range = RANGES.find((known) => known === of("range")) ?? "90d";
  const zoom = windowOf(here.get("from"), here.get("to"));
  return { account: of("account"), range, view: of("view") ?? "value", benchmark: of("benchmark"), zoom };
}

/**
 * @param {string|null} from
 * @param {string|null} to
 * @returns {import("./types.js").Window|null} null where that is no stretch of time
 */
function windowOf(from, to) {
  const [a, b] = [Date.parse(from ?? "") / 1000, Date.parse(to ?? "") / 1000];
  return a < b ? { from: a, to: b } : null;
}

/**
 * @param {Choices} chosen
 * @returns {string} the query that says so
 */
export function query({ account, range, view, benchmark, zoom }) {
  const params = new URLSearchParams();
  if (account !== null) params.set("account", account);
  params.set("range", range);
  if (view !== "value") params.set("view", view);
  if (benchmark !== null) params.set("benchmark", benchmark);
  if (zoom !== null) {
    params.set("from", stamped(zoom.from));
    params.set("to", stamped(zoom.to));
  }
  return `?${params}`;
}

/**
 * @param {State} state
 * @returns {string|null} id of the account to show, "all", or null without accounts
 */
export function chosen({ choices, accounts }) {
  if (!accounts || accounts.accounts.length === 0) return null;
  const { account } = choices;
  const isKnown = accounts.accounts.some(({ id }) => id === account);
  if (isKnown || (account === "all" && accounts.accounts.length > 1)) return account;
  return accounts.accounts[0]?.id ?? null;
}

/**
 * @param {State} state
 * @returns {import("./types.js").Account[]} the accounts the figures on show are made of
 */
export function members({ shown, accounts }) {
  const all = accounts?.accounts ?? [];
  if (shown?.account !== "all") return all.filter(({ id }) => id === shown?.account);
  return all.filter(({ state, latest }) => state === "active" && latest !== null);
}

/**
 * @param {State} state
 * @returns {"loading"|"locked"|"starting"|"failed"|"empty"|"building"|"waiting"|"figures"} which of the designed pages this is
 */
export function page({ accounts, history, failure, demo }) {
  if (failure?.kind === "locked" && !history) return "locked";
  if (failure?.kind === "starting" && !history) return "starting";
  const isBuilding = Boolean(demo?.building);
  if (!accounts) return failure ? "failed" : "loading";
  if (accounts.accounts.length === 0) return isBuilding ? "building" : "empty";
  if (!history) return failure ? "failed" : "loading";
  if (history.series.t.length > 0) return "figures";
  return isBuilding ? "building" : "waiting";
}

/**
 * @param {State} state
 * @returns {boolean} whether a session ended while its figures are on the screen
 */
export function isExpired({ failure, history }) {
  return failure?.kind === "locked" && history !== null;
}

/**
 * @template T
 * @param {T} first
 * @returns {{get: () => T, set: (change: Partial<T>, first?: () => void) => void, watch: (listener: (value: T) => void) => void}} `first` happens before anybody is told
 */
export function hold(first) {
  let value = first;
  /** @type {((value: T) => void)[]} */
  const listeners = [];
  return {
    get: () => value,
    set(change, first) {
      value = { ...value, ...change };
      first?.();
      for (const listener of listeners) listener(value);
    },
    watch: (listener) => void listeners.push(listener),
  };
}
