/** The chart: its canvas, what is read from it, and what of the range it shows. */

import { now } from "../api.js";
import { plot } from "../plot/plot.js";
import { scene as staged } from "../plot/scene.js";
import { nearest } from "../series.js";
import { seen, VIEWS } from "../viewtable.js";
import { benchmarkName } from "../words.js";
import { windowed } from "../zoom.js";
import { byId, h } from "./dom.js";
import { drive } from "./drive.js";
import { drawFoot, drawHead, eventWords } from "./frame.js";
import { drawHole, drawLegend, drawReading, holeWords, markWords, spoken } from "./readout.js";
import { drawTable } from "./table.js";

/** @typedef {import("../types.js").Reader} Reader */
/** @typedef {import("../types.js").History} History */
/** @typedef {import("../plot/scene.js").Scene} Scene */

/** @typedef {{scene: Scene, canvas: HTMLCanvasElement}} Picture  what the chart shows right now */

/**
 * @param {import("./frame.js").Choose} choose
 * @param {(account: string) => string} nameOf
 * @param {import("./frame.js").Offers} [offers] what the reader may choose from
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
  const own = { plot: null, scene: null, t: [], zoom: null, drawn: "", waiting: "", reading: null };

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
  drive(slider, canvas, () => own, { read, show, zoom: choose.zoom });
  document.documentElement.addEventListener("themechange", () => own.scene && own.plot?.show(own.scene));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => own.scene && own.plot?.show(own.scene));

  return {
    /** @returns {Picture|null} null where there is none: the table stands in its place, or there is no line yet */
    picture: () => (slider.hidden || !own.scene ? null : { scene: own.scene, canvas }),
    /**
     * @param {Reader} reader
     * @param {History} whole
     * @param {{tail: import("../gaps.js").Stretch|null, table: boolean, range: string, view: string, waiting: string, dim: boolean,
     *   zoom: import("../types.js").Window|null}} look
     */
    draw(reader, whole, look) {
      const view = seen(offers.views, reader, look.view);
      const names = benchmarkName(reader, whole);
      const history = windowed(whole, look.zoom);
      veil.hidden = !reader.hidden || offers.whole;
      const zoomed = history !== whole;
      const tail = history.series.t.at(-1) === whole.series.t.at(-1) ? look.tail : null;
      Object.assign(own, { t: whole.series.t, zoom: zoomed ? look.zoom : null });
      drawHead(reader, view, names, look.table, choose, offers);
      drawFoot(reader, history, view, look.range, { zoom: zoomed ? look.zoom : null, whole: offers.whole }, choose);
      const isAlone = history.series.t.length < 2;
      alone.hidden = !isAlone;
      const isTable = look.table || !("Chart" in globalThis); // without its library the chart still has its twin
      slider.hidden = isAlone || isTable;
      table.hidden = isAlone || !isTable;
      byId("plot-box").classList.toggle("is-dim", look.dim);
      if (isTable && !isAlone) drawTable(table, reader, history, view);
      const key = JSON.stringify([history.account, history.series.t, history.series.nav, history.series.benchmark, history.compared, history.gaps, view.id, tail, reader.hidden]);
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
