import assert from "node:assert/strict";
import { test } from "node:test";

import { abs, compare, round, sign, subtract, sum } from "../../public/js/decimal.js";

test("amounts beyond what a float can hold are subtracted exactly", () => {
  assert.equal(subtract("9007199254740993.01", "0.02"), "9007199254740992.99");
  assert.equal(subtract("0.3", "0.1"), "0.2");
});

test("scales of any length meet", () => {
  assert.equal(sum(["1", "0.00000001", "-0.5"]), "0.50000001");
  assert.equal(subtract("5", "5.000"), "0.000");
  assert.equal(sum([]), "0");
});

test("an exponent is read", () => {
  assert.equal(sum(["1E+2", "5e-3"]), "100.005");
  assert.equal(sign("0E-8"), 0);
});

test("what is shown is rounded half away from zero", () => {
  assert.equal(round("1.005", 2), "1.01");
  assert.equal(round("-1.005", 2), "-1.01");
  assert.equal(round("-0.004", 2), "0.00");
  assert.equal(round("7", 2), "7.00");
});

test("signs, sizes and order", () => {
  assert.equal(abs("-6356.32"), "6356.32");
  assert.deepEqual(["-1", "0.00", "3"].map(sign), [-1, 0, 1]);
  assert.equal(compare("10", "9.99"), 1);
});

test("what is no number is refused by name", () => {
  for (const text of ["", ".", "NaN", "1,000", "-"]) assert.throws(() => sign(text), TypeError);
});
