/** The part that is looked at, with all its snapshots: asked for where those of the range are thinned. */

import { ask } from "./api.js";
import { stamped } from "./dates.js";
import { inside } from "./zoom.js";

/** @typedef {import("./types.js").History} History */
/** @typedef {import("./types.js").Series} Series */
/** @typedef {import("./state.js").State} State */
/** @typedef {{benchmark: string|null, part: History}} Detail  `part` refines answers about its account against that benchmark */

const SETTLED_MS = 250;

/**
 * @param {{get: () => State, set: (change: Partial<State>) => void, watch: (listener: (state: State) => void) => void}} store
 */
export function askCloser(store) {
  let turn = new AbortController();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  /** @type {[State["choices"]["zoom"], History|null]} */
  let asked = [null, null];
  const look = (/** @type {State} */ { choices: { zoom }, history, shown, accounts }) => {
    if (asked[0] === zoom && asked[1] === history) return;
    asked = [zoom, history];
    clearTimeout(timer);
    turn.abort();
    turn = new AbortController();
    const { signal } = turn;
    const isThinned = history && accounts && history.resolution_s > accounts.slot_minutes * 60 * 1.2;
    if (!zoom || !history || !shown || !isThinned || !inside(history.series.t, zoom)) return;
    timer = setTimeout(async () => {
      // Where it cannot be had there is less to see, and nothing wrong.
      const part = await partOf(shown.account, zoom, shown.benchmark, signal).catch(() => null);
      if (!signal.aborted) store.set({ detail: part && { benchmark: shown.benchmark, part } });
    }, SETTLED_MS);
  };
  store.watch(look);
  look(store.get());
}

/**
 * @param {string} account
 * @param {import("./types.js").Window} part
 * @param {string|null} benchmark
 * @param {AbortSignal} signal
 * @returns {Promise<History>}
 */
async function partOf(account, { from, to }, benchmark, signal) {
  const params = new URLSearchParams({ account, from: stamped(from), to: stamped(to), ...(benchmark === null ? {} : { benchmark }) });
  return /** @type {History} */ (await ask(`/api/history?${params}`, signal));
}

/**
 * @param {History} history
 * @param {Detail|null} detail
 * @returns {History} with every snapshot of the part; falls are told from the range's peaks, as the others are
 */
export function refined(history, detail) {
  const isSame = detail?.part.account === history.account && detail.benchmark === (history.compared ?? null);
  if (!detail || !isSame || detail.part.series.t.length === 0) return history;
  const { series } = history;
  const fine = detail.part.series;
  const [from, to] = [fine.t[0] ?? 0, fine.t.at(-1) ?? 0];
  const before = series.t.findLastIndex((t) => t < from) + 1;
  const after = series.t.findIndex((t) => t > to);
  const fell = { ...fine, drawdown: falls(fine.nav_index, peak(series.nav_index, series.drawdown, before)),
    benchmark_drawdown: falls(fine.benchmark_index, peak(series.benchmark_index, series.benchmark_drawdown, before)) };
  const names = /** @type {(keyof Series)[]} */ (Object.keys(series));
  const columns = names.map((name) => [name, [
    ...series[name].slice(0, before), ...fell[name], ...(after < 0 ? [] : series[name].slice(after)),
  ]]);
  return { ...history, series: /** @type {Series} */ (Object.fromEntries(columns)) };
}

/**
 * @param {(number|null)[]} index
 * @param {(number|null)[]} drawdown
 * @param {number} before
 * @returns {number} the highest index so far, before a position
 */
function peak(index, drawdown, before) {
  const [last, fall] = [index[before - 1] ?? 0, drawdown[before - 1] ?? 0];
  return fall > -1 ? last / (1 + fall) : 0;
}

/**
 * @template {number|null} T
 * @param {T[]} index
 * @param {number} highest
 * @returns {(T|number)[]}
 */
function falls(index, highest) {
  let top = highest;
  return index.map((value) => {
    if (value === null) return value;
    top = Math.max(top, value);
    return top > 0 ? Math.min(Math.round((value / top - 1) * 10_000) / 10_000, 0) : 0;
  });
}
