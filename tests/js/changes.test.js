import assert from "node:assert/strict";
import { test } from "node:test";

import { changes } from "../../public/js/changes.js";
import { sum } from "../../public/js/decimal.js";
import { history } from "./history.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const NOW = 1763475120; // 18 Nov 2025, 14:12
const DESIGN = {
  nav_from: "96000.00", nav_to: "117116.90", change: "21116.90",
  parts: {
    flows: "8500.00", realised: "9482.17", funding: "-1312.40", commission: "-1874.06", unrealised: "1204.88",
    revaluation: "4909.76", rewards: "214.36", other: "-8.12",
  },
  residual: "0.31", known_from: null, income_until: "2025-11-18T14:00:00Z",
};

/** @param {object} [change] @param {object} [answer] */
function told(change = {}, answer = {}) {
  const found = changes(UTC, history({ attribution: { ...DESIGN, ...change }, ...answer }), NOW);
  assert.ok(found);
  return found;
}
const near = (/** @type {number} */ found, /** @type {number} */ wanted) => assert.ok(Math.abs(found - wanted) < 1e-9, `${found} is not ${wanted}`);

test("a server that tells nothing of it has no section", () => {
  assert.equal(changes(UTC, history(), NOW), null);
  assert.equal(changes(UTC, history({ attribution: null }), NOW), null);
});

test("the line says what came of money and what of trading", () => {
  const line = (/** @type {object} */ change) => told(change).line;
  assert.equal(line({}), "+$21,116.90 since 28 Aug: $8,500.00 put in, $12,616.90 earned");
  assert.equal(line({ change: "-9000.00", parts: { ...DESIGN.parts, flows: "-8500.00" } }), "−$9,000.00 since 28 Aug: $8,500.00 taken out, $500.00 lost");
  assert.equal(line({ change: "0.00", parts: { ...DESIGN.parts, flows: "0.00" } }), "$0.00 since 28 Aug: no money in or out, $0.00 earned");
});

test("a short range says its hour, one of another year its year", () => {
  const short = told({}, { from: "2025-11-17T14:00:00Z" });
  assert.equal(short.begin.name, "Value at 17 Nov, 14:00 UTC");
  assert.match(short.line, / since 17 Nov, 14:00 UTC: /);
  assert.equal(told({}, { from: "2024-08-28T08:00:00Z" }).begin.name, "Value on 28 Aug 2024");
});

test("rows are the parts by name, what is not explained also when it is nothing, and the change", () => {
  const { begin, rows, end } = told({ residual: "0.00" });
  assert.deepEqual(begin, { name: "Value on 28 Aug", amount: "$96,000.00" });
  assert.deepEqual(end, { name: "Value now", amount: "$117,116.90" });
  assert.deepEqual(rows.map(({ name }) => name), [
    "Deposits and withdrawals", "Realised profit", "Funding fees", "Commission", "Change in unrealised", "Spot and Earn revaluation",
    "Rewards", "Other", "Not explained", "Change",
  ]);
  assert.deepEqual(rows.map(({ amount }) => amount).slice(-3), ["−$8.12", "$0.00", "+$21,116.90"]);
  assert.deepEqual(rows.map(({ tone }) => tone), ["flow", "gain", "loss", "loss", "gain", "gain", "gain", "loss", "none", "total"]);
  assert.equal(rows[8]?.bar, null);
});

test("each bar begins where the one before ended, and all end where the change does", () => {
  const { rows, zero } = told();
  near(zero, 0);
  let reached = zero;
  for (const row of rows.slice(0, -1)) {
    assert.ok(row.bar);
    const grows = row.tone === "flow" || row.tone === "gain";
    near(grows ? row.bar.from : row.bar.from + row.bar.size, reached);
    reached = grows ? row.bar.from + row.bar.size : row.bar.from;
  }
  const change = rows.at(-1)?.bar;
  assert.ok(change);
  near(change.from, zero);
  near(change.from + change.size, reached);
});

test("the zero line moves in where the value fell below its start", () => {
  const parts = { ...DESIGN.parts, flows: "100.00", realised: "-400.00", funding: "0.00", commission: "0.00", unrealised: "0.00", revaluation: "0.00", rewards: "0.00", other: "0.00" };
  const { rows, zero } = told({ parts, residual: "0.00", change: "-300.00" });
  near(zero, 0.75);
  assert.deepEqual(rows[0]?.bar, { from: 0.75, size: 0.25 });
  assert.deepEqual(rows[1]?.bar, { from: 0, size: 1 });
  assert.deepEqual(rows.at(-1)?.bar, { from: 0, size: 0.75 });
});

test("what is shown adds up to the cent", () => {
  const { rows } = told();
  const plain = rows.slice(0, -1).map(({ amount }) => amount.replace("−", "-").replace(/[+$,]/g, ""));
  assert.equal(sum(plain), "21116.90");
});

test("why something is not explained is said where something is not", () => {
  assert.deepEqual(told().notes, []);
  const late = told({ income_until: "2025-11-18T09:50:00Z" }).notes;
  assert.deepEqual(late, ["Futures income is read every six hours and known up to 09:50 UTC; what came later is not explained yet."]);
  assert.deepEqual(told({ income_until: "2025-11-18T09:50:00Z", residual: "0.00" }).notes, []);
  assert.deepEqual(told({ income_until: null }).notes, []);
  assert.deepEqual(told({ known_from: "2025-10-01T00:00:00Z" }).notes, ["The parts are measured since 1 Oct, 00:00 UTC; what prices did before that is not explained."]);
});
