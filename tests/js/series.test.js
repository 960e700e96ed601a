import assert from "node:assert/strict";
import { test } from "node:test";

import { value } from "../../public/js/viewmoney.js";
import { crosses, holeAt, stretches } from "../../public/js/gaps.js";
import { fills, line, lonely, nearest, stepped } from "../../public/js/series.js";
import { history } from "./history.js";
import { daily } from "../../public/js/views/table.js";

const hole = { from: 2, to: 4, kind: /** @type {const} */ ("missing"), missing: [] };
const utc = (/** @type {number} */ s) => new Date(s * 1000).toISOString();

test("a line stops at hours without data and goes on after them", () => {
  const points = line([1, 2, 4, 5], ["1", "2", "4", "5"], [hole]);
  assert.deepEqual(points.map(({ y }) => y), [1, 2, NaN, 4, 5]);
});

test("a line with points inside the hole goes on through it", () => {
  const points = line([1, 2, 3, 4], ["1", "2", "3", "4"], [hole]);
  assert.equal(points.some(({ y }) => Number.isNaN(y)), false);
});

test("a thinned line stops too, though its points lie outside the hole", () => {
  assert.equal(crosses(1, 6, [hole]), true);
  assert.equal(crosses(3, 6, [hole]), false);
});

test("unknown values are left out, never drawn as zero", () => {
  assert.deepEqual(line([1, 2, 3], ["1", null, "3"], []).map(({ x }) => x), [1, 3]);
});

test("a snapshot between two holes needs a dot", () => {
  const points = line([1, 4, 9], ["1", "4", "9"], [{ ...hole, from: 1, to: 4 }, { ...hole, from: 4, to: 9 }]);
  assert.deepEqual(lonely(points).map(({ x }) => x), [1, 4, 9]);
});

test("the tint changes sides where the lines cross", () => {
  const areas = fills([0, 10], ["0", "10"], ["10", "0"], []);
  assert.deepEqual(areas.map(({ above }) => above), [false, true]);
  assert.deepEqual(areas[0]?.edge.at(-1), { x: 5, y: 5 });
  assert.deepEqual(areas[1]?.base[0], { x: 5, y: 5 });
});

test("the tint is one area while a side holds, and none across a hole", () => {
  const areas = fills([1, 2, 4, 5], ["2", "2", "2", "2"], ["1", "1", "1", "1"], [hole]);
  assert.deepEqual(areas.map(({ edge }) => edge.map(({ x }) => x)), [[1, 2], [4, 5]]);
});

test("stretches of one kind join, kinds stay apart", () => {
  /** @type {(from: number, to: number, kind: "missing"|"partial", missing?: string[]) => import("../../public/js/types.js").Gap} */
  const gap = (from, to, kind, missing = []) => ({ from: utc(from), to: utc(to), kind, missing });
  const joined = stretches([gap(20, 30, "partial", ["usdm"]), gap(10, 20, "partial", ["spot"]), gap(30, 40, "missing")], null);
  assert.deepEqual(joined, [
    { from: 10, to: 30, kind: "partial", missing: ["spot", "usdm"] }, { from: 30, to: 40, kind: "missing", missing: [] },
  ]);
});

test("the time since the newest figure is a hole of its own", () => {
  assert.deepEqual(stretches([], { ...hole, from: 5, to: 9 }), [{ ...hole, from: 5, to: 9 }]);
  assert.deepEqual(stretches([], { ...hole, from: 9, to: 9 }), []);
  assert.equal(holeAt(2, [hole]), null);
  assert.equal(holeAt(3, [hole]), hole);
});

test("the nearest snapshot, whatever is pointed at", () => {
  const t = [0, 10, 20, 40];
  assert.deepEqual([-5, 4, 6, 29, 31, 99].map((x) => nearest(t, x)), [0, 0, 1, 2, 3, 3]);
  assert.equal(nearest([], 5), -1);
});

test("a step of a day always moves, and stays inside", () => {
  const t = [0, 100, 200, 90000];
  assert.equal(stepped(t, 0, 86400), 3);
  assert.equal(stepped(t, 2, 10), 3);
  assert.equal(stepped(t, 3, 86400), 3);
  assert.equal(stepped(t, 0, -86400), 0);
});

const series = {
  t: [0, 3600, 86400], nav: ["100.10", null, "90.00"], benchmark: ["100.00", "100.00", "100.00"],
  nav_index: [1, 1, 1], benchmark_index: [1, 1, 1], drawdown: [0, 0, 0], benchmark_drawdown: [0, 0, 0], flow: ["0", "0", "0"],
};

test("a reading is exact", () => {
  const read = (/** @type {number} */ index) => value.cells({ locale: "en-GB", zone: "UTC" }, history({ series, metrics: null }), index);
  assert.deepEqual(read(0), ["$100.10", "$100.00", "+$0.10"]);
  assert.deepEqual(read(1), ["no data", "$100.00", "no data"]);
  assert.deepEqual(read(2), ["$90.00", "$100.00", "−$10.00"]);
});

test("the table has each day's last complete snapshot, newest first", () => {
  assert.deepEqual(daily(series, (t) => utc(t).slice(0, 10)), [2, 0]);
});
