import assert from "node:assert/strict";
import { test } from "node:test";

import { standing } from "../../public/js/standing.js";
import { trustLine, trustPanels } from "../../public/js/trust.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const AT = Date.parse("2025-11-18T14:00:00Z") / 1000;
const HOUR = { slot_s: 3600, building: false, jumps: [] };

/** @typedef {import("../../public/js/types.js").Account} Account */

/**
 * @param {object} [change]
 * @param {object} [latest]
 * @returns {Account}
 */
function account(change = {}, latest = {}) {
  return {
    id: "main", name: "Main", state: "active", created_at: "2025-08-28T08:00:00Z", inception: "2025-08-28T08:00:00Z",
    status: { code: "ok", detail: null, cause: null },
    latest: {
      at: "2025-11-18T14:00:00Z", slot: "2025-11-18T14:00:00Z", nav: "117116.90", benchmark: "110760.58",
      wallets: ["spot", "usdm"], reconciliation: { total: "117116.48", difference: "0.42" }, stale_prices: [], unpriced: [], ...latest,
    },
    last_try: { at: "2025-11-18T14:00:00Z", complete: true, missing: [], wallets: ["spot", "usdm"] },
    difference: "6356.32", active_return: 0.061, next_slot: "2025-11-18T15:00:00Z",
    alerts: { behind: null, drawdown: null, digest: "off", open: [] }, ...change,
  };
}
const torn = { last_try: { at: "2025-11-18T15:00:05Z", complete: false, missing: ["usdm", "flows:deposits", "price:SOL"], wallets: ["spot", "earn"] } };
const kind = (/** @type {Account[]} */ members, later = 720, house = HOUR) => standing(members, AT, AT + later, house).kind;
const unpriced = { unpriced: [{ asset: "XYZ", quantity: "1250" }] };
const old = { stale_prices: [{ asset: "XYZ", quantity: "1250", price: "0.0213", value: "26.63", priced_at: "2025-11-12T13:00:00Z" }] };

test("the worst comes first", () => {
  const refused = { status: { code: "needs_attention", detail: "-2015" } };
  assert.equal(kind([account({ ...refused, ...torn }, unpriced)], 86400), "attention");
  assert.equal(kind([account(torn, unpriced)], 7201), "stale");
  assert.equal(kind([account(torn, unpriced)], 7200), "partial");
  assert.equal(kind([account({}, { ...unpriced, ...old })]), "unpriced");
  assert.equal(kind([account({}, { ...old, reconciliation: null })]), "old_price");
  assert.equal(kind([account({}, { reconciliation: null })]), "unreconciled");
  assert.equal(kind([account()]), "fine");
});

test("a difference counts from a dollar and from a thousandth on", () => {
  const differing = (/** @type {string} */ difference) => kind([account({}, { reconciliation: { total: "0", difference } })]);
  assert.deepEqual(["117.11", "-117.12", "-0.99"].map(differing), ["fine", "differs", "fine"]);
  assert.equal(kind([account({}, { nav: "10", reconciliation: { total: "11", difference: "0.9" } })]), "fine");
});

test("one torn member makes the sum partial, and the differences add up", () => {
  const two = standing([account(), account(torn)], AT, AT + 3700, HOUR);
  assert.equal(two.kind, "partial");
  assert.equal(two.difference, "0.84");
});

test("while the demo's past is made, no figure is of now, however near its clock is", () => {
  for (const later of [0, 5, 86400]) {
    const made = standing([account()], AT, AT + later, { slot_s: 60, building: true, jumps: [] });
    assert.deepEqual([made.kind, made.past], ["building", true]);
  }
});

