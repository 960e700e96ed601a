import assert from "node:assert/strict";
import { test } from "node:test";

import { accepted, asking, misplaced, refused, welcome } from "../../public/js/keycheck.js";
import { readKey, wrongName } from "../../public/js/keyform.js";

const READER = { locale: "en-GB", zone: "UTC" };
const KEY = "k".repeat(64);
const PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----";

const failure = (/** @type {number} */ status, /** @type {object} */ problem, words = "") => ({
  kind: /** @type {const} */ ("refused"), status, detail: `The server answered ${status}.`, words, problem, request_id: null, wait_s: null,
});
const account = (/** @type {object} */ more) => /** @type {import("../../public/js/types.js").Account} */ (/** @type {unknown} */ ({
  status: { code: "ok", detail: null }, latest: null, last_try: null, ...more,
}));
const states = (/** @type {import("../../public/js/keycheck.js").Line[]|null} */ lines) => lines?.map(({ state }) => state);
const said = (/** @type {import("../../public/js/keycheck.js").Line[]|null} */ lines, nth = 0) => lines?.[nth]?.words;

test("a name is one that no other account has, and never All", () => {
  assert.equal(wrongName(" Main ", ["Spot"]), null);
  assert.equal(wrongName("Ü".repeat(60), []), null);
  for (const [name, taken] of /** @type {[string, string[]][]} */ ([["", []], ["  ", []], ["x".repeat(61), []], ["all", []], [" ALL ", []], ["Spot ", ["Spot"]]])) {
    assert.equal(wrongName(name, taken)?.field, "name", name);
  }
});

test("a key is sent as it is, without the spaces that came with it", () => {
  assert.deepEqual(readKey({ api_key: ` ${KEY}\n`, secret: " secret\n" }).key, { api_key: KEY, secret: "secret" });
  assert.deepEqual(readKey({ api_key: KEY, secret: `\n${PEM}\n` }).key, { api_key: KEY, secret: PEM });
});

test("what cannot be a key is named before Binance is asked, and is not repeated", () => {
  for (const [typed, field] of /** @type {[{api_key: string, secret: string}, string][]} */ ([
    [{ api_key: "", secret: "s" }, "api_key"], [{ api_key: PEM, secret: "s" }, "api_key"], [{ api_key: "two words", secret: "s" }, "api_key"],
    [{ api_key: "k".repeat(201), secret: "s" }, "api_key"], [{ api_key: KEY, secret: " " }, "secret"], [{ api_key: KEY, secret: KEY }, "secret"],
    [{ api_key: KEY, secret: "two words" }, "secret"], [{ api_key: KEY, secret: "-----BEGIN PRIVATE KEY-----\nMC4CAQ" }, "secret"],
    [{ api_key: KEY, secret: "s".repeat(4097) }, "secret"],
  ])) {
    const { wrong, key } = readKey(typed);
    assert.equal(key, null);
    assert.equal(wrong?.field, field, JSON.stringify(typed));
    for (const hidden of [typed.api_key, typed.secret]) if (hidden.trim().length > 8) assert.ok(!wrong?.words.includes(hidden));
  }
});

test("an accepted key has three lines, with what it reads", () => {
  const latest = { wallets: ["spot", "usdm", "earn", "funding", "options", "coinm"], nav: "96000" };
  const lines = accepted(READER, account({ latest }), []);
  assert.deepEqual(lines.map(({ words }) => words), ["Binance accepts the key", "It may read: 6 wallets, $96,000.00", "It may not trade, withdraw or transfer"]);
  assert.deepEqual(states(lines), ["done", "done", "done"]);
  assert.equal(said(accepted({ ...READER, hidden: true }, account({ latest }), []), 1), "It may read: 6 wallets, $•••••");
});

test("what could not be read at first is said, with the server's reason", () => {
  const torn = account({ last_try: { at: "", complete: false, missing: ["usdm"] }, status: { code: "partial", detail: "timed out" } });
  assert.deepEqual(accepted(READER, torn, [])[1], { state: "doubt", words: "It may read, but not all: USD-M futures could not be read", detail: "timed out" });
  assert.equal(said(accepted(READER, null, []), 1), "It may read");
});

