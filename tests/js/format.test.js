import assert from "node:assert/strict";
import { test } from "node:test";

import {
  compactMoney, headlineMoney, headlinePercent, money, percent, price, quantity, roundMoney, signedMoney, signedPercent,
} from "../../public/js/format.js";

const ENGLISH = { locale: "en-GB", zone: "UTC" };
const GERMAN = { locale: "de-DE", zone: "Europe/Berlin" };
const THIN = "\u202f";

test("a long amount keeps every digit: it is never a float", () => {
  assert.equal(money(ENGLISH, "12345678901234567.89"), "$12,345,678,901,234,567.89");
});

test("grouping follows the reader, the sign is the house's", () => {
  assert.equal(money(ENGLISH, "-340.9"), "−$340.90");
  assert.equal(money(GERMAN, "117116.90"), "117.116,90\u00a0$");
});

test("a sign stands on changes only, and a rounded zero has none", () => {
  assert.equal(signedMoney(ENGLISH, "6356.32"), "+$6,356.32");
  assert.equal(signedMoney(ENGLISH, "-0.004"), "$0.00");
  assert.equal(signedPercent(ENGLISH, 0.1222), `+12.22${THIN}%`);
  assert.equal(signedPercent(ENGLISH, -0.0000001), `0.00${THIN}%`);
  assert.equal(percent(ENGLISH, -0.1032), `−10.32${THIN}%`);
});

test("the sentence's amount loses its cents from a million on", () => {
  assert.equal(headlineMoney(ENGLISH, "-999999.99"), "$999,999.99");
  assert.equal(headlineMoney(ENGLISH, "1000000.40"), "$1,000,000");
});

test("the sentence's percentage: one decimal, two under 0.1 %, none from 100 %", () => {
  assert.equal(headlinePercent(ENGLISH, -0.0611), `6.1${THIN}%`);
  assert.equal(headlinePercent(ENGLISH, 0.00042), `0.04${THIN}%`);
  assert.equal(headlinePercent(ENGLISH, 1.536), `154${THIN}%`);
});

test("axes are compact", () => {
  const shown = [120000, 1200000, 112500, 950, -20000, 0, 0.25].map((value) => compactMoney(ENGLISH, value));
  assert.deepEqual(shown, ["$120k", "$1.2M", "$112.5k", "$950", "−$20k", "$0", "$0.25"]);
});

test("quantities have seven digits, small prices four", () => {
  assert.equal(quantity(ENGLISH, "0.2277504333"), "0.2277504");
  assert.equal(quantity(ENGLISH, "-1250.000"), "−1,250");
  assert.equal(price(ENGLISH, "0.0213456"), "$0.02135");
  assert.equal(price(ENGLISH, "122850.42"), "$122,850.42");
});

test("money put in shows cents only where there are some", () => {
  assert.equal(roundMoney(ENGLISH, "104500.00"), "$104,500");
  assert.equal(roundMoney(ENGLISH, "104500.50"), "$104,500.50");
});
