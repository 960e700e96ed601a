import assert from "node:assert/strict";
import { test } from "node:test";

import { stamped } from "../../public/js/dates.js";
import { choices } from "../../public/js/state.js";
import { chosen, inside, panned, scaled, windowed, windowWords } from "../../public/js/zoom.js";
import { history } from "./history.js";

const HOUR = 3600;
const t = Array.from({ length: 100 }, (_, hour) => hour * HOUR);
const hours = (/** @type {number} */ a, /** @type {number} */ b) => ({ from: a * HOUR, to: b * HOUR });
const NOW = Date.parse("2025-11-18T14:12:00Z") / 1000;
const UTC = { locale: "en-GB", zone: "UTC" };

test("a window holds the snapshots inside, and none where it holds all or too few to be a line", () => {
  assert.deepEqual(inside(t, { from: 10.5 * HOUR, to: 20.5 * HOUR }), { first: 11, last: 20 });
  assert.equal(inside(t, hours(-5, 500)), null);
  assert.equal(inside(t, hours(200, 300)), null);
  assert.equal(inside(t, hours(10, 12)), null);
  assert.equal(inside([], hours(1, 2)), null);
  assert.equal(inside(t, null), null);
});

test("dragging chooses whole snapshots in either direction", () => {
  assert.deepEqual(chosen(t, 9.6 * HOUR, 20.2 * HOUR), hours(10, 20));
  assert.deepEqual(chosen(t, 20.2 * HOUR, 9.6 * HOUR), hours(10, 20));
  assert.equal(chosen(t, 9 * HOUR, 10 * HOUR), null);
});

test("looking closer keeps the instant in its place, and looking further comes back to all", () => {
  const closer = scaled(t, null, 50 * HOUR, 0.5);
  assert.deepEqual(closer, hours(25, 74));
  let zoom = /** @type {import("../../public/js/types.js").Window|null} */ (closer);
  for (let n = 0; n < 30; n += 1) zoom = scaled(t, zoom, 50 * HOUR, 0.6);
  assert.ok(zoom && zoom.to - zoom.from >= 3 * HOUR, "a line is left");
  assert.ok(zoom.from <= 50 * HOUR && zoom.to >= 50 * HOUR);
  for (let n = 0; n < 100 && zoom; n += 1) zoom = scaled(t, zoom, 50 * HOUR, 1.05);
  assert.equal(zoom, null, "even a step less than a snapshot's distance is one");
});

test("moving keeps the width and stops at the ends", () => {
  assert.deepEqual(panned(t, hours(10, 20), 5 * HOUR), hours(15, 25));
  assert.deepEqual(panned(t, hours(10, 20), -500 * HOUR), hours(0, 10));
  assert.deepEqual(panned(t, hours(10, 20), 500 * HOUR), hours(89, 99));
  assert.equal(panned(t, null, HOUR), null);
});

test("the part that is shown has columns of its own, and figures only where they are its own", () => {
  const series = {
    t, nav: t.map(String), benchmark: t.map(String), nav_index: t, benchmark_index: t, drawdown: t, benchmark_drawdown: t, flow: t.map(String),
  };
  const gap = (/** @type {number} */ a, /** @type {number} */ b) => ({
    from: stamped(a * HOUR), to: stamped(b * HOUR), kind: /** @type {const} */ ("missing"), missing: [],
  });
  const whole = history({ series, gaps: [gap(2, 5), gap(40, 43), gap(90, 92)] });
  const part = windowed(whole, hours(30, 50));
  for (const column of Object.values(part.series)) assert.equal(column.length, 21);
  assert.deepEqual([part.series.t[0], part.series.t.at(-1)], [30 * HOUR, 50 * HOUR]);
  assert.deepEqual(part.gaps, [gap(40, 43)]);
  assert.equal(part.metrics, null);
  assert.equal(windowed(whole, hours(30, 99)).metrics, whole.metrics);
  assert.equal(windowed(whole, hours(0, 99)), whole);
});

const windowOf = (/** @type {string} */ from, /** @type {string} */ to) => choices(`?from=${from}&to=${to}`, null).zoom;

test("a window survives the address, to the millisecond", () => {
  assert.deepEqual(windowOf(stamped(1759449600.284), stamped(1760745600)), { from: 1759449600.284, to: 1760745600 });
  assert.equal(stamped(1759449600), "2025-10-03T00:00:00Z");
  assert.equal(choices("?from=2025-10-03", null).zoom, null);
  assert.equal(windowOf("2025-10-18", "2025-10-03"), null);
  assert.equal(windowOf("<b>", "x"), null);
});

test("a window is told by its days, by its hours where it is short, with years where they differ", () => {
  const of = (/** @type {string} */ a, /** @type {string} */ b) => windowWords(UTC, { from: Date.parse(a) / 1000, to: Date.parse(b) / 1000 }, NOW);
  assert.equal(of("2025-10-03T08:00Z", "2025-10-18T08:00Z"), "3 Oct – 18 Oct");
  assert.equal(of("2025-10-03T08:00Z", "2025-10-04T20:00Z"), "3 Oct 08:00 – 4 Oct 20:00");
  assert.equal(of("2024-12-30T08:00Z", "2025-01-18T08:00Z"), "30 Dec 2024 – 18 Jan 2025");
});
