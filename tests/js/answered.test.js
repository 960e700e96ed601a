import assert from "node:assert/strict";
import { test } from "node:test";

import { answers } from "../../public/js/answered.js";
import { ask } from "../../public/js/api.js";
import { beginning } from "../../public/js/state.js";
import { history } from "./history.js";

const blank = beginning({ account: "main", range: "90d", view: "value", benchmark: null, zoom: null });

const { to } = history();

/** @param {string} nav of every account's newest snapshot @returns {any} */
const listed = (nav, at = to) => ({ slot_minutes: 60, accounts: [{ id: "main", latest: { at, nav } }, { id: "spot", latest: { at, nav } }] });

/** @param {Partial<import("../../public/js/types.js").Choices>} change @param {string} [nav] */
function answered(change, nav = "1") {
  const choices = { ...blank.choices, ...change };
  const { account, range, benchmark } = choices;
  const shown = { account: account ?? "", range, benchmark, loaded_at: 1 };
  return { ...blank, choices, accounts: listed(nav), history: history({ account }), shown };
}

test("what was shown before is found again, each by account, range and benchmark", () => {
  const past = answers();
  const changes = /** @type {const} */ ([{}, { account: "spot" }, { range: "7d" }, { benchmark: "BTC" }]);
  const states = changes.map((change) => answered(change));
  states.forEach((state) => past.keep(state));
  for (const state of states) {
    const found = past.find({ ...state, history: null, shown: null });
    assert.equal(found?.history, state.history);
    assert.equal(found?.shown, state.shown);
  }
  assert.equal(past.find(answered({ account: "spot", range: "7d" })), null);
});

test("when an account says something else of itself, nothing that came before is shown", () => {
  const past = answers();
  past.keep(answered({}));
  assert.equal(past.find(answered({}, "2")), null); // the list is newer than what came before it
  past.keep(answered({ account: "spot" }, "2"));
  assert.equal(past.find(answered({}, "2")), null);
  assert.equal(past.find(answered({ account: "spot" }, "1")), null);
});

test("when somebody asked for a change, nothing that came before is shown, and a question changes nothing", async (t) => {
  const past = answers();
  past.keep(answered({}));
  t.mock.method(globalThis, "fetch", () => Promise.resolve(new Response("{}")));
  await ask("/api/flows", undefined, undefined, null);
  assert.notEqual(past.find(answered({})), null);
  await ask("/api/flows", undefined, { method: "POST" }, null);
  assert.equal(past.find(answered({})), null);
});

test("an answer of before a snapshot is not kept beside a list of after it", () => {
  const past = answers();
  const accounts = listed("1", "2025-11-18T15:00:00Z");
  past.keep({ ...answered({}), accounts });
  assert.equal(past.find({ ...answered({}), accounts }), null);
});

test("a part of the past that is looked at closer is asked for", () => {
  const past = answers();
  past.keep(answered({}));
  assert.equal(past.find(answered({ zoom: { from: 1, to: 2 } })), null);
});

test("twelve are kept, those shown last", () => {
  const past = answers();
  const ranges = /** @type {const} */ (["24h", "7d", "30d", "90d", "1y", "all"]);
  const states = ["BTC", "ETH", "USD"].flatMap((benchmark) => ranges.map((range) => answered({ benchmark, range })));
  states.slice(0, 12).forEach((state) => past.keep(state));
  past.keep(/** @type {any} */ (states[0])); // shown again
  past.keep(/** @type {any} */ (states[12]));
  const found = states.map((state) => past.find(state) !== null);
  assert.deepEqual(found.slice(0, 13), [true, false, ...Array(11).fill(true)]);
});

test("without an account there is nothing to find", () => {
  const past = answers();
  past.keep({ ...blank, accounts: { slot_minutes: 60, accounts: [], role: "owner" } });
  assert.equal(past.find({ ...blank, accounts: { slot_minutes: 60, accounts: [], role: "owner" } }), null);
});
