import assert from "node:assert/strict";
import { test } from "node:test";

import { marks } from "../../public/js/marks.js";
import { frame, heights, spread } from "../../public/js/plot/geometry.js";
import { amounts, domain, times } from "../../public/js/ticks.js";
import { nextMark } from "../../public/js/walk.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const DAY = 86400;
const epoch = (/** @type {string} */ at) => Date.parse(at) / 1000;
const END = epoch("2025-11-18T14:00:00Z");
const labels = (/** @type {number} */ days, narrow = false, reader = UTC) => times(reader, END - days * DAY, END, narrow).map(({ label }) => label);

test("the data have air above and below, also where they are flat or absent", () => {
  assert.deepEqual(domain([100, 200, NaN]), { min: 89, max: 207 });
  const flat = domain([50]);
  assert.ok(flat.min < 50 && flat.max > 50);
  assert.deepEqual(domain([]), { min: 0, max: 1 });
});

test("an estimate widens the scale a little and never squeezes what is counted", () => {
  assert.deepEqual(domain([100, 200], [90, 95]), { min: 79, max: 207 });
  assert.deepEqual(domain([100, 200], [5, 10]), { min: 64, max: 207 });
  assert.deepEqual(domain([100, 200], [5000]), { min: 89, max: 232 });
});

test("amounts are round", () => {
  assert.deepEqual(amounts(88000, 137000, 5), [90000, 100000, 110000, 120000, 130000]);
  assert.deepEqual(amounts(106800, 118300, 5), [107500, 110000, 112500, 115000, 117500]);
  for (const [min, max] of /** @type {const} */ ([[0, 1], [-20, 5], [1e6, 1.00001e6], [0.001, 0.0017]])) {
    const found = amounts(min, max, 5);
    assert.ok(found.length >= 3 && found.length <= 8, `${min}..${max}: ${found}`);
  }
});

test("times stand on the calendar", () => {
  assert.deepEqual(labels(1), ["18:00", "18 Nov", "06:00", "12:00"]);
  assert.equal(labels(7).length, 7);
  assert.deepEqual(labels(30), ["19 Oct", "24 Oct", "29 Oct", "3 Nov", "8 Nov", "13 Nov", "18 Nov"].slice(1));
  assert.deepEqual(labels(90).slice(-3), ["21 Oct", "4 Nov", "18 Nov"]);
  assert.deepEqual(labels(90, true), ["1 Sep", "1 Oct", "1 Nov"]);
  assert.deepEqual(labels(365).slice(-3), ["Sep", "Oct", "Nov"]);
  assert.deepEqual(labels(1200), ["2023", "2024", "2025"]);
});

test("days begin at the reader's midnight, before and after a change of clocks", () => {
  const berlin = { locale: "de-DE", zone: "Europe/Berlin" };
  const to = epoch("2025-10-28T12:00:00Z");
  const hours = times(berlin, to - 4 * DAY, to, false).map(({ t }) => new Date(t * 1000).getUTCHours());
  assert.deepEqual(hours, [22, 22, 23, 23]);
});

test("no range is so odd that its ticks do not end", () => {
  for (const days of [0.0007, 0.1, 0.5, 1.5, 2, 8, 9, 35, 36, 120, 121, 400, 401, 4000]) {
    for (const narrow of [true, false]) assert.ok(labels(days, narrow).length <= 16, `${days} days`);
  }
});

const event = (/** @type {string} */ kind, /** @type {number} */ t) => ({
  at: new Date(t * 1000).toISOString(), kind: /** @type {"deposit"} */ (kind), usd: "1", account: "main", asset: null, quantity: null,
});
const plot = { left: 0, right: 1000 };
const place = (/** @type {number} */ t) => t;

test("flows that would touch are one disc with a count", () => {
  const found = marks([event("deposit", 100), event("withdrawal", 110), event("deposit", 200)], place, plot);
  assert.deepEqual(found.map(({ kind, x, events }) => [kind, x, events.length]), [["several", 105, 2], ["deposit", 200, 1]]);
});

test("rebalances give way to flows, and vanish where they are too many", () => {
  const few = marks([event("rebalance", 100), event("deposit", 105), event("rebalance", 300)], place, plot);
  assert.deepEqual(few.map(({ kind, x }) => [kind, x]), [["deposit", 105], ["rebalance", 300]]);
  const many = Array.from({ length: 41 }, (_, index) => event("rebalance", 20 * (index + 1)));
  assert.equal(marks(many, place, plot).length, 0);
  assert.equal(marks(many.slice(1), place, plot).length, 40);
});

test("what is out of view has no mark, and a start is none", () => {
  assert.deepEqual(marks([event("deposit", -5), event("deposit", 1005), event("start", 10)], place, plot), []);
});

test("a walk along the marks meets each once, however many stand at one snapshot, and begins anew after the last", () => {
  const places = [3, 7, 7, 7, 9];
  /** @param {1|-1} way @param {number|null} here */
  const walked = (way, here) => {
    const found = [nextMark(places, here, -1, way)];
    while (found.length < places.length + 1) found.push(nextMark(places, places[found.at(-1) ?? 0] ?? 0, found.at(-1) ?? 0, way));
    return found;
  };
  assert.deepEqual(walked(1, null), [0, 1, 2, 3, 4, 0]);
  assert.deepEqual(walked(-1, null), [4, 3, 2, 1, 0, 4]);
  assert.deepEqual(walked(1, 5), [1, 2, 3, 4, 0, 1]);
  assert.deepEqual(walked(-1, 8), [3, 2, 1, 0, 4, 3]);
});

test("from a snapshot that was come to by other keys the next mark is further on, and past the end the other end", () => {
  assert.equal(nextMark([3, 7], 7, -1, 1), 0);
  assert.equal(nextMark([3, 7], 7, -1, -1), 0);
  assert.equal(nextMark([3, 7], 3, -1, -1), 1);
  for (const way of /** @type {const} */ ([1, -1])) for (const here of [null, 5]) assert.equal(nextMark([], here, -1, way), -1);
});

test("labels at the line ends keep their distance and stay inside", () => {
  const box = { top: 0, bottom: 400 };
  assert.deepEqual(spread([100, 110], 32, box), { upper: 73, middle: 105, lower: 137 });
  assert.deepEqual(spread([50, 250], 32, box), { upper: 50, middle: 150, lower: 250 });
  assert.deepEqual(spread([2, 6], 32, box), { upper: 0, middle: 32, lower: 64 });
});

test("a phone keeps no room for labels at the line ends", () => {
  assert.equal(frame(328, 34, 90).padding.right, 20);
  assert.equal(frame(1280, 40, 90).padding.right, 118);
});

test("a stem between two far points ends at the line between them; it went on to the top of the plot", () => {
  const line = [{ x: 0, y: 100 }, { x: 50, y: 200 }, { x: 75, y: NaN }, { x: 100, y: 40 }, { x: 101, y: 90 }];
  assert.deepEqual(heights(line, 25, 3), [150]);
  assert.deepEqual(heights(line, 50, 3), [200, 200]);
  assert.deepEqual(heights(line, 100, 3), [40, 90]);
  assert.deepEqual(heights(line, 102, 3), [40, 90]);
  assert.deepEqual([60, 80, 130, -9].map((place) => heights(line, place, 3)), [[], [], [], []], "where the line does not come by");
});
