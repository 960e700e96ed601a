/** What Binance said of a key, as a list of three: it is accepted, it may read, it may do nothing else. */

import { money } from "./format.js";
import { list, part, plural } from "./words.js";

/** @typedef {"done"|"doubt"|"failed"|"open"} State  open: not asked, or not answered yet */
/** @typedef {{state: State, words: string, detail?: string}} Line  detail: the server's own words */
/** @typedef {import("./types.js").Account} Account */
/** @typedef {import("./types.js").Failure} Failure */

/** Rights in the exchange's own names, as its page for keys calls them, and what they let do. */
const RIGHTS = new Map(Object.entries({
  enableSpotAndMarginTrading: ["Enable Spot & Margin Trading", "trade"],
  enableMargin: ["Enable Margin Loan, Repay & Transfer", "borrow"],
  enableFutures: ["Enable Futures", "trade futures"],
  enableVanillaOptions: ["Enable European Options", "trade options"],
  enablePortfolioMarginTrading: ["Enable Portfolio Margin Trading", "trade on portfolio margin"],
  enableFixApiTrade: ["Enable FIX API Trading", "trade over FIX"],
  enableWithdrawals: ["Enable Withdrawals", "withdraw"],
  enableInternalTransfer: ["Enable Internal Transfer", "transfer"],
  permitsUniversalTransfer: ["Permits Universal Transfer", "transfer"],
}));
const SOON_S = 90;
const ACCEPTED = "Binance accepts the key";
const READS = "It may read";
const HARMLESS = "It may not trade, withdraw or transfer";
const QUESTIONS = ["Does Binance accept the key?", "May it read?", "May it trade, withdraw or transfer?"];

/** @returns {Line[]} while Binance is asked */
export function asking() {
  return open(0);
}

/** @param {number} from @returns {Line[]} the questions from this one on */
function open(from) {
  return QUESTIONS.slice(from).map((words) => ({ state: "open", words }));
}

/**
 * @param {import("./types.js").Reader} reader
 * @param {Account|null} account as it stands after its first run; null where that is not known
 * @param {string[]} rights what the key may do beyond reading, where this installation lets in such a key
 * @returns {Line[]}
 */
export function accepted(reader, account, rights) {
  return [{ state: "done", words: ACCEPTED }, reads(reader, account), beyond(rights)];
}

/** @param {import("./types.js").Reader} reader @param {Account|null} account @returns {Line} */
function reads(reader, account) {
  const { latest, last_try, status } = account ?? { latest: null, last_try: null, status: null };
  if (latest) {
    const count = latest.wallets.length;
    return { state: "done", words: `${READS}: ${count} ${plural(count, "wallet")}, ${money(reader, latest.nav)}` };
  }
  if (last_try && last_try.missing.length > 0) {
    const words = `${READS}, but not all: ${list(last_try.missing.map(part))} could not be read`;
    return { state: "doubt", words, ...(status?.detail ? { detail: status.detail } : {}) };
  }
  return { state: "done", words: READS };
}

/** @param {string[]} rights @returns {Line} */
function beyond(rights) {
  if (rights.length === 0) return { state: "done", words: HARMLESS };
  return { state: "doubt", words: `It may ${deeds(rights)}. This installation lets in such a key. It may not withdraw or transfer` };
}

/** @param {string[]} rights */
function deeds(rights) {
  return list([...new Set(rights.map((right) => RIGHTS.get(right)?.[1] ?? "do more than read"))]);
}

/**
 * @param {Failure} failure
 * @returns {Line[]|null} null: it is not about the key
 */
export function refused({ status, problem, words }) {
  const told = problem ?? {};
  if (told.code === "key_too_powerful") {
    const rights = told.rights ?? [];
    const names = list(rights.map((right) => `‘${RIGHTS.get(right)?.[0] ?? right}’`));
    return [
      { state: "done", words: ACCEPTED }, { state: "done", words: READS },
      { state: "failed", words: `It may ${deeds(rights)}. Switch off ${names} on Binance, then check again.` },
    ];
  }
  if (told.code === "invalid_input" && told.field === "api_key") {
    return [
      { state: "done", words: ACCEPTED }, { state: "failed", words: "It may not read. Switch on ‘Enable Reading’ on Binance, then check again." },
      { state: "done", words: HARMLESS },
    ];
  }
  if (told.code === "key_refused") {
    return [{ state: "failed", words: `Binance does not accept the key: ${(told.likely ?? "it gives no reason").replace(/\.$/, "")}.` }, ...open(1)];
  }
  if (told.code === "other_owner") {
    return [
      { state: "done", words: ACCEPTED }, { state: "done", words: READS },
      { state: "failed", words: "It belongs to another Binance account. Take a key of this one, or add the other as an account of its own." },
    ];
  }
  if (told.code === "account_exists" && told.field === "api_key") {
    return [
      { state: "done", words: ACCEPTED }, { state: "done", words: READS },
      { state: "failed", words: "Its Binance account is here already, under another name or removed. One that was removed comes back only after it is erased." },
    ];
  }
  if (status === 502) {
    return [{ state: "failed", words: "Binance could not be asked. That says nothing about the key: check again in a while.", ...(words ? { detail: words } : {}) }, ...open(1)];
  }
  return null;
}

/**
 * @param {Failure} failure
 * @param {string[]} known the fields of the form
 * @returns {{field: string|null, words: string}} where an error belongs: beside its field, or (null) under all of them
 */
export function misplaced({ kind, problem, words, detail }, known) {
  if (kind === "locked") return { field: null, words: "You are not logged in. Nothing was changed." };
  const path = problem?.field?.split(".") ?? [];
  const field = path.findLast((name) => known.includes(name)) ?? null;
  const said = words ?? detail;
  const own = problem?.field && said.startsWith(`${problem.field}: `) ? said.slice(problem.field.length + 2) : said;
  return { field, words: `${own.charAt(0).toUpperCase()}${own.slice(1).replace(/\.$/, "")}.` };
}

/**
 * @param {{latest: object|null}|null} account
 * @param {{wait_s: number, words: string}} next how long until the next run, and when that is
 * @returns {string} what is said when a key is let in
 */
export function welcome(account, { wait_s, words }) {
  if (account?.latest) return "Key accepted. The first snapshot is there.";
  return wait_s > SOON_S ? `Key accepted. First snapshot at about ${words}.` : "Key accepted. First snapshot in about a minute.";
}
