/** Settings: accounts, display, links, this installation. Fetched when they are opened, with the forms they lead to. */

import { now } from "../api.js";
import { clockAndZone, epoch } from "../dates.js";
import { aloud } from "../late.js";
import { recall } from "../storage.js";
import { accountPage } from "./accountpages.js";
import { foreign, h, icon } from "./dom.js";
import { addPage, helpPage, newKeyPage } from "./keypages.js";
import { openPages } from "./pages.js";
import { segments } from "./segments.js";
import { condition, part, row } from "./settingsrows.js";
import { sharingPage } from "./sharing.js";
import { styles } from "./styles.js";
import { theme, useTheme } from "./theme.js";

/** @typedef {import("../types.js").Account} Account */
/** @typedef {import("./pages.js").Page} Page */
/** @typedef {import("./pages.js").Pages} Pages */
/**
 * @typedef {object} House  the page below, for whom a dialog works
 * @property {import("../types.js").Reader} reader
 * @property {{get: () => import("../state.js").State, watch: (listener: (state: import("../state.js").State) => void) => void}} store
 * @property {import("../types.js").Deeds} deeds
 */

const HEALTH = { ok: "Working", degraded: "Late: the newest snapshot is older than two runs", down: "Down: the database does not answer" };

/** @type {Pages|null} */
let open = null;

/**
 * @param {House} house
 * @param {HTMLElement} anchor
 * @param {import("../types.js").Place} [place] where to go at once
 */
export async function openSettings(house, anchor, place) {
  if (!followed) house.store.watch(() => open?.isOpen() && open.draw());
  followed = true;
  await Promise.all(["sections", "flows", "settings"].map(styles));
  if (place && place.page !== "help" && !(await mayChange(house, anchor))) return;
  open = openPages(anchor, place ? placed(house, place) : rootPage(house));
}

let followed = false;

/** @param {House} house @param {import("../types.js").Place} place @returns {Page} */
function placed(house, { page, account: id }) {
  if (page === "help") return helpPage();
  const account = page === "key" ? house.store.get().accounts?.accounts.find((one) => one.id === id) : undefined;
  return account ? newKeyPage(house, account) : addPage(house);
}

/** @param {House} house @param {HTMLElement} anchor @returns {Promise<boolean>} whether who looks may change things, once it was asked who it is */
export async function mayChange(house, anchor) {
  const { accounts, health } = house.store.get();
  if (isOwner(house)) return true;
  if (accounts && health?.log_in === "password") {
    const session = await aloud(() => import("../session.js"));
    const isIn = session !== null && await session.openLogIn(anchor, "Log in to change accounts and links.");
    if (isIn) house.deeds.refresh();
    return isIn;
  }
  openPages(anchor, { title: "Only the owner changes this", build: closedDoor });
  return false;
}

function closedDoor() {
  return [
    h("p", { class: "prose" }, "This installation has no password, so nobody can log in. Set one of at least 10 characters and start again, or use ./monitor:"),
    h("p", { class: "command" }, h("code", {}, "DASHBOARD_PASSWORD")),
  ];
}

/** @param {House} house */
function isOwner({ store }) {
  const role = store.get().accounts?.role;
  return role === "owner" || role === "demo";
}

/** @param {House} house @returns {Page} */
function rootPage(house) {
  const value = () => {
    const { accounts, health } = house.store.get();
    return [accounts?.role, accounts?.accounts.map(({ id, name, state, status, next_slot }) => [id, name, state, status.code, next_slot]), health,
      theme(), house.reader.hidden, house.reader.zone];
  };
  return {
    title: "Settings", value,
    build: (pages) => [
      part("Accounts", isOwner(house) ? accountRows(house, pages) : [askIn(house, pages)]),
      part("Display", display(house, pages)),
      isOwner(house) && part("Sharing", [row("share", ["Links that show percent"], () => pages.go(sharingPage(house)))]),
      part("This installation", installation(house)),
    ],
  };
}

