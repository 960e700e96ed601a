/** The chart as a picture of its own: the sentence above it, which line is which, and where it comes from. */

import { paint as colours, write } from "../plot/paint.js";
import { benchmarkName } from "../words.js";

/** @typedef {import("../sentence.js").Piece} Piece */
/** @typedef {import("../plot/paint.js").Paint} Paint */

const EDGE_PX = 20;
const PHONE_PX = 600;
const SMALL_PX = 20; // a line of the small print

/**
 * @param {import("./chart.js").Picture} chart
 * @param {Piece[]} sentence
 * @param {string[]} source
 * @returns {Promise<Blob|null>} PNG, as sharp as the chart is on this screen
 */
export function picture({ scene, canvas }, sentence, source) {
  const sheet = document.createElement("canvas");
  const ctx = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d"));
  const paint = colours();
  const scale = canvas.width / canvas.clientWidth;
  const width = canvas.clientWidth;
  const size = width < PHONE_PX ? 20 : 28;
  ctx.font = `600 ${size}px ${paint.sans}`;
  const lines = wrapped(sentence, width, (text) => ctx.measureText(text).width);
  const step = Math.round(size * 1.25);
  const above = EDGE_PX + lines.length * step + 12 + SMALL_PX + 8;
  const below = 12 + source.length * SMALL_PX + EDGE_PX - 8;
  sheet.width = Math.round((width + 2 * EDGE_PX) * scale);
  sheet.height = Math.round((above + canvas.clientHeight + below) * scale);
  ctx.scale(scale, scale);
  ctx.fillStyle = paint.bg;
  ctx.fillRect(0, 0, sheet.width, sheet.height);
  ctx.translate(EDGE_PX, EDGE_PX);
  lines.forEach((line, row) => spell(ctx, line, (row + 0.5) * step, `600 ${size}px ${paint.sans}`, paint));
  legend(ctx, scene, lines.length * step + 12 + SMALL_PX / 2, paint);
  ctx.drawImage(canvas, 0, above - EDGE_PX, width, canvas.clientHeight);
  source.forEach((words, row) => {
    const y = above - EDGE_PX + canvas.clientHeight + 12 + (row + 0.5) * SMALL_PX;
    write(ctx, words, 0, y, { color: paint.ink3, font: `400 12px ${paint.sans}` });
  });
  return new Promise((done) => sheet.toBlob(done));
}

/**
 * @param {Piece[]} pieces
 * @param {number} width
 * @param {(text: string) => number} measure
 * @returns {Piece[][]} lines; an amount and its percentage stay together
 */
export function wrapped(pieces, width, measure) {
  const words = pieces.flatMap(({ text, tone }) =>
    (tone === "gain" || tone === "loss" ? [text] : text.split(/(?<= )/)).map((word) => ({ text: word, tone })));
  /** @type {Piece[][]} */
  const lines = [[]];
  let taken = 0;
  for (const word of words) {
    const wide = measure(word.text);
    if (taken > 0 && taken + measure(word.text.trimEnd()) > width) {
      lines.push([]);
      taken = 0;
    }
    lines.at(-1)?.push(word);
    taken += wide;
  }
  return lines;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Piece[]} line
 * @param {number} y
 * @param {string} font
 * @param {Paint} paint
 */
function spell(ctx, line, y, font, paint) {
  let x = 0;
  for (const { text, tone } of line) {
    const color = tone === "gain" ? paint.gain : tone === "loss" ? paint.loss : paint.ink;
    write(ctx, text, x, y, { color, font });
    x += ctx.measureText(text).width;
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("../plot/scene.js").Scene} scene
 * @param {number} y
 * @param {Paint} paint
 */
function legend(ctx, { view, reader, history }, y, paint) {
  const { you, bench } = view.legend(benchmarkName(reader, history));
  let x = 0;
  for (const [words, color] of /** @type {[[string, string]|null, string][]} */ ([[you, paint.you], [bench, paint.bench]])) {
    if (!words) continue;
    ctx.fillStyle = color;
    ctx.fillRect(x, y - 1, 16, 2);
    const text = words[1];
    write(ctx, text, x + 22, y, { color: paint.ink2, font: `400 13px ${paint.sans}` });
    x += 22 + ctx.measureText(text).width + 20;
  }
}
