/** The account switch: tabs while they fit, else a button that opens the list. */

import { late } from "../late.js";
import { chosen } from "../state.js";
import { short } from "../words.js";
import { byId, foreign, h, icon, redraw } from "./dom.js";
import { segments } from "./segments.js";

/** @typedef {import("../state.js").State} State */

const MOST_TABS = 4;

/** @type {import("../types.js").Account[]} */
let newest = []; // the button outlives the figures it was drawn with

/**
 * @param {import("../types.js").Reader} reader
 * @param {State} state
 * @param {(id: string) => void} choose
 * @param {import("../types.js").Deeds["settings"]} settings
 */
export function drawAccounts(reader, state, choose, settings) {
  const accounts = state.accounts?.accounts ?? [];
  const here = chosen(state);
  newest = accounts;
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
      onclick: () => late(() => import("./accountlist.js"), ({ openAccounts }) =>
        openAccounts(reader, newest, here, button, choose, () => settings(button, { page: "add" }))),
    }, h("span", { class: "visually-hidden" }, "Account: "), foreign(short(name)), icon("chevron-down", "icon-small"));
    if (accounts.length <= MOST_TABS) button.classList.add("below-wide");
    return accounts.length <= MOST_TABS ? [tabs, button] : [button];
  });
}
