/** Pages that take a key: of a new account, or another one of an account that is there. What Binance says of it is a list. */

import { now, Unanswered } from "../api.js";
import { clockAndZone, epoch } from "../dates.js";
import { accepted, asking, misplaced, refused, welcome } from "../keycheck.js";
import { readKey, wrongName } from "../keyform.js";
import { accounts, addAccount, replaceKey } from "../owner.js";
import { field, form, input } from "./form.js";
import { foreign, h, icon } from "./dom.js";
import { toast } from "./toast.js";

/** @typedef {import("./settings.js").House} House */
/** @typedef {import("./pages.js").Page} Page */
/** @typedef {import("./pages.js").Pages} Pages */
/** @typedef {import("../keyform.js").Typed} Typed */
/** @typedef {import("../keyform.js").Wrong} Wrong */
/** @typedef {import("../types.js").Account} Account */
/**
 * @typedef {object} Purpose
 * @property {string} title
 * @property {string} yes
 * @property {Account|null} account  whose key it replaces; null: it is of a new one
 * @property {string[]} taken  names that are
 */

const ICONS = { done: "check", doubt: "warn", failed: "error", open: "circle" };
const SAID = { done: "Yes", doubt: "Note", failed: "No", open: "Not known" };
const FIELDS = ["name", "api_key", "secret"];
const NOBODY = { name: "", api_key: "", secret: "" };

/** @param {House} house @returns {Page} */
export function addPage(house) {
  const taken = (house.store.get().accounts?.accounts ?? []).map(({ name }) => name);
  return keyPage(house, { title: "Add account", yes: "Add account", account: null, taken }, NOBODY, null);
}

/** @param {House} house @param {Account} account @returns {Page} */
export function newKeyPage(house, account) {
  return keyPage(house, { title: "Replace the key", yes: "Use this key", account, taken: [] }, { ...NOBODY, name: account.name }, null);
}

/**
 * @param {House} house
 * @param {Purpose} purpose
 * @param {Typed} typed what was typed before; its secret is never shown again, only kept for another try
 * @param {Wrong|null} wrong what the server said of it
 * @returns {Page}
 */
function keyPage(house, purpose, typed, wrong) {
  const { account } = purpose;
  const name = field("name", "Name", input({ maxlength: "60", value: typed.name, ...(account || wrong ? {} : { "data-first": "" }) }), "How the page calls it. It can be changed.");
  const key = field("api_key", "API key", input({ maxlength: "200", autocapitalize: "off", value: typed.api_key, ...(account && !wrong ? { "data-first": "" } : {}) }));
  const area = /** @type {HTMLTextAreaElement} */ (h("textarea", {
    class: "field secret", rows: "2", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "data-lpignore": "true", "data-1p-ignore": "",
    ...(typed.secret ? { placeholder: "As given before; paste another one to replace it" } : {}),
  }));
  const secret = field("secret", "Secret or private key", area, "The secret that Binance shows once, or your own Ed25519 or RSA key as PEM.");
  const fields = account ? [key, secret] : [name, key, secret];
  const value = (/** @type {import("./form.js").Field} */ { control }) => /** @type {HTMLInputElement} */ (control).value;
  return {
    title: purpose.title,
    isTyped: () => fields.some((one) => value(one) !== "" && value(one) !== typed[/** @type {keyof Typed} */ (one.name)]),
    build(pages) {
      const made = form(fields, [account ? about(account) : null, ...fields.map(({ row }) => row), keptSafe()], {
        yes: purpose.yes,
        more: [h("button", { type: "button", class: "button", "data-key": "help", onclick: () => pages.go(helpPage()) }, "How to make such a key")],
        async send() {
          const given = { name: value(name).trim(), api_key: value(key), secret: value(secret) || typed.secret };
          const { wrong: unread, key: pair } = readKey(given);
          const found = (account ? null : wrongName(given.name, purpose.taken)) ?? unread;
          if (found || !pair) return found;
          area.value = ""; // from here on it is in this call alone
          pages.instead(checkPage(house, purpose, { ...given, ...pair }, pages));
          return null;
        },
      });
      if (wrong) queueMicrotask(() => show(fields, wrong));
      return [made];
    },
  };
}

/** @param {import("./form.js").Field[]} fields @param {Wrong} wrong */
function show(fields, { field: name, words }) {
  const found = fields.find((one) => one.name === name) ?? fields[0];
  found?.wrong.replaceChildren(foreign(words));
  found?.control.setAttribute("aria-invalid", "true");
  found?.control.focus();
}

