/** Does it add up: the table of wallets, and bars of the difference over the snapshots before. */

import { now } from "../api.js";
import { addsUpTable, comparedWallets, differenceBars } from "../addsup.js";
import { part } from "../words.js";
import { foreign, h, redraw } from "./dom.js";

let wallet = "";

/** @param {import("../below.js").Below} below @param {HTMLElement} body */
export function draw(below, body) {
  const { reader, holdings: { answer } } = below;
  if (!answer) return;
  const names = comparedWallets(answer);
  if (!names.includes(wallet)) wallet = "";
  const table = addsUpTable(reader, answer);
  const { bars, words } = differenceBars(reader, answer, wallet, now());
  redraw(body, [table, names, wallet, bars], () => [
    table && h("table", { class: "part-table check-table" },
      h("caption", { class: "visually-hidden" }, "What each wallet is worth by our count and by Binance’s own"),
      h("thead", {}, h("tr", {}, ...["Wallet", "Ours", "Binance", "Difference"].map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, ...table.rows.map(row)), h("tfoot", {}, row(table.total))),
    bars.length > 1 && h("div", { class: "gap-head" }, h("p", {}, `Difference over the last ${bars.length} snapshots`), chooser(names, below)),
    bars.length > 1 && h("div", { class: "gap-bars", role: "img", "aria-label": `Difference over the last ${bars.length} snapshots, ${words}` }, ...bars.map(bar)),
    bars.length > 1 && h("p", { class: "gap-words" }, words),
  ]);
}

/** @param {import("../addsup.js").Row} row */
function row({ name, ours, theirs, difference }) {
  return h("tr", {}, h("th", { scope: "row" }, foreign(name)), ...[ours, theirs, difference].map((text) => h("td", { class: "number" }, text)));
}

/** @param {string[]} names @param {import("../below.js").Below} below */
function chooser(names, below) {
  const field = /** @type {HTMLSelectElement} */ (h("select", {
    class: "field", "aria-label": "Wallet whose difference is drawn", "data-key": "wallet", onchange: () => {
      wallet = field.value;
      below.redraw();
    },
  }, ...["", ...names].map((value) => h("option", { value, selected: value === wallet }, value === "" ? "All wallets" : part(value)))));
  return field;
}

/** @param {import("../addsup.js").Bar} bar */
function bar({ size, words }) {
  const kind = size === null ? "is-unchecked" : size > 0 ? "is-over" : size < 0 ? "is-under" : "is-even";
  const piece = h("span", { class: `gap-bar ${kind}`, title: words });
  piece.style.setProperty("--size", String(Math.abs(size ?? 1)));
  return piece;
}
