import assert from "node:assert/strict";
import { test } from "node:test";

import { scene } from "../../public/js/plot/scene.js";
import { VIEWS, viewOf } from "../../public/js/viewtable.js";
import { history } from "./history.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const plain = (/** @type {string|null} */ text) => (text ?? "").replaceAll("\u202f", " ");
const END = Date.parse("2025-11-17T14:00:00Z") / 1000;

/** @param {string} id @param {import("../../public/js/types.js").History} [answer] */
const staged = (id, answer = history()) => scene(UTC, answer, viewOf(id), null);

test("four views, and an unknown one is the first", () => {
  assert.deepEqual(VIEWS.map(({ title }) => title), ["Value", "Growth", "Difference", "Drawdown"]);
  assert.equal(viewOf("nonsense").id, "value");
});

test("growth is the index less 1, and its bracket the active return", () => {
  const found = staged("growth");
  assert.deepEqual(found.lines.you.map(({ y }) => y.toFixed(4)), ["0.0000", "0.1222"]);
  assert.deepEqual([found.ends.you, found.ends.bench, found.ends.between].map(plain), ["+12.22 %", "+5.75 %", "+6.12 %"]);
  assert.equal(found.fills.length, 1);
});

test("the difference is one line over a level one, and ends at the sentence's amount", () => {
  const found = staged("difference", history({}, { difference: "6356.324" }));
  assert.deepEqual(found.lines.bench, []);
  assert.deepEqual(found.lines.you.map(({ y }) => y), [0, 6356.324]);
  assert.equal(found.ends.between, "+$6,356.32");
  assert.deepEqual([found.view.tick(UTC, 0), found.view.tick(UTC, -5000)], ["level", "−$5k"]);
  assert.equal(found.y.min < 0, true);
});

test("nothing is drawn above the highest point, and no gap is tinted", () => {
  const found = staged("drawdown");
  assert.deepEqual(found.fills, []);
  assert.equal(found.ends.between, null);
  assert.equal(found.y.max < 0.01, true);
  assert.equal(found.lines.estimate.length, 0);
});

/** @param {Partial<import("../../public/js/types.js").Drawdown>} change */
const fallen = (change) => {
  const answer = history();
  if (answer.metrics) answer.metrics.max_drawdown = { depth: -0.0523, from: null, trough: new Date(END * 1000).toISOString(), recovered: null, days: null, ...change };
  answer.series.t = [1756368000, END];
  return viewOf("drawdown").deepest(UTC, answer);
};

test("the deepest point is named from the metrics", () => {
  assert.deepEqual(fallen({}).map(({ line, t, label }) => [line, t, plain(label)]), [["you", END, "−5.23 % on 17 Nov"]]);
});

test("a deepest fall that the line does not show, for it began inside the range, is not ringed", () => {
  assert.deepEqual(fallen({ depth: -0.03 }), []);
  assert.deepEqual(fallen({ depth: 0, trough: null }), []);
});

test("each view reads out its own words", () => {
  const read = (/** @type {string} */ id) => viewOf(id).read(UTC, history(), 1).map(({ label, text }) => plain(`${label} ${text}`));
  assert.deepEqual(read("growth"), ["You +12.22 %", "50/50 +5.75 %", "Ahead 6.12 %"]);
  assert.deepEqual(read("difference"), read("value"));
  assert.deepEqual(read("drawdown"), ["You −5.23 %", "50/50 −16.61 %"]);
});

test("an index that is not known is words, and no line", () => {
  const answer = history();
  answer.series.nav_index = [1, null];
  answer.series.drawdown = [0, null];
  assert.equal(viewOf("growth").read(UTC, answer, 1)[0]?.text, "no data");
  assert.equal(viewOf("drawdown").cells(UTC, answer, 1)[0], "no data");
  assert.equal(staged("growth", answer).lines.you.length, 1);
});

test("the table has a column for every line of the view", () => {
  for (const view of VIEWS) {
    const heads = view.heads({ verb: "holding", long: "BTC", short: "BTC", dated: false, you: "You" });
    assert.equal(heads.length, view.cells(UTC, history(), 1).length, view.id);
  }
});
