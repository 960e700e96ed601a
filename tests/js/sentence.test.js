import assert from "node:assert/strict";
import { test } from "node:test";

import { sentence } from "../../public/js/sentence.js";
import { viewOf } from "../../public/js/viewtable.js";
import { history } from "./history.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const NOW = Date.parse("2025-11-18T14:12:00Z") / 1000;
const present = { past: false, now: NOW };
const past = { past: true, now: NOW };

/**
 * @param {import("../../public/js/types.js").History} answer
 * @param {{past: boolean, now: number}} tense
 */
const said = (answer, tense = present) => sentence(UTC, answer, tense).pieces.map(({ text }) => text).join("").replaceAll("\u202f", " ");
const behind = history({}, { difference: "-3178.16", you: 1.0247 });

test("ahead and behind", () => {
  assert.equal(said(history()), "You are $6,356.32 (6.1 %) ahead of holding 50/50 BTC and ETH since 28 Aug 2025.");
  assert.equal(said(behind), "You are $3,178.16 (3.1 %) behind holding 50/50 BTC and ETH since 28 Aug 2025.");
});

test("the tint and the brief follow the direction", () => {
  const told = sentence(UTC, behind, present);
  assert.deepEqual(told.pieces.map(({ tone }) => tone), ["plain", "loss", "plain", "bench", "plain"]);
  assert.equal(told.brief.replace("\u202f", " "), "3.1 % behind");
});

test("level when both round to zero", () => {
  const even = history({}, { difference: "0.004", you: 1.05750001 });
  assert.equal(said(even), "You are level with holding 50/50 BTC and ETH since 28 Aug 2025.");
  assert.equal(said(even, past), "At 14:00 UTC you were level with holding 50/50 BTC and ETH.");
});

test("amount and return that point apart are both said", () => {
  const apart = history({}, { difference: "312.40", you: 1.04904 });
  assert.equal(said(apart), "You have $312.40 more than holding 50/50 BTC and ETH would have given, though your return is 0.8 % lower.");
  assert.equal(sentence(UTC, apart, present).differs, true);
  const other = history({}, { difference: "-312.40", you: 1.06596 });
  assert.match(said(other), /^You have \$312.40 less than .* though your return is 0.8 % higher\.$/);
});

test("old figures are spoken of in the past", () => {
  assert.equal(said(history(), past), "At 14:00 UTC you were $6,356.32 (6.1 %) ahead of holding 50/50 BTC and ETH.");
  assert.match(said(history(), { past: true, now: NOW + 86400 }), /^On 18 Nov at 14:00 UTC you were /);
});

test("a benchmark that ran out comes before everything else", () => {
  const dry = history({}, { nav: "12400", benchmark: "0", difference: "12900", you: 0 });
  if (dry.benchmark) dry.benchmark.exhausted_at = "2025-11-03T09:00:00Z";
  assert.equal(said(dry), "You still have $12,400.00. Holding 50/50 BTC and ETH would have run out on 3 Nov 2025.");
  if (dry.metrics) dry.metrics.nav = "0";
  assert.match(said(dry), /^You have nothing left\. Holding 50\/50 BTC and ETH would have run out on /);
  assert.match(said(dry, past), /^At 14:00 UTC you had nothing left\. /);
});

test("where neither side holds anything, nobody is level, ahead or behind", () => {
  const none = { nav: "0", benchmark: "0", difference: "0", you: 1, bench: 1 };
  assert.equal(said(history({}, none)), "This account is empty: nothing to compare with holding 50/50 BTC and ETH.");
  assert.equal(said(history({}, none), past), "At 14:00 UTC this account was empty: nothing to compare with holding 50/50 BTC and ETH.");
  assert.match(said(history({ account: "all" }, { ...none, nav: "0.004" })), /^Your accounts are empty: /);
  assert.match(said(history({ account: "all" }, none), past), /^At 14:00 UTC your accounts were empty: /);
  assert.equal(sentence(UTC, history({}, none), present).brief, "Empty");
  assert.deepEqual(viewOf("value").read(UTC, history({}, none), 1).at(-1), { label: "", text: "Empty", tone: "plain" });
});

test("what was earned before all was taken out is still told", () => {
  const emptied = history({}, { nav: "0", benchmark: "0", difference: "0", you: 1.1, bench: 1 });
  assert.match(said(emptied), / BTC and ETH\. The return since 28 Aug 2025 is 10.0 % higher\.$/);
  assert.match(said(emptied, past), / BTC and ETH\. The return since 28 Aug 2025 was 10.0 % higher\.$/);
});

test("an empty account beside a benchmark that holds something is behind it", () => {
  assert.match(said(history({}, { nav: "0", benchmark: "310.5", difference: "-310.5", you: 1.01, bench: 1.1 })), /^You are \$310.50 \(.*\) behind /);
});

test("after a new beginning the loss of all before it is still told", () => {
  const anew = history({}, { nav: "600", difference: "-900", you: 1.2 });
  if (anew.metrics) anew.metrics.twr = -1;
  assert.equal(said(anew), "You are $900.00 (100 %) behind holding 50/50 BTC and ETH since 28 Aug 2025.");
});

test("an account at zero says when, if the range knows", () => {
  const lost = history({}, { nav: "0", difference: "-110760.58", you: 0 });
  assert.equal(said(lost), "This account reached zero on 18 Nov 2025. 50/50 BTC and ETH stands at $110,760.58.");
  lost.series.nav_index = [0, 0];
  assert.match(said(lost), /^This account has reached zero\. /);
});

test("without a return the amount stands alone, and a tiny return still decides", () => {
  const unknown = history();
  unknown.series.nav_index = [1, null];
  assert.equal(said(unknown), "You are $6,356.32 ahead of holding 50/50 BTC and ETH since 28 Aug 2025.");
  assert.match(said(history({}, { difference: "0", you: 1.0607 })), /^You are \$0.00 \(0.3 %\) ahead of/);
});

test("the line ends name the sentence's difference, not that of two rounded amounts", () => {
  const answer = history({}, { nav: "43605.66", benchmark: "45368.99", difference: "-1763.336", you: 1.01 });
  const view = viewOf("value");
  assert.match(said(answer), /\$1,763.34/);
  assert.equal(view.ends(UTC, answer).between, "−$1,763.34");
  assert.match(view.read(UTC, answer, 1).at(-1)?.text ?? "", /^\$1,763.34 /);
  assert.deepEqual(view.read(UTC, answer, 0).at(-1), { label: "", text: "Level", tone: "plain" });
});

test("the benchmark is called what it is", () => {
  /** @type {[Record<string, string>, string][]} */
  const names = [
    [{ BTC: "0.6", ETH: "0.4" }, "60/40 BTC and ETH"], [{ BTC: "1" }, "BTC"], [{ USD: "1" }, "US dollars"],
    [{ BTC: "0.4", ETH: "0.4", SOL: "0.2" }, "40/40/20 BTC, ETH and SOL"],
  ];
  for (const [weights, name] of names) {
    const answer = history();
    if (answer.benchmark) answer.benchmark.policy = { weights };
    assert.match(said(answer), new RegExp(` holding ${name} since`));
  }
  assert.match(said(history({ benchmark: null })), / holding your benchmarks since/);
});
