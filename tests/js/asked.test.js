import assert from "node:assert/strict";
import { test } from "node:test";

import { Unanswered } from "../../public/js/api.js";
import { makeAsked } from "../../public/js/asked.js";

const settled = () => new Promise((done) => setImmediate(done));
/** @type {any} */
const FAILURE = { kind: "refused", status: 503, detail: "the database did not respond", words: null, request_id: null };
const silent = () => Promise.reject(new Unanswered(FAILURE));

/** @template T @returns {{asked: import("../../public/js/asked.js").Asked<T>, drawn: () => number}} */
function made() {
  let count = 0;
  return { asked: makeAsked(() => void (count += 1)), drawn: () => count };
}

test("the same question is asked once", async () => {
  const { asked, drawn } = made();
  let times = 0;
  const ask = async () => (times += 1);
  for (let round = 0; round < 3; round += 1) asked.about("main", "14:00", ask);
  await settled();
  assert.deepEqual([times, asked.answer, drawn()], [1, 1, 1]);
  asked.about("main", "15:00", ask);
  assert.equal(asked.answer, 1, "the old answer stays until the new one is there");
  await settled();
  assert.equal(asked.answer, 2);
});

test("another subject has no answer yet, and a late one to the former is dropped", async () => {
  const { asked } = made();
  /** @type {(value: string) => void} */
  let answer = () => undefined;
  asked.about("main", "1", () => new Promise((done) => (answer = done)));
  asked.about("spot", "1", async () => "spot's");
  await settled();
  answer("main's");
  await settled();
  assert.equal(asked.answer, "spot's");
  asked.about("main", "1", () => new Promise(() => undefined));
  assert.equal(asked.answer, null);
});

test("a failure keeps the old answer, is told, and is tried again", async () => {
  const { asked, drawn } = made();
  asked.about("main", "1", async () => "old");
  await settled();
  let works = false;
  asked.about("main", "2", () => (works ? Promise.resolve("new") : silent()));
  await settled();
  assert.deepEqual([asked.answer, asked.failed], ["old", true]);
  works = true;
  asked.again();
  assert.equal(asked.failed, false);
  await settled();
  assert.deepEqual([asked.answer, asked.failed, drawn()], ["new", false, 4]);
});
