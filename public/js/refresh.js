/** Asks the server, again and again, and puts what it says into the state. */

import { answers } from "./answered.js";
import * as api from "./api.js";
import { epoch } from "./dates.js";
import { chosen } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {{get: () => State, set: (change: Partial<State>, first?: () => void) => void}} Store */

const RETRY_S = [5, 10, 20, 30, 60];
const STARTING_MS = 500;
const BUILDING_MS = 1500;
const SHORTEST_S = 10;
const LONGEST_S = 60;
const SETTLE_S = 4; // a run takes a few seconds after its slot begins

/**
 * @param {Store} store
 * @returns {(change: Partial<State>) => void} ask at once, for what is chosen with `change`
 */
export function keepFresh(store) {
  const past = answers();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  /** @type {AbortController} */
  let current = new AbortController();
  let failures = 0;

  const later = (/** @type {number} */ ms) => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
  const run = async () => {
    clearTimeout(timer);
    if (document.hidden) return; // asked again as soon as somebody looks
    current.abort();
    const turn = (current = new AbortController());
    try {
      await gather(store, turn.signal);
      if (turn.signal.aborted) return; // another turn goes on from here
      past.keep(store.get());
      failures = 0;
      store.set({ failure: null, retry_at_ms: null, waiting_since_ms: null });
      later(pause(store.get()));
    } catch (error) {
      if (turn.signal.aborted) return;
      if (!(error instanceof api.Unanswered)) throw error;
      const { failure } = error;
      const isStarting = failure.kind === "starting";
      const wait_ms = isStarting ? STARTING_MS : (RETRY_S[Math.min(failures, RETRY_S.length - 1)] ?? 60) * 1000;
      if (!isStarting) failures += 1;
      const isLocked = failure.kind === "locked";
      store.set({ failure, retry_at_ms: isLocked ? null : performance.now() + wait_ms, waiting_since_ms: null });
      if (!isLocked) later(wait_ms);
    }
  };
  document.addEventListener("visibilitychange", () => void (document.hidden || run()));
  addEventListener("online", () => void run());
  addEventListener("offline", () => void run());
  return (change) => {
    const known = past.find({ ...store.get(), ...change });
    store.set({ ...change, ...known, waiting_since_ms: performance.now() }, () => void run()); // drawn while the answer is on its way
  };
}

/**
 * @param {Store} store
 * @param {AbortSignal} signal
 */
async function gather(store, signal) {
  const before = chosen(store.get());
  const asked = api.accounts();
  const early = before === null ? null : compared(store, before, signal); // a switch waits for one answer, not for three
  const world = store.get().health?.demo ? api.demo() : null; // what the door told before mostly holds
  for (const promise of [asked, early, world]) promise?.catch(() => null); // looked at below: what the door looks like is known before
  const health = await api.health().catch(() => null);
  if (!signal.aborted) store.set({ health });
  const accounts = await asked;
  const demo = health?.demo ? await (world ?? api.demo()).catch(() => null) : null;
  if (signal.aborted) return;
  store.set({ health, demo, accounts });
  const account = chosen(store.get());
  if (account === null) {
    store.set({ history: null, shown: null, failure: null });
    return;
  }
  let history = await (early !== null && account === before ? early : compared(store, account, signal));
  const { choices } = store.get();
  if (choices.zoom && choices.range !== "all" && choices.zoom.from < (history.series.t[0] ?? 0)) {
    store.set({ choices: { ...choices, range: "all" } }); // a link to a part of the past that the range does not reach
    history = await compared(store, account, signal);
  }
  const { range } = store.get().choices;
  const loaded_at = api.now();
  store.set({ history, shown: { account, range, benchmark: history.compared ?? null, loaded_at }, loaded_at, failure: null });
}

/**
 * @param {Store} store
 * @param {string} account
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").History>} against the account's own benchmark where the one chosen cannot be had
 */
async function compared(store, account, signal) {
  const { range, benchmark } = store.get().choices;
  try {
    return await api.history(account, range, benchmark, signal);
  } catch (error) {
    if (benchmark === null || !(error instanceof api.Unanswered) || error.failure.status !== 400) throw error;
    const own = await api.history(account, range, null, signal);
    store.set({ choices: { ...store.get().choices, benchmark: null }, uncompared: error.failure.words ?? error.failure.detail });
    return own;
  }
}

/**
 * @param {State} state
 * @returns {number} milliseconds until something new can be there
 */
function pause({ demo, accounts }) {
  if (demo?.building || demo?.passing) return BUILDING_MS;
  const slots = accounts?.accounts.map(({ next_slot }) => epoch(next_slot) - api.now() + SETTLE_S) ?? [];
  const soonest = Math.min(LONGEST_S, ...slots.filter(Number.isFinite));
  return Math.max(soonest, SHORTEST_S) * 1000;
}
