import assert from "node:assert/strict";
import { test } from "node:test";

import { compactMoney, headlineMoney, money, percent, price, quantity, roundMoney, signedMoney, signedPercent } from "../../public/js/format.js";
import { GROUPS, onward, wish } from "../../public/js/keys.js";
import { sentence } from "../../public/js/sentence.js";
import { tiles } from "../../public/js/tiles.js";
import { wrapped } from "../../public/js/views/picture.js";
import { hasAmounts, seen, VIEWS } from "../../public/js/viewtable.js";
import { history } from "./history.js";
import { veiled } from "../../public/js/veil.js";

const OPEN = { locale: "en-GB", zone: "UTC" };
const HIDDEN = { ...OPEN, hidden: true };
const DOTS = "$•••••";
const press = (/** @type {string} */ key, /** @type {object} */ more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
const FREE = { field: false, dialog: false };

test("a hidden amount tells neither its size nor its sign, whatever it is", () => {
  for (const usd of ["0", "1", "-6500.25", "117116.90", "1234567890.12"]) {
    for (const write of [money, signedMoney, roundMoney, headlineMoney]) assert.equal(write(HIDDEN, usd), DOTS);
    assert.equal(compactMoney(HIDDEN, Number(usd)), DOTS);
    assert.equal(quantity(HIDDEN, usd), "•••••");
  }
});

test("percentages and what the market says stay", () => {
  assert.equal(percent(HIDDEN, 0.1222), percent(OPEN, 0.1222));
  assert.equal(signedPercent(HIDDEN, 0.1222), signedPercent(OPEN, 0.1222));
  assert.equal(price(HIDDEN, "97001.5"), "$97,001.50");
});

test("sentence, title and tiles hide every amount and keep the answer", () => {
  for (const end of [{}, { difference: "-312.40", you: 1.2 }, { difference: "2000000" }]) {
    const told = sentence(HIDDEN, history({}, end), { past: false, now: 0 });
    const words = told.pieces.map(({ text }) => text).join("") + told.brief;
    assert.ok(words.includes(DOTS), words);
    assert.ok(!/\d[\d,]*\.\d\d(?!\d*\s?%)/.test(words.replaceAll("\u202f%", "%").replace(/[\d.]+%/g, "")), words);
  }
  const [nav, twr] = tiles(HIDDEN, history(), "all", null);
  assert.deepEqual([nav?.value, nav?.bench], [DOTS, DOTS]);
  assert.match(twr?.value ?? "", /12\.22/);
});

test("amounts in the log are hidden, times, codes and counts are not", () => {
  const told = "deposit 5,000 USDT at 12:00 UTC is worth $4,998.20; -0.5 BTC left; answered 429 after 3 tries, 12 of 14 rows";
  assert.equal(veiled(HIDDEN, told), "deposit ••••• USDT at 12:00 UTC is worth $•••••; ••••• BTC left; answered 429 after 3 tries, 12 of 14 rows");
  assert.equal(veiled(OPEN, told), told);
});

test("views with amounts give way to growth while they are hidden, and come back", () => {
  assert.deepEqual(VIEWS.filter(hasAmounts).map(({ id }) => id), ["value", "difference"]);
  const shown = (/** @type {typeof OPEN} */ reader) => ["value", "growth", "difference", "drawdown"].map((id) => seen(VIEWS, reader, id).id);
  assert.deepEqual(shown(HIDDEN), ["growth", "growth", "growth", "drawdown"]);
  assert.deepEqual(shown(OPEN), ["value", "growth", "difference", "drawdown"]);
});

test("a key does one thing, and nothing in a field, in a dialog or with a modifier", () => {
  assert.deepEqual(wish(press("3"), FREE), { act: "range", nth: 2 });
  assert.deepEqual(wish(press("H"), FREE), { act: "hide", nth: 0 });
  assert.deepEqual(wish(press("?"), FREE), { act: "help", nth: 0 });
  for (const key of ["0", "7", "m", "+", "Enter", "Tab", "ArrowLeft", "12", "", "constructor"]) assert.equal(wish(press(key), FREE), null, key);
  for (const where of [{ ...FREE, field: true }, { ...FREE, dialog: true }]) assert.equal(wish(press("h"), where), null);
  for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.equal(wish(press("r", { [held]: true }), FREE), null);
});

test("the list names every key that does something", () => {
  const [page] = GROUPS;
  const named = page.rows.map(([key]) => key).join(" ");
  for (const key of "vca[]thdr/?") assert.ok(named.includes(key) && wish(press(key), FREE), key);
});

test("going on past the last is the first", () => {
  assert.equal(onward(["a", "b", "c"], "c", 1), "a");
  assert.equal(onward(["a", "b", "c"], "a", -1), "c");
  assert.equal(onward([], "a", 1), undefined);
});

test("a picture's sentence breaks between words, and never inside the amount", () => {
  const pieces = /** @type {import("../../public/js/sentence.js").Piece[]} */ ([
    { text: "You are ", tone: "plain" }, { text: "$6,356.32 (6.1 %)", tone: "gain" }, { text: " ahead of holding ", tone: "plain" }, { text: "50/50 BTC and ETH", tone: "bench" },
  ]);
  const lines = wrapped(pieces, 20, (text) => text.length).map((line) => line.map(({ text }) => text).join(""));
  assert.deepEqual(lines, ["You are ", "$6,356.32 (6.1 %) ", "ahead of holding ", "50/50 BTC and ETH"]);
});