test("a key that trades where such are let in is not said to be harmless", () => {
  const [, , last] = accepted(READER, null, ["enableFutures", "enableSpotAndMarginTrading"]);
  assert.equal(last?.state, "doubt");
  assert.match(last?.words ?? "", /^It may trade futures and trade\. This installation lets in such a key\. It may not withdraw or transfer$/);
});

test("a key that may too much is told what to switch off, as Binance calls it", () => {
  const lines = refused(failure(422, { code: "key_too_powerful", rights: ["enableSpotAndMarginTrading"] }));
  assert.equal(said(lines, 2), "It may trade. Switch off ‘Enable Spot & Margin Trading’ on Binance, then check again.");
  assert.deepEqual(states(lines), ["done", "done", "failed"]);
  const more = refused(failure(422, { code: "key_too_powerful", rights: ["enableWithdrawals", "permitsUniversalTransfer", "enableInternalTransfer", "tradeTheMoon"] }));
  assert.equal(said(more, 2), "It may withdraw, transfer and do more than read. Switch off ‘Enable Withdrawals’, ‘Permits Universal Transfer’, ‘Enable Internal Transfer’ and ‘tradeTheMoon’ on Binance, then check again.");
});

test("a key that is refused says why, and what is not known stays a question", () => {
  const lines = refused(failure(422, { code: "key_refused", likely: "the secret does not belong to this API key" }));
  assert.deepEqual(states(lines), ["failed", "open", "open"]);
  assert.equal(said(lines), "Binance does not accept the key: the secret does not belong to this API key.");
  assert.ok([...asking(), ...(lines ?? []).slice(1)].every(({ words }) => words.endsWith("?")));
});

test("a key that may not read, is another's, or is here already has its own line", () => {
  assert.deepEqual(states(refused(failure(400, { code: "invalid_input", field: "api_key" }))), ["done", "failed", "done"]);
  assert.match(said(refused(failure(409, { code: "other_owner" })), 2) ?? "", /another Binance account/);
  assert.match(said(refused(failure(409, { code: "account_exists", field: "api_key" })), 2) ?? "", /here already/);
});

test("Binance's silence says nothing about the key", () => {
  const lines = refused(failure(502, { code: "location_refused" }, "GET /x: 451 restricted location"));
  assert.deepEqual(states(lines), ["failed", "open", "open"]);
  assert.match(said(lines) ?? "", /says nothing about the key/);
  assert.equal(lines?.[0]?.detail, "GET /x: 451 restricted location");
});

test("an error that is not about the key goes to its field, or under all of them", () => {
  assert.equal(refused(failure(409, { code: "account_exists", field: "name" }, "an account of the name 'Main' is there already")), null);
  assert.equal(refused(failure(503, { code: "unavailable" })), null);
  const known = ["name", "api_key", "weights", "rebalance", "band"];
  assert.deepEqual(misplaced(failure(400, { field: "name" }, "name: must have 1 to 60 characters"), known), { field: "name", words: "Must have 1 to 60 characters." });
  assert.deepEqual(misplaced(failure(400, { field: "key.api_key" }, "key.api_key: too long"), known), { field: "api_key", words: "Too long." });
  assert.deepEqual(misplaced(failure(400, { field: "rebalance.band" }, "rebalance.band: must lie between 0 and 1"), known).field, "band");
  assert.deepEqual(misplaced({ ...failure(401, {}, "this call needs a session"), kind: "locked" }, known), { field: null, words: "You are not logged in. Nothing was changed." });
  assert.deepEqual(misplaced(failure(503, {}, "the database did not respond"), known), { field: null, words: "The database did not respond." });
});

test("what is said when a key is let in is true of the first snapshot", () => {
  const next = { wait_s: 40, words: "15:00 UTC" };
  assert.equal(welcome({ latest: {} }, next), "Key accepted. The first snapshot is there.");
  assert.equal(welcome({ latest: null }, next), "Key accepted. First snapshot in about a minute.");
  assert.equal(welcome(null, { ...next, wait_s: 1800 }), "Key accepted. First snapshot at about 15:00 UTC.");
});
