/** Money in and out: the ledger with what is not in it yet, and what its owner may say of it. */

import { now } from "../api.js";
import { dayMonth, epoch, zoneName } from "../dates.js";
import { flowRows, KINDS } from "../flows.js";
import { late } from "../late.js";
import { foreign, h, icon, redraw } from "./dom.js";

/** @typedef {import("../flows.js").Row} Row */
/** @typedef {import("../below.js").Below} Below */

const PAGE = 10;

/** @type {{kind: import("../flows.js").Kind, most: number}} */
const own = { kind: "all", most: PAGE };
const [tools, list] = [h("div", { class: "flow-tools" }), h("div", {})];

/** @param {Below} below @param {HTMLElement} body */
export function draw(below, body) {
  const { reader, state, flows: { answer }, nameOf } = below;
  if (!answer) return;
  redraw(body, "flows", () => [tools, list]);
  const change = state.accounts?.role === "owner" || state.accounts?.role === "demo" ? (/** @type {HTMLElement} */ anchor, /** @type {Row|null} */ row) => void open(below, anchor, row) : null;
  drawTools(tools, below, answer.flows.length + answer.coming.length > 0, change);
  const rows = flowRows(reader, answer, own.kind, now(), nameOf);
  const since = state.history?.inception ?? null;
  const none = own.kind !== "all" ? "Nothing of this kind." : `No money in or out${since === null ? "" : ` since ${dayMonth(reader, epoch(since))}`}.`;
  redraw(list, [rows, own.most, change !== null], () => rows.length === 0 ? [h("p", {}, none)] : [
    table(`When, ${zoneName(reader, now())}`, rows.slice(0, own.most), change),
    rows.length > own.most && h("button", {
      type: "button", class: "button flow-older", "data-key": "older", onclick: () => {
        own.most += PAGE;
        below.redraw();
      },
    }, "Older"),
  ]);
}

/**
 * The dialogs are fetched when somebody wants to change something.
 * @param {Below} below
 * @param {HTMLElement} anchor
 * @param {Row|null} row null: a flow is to be added
 */
function open(below, anchor, row) {
  return late(() => import("./flowdialogs.js"), (dialogs) => {
    if (row) dialogs.openRowMenu(below, anchor, row);
    else dialogs.openAdd(below, anchor);
  });
}

/**
 * @param {HTMLElement} element
 * @param {Below} below
 * @param {boolean} hasAny
 * @param {((anchor: HTMLElement, row: Row|null) => void)|null} change
 */
function drawTools(element, below, hasAny, change) {
  redraw(element, [hasAny, change !== null], () => {
    const add = h("button", { type: "button", class: "button", "data-key": "add", "aria-haspopup": "dialog", onclick: () => change?.(add, null) }, "Add a flow");
    const kinds = /** @type {HTMLSelectElement} */ (h("select", {
      class: "field", "aria-label": "Kind of flow", "data-key": "kind", onchange: () => {
        own.kind = KINDS.find(([kind]) => kind === kinds.value)?.[0] ?? "all";
        own.most = PAGE;
        below.redraw();
      },
    }, ...KINDS.map(([value, words]) => h("option", { value, selected: value === own.kind }, words))));
    return [change && add, hasAny && kinds];
  });
}

/**
 * @param {string} when
 * @param {Row[]} rows
 * @param {((anchor: HTMLElement, row: Row|null) => void)|null} change
 */
function table(when, rows, change) {
  const heads = [when, "Flow", "State", "USD"];
  return h("table", { class: "flow-table", role: "table" },
    h("caption", { class: "visually-hidden" }, "Money in and out, newest first"),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads.map((head) => h("th", { scope: "col", role: "columnheader" }, head)),
      change && h("th", { scope: "col", role: "columnheader" }, h("span", { class: "visually-hidden" }, "Change")))),
    h("tbody", { role: "rowgroup" }, ...rows.map((row) => flow(row, change))));
}

/**
 * @param {Row} row
 * @param {((anchor: HTMLElement, row: Row|null) => void)|null} change
 */
function flow(row, change) {
  const { id, account, when, title, about, badge, usd, known, struck, entry } = row;
  const cell = (/** @type {string} */ name, /** @type {import("./dom.js").Child[]} */ ...children) => h("td", { role: "cell", class: `flow-${name}` }, ...children);
  const more = entry && change && h("button", {
    type: "button", class: "icon-button flow-more", "data-key": `${account} ${id}`, "aria-haspopup": "dialog", "aria-label": `Change ${title} of ${when}`,
    onclick: (/** @type {Event} */ event) => change(/** @type {HTMLElement} */ (event.currentTarget), row),
  }, icon("more"));
  return h("tr", { role: "row", class: struck ? "is-struck" : "" },
    cell("when", when),
    h("th", { role: "rowheader", scope: "row", class: "flow-what" }, h("span", { class: "flow-title" }, foreign(title)), about && h("span", { class: "flow-about" }, foreign(about))),
    cell("state", badge.tone === "plain" ? badge.words : h("span", { class: `chip chip-${badge.tone === "warn" ? "warn" : "plain"}` }, badge.words)),
    cell("usd", h("span", { class: known ? "number" : "number is-unknown" }, usd)),
    change && cell("act", more));
}
