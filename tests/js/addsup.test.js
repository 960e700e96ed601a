import assert from "node:assert/strict";
import { test } from "node:test";

import { addsUpTable, comparedWallets, differenceBars } from "../../public/js/addsup.js";
import { addsUp } from "../../public/js/briefs.js";
import { holdings } from "./holdings.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const NOW = 1763475120; // 18 Nov 2025, 14:12
const plain = (/** @type {string} */ text) => text.replace(/\u202f/g, " ");

/** @param {Record<string, string>} gaps by wallet @param {string} [nav] */
function differing(gaps, nav = "100000") {
  const wallets = Object.entries(gaps).map(([wallet, difference]) => ({ wallet, ours: "0", theirs: "0", difference }));
  const difference = String(Object.values(gaps).reduce((total, gap) => total + Number(gap), 0));
  return holdings({ nav, reconciliation: { ours: nav, theirs: "0", difference, wallets } });
}
const line = (/** @type {ReturnType<typeof holdings>} */ answer) => {
  const { verdict, words } = addsUp(UTC, answer, NOW);
  return plain(`${verdict}. ${words}`);
};

test("yes up to a dollar and up to a thousandth, almost beyond", () => {
  assert.equal(line(holdings()), "Yes. Binance’s own total differs by +$0.42");
  assert.equal(line(differing({ spot: "0.004" })), "Yes. Binance’s own total is the same to the cent");
  assert.equal(line(differing({ spot: "-1" }, "10")), "Yes. Binance’s own total differs by −$1.00");
  assert.equal(line(differing({ spot: "100" })), "Yes. Binance’s own total differs by +$100.00");
  assert.equal(line(differing({ spot: "-100.01" })), "Almost. Binance’s own total differs by $100.01 (0.1 %), all of it in Spot");
});

test("almost says where it is", () => {
  assert.equal(line(differing({ earn: "-312.40", spot: "0.01" })), "Almost. Binance’s own total differs by $312.39 (0.3 %), all of it in Earn");
  assert.equal(line(differing({ earn: "300", spot: "100" })), "Almost. Binance’s own total differs by $400.00 (0.4 %), most of it in Earn");
  assert.equal(line(differing({ earn: "100", spot: "100", usdm: "150" })), "Almost. Binance’s own total differs by $350.00 (0.4 %)");
});

test("what was not checked says since when", () => {
  assert.equal(line(holdings({ reconciliation: null })), "Not checked. Binance did not give its total at 14:00 UTC");
  assert.equal(line(holdings({ reconciliation: null, at: null })), "Not checked. Nothing is kept to check");
  assert.equal(addsUpTable(UTC, holdings({ reconciliation: null })), null);
});

test("the table has the largest wallet first and the total below", () => {
  assert.deepEqual(addsUpTable(UTC, holdings()), {
    rows: [
      { name: "USD-M futures", ours: "$610.00", theirs: "$609.56", difference: "+$0.44" },
      { name: "Spot", ours: "$290.00", theirs: "$290.02", difference: "−$0.02" },
    ],
    total: { name: "Total", ours: "$1,000.00", theirs: "$999.58", difference: "+$0.42" },
  });
});

test("the bars end with the snapshot itself, and an hour that was not checked is told", () => {
  const { bars, words } = differenceBars(UTC, holdings(), "", NOW);
  assert.deepEqual(bars, [
    { size: 0.3, words: "18 Nov 12:00: +$0.30" }, { size: null, words: "18 Nov 13:00: not checked" }, { size: 0.42, words: "18 Nov 14:00: +$0.42" },
  ]);
  assert.equal(words, "from +$0.30 to +$0.42, 1 not checked");
});

test("the bars of one wallet are its own; cents stay small, dollars fill the height", () => {
  const answer = holdings();
  assert.deepEqual(comparedWallets(answer), ["spot", "usdm"]);
  assert.deepEqual(differenceBars(UTC, answer, "spot", NOW).bars.map(({ size }) => size), [0.05, null, -0.02]);
  const large = differing({ spot: "-8" });
  large.differences = { t: [1, 2], total: ["4", "-8"], wallets: { spot: ["4", "-8"] } };
  assert.deepEqual(differenceBars(UTC, large, "", NOW).bars.map(({ size }) => size), [0.5, -1, -1]);
  assert.deepEqual(differenceBars(UTC, large, "earn", NOW).bars.map(({ size }) => size), [0, 0, 0], "a wallet that was empty does not differ");
});

test("there are sixty bars at most, the newest", () => {
  const t = Array.from({ length: 60 }, (_, index) => index);
  const { bars } = differenceBars(UTC, holdings({ differences: { t, total: t.map(String), wallets: {} } }), "", NOW);
  assert.equal(bars.length, 60);
  assert.equal(bars.at(-1)?.words, "18 Nov 14:00: +$0.42");
});
