/** One row above the plot: the legend at rest, the exact values while reading. */

import { clock, date, dayMonth, epoch, moment, zoneName } from "../dates.js";
import { holeAt } from "../gaps.js";
import { list, part } from "../words.js";
import { byId, h, redraw } from "./dom.js";

/** @typedef {import("../types.js").Reader} Reader */
/** @typedef {import("../plot/scene.js").Scene} Scene */
/** @typedef {import("../shapes.js").Entry} Entry */

/**
 * @param {import("../shapes.js").Legend} legend
 * @param {string} waiting words while new lines are on their way
 */
export function drawLegend(legend, waiting) {
  byId("readout").classList.remove("is-reading");
  const sign = (/** @type {string} */ line, /** @type {[string, string]|null} */ words) => words && h("span", { class: "with-swatch" },
    h("span", { class: `swatch swatch-${line}` }), h("span", { class: "from-tablet" }, words[0]), h("span", { class: "phone-only" }, words[1]));
  redraw(byId("readout"), [legend, waiting], () => [h("p", { class: "readout-row" }, sign("you", legend.you), sign("bench", legend.bench),
    waiting ? h("span", { class: "readout-wait" }, waiting) : null)]);
}

/** @param {Scene} scene @param {number} t @param {number} now @returns {string|null} what is missing at an instant */
export function holeWords({ reader, holes, zone }, t, now) {
  const hole = holeAt(t, holes);
  if (!hole) return null;
  if (hole.kind === "partial" && hole.missing.length > 0) {
    return `${clock(reader, hole.from)} ${zone} is partial: ${list(hole.missing.map(part))} missing`;
  }
  return `${moment(reader, hole.from, now)} – ${moment(reader, hole.to, now)} ${zone}: no data`;
}

/** @param {string} words */
export function drawHole(words) {
  byId("readout").classList.add("is-reading");
  redraw(byId("readout"), ["hole", words], () => [h("p", { class: "readout-row" }, h("strong", {}, words))]);
}

/**
 * @param {Scene} scene
 * @param {number} index
 * @returns {string} the same words for a screen reader
 */
export function spoken({ reader, history, view }, index) {
  const t = history.series.t[index] ?? 0;
  const values = view.read(reader, history, index).map(({ label, text }) => `${label} ${text}`.trim());
  return `${instant(reader, t)}: ${values.join(", ")}`;
}

/**
 * @param {Scene} scene
 * @param {number} index
 */
export function drawReading({ reader, history, view }, index) {
  byId("readout").classList.add("is-reading");
  const entries = view.read(reader, history, index);
  const t = history.series.t[index] ?? 0;
  redraw(byId("readout"), [t, entries], () => [h("p", { class: "readout-row" },
    h("strong", { class: "readout-time" },
      h("span", { class: "from-tablet" }, instant(reader, t)),
      h("span", { class: "phone-only" }, `${dayMonth(reader, t)}, ${clock(reader, t)} ${zoneName(reader, t)}`)), ...entries.map(entry))]);
}

/** @param {Reader} reader @param {number} t */
function instant(reader, t) {
  return `${date(reader, t)}, ${clock(reader, t)} ${zoneName(reader, t)}`;
}

/** @param {Entry} entry */
function entry({ label, text, tone }) {
  const isLine = tone === "you" || tone === "bench";
  return h("span", { class: isLine ? `with-swatch reading-${tone}` : `reading-gap is-${tone}` },
    isLine && h("span", { class: `swatch swatch-${tone}` }), label, label ? " " : "", h("strong", { class: "number" }, text));
}

/**
 * @param {Reader} reader
 * @param {import("../marks.js").Mark} mark
 * @param {number} now
 * @param {(event: import("../types.js").MarkEvent) => string} words
 */
export function markWords(reader, { events }, now, words) {
  const [only] = events;
  if (only && events.length === 1) return `${words(only)} · ${moment(reader, epoch(only.at), now)}`;
  return events.map(words).join(" · ");
}
