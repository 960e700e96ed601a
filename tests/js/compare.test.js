import assert from "node:assert/strict";
import { test } from "node:test";

import { offers, typed, weights } from "../../public/js/compare.js";
import { sentence } from "../../public/js/sentence.js";
import { benchmarkName } from "../../public/js/words.js";
import { history } from "./history.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const NOW = Date.parse("2025-11-18T14:12:00Z") / 1000;
/** @param {[string, string][]} rows */
const of = (...rows) => weights(rows.map(([asset, percent]) => ({ asset, percent })));

test("weights become what the API calls them, and come back as they were typed", () => {
  assert.equal(of(["BTC", "60"], ["ETH", "40"]).benchmark, "BTC:0.6,ETH:0.4");
  assert.equal(of(["btc ", "33.3334"], ["ETH", "66,6666"], ["", ""]).benchmark, "BTC:0.333334,ETH:0.666666");
  assert.equal(of(["SOL", "100"]).benchmark, "SOL");
  assert.deepEqual(typed("BTC:0.333334,ETH:0.666666"), [{ asset: "BTC", percent: "33.3334" }, { asset: "ETH", percent: "66.6666" }]);
  assert.equal(typed("initial"), null);
  assert.equal(typed(null), null);
});

test("weights that are none say what is wrong", () => {
  /** @type {[[string, string][], RegExp][]} */
  const wrong = [
    [[["BTC", "60"], ["ETH", "30"]], /make 90 %, not 100 %/], [[["BTC", "33.3"], ["ETH", "33.3"], ["SOL", "33.3"]], /make 99.9 %/],
    [[["BTC", "50"], ["btc", "50"]], /BTC stands there twice/], [[["", "100"]], /lacks its coin/], [[["<b>", "100"]], /no coin/],
    [[["BTC", "0"], ["ETH", "100"]], /BTC needs a share above 0/], [[["BTC", "-5"], ["ETH", "105"]], /BTC needs/], [[], /make 0 %/],
  ];
  for (const [rows, words] of wrong) {
    assert.match(of(...rows).wrong ?? "", words);
    assert.equal(of(...rows).benchmark, null);
  }
});

test("what is offered is what the API knows", () => {
  assert.deepEqual(offers(UTC, null).map(({ id }) => id), [null, "BTC", "ETH", "USD", "initial"]);
});

const kept = history({ compared: "initial" });
const said = (/** @type {import("../../public/js/types.js").History} */ answer) =>
  sentence(UTC, answer, { past: false, now: NOW }).pieces.map(({ text }) => text).join("").replaceAll("\u202f", " ");

test("day one is kept, not held, and says its date once", () => {
  assert.equal(said(kept), "You are $6,356.32 (6.1 %) ahead of keeping what you held on 28 Aug 2025.");
  const lost = history({ compared: "initial" }, { nav: "0", difference: "-110760.58", you: 0 });
  assert.match(said(lost), /\. What you held on 28 Aug 2025 stands at \$110,760\.58\.$/);
  assert.equal(benchmarkName(UTC, kept).short, "day one");
});

test("the title names a benchmark that is not the account's own", () => {
  const brief = (/** @type {object} */ change, /** @type {object} */ last = {}) =>
    sentence(UTC, history(change, last), { past: false, now: NOW }).brief.replace("\u202f", " ");
  assert.equal(brief({}), "6.1 % ahead");
  assert.equal(brief({ compared: "BTC" }), "6.1 % ahead of 50/50");
  assert.equal(brief({ compared: "initial" }, { difference: "-1", you: 1 }), "5.4 % behind day one");
});
