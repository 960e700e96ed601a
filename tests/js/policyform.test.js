import assert from "node:assert/strict";
import { test } from "node:test";

import { readPolicy, shifted, typed, warning } from "../../public/js/policyform.js";

/** @type {import("../../public/js/types.js").Policy} */
const USUAL = {
  weights: { BTC: "0.5", ETH: "0.5" }, deposits: "target_weights", withdrawals: "dollar_matched",
  rebalance: { every: "week", weekday: 0, hour: 12 }, cost_bp: "0", risk_free: "0",
};
const BEFORE = typed(USUAL);
const read = (/** @type {object} */ change) => readPolicy({ ...BEFORE, ...change }, BEFORE);

test("a point is moved exactly, there and back", () => {
  for (const [number, places, moved] of /** @type {[string, number, string][]} */ ([
    ["0.5", 2, "50"], ["1", 2, "100"], ["0.333", 2, "33.3"], ["0.0001", 2, "0.01"], ["0", 2, "0"], ["4", -2, "0.04"], ["4.25", -2, "0.0425"],
    ["0", -2, "0"], ["100", -2, "1"], ["12345.6", -2, "123.456"], ["0.05", 2, "5"],
  ])) assert.equal(shifted(number, places), moved, `${number} by ${places}`);
  for (const number of ["0.123456789", "7", "0.1", "42.5", "1000"]) assert.equal(shifted(shifted(number, 2), -2), number);
});

test("a policy is shown in percent, and nothing changes where nothing was typed", () => {
  assert.deepEqual(BEFORE.weights, [{ asset: "BTC", percent: "50" }, { asset: "ETH", percent: "50" }]);
  assert.deepEqual([BEFORE.every, BEFORE.hour, BEFORE.weekday, BEFORE.band], ["week", "12", "0", "5"]);
  assert.deepEqual(read({}), { wrong: null, change: {} });
  const odd = typed({ ...USUAL, weights: { BTC: "0.3333333333", ETH: "0.6666666667" }, rebalance: { band: "0.025" }, risk_free: "0.0425" });
  assert.deepEqual([odd.every, odd.band, odd.risk_free], ["band", "2.5", "4.25"]);
  assert.deepEqual(readPolicy(odd, odd).change, {}, "weights finer than can be typed stay as they are");
});

test("only the parts that change are sent, as the API has them", () => {
  assert.deepEqual(read({ weights: [{ asset: "btc", percent: "60" }, { asset: "ETH", percent: "40" }, { asset: "", percent: "" }] }).change, { weights: { BTC: "0.6", ETH: "0.4" } });
  assert.deepEqual(read({ weights: [{ asset: "BTC", percent: "100" }] }).change, { weights: { BTC: "1" } });
  assert.deepEqual(read({ deposits: "proportional" }).change, { deposits: "proportional" });
  assert.deepEqual(read({ cost_bp: "7,5", risk_free: "4" }).change, { cost_bp: "7.5", risk_free: "0.04" });
});

test("each rule has its own words", () => {
  for (const [change, rebalance] of /** @type {[object, unknown][]} */ ([
    [{ every: "never" }, null], [{ every: "day", hour: "3" }, { every: "day", hour: 3 }], [{ weekday: "4" }, { every: "week", weekday: 4, hour: 12 }],
    [{ every: "month", day: "31" }, { every: "month", day: 31, hour: 12 }], [{ every: "band", band: "2,5" }, { band: "0.025" }],
  ])) assert.deepEqual(read(change).change, { rebalance });
});

test("what is wrong is named by its field", () => {
  for (const [change, field] of /** @type {[object, string][]} */ ([
    [{ weights: [{ asset: "BTC", percent: "90" }] }, "weights"], [{ weights: [{ asset: "BTC", percent: "50" }, { asset: "BTC", percent: "50" }] }, "weights"],
    [{ every: "band", band: "0" }, "band"], [{ every: "band", band: "100" }, "band"], [{ every: "band", band: "x" }, "band"],
    [{ every: "month", day: "" }, "day"], [{ every: "month", day: "32" }, "day"], [{ every: "month", day: "1.5" }, "day"],
    [{ cost_bp: "-1" }, "cost_bp"], [{ cost_bp: "" }, "cost_bp"], [{ risk_free: "much" }, "risk_free"],
  ])) {
    const { wrong, change: sent } = read(change);
    assert.equal(sent, null);
    assert.equal(wrong?.field, field, JSON.stringify(change));
  }
});

test("a change says since when the benchmark is computed anew", () => {
  const reader = { locale: "en-GB", zone: "UTC" };
  assert.equal(warning(reader, "2025-08-28T07:00:00Z"), "The benchmark is computed anew since 28 Aug 2025. Your own figures stay.");
  assert.equal(warning(reader, null), "It holds from the first snapshot on.");
});
