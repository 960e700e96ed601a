/** What stands around the plot: views and buttons above it, key and ranges below it. */

import { now } from "../api.js";
import { dayMonth, epoch } from "../dates.js";
import { quantity, signedMoney } from "../format.js";
import { hasAmounts } from "../viewtable.js";
import { windowWords } from "../zoom.js";
import { byId, h, icon, redraw } from "./dom.js";
import { segments } from "./segments.js";

/** @typedef {import("../types.js").Reader} Reader */
/** @typedef {import("../types.js").History} History */
/** @typedef {import("../viewtable.js").View} View */

const RANGES = /** @type {const} */ ([["24h", "24h"], ["7d", "7d"], ["30d", "30d"], ["90d", "90d"], ["1y", "1y"], ["all", "All"]]);
const OFF = "Off while amounts are hidden";

/** @typedef {{views: readonly View[], whole: boolean}} Offers  `whole`: one range, one benchmark */

/**
 * @typedef {object} Choose
 * @property {(id: string) => void} range
 * @property {(id: string) => void} view
 * @property {() => void} table
 * @property {(anchor: HTMLElement) => void} compare
 * @property {(anchor: HTMLElement) => void} save
 * @property {(zoom: import("../types.js").Window|null) => void} zoom
 */

/**
 * @param {Reader} reader
 * @param {View} view
 * @param {import("../words.js").Names} names
 * @param {boolean} table
 * @param {Choose} choose
 * @param {Offers} offers
 */
export function drawHead(reader, view, names, table, choose, { views, whole }) {
  const anchored = (/** @type {(anchor: HTMLElement) => void} */ act) => (/** @type {Event} */ event) => act(/** @type {HTMLElement} */ (event.currentTarget));
  redraw(byId("chart-head"), [view.id, names, table, reader.hidden], () => [
    h("h2", { id: "chart-title", class: "visually-hidden" }, `${view.title}: ${names.you.toLowerCase()} and ${names.long}`),
    segments("View", views.map((one) => ({
      id: one.id, label: one.title, ...(reader.hidden && hasAmounts(one) ? { off: true, title: OFF } : {}),
    })), view.id, choose.view),
    !whole && h("button", {
      type: "button", class: "button from-tablet", "aria-haspopup": "dialog", "data-key": "compare", onclick: anchored(choose.compare),
    }, `Compare with ${names.short}`, icon("chevron-down", "icon-small")),
    h("button", { type: "button", class: "button from-tablet", "aria-pressed": String(table), "data-key": "table", onclick: choose.table },
      icon(table ? "chart" : "table"), table ? "Chart" : "Table"),
    !whole && h("button", {
      type: "button", class: "button from-tablet", "aria-haspopup": "dialog", "data-key": "save", onclick: anchored(choose.save),
    }, icon("save"), "Save"),
  ]);
}

/**
 * @param {Reader} reader
 * @param {History} history what of it is shown
 * @param {View} view
 * @param {string} range
 * @param {{zoom: import("../types.js").Window|null, whole: boolean}} part zoom: what of the range is shown; whole: there is one range
 * @param {Choose} choose
 */
export function drawFoot(reader, { series, events, gaps, estimated }, { estimates }, range, { zoom, whole }, choose) {
  if (zoom || !whole) drawRanges(zoom && windowWords(reader, zoom, now()), range, choose);
  else redraw(byId("ranges"), "", () => []);
  const [from, to] = [series.t[0] ?? 0, zoom ? series.t.at(-1) ?? 0 : Infinity];
  const has = (/** @type {string} */ kind) => events.some(({ kind: own, at }) => own === kind && epoch(at) >= from && epoch(at) <= to);
  const entries = [
    ["estimate", "Estimated", estimates && estimated.t.length > 0, "wide-only"], ["hole", "No data", gaps.length > 0, "wide-only"],
    ["deposit", "Deposit", has("deposit"), ""], ["withdrawal", "Withdrawal", has("withdrawal"), ""], ["rebalance", "Rebalance", has("rebalance"), ""],
  ].filter(([, , shown]) => shown);
  redraw(byId("key"), entries, () => entries.map(([name, words, , extra]) =>
    h("span", { class: `key-entry ${extra}` }, h("span", { class: `key-sign key-${name}`, "aria-hidden": "true" }), String(words))));
}

/**
 * @param {string|null} part what is looked at closer, in words; it stands in the ranges' place
 * @param {string} range
 * @param {Choose} choose
 */
function drawRanges(part, range, choose) {
  redraw(byId("ranges"), [part, range], () => [part === null
    ? segments("Range", RANGES.map(([id, label]) => ({ id, label })), range, choose.range)
    : h("p", { class: "zoomed" }, h("button", {
      type: "button", class: "button zoom-reset", "data-key": "zoom", "aria-label": `${part}. Show the whole range`, onclick: () => choose.zoom(null),
    }, part, icon("close", "icon-small")))]);
}

/**
 * @param {Reader} reader
 * @param {import("../types.js").MarkEvent} event
 * @param {string|null} account named where several are on show
 */
export function eventWords(reader, { kind, usd, asset, quantity: units, at }, account) {
  const who = account ? ` in ${account}` : "";
  if (kind === "rebalance") return `Rebalance${who}`;
  if (kind === "start") return `Start ${dayMonth(reader, epoch(at))}`;
  const coins = asset && units && asset !== "USDT" && asset !== "USD" ? ` (${quantity(reader, units.replace("-", ""))} ${asset})` : "";
  return `${kind === "deposit" ? "Deposit" : "Withdrawal"} ${signedMoney(reader, usd)}${coins}${who}`;
}
