import assert from "node:assert/strict";
import { test } from "node:test";

import { inWords, readAlerts, typed } from "../../public/js/alertsform.js";

const OFF = typed({ behind: null, drawdown: null, digest: "off", open: [] });

test("limits are shown in percent, and nothing changes where nothing was typed", () => {
  const shown = typed({ behind: 0.05, drawdown: 0.125, digest: "weekly", open: [] });
  assert.deepEqual(shown, { behind: "5", drawdown: "12.5", digest: "weekly" });
  assert.deepEqual(readAlerts(shown, shown), { wrong: null, change: {} });
});

test("what is typed becomes ratios, and what is emptied is switched off", () => {
  assert.deepEqual(readAlerts({ behind: " 7,5 ", drawdown: "20", digest: "daily" }, OFF).change, { behind: "0.075", drawdown: "0.2", digest: "daily" });
  const before = { behind: "5", drawdown: "", digest: /** @type {const} */ ("daily") };
  assert.deepEqual(readAlerts({ behind: "", drawdown: "", digest: "daily" }, before).change, { behind: null });
});

test("limits are said in a few words", () => {
  assert.equal(inWords({ behind: 0.05, drawdown: 0.2, digest: "daily", open: [] }), "5 % behind, 20 % below its highest, a daily summary");
  assert.equal(inWords({ behind: null, drawdown: null, digest: "off", open: [] }), "no limits, no summary");
});

for (const limit of ["0", "100", "-1", "a lot", "1e1"]) {
  test(`${limit} is no limit`, () => {
    assert.equal(readAlerts({ behind: "", drawdown: limit, digest: "off" }, OFF).wrong?.field, "drawdown");
  });
}
