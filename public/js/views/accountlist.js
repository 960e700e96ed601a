/** The list of accounts with how each stands: a sheet, fetched when it is asked for. */

import { now } from "../api.js";
import { ago, epoch } from "../dates.js";
import { round, sign, sum } from "../decimal.js";
import { headlineMoney, headlinePercent, money } from "../format.js";
import { plural } from "../words.js";
import { foreign, h, icon } from "./dom.js";
import { openSheet } from "./sheet.js";

/** @typedef {import("../types.js").Account} Account */

/**
 * @param {import("../types.js").Reader} reader
 * @param {Account[]} accounts
 * @param {string|null} here
 * @param {HTMLElement} button
 * @param {(id: string) => void} choose
 * @param {() => void} add
 */
export function openAccounts(reader, accounts, here, button, choose, add) {
  openSheet("Account", button, (close) => {
    const then = (/** @type {() => void} */ act) => {
      close();
      act();
    };
    return [
      ...list(reader, accounts, here, (id) => then(() => choose(id))),
      h("button", { type: "button", class: "menu-row account-add", onclick: () => then(add) }, icon("plus"), "Add account"),
    ];
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
    const active = accounts.filter(({ state }) => state === "active"); // those that All is made of
    const values = active.flatMap(({ latest }) => (latest ? [latest.nav] : []));
    rows.unshift(row("all", "All", [
      h("span", { class: "account-state" }, `${active.length} ${plural(active.length, "account")}`),
      h("span", { class: "account-value number" }, values.length ? money(reader, sum(values)) : "not yet"),
      h("span", { class: "account-lead number" }, total(reader, active)),
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
function lead(reader, { active_return, difference, latest }) {
  if (active_return === null) return "";
  if (latest && [latest.nav, latest.benchmark, difference ?? "0"].every((usd) => sign(round(usd, 2)) === 0)) return "empty";
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
  const difference = round(sum(known), 2);
  const way = sign(difference);
  return `${way === 0 ? "level" : `${headlineMoney(reader, difference)} ${way < 0 ? "behind" : "ahead"}`}${
    known.length < accounts.length ? `, ${known.length} ${plural(known.length, "account")}` : ""}`;
}
