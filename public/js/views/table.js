/** The chart's twin: the same values as a table, one row a day, newest first. */

import { date, moment, zoneName } from "../dates.js";
import { benchmarkName } from "../words.js";
import { h, redraw } from "./dom.js";

/**
 * @param {HTMLElement} element
 * @param {import("../types.js").Reader} reader
 * @param {import("../types.js").History} history
 * @param {import("../shapes.js").View} view
 */
export function drawTable(element, reader, history, view) {
  const names = benchmarkName(reader, history);
  const newest = history.series.t.at(-1) ?? 0;
  const heads = [`Day, ${zoneName(reader, newest)}`, ...view.heads(names)];
  const rows = daily(history.series, (t) => date(reader, t)).map((index) =>
    [moment(reader, history.series.t[index] ?? newest, newest), ...view.cells(reader, history, index)]);
  redraw(element, [heads, rows], () => [h("table", {},
    h("caption", {}, `${view.title}: ${names.you.toLowerCase()} and ${names.long}, the last complete snapshot of each day`),
    h("thead", {}, h("tr", {}, ...heads.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...rows.map(([day = "", ...cells]) =>
      h("tr", {}, h("th", { scope: "row" }, day), ...cells.map((cell) => h("td", { class: "number" }, cell))))))]);
}

/**
 * @param {import("../types.js").Series} series
 * @param {(t: number) => string} dayOf
 * @returns {number[]} index of each day's last complete snapshot, newest first
 */
export function daily(series, dayOf) {
  /** @type {Map<string, number>} */
  const last = new Map();
  series.t.forEach((t, index) => {
    if (series.nav[index] !== null) last.set(dayOf(t), index);
  });
  return [...last.values()].reverse();
}
