/** Open positions, as a table that becomes two lines a position on a phone. */

import { positionRows } from "../positions.js";
import { foreign, h, icon, redraw } from "./dom.js";

/** @typedef {import("../positions.js").Row} Row */

/** @param {import("../below.js").Below} below @param {HTMLElement} body */
export function draw({ reader, holdings: { answer }, nameOf }, body) {
  const rows = positionRows(reader, answer?.positions ?? [], nameOf);
  redraw(body, rows, () => rows.length === 0 ? [h("p", {}, "No open positions.")] : [table(rows)]);
}

/** @param {Row[]} rows */
function table(rows) {
  const isTold = rows.some(({ entry }) => entry !== null);
  const heads = ["Position", "Size", ...(isTold ? ["Entry"] : []), "Mark", ...(isTold ? ["Liquidation", "Unrealised"] : [])];
  return h("table", { class: isTold ? "position-table" : "position-table is-untold", role: "table" },
    h("caption", { class: "visually-hidden" }, "Open positions"),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads.map((head) => h("th", { scope: "col", role: "columnheader" }, head)))),
    h("tbody", { role: "rowgroup" }, ...rows.map((row) => position(row, isTold))));
}

/** @param {Row} row @param {boolean} isTold whether the exchange told how positions stand */
function position({ symbol, about, size, value, entry, mark, liquidation, distance, close, unrealised, ratio, tone }, isTold) {
  const cell = (/** @type {string} */ name, /** @type {import("./dom.js").Child[]} */ ...children) => h("td", { role: "cell", class: `position-${name} number` }, ...children);
  const under = (/** @type {string} */ words, /** @type {import("./dom.js").Child[]} */ ...more) => h("span", { class: "position-under" }, ...more, words);
  const named = (/** @type {string} */ words) => h("span", { class: "phone-only" }, `${words} `);
  const unknown = h("span", { class: "is-unknown" }, "not told");
  return h("tr", { role: "row" },
    h("th", { scope: "row", role: "rowheader", class: "position-name" }, foreign(symbol), under(about)),
    cell("size", foreign(size), under(value)),
    isTold && cell("entry", entry ?? unknown.cloneNode(true)),
    cell("mark", named("Mark"), mark),
    isTold && cell("liquidation", h("span", { class: liquidation ? "position-price" : "is-unknown" }, liquidation ?? (entry ? "no liquidation" : "not told")),
      distance && h("span", { class: close ? "position-under is-close" : "position-under" }, close && icon("warn", "icon-small"), close ? `close, ${distance}` : distance)),
    isTold && cell("gain", h("span", { class: `is-${tone}` }, unrealised ?? unknown.cloneNode(true)), ratio && under(ratio)));
}
