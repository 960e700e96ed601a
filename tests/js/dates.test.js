import assert from "node:assert/strict";
import { test } from "node:test";

import { age, ago, clockAndZone, date, dayMonth, epoch, instant, moment, wall, zoneName } from "../../public/js/dates.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const AT = epoch("2025-11-04T07:05:00Z");

test("words are English, order is the reader's", () => {
  assert.equal(date(UTC, AT), "4 Nov 2025");
  assert.equal(date({ locale: "en-US", zone: "UTC" }, AT), "Nov 4, 2025");
  assert.equal(date({ locale: "de-DE", zone: "UTC" }, AT), "4 Nov 2025");
  assert.equal(date({ locale: "ja-JP", zone: "UTC" }, AT), "2025 Nov 4");
});

test("a moment names its year only when it is another one", () => {
  assert.equal(moment(UTC, AT, AT), "4 Nov 07:05");
  assert.equal(moment(UTC, AT, epoch("2026-01-02T00:00:00Z")), "4 Nov 2025 07:05");
});

test("a clock time on another day says the day", () => {
  assert.equal(clockAndZone(UTC, AT, AT + 60), "07:05 UTC");
  assert.equal(clockAndZone(UTC, AT, AT + 86400), "4 Nov, 07:05 UTC");
});

test("the zone is the reader's", () => {
  const tokyo = { locale: "en-GB", zone: "Asia/Tokyo" };
  assert.equal(dayMonth(tokyo, epoch("2025-11-04T20:00:00Z")), "5 Nov");
  assert.equal(zoneName(UTC, AT), "UTC");
});

test("midnight is found on both sides of a change of clocks", () => {
  for (const [day, utc] of /** @type {const} */ ([[26, "2025-10-25T22:00:00Z"], [27, "2025-10-26T23:00:00Z"]])) {
    const t = instant({ year: 2025, month: 10, day, hour: 0, minute: 0 }, "Europe/Berlin");
    assert.equal(t, epoch(utc));
    assert.equal(wall(t, "Europe/Berlin").hour, 0);
  }
});

test("ages", () => {
  const shown = [-5, 59, 720, 18720, 7200, 260000].map(age);
  assert.deepEqual(shown, ["just now", "just now", "12 min", "5 h 12 min", "2 h", "3 days"]);
  assert.equal(ago(720), "12 min ago");
  assert.equal(ago(3), "just now");
});