/** @param {House} house @param {Pages} pages */
function accountRows(house, pages) {
  const accounts = house.store.get().accounts?.accounts ?? [];
  return [
    ...accounts.map((account) => row(`account-${account.id}`, [foreign(account.name), h("span", { class: condition(account).isBad ? "settings-about is-error" : "settings-about" }, condition(account).words)],
      () => pages.go(accountPage(house, account.id)))),
    h("p", { class: "actions" }, h("button", { type: "button", class: "button", "data-key": "add", onclick: () => pages.go(addPage(house)) }, icon("plus"), "Add account")),
  ];
}

/** @param {House} house @param {Pages} pages */
function askIn(house, pages) {
  const { accounts, health } = house.store.get();
  if (!accounts || health?.log_in !== "password") return h("p", { class: "prose" }, accounts ? "You may look. Without DASHBOARD_PASSWORD nobody can log in to change accounts and links." : "Log in first.");
  const button = h("button", { type: "button", class: "button", "data-key": "enter", onclick: () => void mayChange(house, button).then(pages.draw) }, "Log in");
  return h("div", {}, h("p", { class: "prose" }, "You may look. Log in to change accounts and links."), h("p", { class: "actions" }, button));
}

/** @param {House} house @param {Pages} pages */
function display({ reader, deeds }, pages) {
  const choice = (/** @type {string} */ name, /** @type {[string, string][]} */ options, /** @type {string} */ chosen, /** @type {(id: string) => void} */ use) =>
    h("div", { class: "settings-choice" }, h("span", {}, name), segments(name, options.map(([id, label]) => ({ id, label })), chosen, (id) => {
      use(id);
      pages.draw();
    }));
  const home = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", "data-key": "keys", checked: recall("keys") !== "off", onchange: () => deeds.useKeys(box.checked) }));
  return [
    choice("Theme", [["light", "Light"], ["dark", "Dark"], ["system", "System"]], theme(), useTheme),
    home === "UTC" ? null : choice("Time zone", [["own", home.split("/").at(-1)?.replaceAll("_", " ") ?? home], ["UTC", "UTC"]], reader.zone === "UTC" ? "UTC" : "own", (id) => deeds.useZone(id === "UTC")),
    choice("Amounts", [["shown", "Shown"], ["hidden", "Hidden"]], reader.hidden ? "hidden" : "shown", (id) => void ((id === "hidden") !== Boolean(reader.hidden) && deeds.toggleAmounts())),
    h("label", { class: "settings-choice" }, h("span", {}, "Single keys work outside of fields"), box),
  ];
}

/** @param {House} house */
function installation({ reader, store, deeds }) {
  const { accounts, health } = store.get();
  const next = accounts?.accounts.filter(({ state }) => state === "active").map(({ next_slot }) => epoch(next_slot)).sort((a, b) => a - b)[0];
  const facts = [
    ["Version", health?.version ?? "not known"],
    ["Health", HEALTH[/** @type {keyof typeof HEALTH} */ (health?.status)] ?? "not known"],
    ["Next run", next === undefined ? "none: no account is collected" : `at about ${clockAndZone(reader, next, now())}, ${every(accounts?.slot_minutes ?? 60)}`],
    ...(health?.demo ? [["Data", "a demo: invented accounts on an imitation of Binance"]] : []),
  ];
  const out = (/** @type {string} */ words, /** @type {boolean} */ everywhere) =>
    h("button", { type: "button", class: "button", "data-key": words, onclick: () => deeds.leave(everywhere) }, words);
  const role = accounts?.role;
  return [
    h("dl", { class: "settings-facts" }, ...facts.map(([name = "", words = ""]) => h("div", {}, h("dt", {}, name), h("dd", {}, words)))),
    (role === "owner" || role === "viewer") && h("p", { class: "actions" }, out("Log out", false), role === "owner" && out("Log out everywhere", true)),
  ];
}

/** @param {number} minutes */
function every(minutes) {
  if (minutes === 60) return "every hour";
  return minutes === 1 ? "every minute" : `every ${minutes} minutes`;
}
