import assert from "node:assert/strict";
import { test } from "node:test";

import { flowsLine } from "../../public/js/briefs.js";
import { fieldMoment, readFlow, typedFrom } from "../../public/js/flowform.js";
import { flowRows } from "../../public/js/flows.js";
import { coming, entry } from "./holdings.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const BERLIN = { locale: "en-GB", zone: "Europe/Berlin" };
const NOW = 1763475120; // 18 Nov 2025, 14:12
const START = "2025-08-28T08:00:00Z";

/** @param {import("../../public/js/types.js").LedgerEntry[]} flows @param {import("../../public/js/types.js").Coming[]} [open] */
const answer = (flows, open = []) => ({ account: "main", flows, coming: open });
const waiting = coming({ id: "deposit:9", kind: "deposit", asset: "XYZ", quantity: "1250", source: "deposits", state: "waiting_for_price" });
const voided = entry({ id: "v", state: "void", reason: "a dream", decided_at: "2025-11-05T09:00:00Z" });

/** @param {import("../../public/js/types.js").LedgerEntry|import("../../public/js/types.js").Coming} one @param {string} [name] */
function row(one, name = "") {
  const list = "usd" in one ? answer([one]) : answer([], [one]);
  const [found] = flowRows(UTC, list, "all", NOW, () => name);
  assert.ok(found);
  return found;
}

test("the line sums what counts and says what is open", () => {
  const line = (/** @type {Parameters<typeof answer>} */ ...parts) => flowsLine(UTC, answer(...parts), () => START, START);
  assert.equal(line([entry(), entry({ usd: "-6500" }), voided], [coming(), waiting]), "−$1,500.00 since 28 Aug · 1 on its way · 1 waiting for a price");
  assert.equal(line([entry({ at: START })]), "No money in or out since 28 Aug", "what came with the first snapshot never counts");
  assert.equal(line([voided], [coming(), coming()]), "No money in or out since 28 Aug · 2 on its way");
});

test("each state has its words, and only what is booked its dollars", () => {
  const told = [entry(), entry({ source: "manual" }), coming(), waiting, voided, entry({ state: "internal" }), entry({ state: "superseded" })].map((one) => {
    const { badge, usd, struck } = row(one);
    return [badge.words, badge.tone, usd, struck];
  });
  assert.deepEqual(told, [
    ["Booked", "plain", "+$5,000.00", false], ["Added by you", "chip", "+$5,000.00", false], ["On its way", "chip", "not yet", false],
    ["Waiting for price", "warn", "not yet", false], ["Voided", "chip", "not counted", true], ["Internal", "chip", "not counted", false],
    ["Corrected", "chip", "not counted", true],
  ]);
});

test("a row says what it is and where it comes from", () => {
  assert.deepEqual([row(entry()).title, row(entry()).about, row(entry()).when], ["Deposit 5,000 USDT", "TRX network", "4 Nov 07:05"]);
  assert.deepEqual([row(coming()).title, row(coming()).about], ["Withdrawal 0.0501 BTC", "leaves when Binance completes it"]);
  assert.equal(row(coming({ kind: "deposit" })).about, "counts when Binance credits it");
  assert.equal(row(waiting).about, "no one-minute price yet");
  assert.equal(row(entry({ detail: "internal" })).about, "between Binance accounts");
  assert.equal(row(voided).about, "voided on 5 Nov: a dream");
  assert.equal(row(entry({ source: "manual", detail: "a gift" }), "Main").about, "Main · a gift");
  assert.equal(row(entry({ source: "pay", detail: "" })).title, "Pay transfer 5,000 USDT");
  assert.equal(row(entry({ source: "fiat_sells", kind: "withdrawal", quantity: "-1" })).title, "Card sale 1 USDT");
  assert.equal(row(entry({ source: "something new" })).title, "Deposit 5,000 USDT");
});

test("only what is booked can be changed", () => {
  assert.equal(row(entry()).entry?.id, "deposit:1");
  for (const one of [coming(), waiting, voided, entry({ state: "internal" })]) assert.equal(row(one).entry, null);
});

test("a kind is chosen, what is open comes first", () => {
  const list = answer([entry(), entry({ id: "w", kind: "withdrawal" }), voided], [coming(), waiting]);
  const ids = (/** @type {import("../../public/js/flows.js").Kind} */ kind) => flowRows(UTC, list, kind, NOW, () => "").map(({ id }) => id);
  assert.deepEqual(ids("all"), ["withdrawal:2", "deposit:9", "deposit:1", "w", "v"]);
  assert.deepEqual(ids("in"), ["deposit:9", "deposit:1", "v"]);
  assert.deepEqual(ids("out"), ["withdrawal:2", "w"]);
  assert.deepEqual(ids("open"), ["withdrawal:2", "deposit:9"]);
  assert.deepEqual(ids("off"), ["v"]);
});

const typed = { way: /** @type {"in"|"out"} */ ("in"), quantity: "250,5", asset: " usdt ", at: "2025-11-04T08:05", reason: " a gift " };

test("what is typed becomes what is sent, in the reader's own time", () => {
  assert.deepEqual(readFlow(BERLIN, typed), { wrong: null, entry: { at: "2025-11-04T07:05:00.000Z", asset: "USDT", quantity: "250.5", reason: "a gift" } });
  assert.equal(readFlow(BERLIN, { ...typed, way: "out" }).entry?.quantity, "-250.5");
});

test("what is wrong is said before anything is sent", () => {
  for (const quantity of ["", "0", "0.0", "-5", "1e3", "many"]) assert.match(readFlow(UTC, { ...typed, quantity }).wrong ?? "", /^How much/);
  assert.match(readFlow(UTC, { ...typed, asset: "<b>" }).wrong ?? "", /^The coin/);
  assert.match(readFlow(UTC, { ...typed, at: "" }).wrong ?? "", /^Say when/);
  assert.match(readFlow(UTC, { ...typed, reason: "  " }).wrong ?? "", /^Say why/);
});

test("a correction that leaves the time alone keeps its seconds", () => {
  const old = entry({ kind: "withdrawal", quantity: "-0.5", asset: "BTC" });
  const form = typedFrom(BERLIN, old);
  assert.deepEqual(form, { way: "out", quantity: "0.5", asset: "BTC", at: "2025-11-04T08:05", reason: "" });
  assert.deepEqual(readFlow(BERLIN, { ...form, reason: "x" }, old).entry, { at: "2025-11-04T07:05:10Z", asset: "BTC", quantity: "-0.5", reason: "x" });
  assert.equal(readFlow(BERLIN, { ...form, at: "2025-11-04T08:06", reason: "x" }, old).entry?.at, "2025-11-04T07:06:00.000Z");
  assert.equal(fieldMoment(BERLIN, NOW), "2025-11-18T15:12");
});
