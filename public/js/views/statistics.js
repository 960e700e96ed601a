/** The statistics: two tables whose rows open to how the figure is computed. */

import { statistics } from "../statistics.js";
import { h, icon, redraw } from "./dom.js";

/** @typedef {import("../statistics.js").Row} Row */

/** @type {Set<string>} */
const open = new Set();

/** @param {import("../below.js").Below} below @param {HTMLElement} body */
export function draw({ reader, history: { answer } }, body) {
  const found = statistics(reader, answer);
  if (found) redraw(body, found, () => [h("div", { class: "stat-tables" }, riskTable(found.bench, found.risk), againstTable(found.bench, found.against))]);
}

/** @param {string} id of a row that is to be open, whether it is drawn yet or not */
export function explain(id) {
  open.add(id);
  /** @type {HTMLElement|null} */ (document.querySelector(`#statistics [data-key="${id}"][aria-expanded="false"]`))?.click();
}

/** @param {string} bench @param {Row[]} rows */
function riskTable(bench, rows) {
  return table("Return and risk", ["You", bench, "You are"], rows, ({ you, bench: other, verdict, tone }) => [
    cell(you), cell(other ?? { text: "", known: true }),
    h("td", { class: `number stat-verdict is-${tone}` }, verdict || h("span", { class: "visually-hidden" }, "not comparable yet")),
  ]);
}

/** @param {string} bench @param {Row[]} rows */
function againstTable(bench, rows) {
  return table(`Against ${bench}`, ["In words", "You"], rows, ({ words, you }) => [h("td", { class: "stat-words from-tablet" }, words), cell(you)]);
}

/** @param {import("../statistics.js").Figure} figure */
function cell({ text, known }) {
  return h("td", { class: known ? "number" : "number is-unknown" }, text);
}

/**
 * @param {string} name
 * @param {string[]} heads
 * @param {Row[]} rows
 * @param {(row: Row) => HTMLElement[]} cells
 */
function table(name, heads, rows, cells) {
  return h("table", { class: `stat-table stat-${heads.length}` },
    h("caption", { class: "visually-hidden" }, name),
    h("thead", {}, h("tr", {}, ...[name, ...heads].map((head) => h("th", { scope: "col", class: head === "In words" ? "from-tablet" : "" }, head)))),
    h("tbody", {}, ...rows.flatMap((row) => both(row, cells(row)))));
}

/**
 * @param {Row} row
 * @param {HTMLElement[]} cells
 * @returns {HTMLElement[]} the row, and below it how it is computed
 */
function both(row, cells) {
  const { id, name, words, bench, how } = row;
  const panel = h("tr", { id: `how-${id}`, class: "how-row" }, h("td", { colspan: String(cells.length + 1) }, h("div", { class: "how" },
    h("p", {}, h("code", {}, how.formula)), how.numbers && h("p", {}, h("code", {}, how.numbers)), h("p", {}, `${how.meaning} ${how.days}`))));
  const show = (/** @type {boolean} */ isOpen) => {
    panel.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  };
  const button = h("button", {
    type: "button", class: "stat-name", "aria-controls": panel.id, "data-key": id, onclick: () => {
      const isOpen = panel.hasAttribute("hidden");
      if (isOpen) open.add(id);
      else open.delete(id);
      show(isOpen);
    },
  }, icon("chevron-down", "icon-small stat-sign"), h("span", {}, name));
  show(open.has(id));
  return [h("tr", {}, h("th", { scope: "row" }, button, words && h("span", { class: bench ? "stat-note" : "stat-note phone-only" }, words)), ...cells), panel];
}
