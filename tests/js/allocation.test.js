import assert from "node:assert/strict";
import { test } from "node:test";

import { allocation } from "../../public/js/allocation.js";
import { allocationLine } from "../../public/js/briefs.js";
import { coloured } from "../../public/js/palette.js";
import { held, holding, holdings } from "./holdings.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const alone = (/** @type {string} */ _account) => "";
const plain = (/** @type {string} */ text) => text.replace(/\u202f/g, " ");
const told = (answer = holdings(), by = /** @type {"asset"|"wallet"} */ ("asset"), kept = new Map(), nameOf = alone) => allocation(UTC, answer, by, kept, nameOf);

test("the line says where most of it lies", () => {
  assert.equal(plain(allocationLine(UTC, holdings())), "61 % in USD-M futures, 48 % in USDT");
  const bots = holdings({ wallets: [held("trading_bots", "1000", [holding("USD", "1000", "1", "1000")], true)] });
  assert.equal(plain(allocationLine(UTC, bots)), "100 % in Trading bots");
  assert.equal(allocationLine(UTC, holdings({ wallets: [], nav: "0" })), "Nothing is held");
});

test("assets are summed over wallets, what is owed comes after what is owned, what has no price last", () => {
  const { rows, total } = told();
  assert.deepEqual(rows.map(({ name, value, share }) => [name, value, plain(share)]), [
    ["USDT", "$480.00", "48.0 %"], ["BTC", "$390.00", "39.0 %"], ["Trading bots", "$120.00", "12.0 %"], ["ETH", "$30.00", "3.0 %"],
    ["SOL", "−$20.00", "−2.0 %"], ["XYZ", "not counted", ""],
  ]);
  assert.equal(total, "$1,000.00");
  assert.deepEqual(rows.map(({ quantity }) => quantity), ["480", "0.003", "", "0.01", "−0.1", "1,250"]);
  assert.deepEqual(rows.map(({ note }) => note), ["", "", "total only, no detail from Binance", "", "", "no price"]);
});

test("a row opens to wallet, quantity × price = value, and to the age of an old price", () => {
  const lines = new Map(told().rows.map(({ name, lines }) => [name, lines]));
  assert.deepEqual(lines.get("BTC"), [
    { name: "USD-M futures", sum: "0.001 × $130,000.00", value: "$130.00", note: "" }, { name: "Spot", sum: "0.002 × $130,000.00", value: "$260.00", note: "" },
  ]);
  assert.deepEqual(lines.get("ETH"), [{ name: "Spot", sum: "0.01 × $3,000.00", value: "$30.00", note: "price 6 days old" }]);
  assert.deepEqual(lines.get("SOL"), [{ name: "Cross margin", sum: "−0.1 × $200.00", value: "−$20.00", note: "owed" }]);
  assert.deepEqual(lines.get("XYZ"), [{ name: "Spot", sum: "1,250 XYZ", value: "not counted", note: "no price" }]);
  assert.deepEqual(lines.get("Trading bots"), [{ name: "Trading bots", sum: "", value: "$120.00", note: "total only, no detail from Binance" }]);
});

test("ten minutes is no old price, a second more is", () => {
  const aged = (/** @type {number} */ price_age_s) => told(holdings({ wallets: [held("spot", "1", [holding("BTC", "1", "1", "1", { price_age_s })])] })).rows[0]?.lines[0]?.note;
  assert.equal(aged(600), "");
  assert.equal(aged(601), "price 10 min old");
});

test("by wallet, a row opens to its assets", () => {
  const { rows } = told(holdings(), "wallet");
  assert.deepEqual(rows.map(({ name, value }) => [name, value]), [["USD-M futures", "$610.00"], ["Spot", "$290.00"], ["Trading bots", "$120.00"], ["Cross margin", "−$20.00"]]);
  assert.deepEqual(rows[1]?.lines.map(({ name, sum }) => `${name}: ${sum}`), ["BTC: 0.002 × $130,000.00", "ETH: 0.01 × $3,000.00", "XYZ: 1,250 XYZ"]);
});

test("of all accounts each line says whose it is", () => {
  const both = holdings({ wallets: [held("spot", "3", [holding("BTC", "1", "1", "1"), holding("BTC", "2", "1", "2", { account: "other" })])] });
  const { rows } = told(both, "asset", new Map(), (/** @type {string} */ account) => account.toUpperCase());
  assert.deepEqual(rows[0]?.lines.map(({ name }) => name), ["Spot · MAIN", "Spot · OTHER"]);
  assert.equal(rows[0]?.quantity, "3");
});

test("the bar holds what is owned and nothing else", () => {
  const { bar } = told();
  assert.equal(bar.length, 4);
  const whole = bar.reduce((total, { size }) => total + size, 0);
  assert.ok(Math.abs(whole - 1) < 1e-9);
  assert.deepEqual(bar.map(({ colour }) => colour), [1, 2, 3, 4]);
});

const many = (/** @type {number} */ count) => holdings({
  nav: "1000", wallets: [held("spot", "1000", Array.from({ length: count }, (_, index) => holding(`C${index}`, "1", String(100 - index), String(100 - index))))],
});

test("nine have a row each, from ten on the ninth and later are others", () => {
  assert.deepEqual(told(many(9)).rows.map(({ name, colour }) => [name, colour]).at(-1), ["C8", 0]);
  const { rows, bar } = told(many(12));
  assert.equal(rows.length, 9);
  assert.deepEqual([rows[8]?.name, rows[8]?.colour, rows[8]?.value], ["4 others", 0, "$362.00"]);
  assert.deepEqual(rows[8]?.lines.map(({ name }) => name), ["Spot · C8", "Spot · C9", "Spot · C10", "Spot · C11"]);
  assert.equal(bar.length, 9);
});

test("many without a price are one row", () => {
  const coins = Array.from({ length: 4 }, (_, index) => holding(`X${index}`, "5", null, "0"));
  const { rows } = told(holdings({ wallets: [held("spot", "1", [holding("BTC", "1", "1", "1"), ...coins])] }));
  assert.deepEqual(rows.map(({ name, value, note }) => [name, value, note]), [["BTC", "$1.00", ""], ["4 without a price", "not counted", "no price"]]);
});

test("colours are given by rank and kept by name while the ranks change", () => {
  const first = coloured(new Map(), ["USDT", "BTC", "ETH"]);
  assert.deepEqual([...first], [["USDT", 1], ["BTC", 2], ["ETH", 3]]);
  assert.deepEqual([...coloured(first, ["ETH", "SOL", "USDT"])].sort(), [["ETH", 3], ["SOL", 2], ["USDT", 1]]);
  const full = coloured(new Map(), Array.from({ length: 9 }, (_, index) => `C${index}`));
  assert.equal(full.size, 8);
  assert.equal(new Set(full.values()).size, 8);
});
