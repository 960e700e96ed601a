/** What lies under the lines: grid, hatched hours, the tinted gap, and the labels along the edges. */

import { age } from "../dates.js";
import { write } from "./paint.js";

/** @typedef {import("./plot.js").Drawing} Drawing */

const HATCH_PX = 6;
const LEAST_HOLE_PX = 3;

/** @param {Drawing} drawing */
export function grid({ ctx, area, paint, axes, y }) {
  ctx.strokeStyle = paint.line;
  ctx.lineWidth = 1;
  for (const tick of axes.amounts) {
    const height = Math.round(y(tick.value)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(area.left, height);
    ctx.lineTo(area.right, height);
    ctx.stroke();
    const look = { color: paint.ink3, font: `400 12px ${paint.sans}`, align: /** @type {const} */ ("right") };
    write(ctx, tick.label, area.left - 10, height, look);
  }
}

/** @param {Drawing} drawing */
export function hatch({ ctx, area, paint, scene, x }) {
  for (const hole of scene.holes) {
    const from = Math.max(x(hole.from), area.left);
    const width = Math.max(Math.min(x(hole.to), area.right) - from, LEAST_HOLE_PX);
    if (x(hole.to) < area.left || from > area.right) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(from, area.top, width, area.bottom - area.top);
    ctx.clip();
    ctx.globalAlpha = 0.42;
    ctx.strokeStyle = paint.control;
    ctx.lineWidth = 1;
    ctx.beginPath();
    const height = area.bottom - area.top;
    // Lines start on one grid for the whole plot, so neighbouring stretches carry on from each other.
    for (let c = Math.floor((from - height) / HATCH_PX) * HATCH_PX; c < from + width; c += HATCH_PX) {
      ctx.moveTo(c, area.bottom);
      ctx.lineTo(c + height, area.top);
    }
    ctx.stroke();
    ctx.restore();
  }
}

/** @param {Drawing} drawing */
export function tint({ ctx, paint, scene, x, y }) {
  if (paint.forced) return;
  for (const { above, edge, base } of scene.fills) {
    ctx.save();
    ctx.globalAlpha = above ? 0.16 : 0.18;
    ctx.fillStyle = above ? paint.gain : paint.loss;
    ctx.beginPath();
    for (const point of edge) ctx.lineTo(x(point.x), y(point.y));
    for (const point of base.toReversed()) ctx.lineTo(x(point.x), y(point.y));
    ctx.closePath();
    ctx.fill();
    ctx.restore();
  }
}

/** @param {Drawing} drawing */
export function level({ ctx, area, paint, scene, y }) {
  if (!scene.view.level) return;
  const height = Math.round(y(0)) + 0.5;
  ctx.strokeStyle = paint.bench;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(area.left, height);
  ctx.lineTo(area.right, height);
  ctx.stroke();
}

/** @param {Drawing} drawing */
export function start({ ctx, area, paint, scene, x }) {
  if (!scene.start) return;
  const place = Math.round(x(scene.start.t)) + 0.5;
  ctx.save();
  ctx.setLineDash([1.5, 3]);
  ctx.strokeStyle = paint.ink3;
  ctx.beginPath();
  ctx.moveTo(place, area.top);
  ctx.lineTo(place, area.bottom + 4);
  ctx.stroke();
  ctx.restore();
}

/** @param {Drawing} drawing */
export function words({ ctx, area, frame, paint, scene, axes, x }) {
  const note = { color: paint.ink3, font: `500 12px ${paint.sans}`, halo: paint.bg };
  const foot = area.bottom - 12;
  let taken = area.left;
  if (scene.start) {
    const place = x(scene.start.t);
    const label = frame.narrow ? "start" : scene.start.label;
    write(ctx, label, place + 6, foot, note);
    taken = place + 6 + ctx.measureText(label).width + 12;
    if (!frame.narrow && scene.lines.estimate.length > 0 && place - area.left > 66) {
      const isOff = scene.lines.estimate.every(({ y }) => y < scene.y.min || y > scene.y.max);
      write(ctx, isOff ? "estimated, off the scale" : "estimated", place - 7, foot, { ...note, align: "right" });
    }
  }
  if (!frame.narrow) {
    for (const hole of scene.holes) {
      const [from, to] = [x(hole.from), x(hole.to)];
      const label = hole.kind === "partial" ? "partial" : `${age(hole.to - hole.from)} without data`;
      ctx.font = note.font;
      const half = ctx.measureText(label).width / 2;
      const centre = Math.min(Math.max((from + to) / 2, area.left + half), area.right - half);
      if (to - from < 12 || centre - half < taken) continue;
      write(ctx, label, centre, foot, { ...note, align: "center" });
      taken = centre + half + 12;
    }
  }
  calendar({ ctx, area, frame, paint, scene, axes, x });
}

/** @param {Pick<Drawing, "ctx"|"area"|"frame"|"paint"|"scene"|"axes"|"x">} drawing */
function calendar({ ctx, area, frame, paint, scene, axes, x }) {
  const look = { color: paint.ink3, font: `400 12px ${paint.sans}`, align: /** @type {const} */ ("center") };
  const height = area.bottom + frame.axis;
  write(ctx, scene.zone, area.left - 10, height, { ...look, align: "right" });
  let taken = area.left - 4;
  for (const tick of axes.times) {
    const place = x(tick.t);
    const half = ctx.measureText(tick.label).width / 2;
    if (place - half < taken || place + half > area.right + (frame.narrow ? 14 : 24)) continue;
    write(ctx, tick.label, place, height, look);
    taken = place + half + 10;
  }
}
