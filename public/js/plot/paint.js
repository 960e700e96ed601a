/** Colours and type of the page, read from its style sheet so that a theme is written once. */

/**
 * @typedef {object} Paint
 * @property {string} bg
 * @property {string} surface
 * @property {string} line
 * @property {string} control
 * @property {string} ink
 * @property {string} ink2
 * @property {string} ink3
 * @property {string} you
 * @property {string} bench
 * @property {string} gain
 * @property {string} loss
 * @property {string} sans
 * @property {boolean} forced  the system's own colours: no fills, and the benchmark is dashed
 */

/** @returns {Paint} */
export function paint() {
  const style = getComputedStyle(document.documentElement);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const forced = matchMedia("(forced-colors: active)").matches;
  return {
    bg: forced ? "Canvas" : token("--bg"), surface: token("--surface"), line: token("--line"), control: token("--control"),
    ink: forced ? "CanvasText" : token("--ink"), ink2: forced ? "CanvasText" : token("--ink-2"),
    ink3: forced ? "CanvasText" : token("--ink-3"),
    you: forced ? "Highlight" : token("--accent"), bench: forced ? "CanvasText" : token("--bench"),
    gain: token("--gain"), loss: token("--loss"), sans: token("--sans"), forced,
  };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} words
 * @param {number} x
 * @param {number} y middle of the line
 * @param {{color: string, font: string, align?: CanvasTextAlign, halo?: string}} look
 */
export function write(ctx, words, x, y, { color, font, align = "left", halo }) {
  ctx.font = font;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  if (halo) {
    ctx.lineJoin = "round";
    ctx.lineWidth = 8; // half of it lies outside the letters
    ctx.strokeStyle = halo;
    ctx.strokeText(words, x, y);
  }
  ctx.fillStyle = color;
  ctx.fillText(words, x, y);
}
