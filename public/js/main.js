/** Wires the page: what was chosen, what the server says, what is drawn. */

import { hasToken, useToken } from "./api.js";
import { zoneName } from "./dates.js";
import { accountName, drawPage } from "./page.js";
import { keepFresh } from "./refresh.js";
import { beginning, choices, chosen, hold, isExpired, page, query } from "./state.js";
import { recall, remember } from "./storage.js";
import { drawAccounts } from "./views/accounts.js";
import { makeChart } from "./views/chart.js";
import { byId } from "./views/dom.js";
import { initMenu } from "./views/menu.js";
import { drawStrips } from "./views/strips.js";
import { benchmarkName } from "./words.js";

const MEMORY = "choices";
const TICK_MS = 1000; // ages and countdowns

const reader = { locale: navigator.language, zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
const store = hold(beginning(choices(location.search, recall(MEMORY))));
const refresh = keepFresh(store);

/** @param {Partial<import("./types.js").Choices>} change */
function choose(change) {
  store.set({ choices: { ...store.get().choices, ...change }, uncompared: null });
  if (change.view === undefined) refresh();
}

let kept = query(store.get().choices);
store.watch(({ choices }) => {
  const chosen = query(choices);
  if (chosen === kept) return;
  kept = chosen;
  history.replaceState(null, "", chosen);
  remember(MEMORY, chosen);
});

/** @param {HTMLElement} anchor */
async function compare(anchor) {
  const { openCompare } = await import("./views/compare.js");
  const { choices, history: shown } = store.get();
  openCompare(reader, { benchmark: choices.benchmark, inception: shown?.inception ?? null }, anchor, (benchmark) => choose({ benchmark }));
}

const toggleTable = () => store.set({ table: !store.get().table });
const chart = makeChart({
  range: (range) => choose({ range: /** @type {import("./types.js").Range} */ (range) }),
  view: (view) => choose({ view }),
  table: toggleTable,
  compare,
}, (id) => accountName(store.get(), id));
initMenu({
  tableShown: () => (page(store.get()) === "figures" ? store.get().table : null),
  toggleTable,
  comparedWith() {
    const { history } = store.get();
    return history ? benchmarkName(reader, history).short : "";
  },
  compare,
}, { role: () => store.get().accounts?.role ?? null, leave: (everywhere) => void leave(everywhere) });

/** @param {HTMLElement} anchor */
async function openSnapshot(anchor) {
  const { openSnapshot: open } = await import("./views/snapshot.js");
  open(reader, store.get, anchor);
}

const acts = {
  retry: refresh,
  compare,
  snapshot: openSnapshot,
  async logIn(/** @type {string} */ password) {
    const refused = await logIn(password);
    if (refused === null) refresh();
    return refused;
  },
  async enter() {
    const { openLogIn } = await import("./session.js");
    openLogIn(byId("menu-button"), refresh);
  },
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

function draw() {
  const state = store.get();
  if (isExpired(state) && !wasExpired && state.accounts?.role === "owner") void acts.enter();
  wasExpired = isExpired(state);
  drawStrips(reader, state);
  if (!hasDemoBar && state.demo) void fetchDemoBar();
  drawAccounts(reader, state, (account) => choose({ account }));
  const brief = drawPage(reader, state, hasToken(), acts, chart);
  const account = state.shown?.account ?? chosen(state);
  const benchmark = state.shown?.benchmark ?? null;
  const name = accountName(state, account);
  document.title = [brief, name, "Portfolio Monitor"].filter(Boolean).join(" · ");
  const isSame = said.account === account && said.benchmark === benchmark;
  if (brief && said.brief && isSame && said.brief !== brief) byId("live").textContent = `New snapshot: ${brief}`;
  Object.assign(said, { account, benchmark, brief });
  below.draw?.(reader, state, refresh);
  if (!below.asked && state.history) fetchBelow();
}

/** @param {boolean} everywhere */
async function leave(everywhere) {
  const session = await import("./session.js");
  await session.leave(everywhere);
}

/** @param {string} password */
async function logIn(password) {
  const session = await import("./session.js");
  return session.logIn(password);
}

/** What stands below the chart is fetched when the chart is there. */
function fetchBelow() {
  below.asked = true;
  setTimeout(async () => {
    const { drawSections, styled } = await import("./sections.js");
    await styled;
    below.draw = drawSections;
    draw();
  });
}

/** The demo's tools come in a demo only. */
async function fetchDemoBar() {
  hasDemoBar = true;
  const { showDemoBar } = await import("./views/demobar.js");
  showDemoBar(reader, store, refresh);
}

byId("footnote").textContent = `All times ${zoneName(reader, Date.now() / 1000)}. 1 USDT counts as 1 USD. Figures come from complete snapshots only.`;
store.watch(draw);
setInterval(draw, TICK_MS);
refresh();
