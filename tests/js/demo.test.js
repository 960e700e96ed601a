import assert from "node:assert/strict";
import { test } from "node:test";

import { BREAKAGES, kinds, move, TIMES, told } from "../../public/js/demo.js";
import { brokenWords, underWay } from "../../public/js/words.js";

const READER = { locale: "en-GB", zone: "UTC" };
const NOW = Date.parse("2025-11-18T14:12:20Z") / 1000;
const STANDING = { building: null, passing: null, scenario: "choppy", broken: null, accounts: ["Main"] };
const DEPOSIT = { action: "deposit", account: "Main", asset: "USDT", amount: "5000", kind: "network" };

/** @param {Partial<import("../../public/js/demo.js").Acted>} more */
const answer = (more) => ({ ...STANDING, run: "ok", booked: null, books_at: null, ...more });

test("a deposit says when it is booked", () => {
  const books_at = "2025-11-18T14:13:00Z";
  assert.equal(told(READER, DEPOSIT, answer({ booked: false, books_at }), NOW), "A deposit of 5,000 USDT is on its way. The next run, in 40 s, books it.");
  assert.match(told(READER, DEPOSIT, answer({ books_at: "2025-11-18T15:00:00Z" }), NOW) ?? "", /in 48 min, books it/);
  assert.match(told(READER, DEPOSIT, answer({ books_at: "2025-11-18T14:12:00Z" }), NOW) ?? "", /in 1 s, books it/);
  assert.equal(told(READER, { ...DEPOSIT, action: "withdrawal", kind: "pay" }, answer({ booked: true }), NOW), "A withdrawal of 5,000 USDT is done and booked.");
  assert.match(told(READER, { ...DEPOSIT, kind: "gift" }, answer({ booked: false }), NOW) ?? "", /lists gift cards nowhere/);
  assert.match(told(READER, { ...DEPOSIT, kind: "p2p" }, answer({ booked: false }), NOW) ?? "", /once its list is read/);
});

test("every other act says what came of it, and passing time shows by itself", () => {
  for (const scenario of ["bull", "bear", "crash", "flat", "choppy"]) assert.match(told(READER, { action: "scenario", scenario }, answer({}), NOW) ?? "", /^From now on the market (?!turns)/);
  assert.match(told(READER, { action: "break", what: "429" }, answer({ run: "failed" }), NOW) ?? "", /failed and stored nothing/);
  assert.match(told(READER, { action: "break", what: "wallet_down" }, answer({ run: "partial" }), NOW) ?? "", /is partial/);
  assert.match(told(READER, { action: "mend" }, answer({}), NOW) ?? "", /mended. The run after it is complete/);
  assert.equal(told(READER, { action: "pass", time: "1d" }, answer({ run: null }), NOW), null);
});

test("a move is checked before it is sent", () => {
  const typed = { action: "deposit", account: "Main", asset: " btc ", amount: " 0,5 ", kind: "network" };
  assert.deepEqual(move(typed).act, { ...typed, asset: "BTC", amount: "0.5" });
  for (const amount of ["", "0", "0.0", "-5", "1e9", "5,000.00", "0.000000001", "12345678901", "NaN"]) assert.match(move({ ...typed, amount }).wrong ?? "", /amount/, amount);
  for (const asset of ["", "<b>", "A".repeat(21)]) assert.equal(move({ ...typed, asset }).act, null, asset);
});

test("the choices have names, and money is bought by card one way only", () => {
  assert.ok(kinds("deposit").some(({ id }) => id === "card"));
  assert.ok(!kinds("withdrawal").some(({ id }) => id === "card"));
  assert.deepEqual(BREAKAGES.map(({ id }) => brokenWords(id)), ["Broken: 429", "Broken: 418", "Broken: 5xx", "Broken: slow", "Broken: clock skew", "Broken: wallet down"]);
  assert.deepEqual(TIMES.map(({ id }) => id), ["1h", "1d", "1w"]);
});

test("what takes time says how far it is", () => {
  assert.equal(underWay(READER, STANDING), null);
  assert.equal(underWay(READER, { ...STANDING, passing: { done: 12, total: 168 } })?.words, "Time passes: 12 of 168 runs");
  assert.equal(underWay(READER, { ...STANDING, building: { done: 1200, total: 5000 } })?.words, "Building 90 days of history: 1,200 of 5,000 runs");
});
