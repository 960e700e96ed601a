/** The chart on its canvas: Chart.js draws the two lines, the layers around them are ours. */

import { marks as placed } from "../marks.js";
import { nearest } from "../series.js";
import { frame as framed } from "./geometry.js";
import { grid, hatch, level, start, tint, words } from "./ground.js";
import { crosshair, deepest, dots, ends, lane } from "./over.js";
import { paint as colours } from "./paint.js";
import { axes as ticks } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("../marks.js").Mark} Mark */
/** @typedef {import("../shapes.js").Drawing} Drawing */
/** @typedef {import("../shapes.js").Chart} Chart */
/** @typedef {import("../shapes.js").Plot} Plot */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Scene} first
 * @returns {Plot}
 */
export function plot(canvas, first) {
  const make = /** @type {{Chart: new (canvas: HTMLCanvasElement, config: object) => Chart}} */ (/** @type {unknown} */ (globalThis)).Chart;
  /** @type {{scene: Scene, index: number|null, marks: Mark[], cover: ((drawing: Drawing) => void)|null}} */
  const now = { scene: first, index: null, marks: [], cover: null };

  /** @param {Chart} chart @returns {Drawing} */
  const drawing = (chart) => {
    const { ctx, chartArea: area, scales } = chart;
    const frame = frameOf(ctx, chart.width, now.scene);
    const x = (/** @type {number} */ t) => scales.x.getPixelForValue(t);
    now.marks = placed(now.scene.history.events, x, area);
    return {
      ctx, area, frame, paint: colours(), scene: now.scene, axes: ticks(now.scene, frame.narrow, frame.lines),
      marks: now.marks, index: now.index, x, y: (value) => scales.y.getPixelForValue(value),
    };
  };
  const layers = {
    id: "layers",
    beforeDatasetsDraw: (/** @type {Chart} */ chart) => each(drawing(chart), [grid, hatch, start, tint, level]),
    afterDatasetsDraw: (/** @type {Chart} */ chart) => each(drawing(chart), [lane, words, dots, deepest, ends, ...(now.cover ? [now.cover] : []), crosshair]),
    resize: (/** @type {Chart} */ chart) => void apply(chart, now.scene),
  };
  const chart = new make(canvas, config(first, layers));
  const show = (/** @type {Scene} */ scene) => {
    Object.assign(now, { scene, index: null });
    apply(chart, scene);
    chart.update("none");
  };
  show(first);
  return {
    show,
    read(index) {
      now.index = index;
      chart.draw();
    },
    indexAt: (pixel) => nearest(now.scene.history.series.t, chart.scales.x.getValueForPixel(pixel)),
    placeOf: (t) => chart.scales.x.getPixelForValue(t),
    timeAt: (pixel) => chart.scales.x.getValueForPixel(pixel),
    markAt(pixel, height) {
      if (height < chart.chartArea.bottom) return null;
      const near = now.marks.filter((mark) => Math.abs(mark.x - pixel) <= 14);
      return near.sort((a, b) => Math.abs(a.x - pixel) - Math.abs(b.x - pixel))[0] ?? null;
    },
    cover(layer) {
      now.cover = layer;
      chart.draw();
    },
    marks: () => now.marks,
    fit: (size) => chart.resize(size?.width, size?.height),
    place: () => ({ lane: chart.chartArea.bottom + 14, right: chart.width }),
  };
}

/**
 * @param {Drawing} drawing
 * @param {((drawing: Drawing) => void)[]} layers
 */
function each(drawing, layers) {
  for (const layer of layers) {
    drawing.ctx.save();
    layer(drawing);
    drawing.ctx.restore();
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} width
 * @param {Scene} scene
 */
function frameOf(ctx, width, scene) {
  const { sans } = colours();
  const widest = (/** @type {string} */ font, /** @type {string[]} */ texts) => {
    ctx.font = font;
    return Math.max(0, ...texts.map((text) => ctx.measureText(text).width));
  };
  const labels = ticks(scene, false, 5).amounts.map(({ label }) => label);
  const { you, bench, between } = scene.ends;
  return framed(width, widest(`400 12px ${sans}`, labels), widest(`700 13px ${sans}`, [you ?? "", bench ?? "", between ?? "", scene.short]));
}

/**
 * @param {Chart} chart
 * @param {Scene} scene
 */
function apply(chart, scene) {
  const paint = colours();
  const [bench, you, estimate] = chart.data.datasets;
  Object.assign(bench, { data: scene.lines.bench, borderColor: paint.bench, borderDash: paint.forced ? [2, 2] : [] });
  Object.assign(you, { data: scene.lines.you, borderColor: paint.you });
  Object.assign(estimate, { data: scene.lines.estimate, borderColor: paint.you });
  chart.options.layout.padding = frameOf(chart.ctx, chart.width, scene).padding;
  Object.assign(chart.options.scales.x, scene.x);
  Object.assign(chart.options.scales.y, scene.y);
}

/**
 * @param {Scene} scene
 * @param {object} layers
 */
function config(scene, layers) {
  const line = { pointRadius: 0, tension: 0, borderJoinStyle: "round", data: [] };
  return {
    type: "line",
    data: {
      datasets: [{ ...line, borderWidth: 1.5, order: 2 }, { ...line, borderWidth: 2, order: 1 }, { ...line, borderWidth: 2, borderDash: [4, 4], order: 3 }],
    },
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, parsing: false, normalized: true, events: [],
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      layout: { padding: 0, autoPadding: false },
      scales: { x: { type: "linear", display: false, ...scene.x }, y: { type: "linear", display: false, ...scene.y } },
    },
    plugins: [layers],
  };
}
