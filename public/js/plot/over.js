/** What lies over the lines: their ends, the lane of marks, the crosshair. */

import { heights, spread } from "./geometry.js";
import { write } from "./paint.js";

/** @typedef {import("./plot.js").Drawing} Drawing */
/** @typedef {import("../marks.js").Mark} Mark */

const APART_PX = 32;
const DISC_PX = 9;
const REACH_PX = 3; // what a stem would touch

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} color
 * @param {string} edge
 */
function dot(ctx, x, y, radius, color, edge) {
  ctx.beginPath();
  ctx.arc(x, y, radius + 1.5, 0, 2 * Math.PI);
  ctx.fillStyle = edge;
  ctx.fill();
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.fill();
}

/** @param {Drawing} drawing */
export function dots({ ctx, paint, scene, x, y }) {
  for (const point of scene.dots) dot(ctx, x(point.x), y(point.y), 2, paint.you, paint.bg);
}

/** @param {Drawing} drawing */
export function ends({ ctx, area, frame, paint, scene, x, y }) {
  const you = scene.lines.you.at(-1);
  const bench = scene.view.level && you ? { x: you.x, y: 0 } : scene.lines.bench.at(-1);
  if (!you || !bench) return;
  const place = x(you.x);
  const [yours, theirs] = [y(you.y), y(bench.y)];
  if (!scene.view.level) dot(ctx, x(bench.x), theirs, 3.5, paint.bench, paint.bg);
  dot(ctx, place, yours, 4.5, paint.you, paint.bg);
  const tone = scene.ends.direction === 0 ? paint.ink2 : scene.ends.direction > 0 ? paint.gain : paint.loss;
  if (scene.ends.between && Math.abs(yours - theirs) >= 4) bracket(ctx, place + 7, yours, theirs, tone);
  if (frame.narrow) return;
  const yoursOnTop = yours <= theirs;
  const at = spread(yoursOnTop ? [yours, theirs] : [theirs, yours], APART_PX, { top: area.top + 8, bottom: area.bottom + 20 });
  const left = area.right + 20;
  if (!scene.view.level) both(ctx, scene, left, yoursOnTop ? at : { upper: at.lower, lower: at.upper }, paint);
  write(ctx, scene.ends.between ?? "", left, at.middle, { color: tone, font: `700 13px ${paint.sans}` });
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("./scene.js").Scene} scene
 * @param {number} left
 * @param {{upper: number, lower: number}} at of the account's label and the benchmark's
 * @param {import("./paint.js").Paint} paint
 */
function both(ctx, scene, left, at, paint) {
  label(ctx, "You", scene.ends.you, left, at.upper, paint.you, paint.sans);
  label(ctx, scene.short, scene.ends.bench, left, at.lower, paint.bench, paint.sans);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} left
 * @param {number} a
 * @param {number} b
 * @param {string} color
 */
function bracket(ctx, left, a, b, color) {
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(left, a);
  ctx.lineTo(left + 5, a);
  ctx.lineTo(left + 5, b);
  ctx.lineTo(left, b);
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} name
 * @param {string|null} text
 * @param {number} x
 * @param {number} y
 * @param {string} color
 * @param {string} sans
 */
function label(ctx, name, text, x, y, color, sans) {
  write(ctx, name, x, y - 8, { color, font: `600 13px ${sans}` });
  if (text) write(ctx, text, x, y + 8, { color, font: `500 13px ${sans}` });
}

/** @param {Drawing} drawing the deepest points, ringed, their names beside them where there is room */
export function deepest({ ctx, area, paint, scene, x, y }) {
  for (const { line, t, value, label } of scene.deepest) {
    const [place, height, color] = [x(t), y(value), paint[line]];
    dot(ctx, place, height, 4.5, color, paint.bg);
    dot(ctx, place, height, 1.2, paint.bg, paint.bg);
    const look = { color, font: `600 13px ${paint.sans}`, halo: paint.bg };
    ctx.font = look.font;
    const fits = place - ctx.measureText(label).width - 12 > area.left;
    write(ctx, label, place + (fits ? -11 : 11), height + 4, { ...look, align: fits ? "right" : "left" });
  }
}

/** @param {Drawing} drawing */
export function lane({ ctx, area, frame, paint, marks, scene, x, y }) {
  const height = area.bottom + frame.lane;
  for (const mark of marks) {
    if (mark.kind === "rebalance") diamond(ctx, mark.x, height, paint.bench);
    else {
      const top = lowest(scene, mark.x, x, y) + 6;
      if (top < height - DISC_PX) stem(ctx, mark.x, top, height - DISC_PX, paint.control);
      disc(ctx, mark, height, paint);
    }
  }
}

/**
 * @param {import("./scene.js").Scene} scene
 * @param {number} place
 * @param {(t: number) => number} x
 * @param {(v: number) => number} y
 * @returns {number} pixel of the lower line there, the lane's own where no line comes by: then no stem leads to one
 */
function lowest({ lines, view }, place, x, y) {
  const placed = (/** @type {import("../series.js").Point[]} */ line) => line.map((point) => ({ x: x(point.x), y: y(point.y) }));
  const found = [lines.you, lines.bench].flatMap((line) => heights(placed(line), place, REACH_PX));
  return found.length > 0 ? Math.max(...found, view.level ? y(0) : 0) : Infinity;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} from
 * @param {number} to
 * @param {string} color
 */
function stem(ctx, x, from, to, color) {
  ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(Math.round(x) + 0.5, from);
  ctx.lineTo(Math.round(x) + 0.5, to);
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Mark} mark
 * @param {number} y
 * @param {import("./paint.js").Paint} paint
 */
function disc(ctx, { x, kind, events }, y, paint) {
  const hollow = kind === "withdrawal";
  ctx.beginPath();
  ctx.arc(x, y, hollow ? DISC_PX - 0.75 : DISC_PX, 0, 2 * Math.PI);
  ctx.fillStyle = hollow ? paint.bg : paint.ink2;
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = paint.ink2;
  if (hollow) ctx.stroke();
  if (kind === "several") {
    write(ctx, String(events.length), x, y + 0.5, { color: paint.bg, font: `600 11px ${paint.sans}`, align: "center" });
    return;
  }
  ctx.strokeStyle = hollow ? paint.ink2 : paint.bg;
  ctx.lineWidth = 1.8;
  ctx.beginPath();
  ctx.moveTo(x - 3.5, y);
  ctx.lineTo(x + 3.5, y);
  if (!hollow) {
    ctx.moveTo(x, y - 3.5);
    ctx.lineTo(x, y + 3.5);
  }
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {string} color
 */
function diamond(ctx, x, y, color) {
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(x, y - 4);
  ctx.lineTo(x + 4, y);
  ctx.lineTo(x, y + 4);
  ctx.lineTo(x - 4, y);
  ctx.closePath();
  ctx.stroke();
}

/** @param {Drawing} drawing */
export function crosshair({ ctx, area, paint, scene, index, x, y }) {
  if (index === null) return;
  const t = scene.history.series.t[index] ?? 0;
  const place = Math.round(x(t)) + 0.5;
  ctx.strokeStyle = paint.ink2;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(place, area.top);
  ctx.lineTo(place, area.bottom + 4);
  ctx.stroke();
  const bench = scene.lines.bench.find((point) => point.x === t);
  const you = scene.lines.you.find((point) => point.x === t);
  if (bench) dot(ctx, x(t), y(bench.y), 4, paint.bench, paint.bg);
  if (you) dot(ctx, x(t), y(you.y), 5, paint.you, paint.bg);
}
