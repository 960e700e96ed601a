import assert from "node:assert/strict";
import { test } from "node:test";

import { refusalWords } from "../../public/js/session.js";

test("a refusal says what it is, and how long to wait in whole minutes", () => {
  const detail = "The server answered 503: no database.";
  assert.equal(refusalWords({ status: 401, wait_s: null, detail }), "That password is not right.");
  assert.equal(refusalWords({ status: 429, wait_s: 840, detail }), "Too many tries. Try again in 14 min.");
  assert.equal(refusalWords({ status: 429, wait_s: 841, detail }), "Too many tries. Try again in 15 min.");
  assert.equal(refusalWords({ status: 429, wait_s: 1, detail }), "Too many tries. Try again in 1 min.");
  assert.equal(refusalWords({ status: 429, wait_s: null, detail }), "Too many tries. Try again in 1 min.");
  assert.equal(refusalWords({ status: 503, wait_s: null, detail }), detail);
});
