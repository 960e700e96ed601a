/** The account switch: tabs while they fit, else a button that opens the list. */

import { sum } from "../decimal.js";
import { ago, epoch } from "../dates.js";
import { headlineMoney, headlinePercent, money } from "../format.js";
import { now } from "../api.js";
import { chosen } from "../state.js";
import { plural, short } from "../words.js";
import { byId, foreign, h, icon, redraw } from "./dom.js";
import { segments } from "./segments.js";
import { openSheet } from "./sheet.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../types.js").Account} Account */

const MOST_TABS = 4;

/**
 * @param {import("../types.js").Reader} reader
 * @param {State} state
 * @param {(id: string) => void} choose
 */
export function drawAccounts(reader, state, choose) {
  const accounts = state.accounts?.accounts ?? [];
  const here = chosen(state);
  redraw(byId("accounts"), [accounts.map(({ id, name }) => [id, name]), here], () => {
    if (accounts.length === 0) return [];
    const options = [
      ...(accounts.length > 1 ? [{ id: "all", name: "All" }] : []),
      ...accounts.map(({ id, name }) => ({ id, name })),
    ];
    const name = options.find(({ id }) => id === here)?.name ?? "";
    const tabs = segments("Account", options.map(({ id, name }) => ({
      id, label: foreign(short(name)), ...(short(name) === name ? {} : { title: name }),
    })), here, choose);
    tabs.classList.add("tabs");
    const button = h("button", {
      type: "button", class: "account-button", "aria-haspopup": "dialog", "aria-expanded": "false", "data-key": "button",
      onclick: () => openSheet("Account", button, (close) => list(reader, accounts, here, (id) => {
        close();
        choose(id);
      })),
    }, h("span", { class: "visually-hidden" }, "Account: "), foreign(short(name)), icon("chevron-down", "icon-small"));
    if (accounts.length <= MOST_TABS) button.classList.add("below-wide");
    return accounts.length <= MOST_TABS ? [tabs, button] : [button];
  });
}

/**
 * @param {import("../types.js").Reader} reader
 * @param {Account[]} accounts
 * @param {string|null} here
 * @param {(id: string) => void} choose
 * @returns {HTMLElement[]}
 */
function list(reader, accounts, here, choose) {
  const row = (/** @type {string} */ id, /** @type {string} */ name, /** @type {Node[]} */ cells) =>
    h("li", {}, h("button", {
      type: "button", class: "account-row", "aria-current": id === here ? "true" : "false", onclick: () => choose(id),
    }, h("span", { class: "account-tick" }, id === here && icon("check")), h("span", { class: "account-name" }, foreign(name)), ...cells));
  const rows = accounts.map((account) => row(account.id, account.name, [
    h("span", { class: account.status.code === "needs_attention" ? "account-state is-error" : "account-state" }, condition(account)),
    h("span", { class: "account-value number" }, account.latest ? money(reader, account.latest.nav) : "not yet"),
    h("span", { class: "account-lead number" }, lead(reader, account)),
  ]));
  if (accounts.length > 1) {
    const values = accounts.flatMap(({ latest }) => (latest ? [latest.nav] : []));
    rows.unshift(row("all", "All", [
      h("span", { class: "account-state" }, `${accounts.length} accounts`),
      h("span", { class: "account-value number" }, values.length ? money(reader, sum(values)) : "not yet"),
      h("span", { class: "account-lead number" }, total(reader, accounts)),
    ]));
  }
  return [h("ul", { class: "account-list" }, ...rows)];
}

/** @param {Account} account */
function condition({ state, status, latest, last_try }) {
  if (state !== "active") return state;
  if (status.code === "needs_attention") return "needs attention";
  if (!latest) return "no snapshot yet";
  const isTorn = last_try && !last_try.complete && epoch(last_try.at) > epoch(latest.at);
  return isTorn ? "newest is partial" : `complete, ${ago(now() - epoch(latest.at))}`;
}

/**
 * @param {import("../types.js").Reader} reader
 * @param {Account} account
 */
function lead(reader, { active_return }) {
  if (active_return === null) return "";
  if (Math.abs(active_return) < 0.00005) return "level";
  return `${headlinePercent(reader, active_return)} ${active_return > 0 ? "ahead" : "behind"}`;
}

/**
 * @param {import("../types.js").Reader} reader
 * @param {Account[]} accounts
 */
function total(reader, accounts) {
  const known = accounts.flatMap(({ difference }) => (difference === null ? [] : [difference]));
  if (known.length === 0) return "";
  const difference = sum(known);
  return `${headlineMoney(reader, difference)} ${difference.startsWith("-") ? "behind" : "ahead"}${
    known.length < accounts.length ? `, ${known.length} ${plural(known.length, "account")}` : ""}`;
}
