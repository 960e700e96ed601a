/** Wires the page: what was chosen, what the server says, what is drawn. */

import { hasToken, useToken } from "./api.js";
import { zoneName } from "./dates.js";
import { aloud, late, lateWords, quietly } from "./late.js";
import { accountName, drawPage } from "./page.js";
import { keepFresh } from "./refresh.js";
import { beginning, choices, chosen, hold, isExpired, query } from "./state.js";
import { recall, remember } from "./storage.js";
import { drawAccounts } from "./views/accounts.js";
import { makeChart } from "./views/chart.js";
import { byId, icon, redraw } from "./views/dom.js";
import { drawStrips } from "./views/strips.js";
import { paintBar } from "./views/theme.js";

const MEMORY = "choices";
const AMOUNTS = "amounts"; // "hidden", or anything else
const KEYS = "keys"; // "off", or anything else
const ZONE = "zone"; // "UTC", or nothing: the reader's own
const TICK_MS = 1000; // ages and countdowns
const SETTLED_MS = 300; // while a part of the chart is looked for, the address waits

const home = Intl.DateTimeFormat().resolvedOptions().timeZone;
const reader = { locale: navigator.language, zone: recall(ZONE) ?? home, hidden: recall(AMOUNTS) === "hidden" };
const store = hold(beginning(choices(location.search, recall(MEMORY))));
const ask = keepFresh(store);
const refresh = () => ask({});

/** @param {Partial<import("./types.js").Choices>} change */
function choose(change) {
  const chosen = { choices: { ...store.get().choices, ...change }, uncompared: null };
  if (change.view === undefined && change.zoom === undefined) ask(chosen);
  else store.set(chosen);
}

/** @param {import("./types.js").Range} range */
function chooseRange(range) {
  ask({ choices: { ...store.get().choices, range, zoom: null }, uncompared: null });
}

let kept = query(store.get().choices);
/** @type {ReturnType<typeof setTimeout>|undefined} */
let writing;
store.watch(({ choices }) => {
  const asked = query(choices);
  if (asked === kept) return;
  kept = asked;
  const lasting = query({ ...choices, zoom: null });
  clearTimeout(writing);
  if (asked === lasting) history.replaceState(null, "", asked);
  else writing = setTimeout(() => history.replaceState(null, "", asked), SETTLED_MS);
  remember(MEMORY, lasting);
});

/** @param {HTMLElement} anchor */
function compare(anchor) {
  return late(() => import("./views/compare.js"), ({ openCompare }) => {
    const { choices, history: shown } = store.get();
    openCompare(reader, { benchmark: choices.benchmark, inception: shown?.inception ?? null }, anchor, (benchmark) => choose({ benchmark }));
  });
}

/** @param {HTMLElement} anchor */
function save(anchor) {
  return late(() => import("./views/save.js"), ({ openSave }) =>
    answer && openSave(reader, store.get(), { sentence: answer.pieces, chart: chart.picture() }, anchor));
}

function shortcuts() {
  return late(() => import("./views/shortcuts.js"), ({ openShortcuts }) => openShortcuts(byId("menu-button"), recall(KEYS) !== "off", useKeys));
}

const useKeys = (/** @type {boolean} */ on) => remember(KEYS, on ? "on" : "off");

/** @param {boolean} isUtc */
function useZone(isUtc) {
  remember(ZONE, isUtc ? "UTC" : null);
  reader.zone = isUtc ? "UTC" : home;
  draw();
}

/** @type {import("./types.js").Deeds["settings"]} */
function settings(anchor, place) {
  return late(() => import("./views/settings.js"), ({ openSettings }) => openSettings({ reader, store, deeds }, anchor, place));
}

function toggleAmounts() {
  reader.hidden = !reader.hidden;
  remember(AMOUNTS, reader.hidden ? "hidden" : "shown");
  byId("live").textContent = reader.hidden ? "Amounts are hidden" : "Amounts are shown";
  draw();
}

const toggleTable = () => late(() => import("./views/table.js"), () => store.set({ table: !store.get().table }));
/** @type {import("./types.js").Deeds} */
const deeds = { choose, chooseRange, compare, save, toggleTable, toggleAmounts, refresh, shortcuts, leave, useKeys, useZone, settings };
const chart = makeChart({
  range: (range) => chooseRange(/** @type {import("./types.js").Range} */ (range)),
  view: (view) => choose({ view }),
  table: toggleTable,
  compare,
  save,
  zoom: (zoom) => choose({ zoom }),
  near: lookCloser,
}, (id) => accountName(store.get(), id));
const menu = byId("menu-button");
menu.append(icon("more", "below-wide"), icon("sun", "wide-only when-light"), icon("moon", "wide-only when-dark"));
paintBar();
menu.addEventListener("click", () => late(() => import("./views/menu.js"), ({ openMenu }) => openMenu(reader, store.get(), deeds)));
byId("eye-button").addEventListener("click", toggleAmounts);
const sliders = byId("settings-button");
sliders.append(icon("settings"));
sliders.addEventListener("click", () => settings(sliders));

/** @type {Promise<void>|null} */
let looking = null;
/** @param {typeof quietly} fetch */
function lookCloser(fetch) {
  return (looking ??= fetch(() => import("./look.js")).then((look) => {
    if (!look) {
      looking = null;
      return;
    }
    chart.look(look);
    look.askCloser(store);
    draw();
  }));
}

