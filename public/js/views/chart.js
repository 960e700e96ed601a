/** The chart and its frame: canvas, what is read from it, what of the range it shows, views, key and ranges. */

import { now } from "../api.js";
import { dayMonth, epoch } from "../dates.js";
import { quantity, signedMoney } from "../format.js";
import { quietly } from "../late.js";
import { plot } from "../plot/plot.js";
import { scene as staged } from "../plot/scene.js";
import { nearest } from "../series.js";
import { hasAmounts, seen, VIEWS } from "../viewtable.js";
import { benchmarkName } from "../words.js";
import { byId, h, icon, redraw } from "./dom.js";
import { drive } from "./drive.js";
import { drawHole, drawLegend, drawReading, holeWords, markWords, spoken } from "./readout.js";
import { segments } from "./segments.js";

/** @typedef {import("../types.js").Reader} Reader */
/** @typedef {import("../types.js").History} History */
/** @typedef {import("../plot/scene.js").Scene} Scene */
/** @typedef {import("../shapes.js").View} View */
/** @typedef {import("../shapes.js").Choose} Choose */
/** @typedef {{views: readonly View[], whole: boolean}} Offers  `whole`: one range, one benchmark */
/** @typedef {{scene: Scene, canvas: HTMLCanvasElement}} Picture  what the chart shows right now */

const RANGES = /** @type {const} */ ([["24h", "24h"], ["7d", "7d"], ["30d", "30d"], ["90d", "90d"], ["1y", "1y"], ["all", "All"]]);
const OFF = "Off while amounts are hidden";

/**
 * @param {Choose} choose
 * @param {(account: string) => string} nameOf
 * @param {Offers} [offers] what the reader may choose from
 */
