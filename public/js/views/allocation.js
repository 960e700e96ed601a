/** The allocation: one bar, and a table whose rows open to what they are made of. */

import { allocation } from "../allocation.js";
import { foreign, h, icon, redraw } from "./dom.js";
import { segments } from "./segments.js";

/** @typedef {import("../allocation.js").Row} Row */
/** @typedef {import("../allocation.js").By} By */

/** @type {{by: By, open: Set<string>, colours: Map<string, Map<string, number>>}} */
const own = { by: "asset", open: new Set(), colours: new Map() };
/** @param {import("../below.js").Below} below @param {HTMLElement} body */
export function draw(below, body) {
  const { reader, holdings: { answer }, nameOf } = below;
  if (!answer) return;
  const whose = `${answer.account} ${own.by}`;
  const found = allocation(reader, answer, own.by, own.colours.get(whose) ?? new Map(), nameOf);
  own.colours.set(whose, found.colours);
  const choose = (/** @type {string} */ by) => {
    own.by = by === "wallet" ? "wallet" : "asset";
    below.redraw();
  };
  redraw(body, [own.by, found.rows, found.bar, found.total], () => found.rows.length === 0 ? [h("p", {}, "Nothing is held.")] : [
    segments("Allocation by", [{ id: "asset", label: "Asset" }, { id: "wallet", label: "Wallet" }], own.by, choose),
    bar(found.bar),
    h("table", { class: "part-table" },
      h("caption", { class: "visually-hidden" }, `Allocation by ${own.by}`),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, own.by === "asset" ? "Asset" : "Wallet"),
        own.by === "asset" && h("th", { scope: "col", class: "from-tablet" }, "Quantity"), h("th", { scope: "col" }, "Value"), h("th", { scope: "col" }, "Share"))),
      ...found.rows.map((row) => both(row, own.by === "asset")),
      h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, "Total"), own.by === "asset" && h("td", { class: "from-tablet" }),
        h("td", { class: "number" }, found.total), h("td", { class: "number" }, "100\u202f%")))),
  ]);
}

/** @param {{colour: number, size: number}[]} parts */
function bar(parts) {
  return h("div", { class: "part-bar", "aria-hidden": "true" }, ...parts.map(({ colour, size }) => {
    const piece = h("span", { class: `part-piece series-${colour}` });
    piece.style.setProperty("--size", String(size));
    return piece;
  }));
}

/**
 * @param {Row} row
 * @param {boolean} hasQuantity
 * @returns {HTMLElement} the row and, in the same group, what it is made of
 */
function both({ id, name, note, quantity, value, share, colour, lines }, hasQuantity) {
  const key = `${own.by} ${id}`;
  const panel = h("tr", { class: "part-panel" }, h("td", { colspan: hasQuantity ? "4" : "3" }, h("ul", { class: "part-lines" }, ...lines.map(made))));
  const show = (/** @type {boolean} */ isOpen) => {
    panel.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  };
  const button = h("button", {
    type: "button", class: "part-name", "data-key": id, onclick: () => {
      const isOpen = panel.hasAttribute("hidden");
      if (isOpen) own.open.add(key);
      else own.open.delete(key);
      show(isOpen);
    },
  }, h("span", { class: colour === null ? "part-swatch" : `part-swatch series-${colour}` }), h("span", { class: "part-words" }, foreign(name), note && h("span", { class: "part-note" }, note)), icon("chevron-down", "icon-small part-sign"));
  show(own.open.has(key));
  const known = value === "not counted" ? "is-unknown" : "number";
  return h("tbody", {}, h("tr", {}, h("th", { scope: "row" }, button), hasQuantity && h("td", { class: "number from-tablet" }, quantity),
    h("td", { class: known }, value), h("td", { class: "number" }, share)), panel);
}

/** @param {import("../allocation.js").Line} line */
export function made({ name, sum, value, note }) {
  return h("li", { class: "part-line" }, h("span", { class: "part-where" }, foreign(name)), h("span", { class: "part-sum" }, foreign(sum)), h("span", { class: "part-value" }, value),
    note && h("span", { class: "part-note" }, note));
}