test("the line in words", () => {
  const fine = trustLine(UTC, standing([account()], AT, AT + 720, HOUR), AT + 720);
  assert.equal(fine.long, "Updated 12 min ago, 14:00 UTC · all 2 wallets read · within $0.42 of Binance’s own total");
  assert.equal(fine.short, "12 min ago · complete · checked to $0.42");
  const same = trustLine(UTC, standing([account({}, { reconciliation: { total: "117116.90", difference: "-0.004" } })], AT, AT + 720, HOUR), AT + 720);
  assert.equal(same.long, "Updated 12 min ago, 14:00 UTC · all 2 wallets read · equals Binance’s own total to the cent");
  assert.equal(same.short, "12 min ago · complete · checked to the cent");
  const stale = trustLine(UTC, standing([account()], AT, AT + 18720, HOUR), AT + 18720);
  assert.equal(stale.long, "No new snapshot for 5 h 12 min");
  const partial = trustLine(UTC, standing([account(torn)], AT, AT + 3700, HOUR), AT + 3700);
  assert.equal(partial.long, "15:00 is partial · figures are of 14:00");
});

test("a panel names what is missing and what comes next", () => {
  const [panel] = trustPanels(UTC, standing([account(torn)], AT, AT + 600, HOUR), AT + 600, false);
  assert.equal(panel?.lead, "USD-M futures, Deposits and The price of SOL could not be read.");
  assert.equal(panel?.foot, "Next try at about 15:00 UTC.");
});

test("an old price says its age and what it makes", () => {
  const [panel] = trustPanels(UTC, standing([account({}, old)], AT, AT, HOUR), AT, false);
  assert.equal(panel?.lead, "1,250 XYZ");
  assert.equal(panel?.text, "counts at $0.0213, its price of 6 days ago: $26.63.");
});

test("what was read of a partial snapshot can be seen, and is said to be no total", () => {
  const told = (/** @type {string[]} */ missing, /** @type {string[]} */ wallets) => {
    const tried = { last_try: { at: "2025-11-18T15:00:05Z", complete: false, missing, wallets } };
    const [panel] = trustPanels(UTC, standing([account(tried)], AT, AT + 3700, HOUR), AT + 3700, false);
    return [panel?.text, panel?.shows?.words];
  };
  assert.deepEqual(told(["usdm"], ["spot", "earn"]), ["The other 2 wallets were read; their sum is no total and is not drawn.", "Show the 2 wallets"]);
  assert.deepEqual(told(["usdm"], ["spot"]), ["One other wallet was read; it is no total and is not drawn.", "Show the one wallet"]);
  assert.deepEqual(told(["usdm"], []), ["Nothing is drawn without it.", undefined]);
  assert.deepEqual(told(["flows:deposits", "price:SOL"], ["spot", "usdm"]), [
    "All wallets were read; their sum is not drawn before this is known, too.", "Show the 2 wallets",
  ]);
});

test("a change of value that nothing explains is pointed at for a week, before a difference to the exchange's total", () => {
  const jump = (/** @type {number} */ days, usd = "-5000.00") => ({ at: AT - days * 86400, usd, name: "" });
  const of = (/** @type {import("../../public/js/standing.js").Jump[]} */ jumps, latest = {}) => standing([account({}, latest)], AT, AT + 720, { ...HOUR, jumps });
  assert.equal(of([jump(7)]).kind, "fine");
  assert.equal(of([jump(1)], old).kind, "old_price");
  assert.equal(of([jump(1)], { reconciliation: null }).kind, "unexplained");
  assert.equal(trustLine(UTC, of([jump(1)]), AT + 720).long, "A change of \u2212$5,000.00 is not explained");
  assert.equal(trustLine(UTC, of([jump(1), jump(0), jump(8)]), AT + 720).long, "2 changes of value are not explained");
  const [panel] = trustPanels(UTC, of([jump(1)]), AT + 720, false);
  assert.equal(panel?.lead, "\u2212$5,000.00, seen at 17 Nov, 14:00 UTC.");
});

test("what is wrong with a key is told by what is behind it", () => {
  const leads = ["key_refused", "key_too_powerful", "no_key"].map((cause) => {
    const troubled = account({ status: { code: "needs_attention", detail: null, cause } });
    const [panel] = trustPanels(UTC, standing([troubled], AT, AT, HOUR), AT, false);
    return [panel.lead, panel.text];
  });
  const again = "It is tried again with every run.";
  assert.deepEqual(leads, [
    ["Invalid key, address or permission.", again],
    ["The key may do more than read.", again],
    ["It has no key.", "Nothing is collected until it gets one."],
  ]);
});