export function makeChart(choose, nameOf, offers = { views: VIEWS, whole: false }) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { "aria-hidden": "true" }));
  const slider = h("div", {
    id: "plot", role: "slider", tabindex: "0", "aria-label": "Chart. The arrow keys read one snapshot after another.",
    "aria-orientation": "horizontal", "aria-valuemin": "0",
  }, canvas);
  const tag = h("p", { id: "mark-tag", hidden: true });
  const table = h("div", { id: "table", hidden: true, tabindex: "0", role: "region", "aria-label": "The chart as a table" });
  const alone = h("p", { id: "alone", hidden: true }, "One snapshot so far. A line needs two.");
  byId("plot-box").append(slider, tag, table, alone);
  const veil = h("p", { id: "veil", class: "prose", hidden: true }, "Value and Difference are off while amounts are hidden; Growth is shown instead.");
  byId("chart").append(veil);

  /** @type {import("./drive.js").Own & {drawn: string, waiting: string, reading: number|null}} */
  const own = { plot: null, scene: null, t: [], zoom: null, look: null, held: () => false, drawn: "", waiting: "", reading: null };

  /** @param {number|null} index @param {number|null} [t] the instant pointed at, where it is no snapshot */
  const read = (index, t = null) => {
    if (!own.plot || !own.scene) return;
    own.reading = index === null ? null : own.scene.history.series.t[index] ?? null;
    const hole = t === null ? null : holeWords(own.scene, t, now());
    own.plot.read(hole ? null : index);
    if (index === null) {
      drawLegend(own.scene.view.legend(benchmarkName(own.scene.reader, own.scene.history)), own.waiting);
      slider.removeAttribute("aria-valuetext");
    } else if (hole) drawHole(hole);
    else drawReading(own.scene, index);
    if (index !== null) {
      slider.setAttribute("aria-valuenow", String(index));
      slider.setAttribute("aria-valuetext", spoken(own.scene, index));
    }
  };
  /** @param {import("../marks.js").Mark|null} mark */
  const show = (mark) => {
    tag.hidden = mark === null;
    if (!mark || !own.plot || !own.scene) return;
    const { history, reader } = own.scene;
    tag.textContent = markWords(reader, mark, now(), (event) => eventWords(reader, event, history.account === "all" ? nameOf(event.account) : null));
    const { lane, right } = own.plot.place();
    const half = tag.offsetWidth / 2;
    tag.style.setProperty("--x", `${Math.round(Math.min(Math.max(mark.x, half), Math.max(right - half, half)))}px`);
    tag.style.setProperty("--y", `${Math.round(lane + 13)}px`);
  };
  drive(slider, () => own, { read, show, zoom: choose.zoom, near: choose.near });
  document.documentElement.addEventListener("themechange", () => own.scene && own.plot?.show(own.scene));
  for (const media of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(media).addEventListener("change", () => own.scene && own.plot?.show(own.scene));
  }

  return {
    /** @param {typeof import("../look.js")} look what looks closer, now that it is there */
    look(look) {
      own.look = look;
      own.held = look.gestures(slider, canvas, () => own, choose.zoom);
    },
    /** @param {{width: number, height: number}|null} size on paper; null: as there is room */
    fit: (size) => own.plot?.fit(size),
    /** @returns {Picture|null} null where there is none: the table stands in its place, or there is no line yet */
    picture: () => (slider.hidden || !own.scene ? null : { scene: own.scene, canvas }),
    /**
     * @param {Reader} reader
     * @param {History} all
     * @param {{tail: import("../gaps.js").Stretch|null, table: boolean, range: string, view: string, waiting: string, dim: boolean,
     *   zoom: import("../types.js").Window|null, detail: import("../closer.js").Detail|null}} look
     */
    draw(reader, all, look) {
      const view = seen(offers.views, reader, look.view);
      const names = benchmarkName(reader, all);
      const fine = own.look?.refined(all, look.detail) ?? all;
      const history = own.look?.windowed(fine, look.zoom) ?? fine;
      veil.hidden = !reader.hidden || offers.whole;
      const zoom = history === fine ? null : look.zoom;
      const tail = history.series.t.at(-1) === fine.series.t.at(-1) ? look.tail : null;
      Object.assign(own, { t: fine.series.t, zoom });
      drawHead(reader, view, names, look.table, choose, offers);
      drawFoot(history, view, look.range, { zoom: zoom && (own.look?.windowWords(reader, zoom, now()) ?? null), whole: offers.whole }, choose);
      const isAlone = history.series.t.length < 2;
      alone.hidden = !isAlone;
      const isTable = look.table || !("Chart" in globalThis); // without its library the chart still has its twin
      slider.hidden = isAlone || isTable;
      table.hidden = isAlone || !isTable;
      byId("plot-box").classList.toggle("is-dim", look.dim);
      if (isTable && !isAlone) void quietly(() => import("./table.js")).then((twin) => twin?.drawTable(table, reader, history, view));
      const key = JSON.stringify([history.account, history.series.t, history.series.nav, history.series.benchmark, history.compared, history.gaps, view.id, tail, reader.hidden, reader.zone]);
      if (!slider.hidden && key !== own.drawn) {
        own.scene = staged(reader, history, view, tail);
        if (own.plot) own.plot.show(own.scene);
        else own.plot = plot(canvas, own.scene);
        own.drawn = key;
        slider.setAttribute("aria-valuemax", String(history.series.t.length - 1));
        slider.setAttribute("aria-valuenow", String(history.series.t.length - 1));
        tag.hidden = true;
        read(own.reading === null ? null : nearest(history.series.t, own.reading));
      } else if (look.waiting !== own.waiting || slider.hidden) drawLegend(view.legend(names), look.waiting);
      own.waiting = look.waiting;
    },
  };
}

/**
 * @param {Reader} reader
 * @param {View} view
 * @param {import("../words.js").Names} names
 * @param {boolean} table
 * @param {Choose} choose
 * @param {Offers} offers
 */
function drawHead(reader, view, names, table, choose, { views, whole }) {
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
 * @param {History} history what of it is shown
 * @param {View} view
 * @param {string} range
 * @param {{zoom: string|null, whole: boolean}} part zoom: what of the range is shown, in words; whole: there is one range
 * @param {Choose} choose
 */
function drawFoot({ series, events, gaps, estimated }, { estimates }, range, { zoom, whole }, choose) {
  if (zoom || !whole) drawRanges(zoom, range, choose);
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
function eventWords(reader, { kind, usd, asset, quantity: units, at }, account) {
  const who = account ? ` in ${account}` : "";
  if (kind === "rebalance") return `Rebalance${who}`;
  if (kind === "start") return `Start ${dayMonth(reader, epoch(at))}`;
  const coins = asset && units && asset !== "USDT" && asset !== "USD" ? ` (${quantity(reader, units.replace("-", ""))} ${asset})` : "";
  return `${kind === "deposit" ? "Deposit" : "Withdrawal"} ${signedMoney(reader, usd)}${coins}${who}`;
}
