import assert from "node:assert/strict";
import { test } from "node:test";

import { isFiltered, joined, NO_FILTERS, written } from "../../public/js/loglist.js";
import { moment, summary } from "../../public/js/logs.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const NOW = Date.parse("2025-11-18T14:12:00Z") / 1000;

/** @param {string} id @param {import("../../public/js/types.js").Level} [level] @param {string} [at] */
const entry = (id, level = "info", at = "2025-11-18T14:00:07Z") => ({ id, at, level, event: "account.stored", message: "", run: "r", account: null });

test("entries are joined once each, newest first, by number and not by text", () => {
  assert.deepEqual(joined([entry("10"), entry("9")], [entry("11"), entry("10"), entry("100")]).map(({ id }) => id), ["100", "11", "10", "9"]);
});

test("lines stand in the order of the times beside them, whatever the order they were written in", () => {
  const slow = entry("12", "info", "2025-11-18T14:00:05Z"), quick = entry("11", "info", "2025-11-18T14:00:05.5Z");
  const finished = entry("13", "info", "2025-11-18T14:00:09Z"), before = entry("10", "info", "2025-11-18T14:00:05.500Z");
  assert.deepEqual(joined([finished, slow], [before, quick]).map(({ id }) => id), ["13", "11", "10", "12"]);
});

test("one goes on from what was written first and last, wherever it stands", () => {
  assert.deepEqual(written([entry("9"), entry("100"), entry("20")]), { first: "9", last: "100" });
  assert.equal(written([]), null);
});

test("a line has seconds, and its day where that is not today", () => {
  assert.equal(moment(UTC, "2025-11-18T14:00:07.9Z", NOW), "14:00:07");
  assert.equal(moment(UTC, "2025-11-17T14:00:07Z", NOW), "17 Nov 14:00:07");
  assert.equal(moment(UTC, "2024-11-17T14:00:07Z", NOW), "17 Nov 2024 14:00:07");
});

test("the day is told in one line", () => {
  const told = (/** @type {ReturnType<typeof entry>[]} */ ...grave) => summary(UTC, entry("1"), grave, NOW);
  assert.equal(told(), "Last run 14:00:07 · no warnings today");
  assert.equal(told(entry("2", "warning"), entry("3", "error"), entry("4", "warning", "2025-11-17T23:00:00Z")), "Last run 14:00:07 · 1 warning and 1 error today");
  assert.equal(told(entry("2", "error"), entry("3", "error")), "Last run 14:00:07 · 2 errors today");
  assert.match(told(...Array.from({ length: 100 }, (_, id) => entry(String(id), "error"))), /100 or more warnings and errors today$/);
  assert.equal(summary(UTC, undefined, [], NOW), "Nothing has run yet");
});

test("filters count once they say something", () => {
  assert.equal(isFiltered(NO_FILTERS), false);
  assert.equal(isFiltered({ ...NO_FILTERS, q: "late" }), true);
});
