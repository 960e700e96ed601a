import assert from "node:assert/strict";
import { test } from "node:test";

import { lateWords, quietly } from "../../public/js/late.js";

test("a module that cannot be had is none for now, and a fault of ours stays one", async () => {
  assert.equal(await quietly(() => Promise.resolve(1)), 1);
  assert.equal(await quietly(() => Promise.reject(new TypeError("Failed to fetch dynamically imported module"))), null);
  await assert.rejects(quietly(() => Promise.reject(new SyntaxError("does not provide an export"))), SyntaxError);
});

test("the reader is told what to do, and that it is the network where the browser knows", () => {
  const told = (/** @type {boolean} */ onLine) => {
    Object.defineProperty(globalThis, "navigator", { value: { onLine }, configurable: true });
    return lateWords();
  };
  assert.equal(told(false), "Could not be loaded: you are offline. Try again.");
  assert.equal(told(true), "Could not be loaded. Try again, or reload the page.");
});
