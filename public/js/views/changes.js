/** What changed the value: a table with a bar in each row, floating from where the row before ended. */

import { now } from "../api.js";
import { changes } from "../changes.js";
import { h, redraw } from "./dom.js";

/** @typedef {import("../changes.js").Row} Row */

/** @param {import("../below.js").Below} below @param {HTMLElement} body */
export function draw({ reader, history: { answer } }, body) {
  const found = changes(reader, answer, now());
  if (found) redraw(body, found, () => [
    h("table", { class: "change-table", role: "table" },
      h("caption", { class: "visually-hidden" }, "What changed the value, part by part"),
      h("thead", { class: "visually-hidden", role: "rowgroup" }, h("tr", { role: "row" }, ...["Part", "Bar", "Amount"].map((head) => h("th", { scope: "col", role: "columnheader" }, head)))),
      h("tbody", { role: "rowgroup" }, end(found.begin), ...found.rows.map((row) => part(row, found.zero)), end(found.end))),
    ...found.notes.map((note) => h("p", { class: "change-note" }, note)),
  ]);
}

/** @param {{name: string, amount: string}} value */
function end({ name, amount }) {
  return h("tr", { class: "change-end", role: "row" }, h("th", { scope: "row", role: "rowheader" }, name),
    h("td", { class: "change-cell", role: "cell" }), h("td", { class: "number", role: "cell" }, amount));
}

/** @param {Row} row @param {number} zero */
function part({ id, name, amount, tone, bar }, zero) {
  const cell = h("td", { class: "change-cell has-zero", role: "cell" });
  cell.style.setProperty("--zero", String(zero));
  if (bar) {
    const drawn = h("span", { class: `change-bar is-${tone}` });
    drawn.style.setProperty("--from", String(bar.from));
    drawn.style.setProperty("--size", String(bar.size));
    cell.append(drawn);
  }
  return h("tr", { class: id === "change" ? "change-total" : "", role: "row" }, h("th", { scope: "row", role: "rowheader" }, name), cell, h("td", { class: "number", role: "cell" }, amount));
}
