import assert from "node:assert/strict";
import { test } from "node:test";

import { refined } from "../../public/js/closer.js";
import { history } from "./history.js";

/** @param {number[]} t @param {number[]} index @returns {any} */
function column(t, index) {
  let top = 0;
  const fall = index.map((value) => {
    top = Math.max(top, value);
    return Math.round((value / top - 1) * 1e4) / 1e4 + 0;
  });
  return {
    t, nav: index.map(String), benchmark: index.map(String), nav_index: index, benchmark_index: index,
    drawdown: fall, benchmark_drawdown: fall, flow: index.map(() => "0.00"),
  };
}

const every = Array.from({ length: 60 }, (_, n) => n);
const course = every.map((n) => 1 + Math.sin(n / 7) / 4);
const at = (/** @type {number[]} */ places) => column(places, places.map((n) => course[n] ?? 0));

test("the part that is looked at has every snapshot, the rest what it had, and falls are as if nothing were thinned", () => {
  const coarse = every.filter((n) => n % 5 === 0 || n === 11 || n === 59); // the highest is kept
  const whole = column(every, course);
  const pick = (/** @type {number[]} */ places) => Object.fromEntries(Object.entries(whole).map(([name, values]) => [name, places.map((n) => values[n])]));
  const thin = history({ series: pick(coarse) });
  const part = history({ series: at(every.slice(20, 41)) });
  const { series } = refined(thin, { benchmark: null, part });
  const kept = [...coarse.filter((n) => n < 20), ...every.slice(20, 41), ...coarse.filter((n) => n > 40)];
  assert.deepEqual(series.t, kept);
  assert.deepEqual(series.nav, kept.map((n) => whole.nav[n]));
  series.drawdown.forEach((fall, place) => assert.ok(Math.abs((fall ?? 0) - whole.drawdown[kept[place] ?? 0]) <= 1.1e-4));
});

test("a part of another account, or against another benchmark, refines nothing", () => {
  const whole = history();
  assert.equal(refined(whole, { benchmark: "BTC", part: history() }), whole);
  assert.equal(refined(whole, { benchmark: null, part: history({ account: "spot" }) }), whole);
  assert.equal(refined(whole, null), whole);
});
