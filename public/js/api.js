/** Questions to the server. Every answer also tells its time; ages are measured against that, never the browser's. */

/** @typedef {import("./types.js").Failure} Failure */

const TIMEOUT_MS = 20_000;
const TOKEN = "api-token"; // this tab's session storage only

/** An answer that is not one: `failure` says why. */
export class Unanswered extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.detail);
    this.name = "Unanswered";
    this.failure = failure;
  }
}

/** @type {{server_s: number, local_ms: number}|null} */
let told = null;

let written = 0;

/** @returns {number} how often this page has asked the server to change something */
export function writes() {
  return written;
}

/** @returns {number} epoch seconds by the server's clock, carried on by the browser's monotonic one */
export function now() {
  return told ? told.server_s + (performance.now() - told.local_ms) / 1000 : 0;
}

/** @param {string} token */
export function useToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

/** @returns {boolean} */
export function hasToken() {
  return sessionStorage.getItem(TOKEN) !== null;
}

export function forgetToken() {
  sessionStorage.removeItem(TOKEN);
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @param {{method: string, body?: object, wait_ms?: number}} [write]
 * @param {string|null} [token]
 * @returns {Promise<unknown>} the parsed answer
 * Raises: Unanswered; AbortError where `signal` says so.
 */
export async function ask(path, signal, write, token) {
  const answer = await reach(path, signal, write, token);
  const body = await answer.json().catch(() => null);
  if (answer.ok && body !== null) return body;
  throw refused(answer, body);
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @param {{method: string, body?: object, wait_ms?: number}} [write]
 * @param {string|null} [token]
 * @returns {Promise<Response>}
 */
export async function reach(path, signal, write, token = sessionStorage.getItem(TOKEN)) {
  const limit = AbortSignal.timeout(write?.wait_ms ?? TIMEOUT_MS);
  if (write) written += 1;
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(path, {
      ...(write ? { method: write.method, body: JSON.stringify(write.body ?? {}) } : {}),
      headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(write ? { "Content-Type": "application/json" } : {}) },
      cache: "no-cache",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unanswered(unreachable());
  }
  const stamp = Date.parse(answer.headers.get("X-Now") ?? "");
  if (!Number.isNaN(stamp)) told = { server_s: stamp / 1000, local_ms: performance.now() };
  return answer;
}

/** @returns {Failure} */
function unreachable() {
  const kind = navigator.onLine ? "unreachable" : "offline";
  return { kind, status: null, detail: "The server did not answer.", words: null, request_id: null, wait_s: null };
}

/**
 * @param {Response} answer
 * @param {{detail?: string, title?: string, code?: string, request_id?: string, field?: string, rights?: string[], likely?: string}|null} problem RFC 9457, or null where the body is none
 * @returns {Unanswered}
 */
export function refused({ status, headers }, problem) {
  const wait_s = Number.parseInt(headers.get("Retry-After") ?? "", 10);
  const words = problem?.detail ?? problem?.title ?? "no reason was given";
  return new Unanswered({
    kind: status === 401 ? "locked" : problem?.code === "starting" ? "starting" : "refused",
    status,
    detail: `The server answered ${status}: ${words.replace(/\.$/, "")}.`,
    words: problem?.detail ?? null,
    problem,
    request_id: problem?.request_id ?? null,
    wait_s: Number.isNaN(wait_s) ? null : wait_s,
  });
}

/** @param {string} password Raises: Unanswered, 401 where it is not right and 429 with `wait_s` after too many tries. */
export async function logIn(password) {
  await ask("/api/session", undefined, { method: "POST", body: { password } });
}

/**
 * @param {string} token of a link
 * @returns {Promise<import("./types.js").Shared>}
 */
export async function shared(token) {
  return /** @type {import("./types.js").Shared} */ (await ask("/api/share", undefined, undefined, token));
}

/** @param {boolean} everywhere end the sessions of all browsers, not only this one's */
export async function logOut(everywhere) {
  forgetToken();
  await ask(`/api/session${everywhere ? "?everywhere=true" : ""}`, undefined, { method: "DELETE" });
}

/** @returns {Promise<import("./types.js").Health>} the installation's health; also when it is down (503) */
export async function health() {
  return /** @type {import("./types.js").Health} */ (await ask("/api/health"));
}

/** @returns {Promise<import("./types.js").Demo>} */
export async function demo() {
  return /** @type {import("./types.js").Demo} */ (await ask("/api/demo"));
}

/** @returns {Promise<import("./types.js").AccountsAnswer>} */
export async function accounts() {
  return /** @type {import("./types.js").AccountsAnswer} */ (await ask("/api/accounts"));
}

/**
 * @param {string} account
 * @param {import("./types.js").Range} range
 * @param {string|null} benchmark null: the account's own
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").History>}
 */
export async function history(account, range, benchmark, signal) {
  const params = new URLSearchParams({ account, range, ...(benchmark === null ? {} : { benchmark }) });
  const answer = /** @type {import("./types.js").History} */ (await ask(`/api/history?${params}`, signal));
  return { ...answer, compared: benchmark };
}

/**
 * @param {Record<string, string>} filters parameters of the call; empty ones are left out
 * @param {AbortSignal} [signal]
 * @returns {Promise<import("./types.js").LogsAnswer>}
 */
export async function logs(filters, signal) {
  const params = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ""));
  return /** @type {import("./types.js").LogsAnswer} */ (await ask(`/api/logs?${params}`, signal));
}

/**
 * @param {string} account
 * @param {string} at the last whole snapshot at or before it
 * @returns {Promise<import("./types.js").Holdings>}
 */
export async function holdings(account, at) {
  return /** @type {import("./types.js").Holdings} */ (await ask(`/api/holdings?${new URLSearchParams({ account, at })}`));
}

/**
 * @param {string} account
 * @returns {Promise<import("./types.js").Flows>}
 */
export async function flows(account) {
  return /** @type {import("./types.js").Flows} */ (await ask(`/api/flows?${new URLSearchParams({ account })}`));
}

/** @param {import("./types.js").FlowChange} change */
export async function changeFlow(change) {
  await ask("/api/flows", undefined, { method: "POST", body: change });
}
