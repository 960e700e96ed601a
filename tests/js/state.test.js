import assert from "node:assert/strict";
import { test } from "node:test";

import { beginning, choices, chosen, isExpired, page, query } from "../../public/js/state.js";
import { tiles } from "../../public/js/tiles.js";
import { list, part, short } from "../../public/js/words.js";
import { history } from "./history.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const blank = beginning({ account: null, range: "90d", view: "value", benchmark: null, zoom: null });
/** @param {string[]} ids @returns {any} */
const listed = (...ids) => ({ slot_minutes: 60, accounts: ids.map((id) => ({ id, name: id })) });

test("the address wins over memory, and nonsense over neither", () => {
  assert.deepEqual(choices("?account=spot&range=7d", "?account=main&range=1y"), { account: "spot", range: "7d", view: "value", benchmark: null, zoom: null });
  assert.deepEqual(choices("", "?account=main&range=1y"), { account: "main", range: "1y", view: "value", benchmark: null, zoom: null });
  assert.equal(choices("?range=3w", null).range, "90d");
});

test("a choice survives the address", () => {
  const chosen = /** @type {const} */ ({ account: "a&b=c", range: "all", view: "growth", benchmark: "BTC:0.6,ETH:0.4", zoom: { from: 1759449600, to: 1760745600 } });
  assert.deepEqual(choices(query(chosen), null), chosen);
});

test("an account that is gone gives way to the first one", () => {
  const on = (/** @type {string|null} */ account, /** @type {string[]} */ ...ids) =>
    chosen({ ...blank, choices: { ...blank.choices, account }, accounts: listed(...ids) });
  assert.equal(on("gone", "main", "spot"), "main");
  assert.equal(on("all", "main", "spot"), "all");
  assert.equal(on("all", "main"), "main");
  assert.equal(on(null), null);
});

test("a session that ends under figures leaves them there, and before them it is the door", () => {
  const failure = { kind: /** @type {const} */ ("locked"), status: 401, detail: "no", words: null, request_id: null, wait_s: null };
  const shown = { ...blank, accounts: listed("main"), history: history(), failure };
  assert.equal(page(shown), "figures");
  assert.equal(isExpired(shown), true);
  assert.equal(isExpired({ ...shown, failure: null }), false);
  assert.equal(page({ ...shown, history: null }), "locked");
  assert.equal(isExpired({ ...shown, history: null }), false);
});

test("each state has its page", () => {
  const failure = { kind: /** @type {const} */ ("refused"), status: 503, detail: "no", words: null, request_id: null, wait_s: null };
  const demo = { building: { done: 1, total: 500 }, scenario: "choppy" };
  const nothing = history({ series: { t: [], nav: [], benchmark: [], nav_index: [], benchmark_index: [], flow: [] } });
  assert.equal(page(blank), "loading");
  assert.equal(page({ ...blank, failure }), "failed");
  assert.equal(page({ ...blank, failure: { ...failure, kind: "locked" } }), "locked");
  const starting = { ...failure, kind: /** @type {const} */ ("starting") };
  assert.equal(page({ ...blank, failure: starting }), "starting");
  assert.equal(page({ ...blank, accounts: listed("main"), history: history(), failure: starting }), "figures");
  assert.equal(page({ ...blank, accounts: listed() }), "empty");
  assert.equal(page({ ...blank, accounts: listed(), demo }), "building");
  assert.equal(page({ ...blank, accounts: listed("main"), history: nothing }), "waiting");
  assert.equal(page({ ...blank, accounts: listed("main"), history: nothing, demo }), "building");
  assert.equal(page({ ...blank, accounts: listed("main"), history: history(), failure }), "figures");
});

test("tiles name their period and pair you with the benchmark", () => {
  const shown = tiles(UTC, history(), "90d", null);
  assert.deepEqual(shown.map(({ label }) => label), [
    "Value", "Return since 28 Aug", "Last 24 hours", "Max drawdown", "Profit on $104,500 put in",
  ]);
  assert.deepEqual(shown.map(({ bench }) => bench.replace("\u202f", " ")), ["$110,760.58", "+5.75 %", "not yet", "not yet", "+$6,260.58"]);
  assert.deepEqual([shown[2]?.value, shown[2]?.known], ["not yet", false]);
});

test("a range inside the history is named, and old figures say of when they are", () => {
  const month = tiles(UTC, history({ from: "2025-10-19T14:00:00Z" }), "30d", null);
  assert.deepEqual([month[1]?.label, month[3]?.label], ["Return, 30 days", "Max drawdown, 30 days"]);
  const old = tiles(UTC, history(), "90d", Date.parse("2025-11-18T15:00:00Z") / 1000);
  assert.deepEqual([old[0]?.label, old[1]?.label], ["Value at 14:00", "Return to 14:00"]);
});

test("a Sharpe ratio is shown only where the answer has one", () => {
  const answer = history();
  if (answer.metrics) answer.metrics.sharpe = 1.789;
  assert.equal(tiles(UTC, answer, "90d", null).at(-1)?.value, "1.79");
});

test("words for codes", () => {
  assert.deepEqual(["usdm", "flows:sub_transfers", "price:SOL", "new_kind"].map(part), ["USD-M futures", "Sub transfers", "The price of SOL", "New kind"]);
  assert.equal(list(["A", "B", "C"]), "A, B and C");
  assert.equal(short("a".repeat(21)), `${"a".repeat(19)}…`);
});
