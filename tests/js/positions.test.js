import assert from "node:assert/strict";
import { test } from "node:test";

import { positionsLine } from "../../public/js/briefs.js";
import { positionRows } from "../../public/js/positions.js";

const UTC = { locale: "en-GB", zone: "UTC" };
const plain = (/** @type {string} */ text) => text.replace(/\u202f/g, " ");

/** @param {Partial<import("../../public/js/types.js").Position>} [change] @returns {import("../../public/js/types.js").Position} */
function position(change = {}) {
  return {
    account: "main", wallet: "usdm", symbol: "BTCUSDT", side: "long", quantity: "0.482", mark: "122850.42", value: "59213.90244",
    entry: "119533.46", leverage: "5", margin: "cross", liquidation: "99508.84", unrealised: "1598.78", ...change,
  };
}
const short = position({ symbol: "ETHUSDT", side: "short", quantity: "6.2", mark: "4581.96", value: "28408.15", entry: "4526.97", leverage: "4", liquidation: "5608.32", unrealised: "-340.90" });
const bare = position({ entry: null, leverage: null, margin: null, liquidation: null, unrealised: null });
const line = (/** @type {import("../../public/js/types.js").Position[]} */ ...positions) => plain(positionsLine(UTC, positions).map(({ text }) => text).join(""));

test("the line says how many, what they gained, and which is nearest to its end", () => {
  assert.equal(line(position(), short), "2 open · +$1,257.88 unrealised · nearest liquidation 19.0 % away");
  assert.equal(line(bare), "1 open");
  assert.equal(line(position(), bare), "2 open · nearest liquidation 19.0 % away");
  assert.equal(line(), "No open positions");
});

test("what they gained is said in the colour of its sign", () => {
  const tone = (/** @type {string} */ unrealised) => positionsLine(UTC, [position({ unrealised })])[2]?.tone;
  assert.deepEqual(["1", "-1", "0"].map(tone), ["gain", "loss", "plain"]);
});

test("a row has everything that is known of a position", () => {
  const [first, second] = positionRows(UTC, [short, position()], () => "");
  assert.deepEqual(Object.fromEntries(Object.entries(first ?? {}).map(([name, value]) => [name, typeof value === "string" ? plain(value) : value])), {
    symbol: "BTCUSDT", about: "Long · 5× · cross", size: "0.482 BTC", value: "$59,213.90", entry: "$119,533.46", mark: "$122,850.42",
    liquidation: "$99,508.84", distance: "19.0 % away", close: false, unrealised: "+$1,598.78", ratio: "+2.77 %", tone: "gain",
  });
  assert.equal(plain(second?.distance ?? ""), "22.4 % away");
  assert.equal(second?.tone, "loss");
});

test("under ten percent from liquidation it is close, past it nothing is left", () => {
  const close = (/** @type {string} */ liquidation, /** @type {"long"|"short"} */ side = "long") => {
    const [row] = positionRows(UTC, [position({ mark: "100", liquidation, side })], () => "");
    return [plain(row?.distance ?? ""), row?.close];
  };
  assert.deepEqual(close("90"), ["10.0 % away", false]);
  assert.deepEqual(close("90.01"), ["10.0 % away", true]);
  assert.deepEqual(close("110.01", "short"), ["10.0 % away", false]);
  assert.deepEqual(close("109", "short"), ["9.0 % away", true]);
  assert.deepEqual(close("101"), ["0.0 % away", true]);
});

test("what was not told is not made up", () => {
  const [row] = positionRows(UTC, [bare], () => "Main");
  assert.deepEqual([row?.about, row?.entry, row?.liquidation, row?.unrealised, row?.distance, row?.ratio, row?.close], ["Main · Long", null, null, null, "", "", false]);
});

test("a contract is of its coin, whatever it is settled in", () => {
  const size = (/** @type {string} */ symbol) => positionRows(UTC, [position({ symbol, quantity: "2" })], () => "")[0]?.size;
  assert.deepEqual(["BTCUSD_PERP", "ETHUSDC", "1000SHIBUSDT", "BTCUSDT_260327", "USDTUSD", "<b>"].map(size), ["2 BTC", "2 ETH", "2 1000SHIB", "2 BTC", "2 USDT", "2"]);
});
