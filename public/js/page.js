/** Draws the state: chooses the page, then hands each view what it needs. */

import { now } from "./api.js";
import { clockAndZone, epoch } from "./dates.js";
import { quietly } from "./late.js";
import { sentence } from "./sentence.js";
import { standing } from "./standing.js";
import { chosen, members, page } from "./state.js";
import { tiles } from "./tiles.js";
import { keyTrouble, trustLine, trustPanels } from "./trust.js";
import { benchmarkName } from "./words.js";
import { drawPanels, drawSentence, drawTiles, drawTrust } from "./views/answer.js";
import { byId, h } from "./views/dom.js";
import { drawFailed, drawNothingInstead, drawWaiting, tellRetry } from "./views/instead.js";
import { clearSkeleton, drawSkeleton } from "./views/skeleton.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./shapes.js").Acts} Acts */
/** @typedef {ReturnType<typeof import("./views/chart.js").makeChart>} ChartView */
/** @typedef {{brief: string|null, pieces: import("./sentence.js").Piece[]}} Answer  brief: for title and live region */

const PATIENCE_MS = 2000;
const OTHER_WORLD = 0; // no day of ours: while the demo's past is built its clock is far behind, so each time has its date
const RANGE_WORDS = { "24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days", "1y": "a year", all: "all" };

/** @param {State} state */
function isSlow({ waiting_since_ms }) {
  return waiting_since_ms !== null && performance.now() - waiting_since_ms > PATIENCE_MS;
}

/** @type {ReturnType<typeof page>|null} */
let drawn = null;
/** @type {typeof import("./views/locked.js")|null} */
let locked = null;

/** Most pages never show the door, so it is fetched with the first one. @type {typeof import("./views/locked.js").drawLocked} */
function drawLocked(by, wasWrong, acts) {
  if (locked) return locked.drawLocked(by, wasWrong, acts);
  void quietly(() => import("./views/locked.js")).then((fetched) => {
    locked = fetched;
    if (drawn === "locked") fetched?.drawLocked(by, wasWrong, acts);
  });
}

/** @param {Acts["settings"]} settings it is seen once, and fetched then */
async function drawEmpty(settings) {
  const empty = await quietly(() => import("./views/empty.js"));
  if (drawn === "empty") empty?.drawEmpty(settings);
}

/**
 * @param {"loading"|"starting"|"building"} kind
 * @param {State} state
 * @returns {string} what is on its way; nothing is said of what comes within two seconds
 */
function coming(kind, state) {
  if (kind === "starting") return "The server is starting: it opens its database.";
  if (kind === "building") return "The first lines appear in a moment.";
  return isSlow(state) ? `Reading ${RANGE_WORDS[state.choices.range]} of history…` : "";
}

/** @param {State} state @returns {number} seconds until the page asks again by itself */
export function retryWait({ retry_at_ms }) {
  return retry_at_ms === null ? 0 : Math.max(0, Math.ceil((retry_at_ms - performance.now()) / 1000));
}

/** @param {State} state @returns {string} name of an account on show */
export function accountName({ accounts }, /** @type {string|null} */ id) {
  return id === "all" ? "All" : accounts?.accounts.find((account) => account.id === id)?.name ?? "";
}

/**
 * @param {Reader} reader
 * @param {State} state
 * @param {boolean} hasToken
 * @param {Acts} acts
 * @param {ChartView} chart
 * @returns {Answer|null} null where there are no figures
 */
export function drawPage(reader, state, hasToken, acts, chart) {
  const kind = page(state);
  const isComing = kind === "loading" || kind === "starting" || kind === "building";
  byId("figures").setAttribute("aria-busy", String(isComing));
  drawn = kind;
  if (kind === "locked") drawLocked(state.health?.log_in ?? "token", hasToken, acts);
  else if (kind === "empty") void drawEmpty(acts.settings);
  else if (kind === "waiting") drawWaiting(nextSlot(reader, state));
  else if (kind === "failed" && state.failure) {
    drawFailed(state.failure, retryWait(state), acts.retry);
    tellRetry(retryWait(state));
  } else drawNothingInstead();
  if (isComing) drawSkeleton(coming(kind, state));
  return kind === "figures" ? drawFigures(reader, state, acts, chart) : null;
}

/** @param {State} state @returns {import("./standing.js").Jump[]} */
function jumpsOf(state) {
  const { history, shown } = state;
  const found = history?.events.filter(({ kind }) => kind === "unexplained") ?? [];
  return found.map(({ at, usd, account }) => ({ at: epoch(at), usd, name: shown?.account === "all" ? accountName(state, account) : "" }));
}

/** @param {Reader} reader @param {State} state */
function nextSlot(reader, state) {
  const account = state.accounts?.accounts.find(({ id }) => id === chosen(state)) ?? state.accounts?.accounts[0];
  return account ? clockAndZone(reader, epoch(account.next_slot), now()) : "";
}

/**
 * @param {Reader} reader
 * @param {State} state
 * @param {Acts} acts
 * @param {ChartView} chart
 * @returns {Answer|null}
 */