/** @param {Account} account */
function about({ name }) {
  return h("p", { class: "prose" }, "Another key of the Binance account behind ", foreign(name), ". Its history goes on.");
}

function keptSafe() {
  return h("p", { class: "small" }, "A key that may trade, withdraw or transfer is refused. The secret is encrypted before it is stored and never shown again.");
}

/**
 * @param {House} house
 * @param {Purpose} purpose
 * @param {Typed} typed
 * @param {Pages} pages
 * @returns {Page}
 */
function checkPage(house, purpose, typed, pages) {
  const place = h("div", { class: "check", "aria-live": "polite" });
  const draw = (/** @type {import("../keycheck.js").Line[]} */ lines, /** @type {import("./dom.js").Child[]} */ after) =>
    place.replaceChildren(h("ul", { class: "check-lines" }, ...lines.map(lineOf)), ...after.filter((one) => one instanceof Node || typeof one === "string"));
  const ask = async () => {
    draw(asking(), [h("p", { class: "prose" }, "Asking Binance, and taking the first look. This can take a minute.")]);
    try {
      const key = { api_key: typed.api_key, secret: typed.secret };
      const taken = purpose.account ? await replaceKey(purpose.account.id, key) : await addAccount({ name: typed.name, key });
      await welcomed(house, purpose, taken, pages, draw);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      if (pages.isOpen()) failed(error.failure);
    }
  };
  const again = () => pages.instead(keyPage(house, purpose, typed, null));
  const failed = (/** @type {import("../types.js").Failure} */ failure) => {
    const { field: name, words } = misplaced(failure, FIELDS);
    const lines = refused(failure);
    if (!lines && name) {
      pages.instead(keyPage(house, purpose, typed, { field: name, words }));
      return;
    }
    draw(lines ?? [{ state: "failed", words }], [h("p", { class: "actions" },
      h("button", { type: "button", class: "button button-first", "data-key": "again", onclick: () => void ask() }, "Check again"),
      h("button", { type: "button", class: "button", "data-key": "other", onclick: again }, "Take another key"))]);
    /** @type {HTMLElement|null} */ (place.querySelector("[data-key=again]"))?.focus();
  };
  void ask();
  return { title: purpose.title, build: () => [place] };
}

/**
 * @param {House} house
 * @param {Purpose} purpose
 * @param {import("../types.js").KeyTaken} taken
 * @param {Pages} pages
 * @param {(lines: import("../keycheck.js").Line[], after: import("./dom.js").Child[]) => void} draw
 */
async function welcomed(house, purpose, taken, pages, draw) {
  const listed = (await accounts().catch(() => null))?.accounts.find(({ id }) => id === taken.account) ?? null;
  if (purpose.account) house.deeds.refresh();
  else house.deeds.choose({ account: taken.account });
  const next_s = listed ? epoch(listed.next_slot) : now();
  const done = h("button", { type: "button", class: "button button-first", "data-key": "done", onclick: pages.close }, purpose.account ? "Done" : "Show the account");
  draw(accepted(house.reader, listed, taken.rights), [h("p", { class: "actions" }, done)]);
  if (pages.isOpen()) done.focus();
  pages.after(() => toast([welcome(listed, { wait_s: next_s - now(), words: clockAndZone(house.reader, next_s, now()) })]));
}

/** @param {import("../keycheck.js").Line} line */
function lineOf({ state, words, detail }) {
  return h("li", { class: `check-line is-${state}` }, icon(ICONS[state]), h("span", {},
    h("span", { class: "visually-hidden" }, `${SAID[state]}: `), foreign(words), detail ? h("span", { class: "small check-detail" }, foreign(detail)) : null));
}

const STEPS = [
  "On Binance, open API Management and choose Create API. A system-generated key brings its own secret; for a self-generated one (Ed25519 or RSA) you give Binance the public half.",
  "Under API restrictions leave ‘Enable Reading’ as the only one that is ticked. Everything else stays off: trading, futures, margin, withdrawals, transfers.",
  "If you know the address this page’s server asks from, restrict the key to it. Then nobody else can use it.",
  "Save, and copy the API key and the secret. Binance shows the secret this once.",
  "If the futures wallet was opened after the key was made, make a new key: an old one never sees it.",
];

/** @returns {Page} */
export function helpPage() {
  return { title: "How to make such a key", build: () => [h("ol", { class: "steps" }, ...STEPS.map((step) => h("li", {}, step)))] };
}
