/** What only the owner may ask and change. Where there is no session, or it ended, one logs in and it goes on. */

import { ask, hasToken, Unanswered } from "./api.js";
import { aloud } from "./late.js";

/** @typedef {import("./types.js").Account} Account */

const PATIENCE_MS = 130_000; // a deployed function may take two minutes

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<unknown>} the parsed answer
 * Raises: Unanswered; where nobody logs in it is `locked`.
 */
export async function own(method, path, body) {
  for (;;) {
    try {
      return await ask(path, undefined, method === "GET" ? undefined : { method, body: body ?? {}, wait_ms: PATIENCE_MS }, null);
    } catch (error) {
      if (!(error instanceof Unanswered) || error.failure.kind !== "locked" || !(await comeIn())) throw error;
    }
  }
}

/** @returns {Promise<boolean>} whether somebody logged in */
async function comeIn() {
  const session = await aloud(() => import("./session.js"));
  if (!session) return false;
  const here = document.activeElement instanceof HTMLElement ? document.activeElement : document.body;
  return hasToken() ? session.openLogIn(here, "Only the owner may do this. Log in to go on where you were.") : session.openLogIn(here);
}

/** @returns {Promise<import("./types.js").AccountsAnswer>} */
export async function accounts() {
  return /** @type {import("./types.js").AccountsAnswer} */ (await ask("/api/accounts"));
}

/** @param {{name: string, key: {api_key: string, secret: string}}} entry */
export async function addAccount({ name, key }) {
  return /** @type {import("./types.js").KeyTaken} */ (await own("POST", "/api/accounts", { name, ...key }));
}

/** @param {string} account @param {{api_key: string, secret: string}} key */
export async function replaceKey(account, key) {
  return /** @type {import("./types.js").KeyTaken} */ (await own("PATCH", "/api/accounts", { account, key }));
}

/** @param {string} account @param {{name: string}|{state: "active"|"paused"}|{policy: Partial<import("./types.js").Policy>}|{alerts: Record<string, string|null>}} part what changes */
export async function changeAccount(account, part) {
  await own("PATCH", "/api/accounts", { account, ...part });
}

/** @param {string} account @param {string|null} name as typed, to delete all that is stored of it; null: its key alone */
export async function removeAccount(account, name) {
  const params = new URLSearchParams({ account, ...(name === null ? {} : { erase: "true", name }) });
  await own("DELETE", `/api/accounts?${params}`);
}

/** @param {string} account @returns {Promise<import("./types.js").Policy>} the one in force */
export async function policyOf(account) {
  const params = new URLSearchParams({ account, range: "24h", points: "2" });
  const answer = /** @type {{benchmark: {policy: import("./types.js").Policy}}} */ (await ask(`/api/history?${params}`));
  return answer.benchmark.policy;
}

/** @param {string} account read it at once @returns {Promise<import("./types.js").RunAnswer>} also of a run that failed (502) */
export async function collectNow(account) {
  try {
    return /** @type {import("./types.js").RunAnswer} */ (await own("POST", `/api/collect?${new URLSearchParams({ account, force: "true" })}`));
  } catch (error) {
    const told = error instanceof Unanswered ? error.failure.problem : null;
    if (told && "accounts" in told) return /** @type {import("./types.js").RunAnswer} */ (told);
    throw error;
  }
}

/** @returns {Promise<import("./types.js").Link[]>} newest first */
export async function links() {
  return /** @type {{shares: import("./types.js").Link[]}} */ (await own("GET", "/api/share")).shares;
}

/** @param {string} account or all */
export async function makeLink(account) {
  return /** @type {import("./types.js").Link & {path: string}} */ (await own("POST", "/api/share", { account }));
}

/** @param {string} id */
export async function revokeLink(id) {
  await own("DELETE", `/api/share?${new URLSearchParams({ id })}`);
}