function drawFigures(reader, state, acts, chart) {
  const { history, accounts, failure, shown, choices } = state;
  if (!history || !accounts || !shown) return null;
  clearSkeleton();
  const at = history.series.t.at(-1) ?? 0;
  const house = { slot_s: accounts.slot_minutes * 60, building: Boolean(state.demo?.building || state.demo?.passing), jumps: jumpsOf(state) };
  const stand = standing(members(state), at, now(), house);
  const past = stand.past || failure !== null;
  const isFirst = history.series.t.length < 2;
  const isRefused = stand.kind === "attention" && shown.account !== "all";
  const today = stand.kind === "building" ? OTHER_WORLD : now();
  const told = isFirst || isRefused ? null : sentence(reader, history, { past, now: today });
  const instead = isRefused
    ? [stand.culprit ? keyTrouble(stand.culprit).told : "", accountName(state, shown.account), "."]
    : [`The comparison has started. The first answer comes at about ${nextSlot(reader, state)}.`];
  drawSentence(told, instead, acts.compare);
  drawTrust(trustLine(reader, stand, today), (anchor) => acts.snapshot(anchor));
  const panels = trustPanels(reader, stand, now(), accounts.accounts.length > 1);
  const own = benchmarkName(reader, history).long;
  if (state.uncompared) panels.unshift({ tone: "warn", lead: "That comparison cannot be had.", foreign: state.uncompared, text: `The figures are against ${own}.` });
  const both = { tone: /** @type {const} */ ("plain"), lead: "Both are right.", text: "The amount depends on when money came in; the return does not." };
  if (failure) drawPanels([failurePanel(reader, state, failure), ...panels], acts, retryButton(failure, acts));
  else drawPanels(told?.differs ? [both, ...panels] : panels, acts, keyButtons(stand, acts));
  drawTiles(tiles(reader, history, shown.range, past ? today : null), acts.explain);
  const isOld = shown.account !== chosen(state) || shown.range !== choices.range || shown.benchmark !== choices.benchmark;
  chart.draw(reader, history, {
    tail: tail(stand, at), table: state.table, range: choices.range, view: choices.view, zoom: choices.zoom, detail: state.detail,
    waiting: isOld && isSlow(state) ? "Reading…" : "", dim: isOld,
  });
  return {
    brief: told?.brief ?? (isRefused ? "Needs attention" : null),
    pieces: told?.pieces ?? instead.map((text) => ({ text, tone: /** @type {const} */ ("plain") })),
  };
}

/**
 * @param {import("./standing.js").Standing} stand
 * @param {number} at
 * @returns {import("./gaps.js").Stretch|null} the hatched time since the newest figure, in whole minutes
 */
function tail({ kind, partial }, at) {
  const to = Math.floor(now() / 60) * 60;
  if (kind === "stale" || kind === "attention") return { from: at, to: Math.max(at, to), kind: "missing", missing: [] };
  return kind === "partial" && partial ? { from: at, to: Math.max(at, to), kind: "partial", missing: partial.missing } : null;
}

/**
 * @param {Reader} reader
 * @param {State} state
 * @param {import("./types.js").Failure} failure
 * @returns {import("./trust.js").Panel}
 */
function failurePanel(reader, { shown }, failure) {
  const loaded = `These figures were loaded at ${clockAndZone(reader, shown?.loaded_at ?? now(), now())}.`;
  if (failure.kind === "offline") return { tone: "warn", lead: "You are offline.", text: loaded };
  if (failure.kind === "locked") return { tone: "warn", lead: "You were logged out.", text: loaded };
  const foot = failure.request_id ? `Request ${failure.request_id}.` : "";
  return { tone: "error", lead: "New figures could not be loaded.", text: loaded, foreign: failure.detail, foot };
}

/** @param {import("./standing.js").Standing} stand @param {Acts} acts what there is to do about a key that is refused */
function keyButtons({ kind, culprit }, { check, settings }) {
  if (kind !== "attention" || !culprit) return [];
  const button = (/** @type {string} */ key, /** @type {string} */ words, /** @type {(made: HTMLElement) => void} */ act) => {
    const made = h("button", { type: "button", class: "button", "data-key": key, onclick: () => act(made) }, words);
    return made;
  };
  const isWithout = culprit.status.cause === "no_key";
  const replace = button("key", isWithout ? "Add a key" : "Replace the key", (made) => settings(made, { page: "key", account: culprit.id }));
  return isWithout ? [replace] : [
    replace,
    button("check", "Check again", async (made) => {
      made.setAttribute("disabled", "");
      await check(culprit.id);
      made.removeAttribute("disabled");
    }),
  ];
}

/** @param {import("./types.js").Failure} failure @param {Acts} acts */
function retryButton({ kind }, { retry, enter }) {
  if (kind === "offline") return [];
  const [words, act] = kind === "locked" ? ["Log in", enter] : ["Try again", retry];
  return [h("button", { type: "button", class: "button", "data-key": "retry", onclick: act }, words)];
}
