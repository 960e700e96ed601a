/** The part of the chart that is being chosen. */

/**
 * @param {import("../types.js").Window} chosen its ends in any order
 * @returns {(drawing: import("./plot.js").Drawing) => void}
 */
export const band = (chosen) => ({ ctx, area, paint, x }) => {
  const inside = (/** @type {number} */ t) => Math.min(Math.max(x(t), area.left), area.right);
  const [left, right] = [inside(Math.min(chosen.from, chosen.to)), inside(Math.max(chosen.from, chosen.to))];
  ctx.fillStyle = paint.you;
  ctx.globalAlpha = 0.12;
  ctx.fillRect(left, area.top, right - left, area.bottom - area.top);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = paint.you;
  for (const place of [left, right]) {
    ctx.beginPath();
    ctx.moveTo(Math.round(place) + 0.5, area.top);
    ctx.lineTo(Math.round(place) + 0.5, area.bottom);
    ctx.stroke();
  }
};
