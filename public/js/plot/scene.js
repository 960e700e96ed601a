/** All that one drawing of the chart needs, worked out before a pixel is touched. */

import { dayMonth, epoch, zoneName } from "../dates.js";
import { stretches } from "../gaps.js";
import { fills, line, lonely } from "../series.js";
import { amounts, domain, times } from "../ticks.js";
import { benchmarkName, capital } from "../words.js";

/** @typedef {import("../types.js").Reader} Reader */
/** @typedef {import("../types.js").History} History */
/** @typedef {import("../series.js").Point} Point */
/**
 * @typedef {object} Scene
 * @property {Reader} reader
 * @property {History} history
 * @property {import("../shapes.js").View} view
 * @property {{you: Point[], bench: Point[], estimate: Point[]}} lines
 * @property {Point[]} dots  snapshots with no neighbour to draw a line to
 * @property {import("../series.js").Fill[]} fills
 * @property {import("../shapes.js").Deep[]} deepest
 * @property {import("../gaps.js").Stretch[]} holes
 * @property {{min: number, max: number}} x
 * @property {{min: number, max: number}} y
 * @property {import("../shapes.js").Ends} ends
 * @property {string} short
 * @property {{t: number, label: string}|null} start  drawn where it lies inside
 * @property {string} zone
 */

/**
 * @param {Reader} reader
 * @param {History} history with at least one snapshot
 * @param {import("../shapes.js").View} view
 * @param {import("../gaps.js").Stretch|null} tail the time since the newest figure, if nothing complete came after it
 * @returns {Scene}
 */
export function scene(reader, history, view, tail) {
  const { series, estimated } = history;
  const last = series.t.at(-1) ?? 0;
  const holes = stretches(history.gaps, tail);
  const [you, bench] = [view.you(history), view.bench(history)];
  const deepest = view.deepest(reader, history);
  const lines = {
    you: line(series.t, you, holes),
    bench: view.level ? [] : line(series.t, bench, holes),
    estimate: view.estimates ? line(estimated.t, estimated.nav, []) : [],
  };
  const first = Math.min(series.t[0] ?? last, estimated.t[0] ?? Infinity);
  const begun = history.inception ? epoch(history.inception) : null;
  return {
    reader, history, view, lines, holes,
    dots: [...lonely(lines.you)],
    fills: view.filled ? fills(series.t, you, bench, holes) : [],
    deepest,
    x: { min: first, max: Math.max(tail?.to ?? last, first + 60) },
    y: view.fit(domain([...[...lines.you, ...lines.bench].map(({ y }) => y), ...based(view, deepest)], lines.estimate.map(({ y }) => y))),
    ends: view.ends(reader, history),
    short: capital(benchmarkName(reader, history).short),
    start: begun !== null && begun >= first ? { t: begun, label: `start ${dayMonth(reader, begun)}` } : null,
    zone: zoneName(reader, last),
  };
}

/**
 * @param {import("../shapes.js").View} view
 * @param {import("../shapes.js").Deep[]} deepest
 * @returns {number[]} what the scale must reach beside the lines
 */
function based({ level, filled }, deepest) {
  return [...(level || !filled ? [0] : []), ...deepest.map(({ value }) => value)];
}

/**
 * @param {Scene} scene
 * @param {boolean} narrow
 * @param {number} lines
 */
export function axes(scene, narrow, lines) {
  return {
    amounts: amounts(scene.y.min, scene.y.max, lines).map((value) => ({ value, label: scene.view.tick(scene.reader, value) })),
    times: times(scene.reader, scene.x.min, scene.x.max, narrow),
  };
}