/** @type {typeof import("./shortcuts.js")|null} */
let keys = null;
addEventListener("keydown", async (event) => {
  if (event.defaultPrevented || recall(KEYS) === "off" || document.querySelector("dialog[open]")) return;
  if (!keys) keys = await (isLetter(event) ? aloud : quietly)(() => import("./shortcuts.js")); // with the first key; every other one is acted on before anything else happens
  keys?.press(event, reader, store, deeds);
});

/** @param {KeyboardEvent} event @returns {boolean} whether it may be a key of the page, rather than one that moves about or writes */
function isLetter({ key, ctrlKey, metaKey, altKey, target }) {
  return key.trim().length === 1 && !(ctrlKey || metaKey || altKey) && !(target instanceof Element && target.matches("input, select, textarea, #plot"));
}

/** @param {HTMLElement} anchor @param {{account: string, at: string}} [shown] a partial one; else the newest whole one */
function openSnapshot(anchor, shown) {
  return late(() => import("./views/snapshot.js"), (snapshots) => {
    if (shown) snapshots.openPartial(reader, store.get, anchor, shown);
    else snapshots.openSnapshot(reader, store.get, anchor);
  });
}

const acts = {
  retry: refresh,
  settings,
  check: (/** @type {string} */ account) => late(() => import("./views/checkagain.js"), async ({ checkAgain }) => {
    await checkAgain(account);
    refresh();
  }),
  compare,
  snapshot: openSnapshot,
  section: (/** @type {string} */ id) => late(() => import("./views/section.js"), ({ openSection }) => openSection(id)),
  explain(/** @type {string} */ name, /** @type {HTMLElement} */ anchor) {
    if (name === "nav") return openSnapshot(anchor);
    if (name === "pnl_since_inception") return acts.section("changes");
    return late(() => import("./views/statistics.js"), ({ explain }) => {
      explain(name === "twr_24h" ? "twr" : name);
      return acts.section("statistics");
    });
  },
  async logIn(/** @type {string} */ password) {
    const refused = await logIn(password);
    if (refused === null) refresh();
    return refused;
  },
  enter: () => late(() => import("./session.js"), async ({ openLogIn }) => {
    if (await openLogIn(byId("menu-button"))) refresh();
  }),
  open(/** @type {string} */ token) {
    useToken(token);
    refresh();
  },
};

/** @type {{account: string|null, benchmark: string|null, brief: string|null}} */
const said = { account: null, benchmark: null, brief: null };
/** @type {{asked: boolean, draw: typeof import("./sections.js").drawSections|null}} */
const below = { asked: false, draw: null };

let hasDemoBar = false;
let wasExpired = false;
/** @type {import("./page.js").Answer|null} */
let answer = null;

function draw() {
  const state = store.get();
  if (isExpired(state) && !wasExpired && state.accounts?.role === "owner") void acts.enter();
  wasExpired = isExpired(state);
  drawStrips(reader, state);
  byId("footnote").textContent = `All times ${zoneName(reader, Date.now() / 1000)}. 1 USDT counts as 1 USD. Figures come from complete snapshots only.`;
  if (!hasDemoBar && state.demo && !state.failure) void fetchDemoBar();
  if (state.choices.zoom && !state.failure) void lookCloser(quietly);
  drawAccounts(reader, state, (account) => choose({ account }), settings);
  answer = drawPage(reader, state, hasToken(), acts, chart);
  const brief = answer?.brief ?? null;
  byId("eye-button").setAttribute("aria-pressed", String(reader.hidden));
  redraw(byId("eye-button"), reader.hidden, () => [icon(reader.hidden ? "eye-off" : "eye")]);
  const account = state.shown?.account ?? chosen(state);
  const benchmark = state.shown?.benchmark ?? null;
  const name = accountName(state, account);
  document.title = [brief, name, "Portfolio Monitor"].filter(Boolean).join(" · ");
  const isSame = said.account === account && said.benchmark === benchmark;
  if (brief && said.brief && isSame && said.brief !== brief) byId("live").textContent = `New snapshot: ${brief}`;
  Object.assign(said, { account, benchmark, brief });
  below.draw?.(reader, state, refresh);
  if (!below.asked && state.history && !state.failure) fetchBelow();
}

/** @param {boolean} everywhere */
function leave(everywhere) {
  return late(() => import("./session.js"), (session) => session.leave(everywhere));
}

/** @param {string} password */
async function logIn(password) {
  const session = await quietly(() => import("./session.js"));
  return session ? session.logIn(password) : lateWords(); // said beside the password
}

/** What stands below the chart is fetched when the chart is there. */
function fetchBelow() {
  below.asked = true;
  setTimeout(async () => {
    const sections = await quietly(() => import("./sections.js"));
    below.asked = sections !== null;
    if (!sections) return;
    await sections.styled;
    below.draw = sections.drawSections;
    draw();
    (await quietly(() => import("./views/print.js")))?.readyForPrint(reader, chart);
  });
}

/** The demo's tools come in a demo only. */
async function fetchDemoBar() {
  hasDemoBar = true;
  const bar = await quietly(() => import("./views/demobar.js"));
  hasDemoBar = bar !== null;
  bar?.showDemoBar(reader, store, refresh);
}

store.watch(draw);
setInterval(draw, TICK_MS);
refresh();
