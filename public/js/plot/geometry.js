/** Where things stand on the canvas, in CSS pixels. */

/** @typedef {import("../series.js").Point} Point */

/** @typedef {{left: number, right: number, top: number, bottom: number}} Box */
/** @typedef {{narrow: boolean, padding: Box, lane: number, axis: number, lines: number}} Frame  lane and axis: below the plot */

const PHONE_PX = 600;

/**
 * @param {number} width of the canvas
 * @param {number} label width of the widest amount on the axis
 * @param {number} end width of the widest amount at a line's end
 * @returns {Frame}
 */
export function frame(width, label, end) {
  const narrow = width < PHONE_PX;
  return {
    narrow,
    padding: {
      left: Math.max(Math.ceil(label) + (narrow ? 10 : 24), narrow ? 46 : 62),
      right: narrow ? 20 : Math.ceil(end) + 28,
      top: narrow ? 6 : 12,
      bottom: narrow ? 44 : 57,
    },
    lane: 14,
    axis: narrow ? 36 : 41,
    lines: narrow ? 3 : 5,
  };
}

/**
 * Keep labels at least `apart` pixels from each other, as near to their places as that allows.
 * @param {[number, number]} places of the upper and the lower line's end
 * @param {number} apart
 * @param {{top: number, bottom: number}} box
 * @returns {{upper: number, middle: number, lower: number}}
 */
export function spread([upper, lower], apart, { top, bottom }) {
  const centre = (upper + lower) / 2;
  const middle = Math.min(Math.max(centre, top + apart), bottom - apart);
  return { upper: Math.min(upper, middle - apart), middle, lower: Math.max(lower, middle + apart) };
}

/**
 * The heights a line has within `reach` of a place: of its points there, and of the stretch between points over it.
 * @param {Point[]} line in pixels, from left to right; y is NaN where it stops
 * @param {number} place
 * @param {number} reach
 * @returns {number[]} none where the line does not come by
 */
export function heights(line, place, reach) {
  const found = line.filter(({ x, y }) => Math.abs(x - place) < reach && !Number.isNaN(y)).map(({ y }) => y);
  const next = line.findIndex(({ x }) => x >= place);
  const [from, to] = [line[next - 1], line[next]];
  if (!from || !to) return found;
  const over = from.y + ((to.y - from.y) * (place - from.x)) / (to.x - from.x);
  return Number.isNaN(over) ? found : [...found, over];
}
