/** What the owner may say of a flow: that it is void, internal or another one, or that one is missing. */

import { changeFlow, now, Unanswered } from "../api.js";
import { epoch, moment, zoneName } from "../dates.js";
import { fieldMoment, readFlow, typedFrom } from "../flowform.js";
import { byId, foreign, h } from "./dom.js";
import { segments } from "./segments.js";
import { openSheet } from "./sheet.js";
import { toast } from "./toast.js";

/** @typedef {import("../below.js").Below} Below */
/** @typedef {import("../flows.js").Row} Row */
/** @typedef {import("../flowform.js").Typed} Typed */
/** @typedef {import("../types.js").FlowChange} FlowChange */

const LONGEST_REASON = "200";

/** @type {Record<"void"|"internal", {title: (what: string) => string, says: (since: string) => string, yes: string, no: string, done: string}>} */
const WORDS = {
  void: {
    title: (what) => `Void this ${what}?`, yes: "Void it", no: "Keep it", done: "is voided",
    says: (since) => `History since ${since} is computed anew without it. The entry stays in the ledger.`,
  },
  internal: {
    title: (what) => `Is this ${what} internal?`, yes: "Mark internal", no: "Leave it", done: "is marked internal",
    says: (since) => `Money that only moved between your own wallets is no flow. History since ${since} is computed anew without it. The entry stays in the ledger.`,
  },
};

/** @param {Below} below @param {HTMLElement} anchor @param {Row} row */
export function openRowMenu(below, anchor, row) {
  openSheet(row.title, anchor, (close) => {
    const item = (/** @type {string} */ words, /** @type {() => void} */ act) => h("button", {
      type: "button", class: "menu-row", onclick: () => {
        close();
        act();
      },
    }, words);
    return [
      h("p", { class: "small" }, `${row.when} · `, foreign(row.usd)),
      h("div", { class: "flow-menu" },
        item("Void…", () => openDecision(below, anchor, row, "void")),
        item("Mark internal…", () => openDecision(below, anchor, row, "internal")),
        item("Correct…", () => openCorrect(below, anchor, row))),
    ];
  });
}

/** @param {Below} below @param {HTMLElement} anchor @param {Row} row @param {"void"|"internal"} action */
function openDecision(below, anchor, row, action) {
  const { title, says, yes, no, done } = WORDS[action];
  const { entry } = row;
  if (!entry) return;
  const since = moment(below.reader, epoch(entry.at), now());
  const reason = reasonField();
  ask(below, anchor, title(entry.kind), {
    yes, no, done: `The ${entry.kind} ${done}.`, isTyped: () => reason.value !== "",
    before: [h("p", { class: "prose" }, foreign(row.title), ` · ${row.usd}`), h("p", { class: "prose" }, says(since))],
    fields: [h("label", { class: "form-field" }, h("span", {}, "Reason"), reason)],
    read: () => (reason.value.trim() === ""
      ? { wrong: "Say why: the ledger keeps the reason.", change: null }
      : { wrong: null, change: { account: entry.account, action, flow: entry.id, reason: reason.value.trim() } }),
  });
}

/** @param {Below} below @param {HTMLElement} anchor @param {Row} row */
function openCorrect(below, anchor, row) {
  const { entry } = row;
  if (!entry) return;
  const form = flowFields(below, typedFrom(below.reader, entry));
  ask(below, anchor, `Correct this ${entry.kind}`, {
    yes: "Correct it", no: "Keep it", done: `The ${entry.kind} is corrected.`, isTyped: form.isTyped,
    before: [h("p", { class: "prose" }, "The new entry takes the place of the old one, which stays in the ledger. History from the earlier of the two on is computed anew.")],
    fields: form.fields,
    read: () => {
      const { wrong, entry: typed } = readFlow(below.reader, form.typed(), entry);
      return { wrong, change: typed && { account: entry.account, action: "correct", flow: entry.id, ...typed } };
    },
  });
}

/** @param {Below} below @param {HTMLElement} anchor */
export function openAdd(below, anchor) {
  const { state, reader } = below;
  const accounts = (state.accounts?.accounts ?? []).filter(({ state: kind }) => kind !== "closed");
  const shown = accounts.find(({ id }) => id === state.shown?.account) ?? accounts[0];
  const whose = /** @type {HTMLSelectElement} */ (h("select", { class: "field" }, ...accounts.map(({ id, name }) => h("option", { value: id, selected: id === shown?.id }, name))));
  const form = flowFields(below, { way: "in", quantity: "", asset: "USDT", at: fieldMoment(reader, now()), reason: "" });
  ask(below, anchor, "Add a flow", {
    yes: "Add it", no: "Cancel", done: "The flow is added.", isTyped: form.isTyped,
    before: [h("p", { class: "prose" }, "For money that came or went and that Binance does not tell of. It counts from its own time on, in the benchmark too.")],
    fields: [accounts.length > 1 && h("label", { class: "form-field" }, h("span", {}, "Account"), whose), ...form.fields],
    read: () => {
      const { wrong, entry } = readFlow(reader, form.typed());
      return { wrong, change: entry && { account: whose.value, action: "add", ...entry } };
    },
  });
}

/** @returns {HTMLInputElement} */
function reasonField() {
  return /** @type {HTMLInputElement} */ (h("input", { class: "field", maxlength: LONGEST_REASON, autocomplete: "off", required: true }));
}

/** @param {Below} below @param {Typed} first */
function flowFields({ reader }, first) {
  let way = first.way;
  const input = (/** @type {Record<string, string>} */ props) => /** @type {HTMLInputElement} */ (h("input", { class: "field", autocomplete: "off", ...props }));
  const quantity = input({ inputmode: "decimal", maxlength: "37", value: first.quantity });
  const asset = input({ maxlength: "20", autocapitalize: "characters", spellcheck: "false", value: first.asset });
  const at = input({ type: "datetime-local", value: first.at, max: "9999-12-31T23:59" });
  const reason = reasonField();
  const ways = h("div", {});
  const draw = () => ways.replaceChildren(segments("Which way", [{ id: "in", label: "Money in" }, { id: "out", label: "Money out" }], way, (id) => {
    way = id === "out" ? "out" : "in";
    draw();
    /** @type {HTMLElement|null} */ (ways.querySelector('[aria-checked="true"]'))?.focus();
  }));
  draw();
  const labelled = (/** @type {string} */ words, /** @type {HTMLElement} */ field) => h("label", { class: "form-field" }, h("span", {}, words), field);
  const typed = () => ({ way, quantity: quantity.value, asset: asset.value, at: at.value, reason: reason.value });
  return {
    typed, isTyped: () => JSON.stringify(typed()) !== JSON.stringify(first),
    fields: [
      ways, h("div", { class: "form-pair" }, labelled("How much", quantity), labelled("Coin", asset)),
      labelled(`When, ${zoneName(reader, now())}`, at), labelled("Reason", reason),
    ],
  };
}

/**
 * @typedef {object} Question
 * @property {string} yes
 * @property {string} no
 * @property {string} done  said when it is
 * @property {() => boolean} isTyped  then neither Esc nor a click beside it closes the dialog
 * @property {Node[]} before
 * @property {import("./dom.js").Child[]} fields
 * @property {() => {wrong: string|null, change: FlowChange|null}} read
 */

/**
 * @param {Below} below
 * @param {HTMLElement} anchor
 * @param {string} title
 * @param {Question} question
 */
function ask(below, anchor, title, { yes, no, done, isTyped, before, fields, read }) {
  let isDone = false;
  openSheet(title, anchor, (close) => {
    const wrong = h("p", { class: "door-wrong", role: "alert" });
    const submit = h("button", { type: "submit", class: "button button-first" }, yes);
    const send = async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      if (submit.hasAttribute("disabled")) return;
      const { wrong: words, change } = read();
      wrong.textContent = words ?? "";
      if (!change) return;
      submit.setAttribute("disabled", "");
      const refused = await refusal(change);
      submit.removeAttribute("disabled");
      wrong.replaceChildren(foreign(refused ?? ""));
      if (refused !== null) return;
      isDone = true;
      close();
      toast([done]);
      below.refresh();
    };
    return [...before, h("form", { class: "form", novalidate: true, onsubmit: send }, ...fields, wrong,
      h("p", { class: "actions" }, submit, h("button", { type: "button", class: "button", onclick: close }, no)))];
  }, { wide: true, isTyped, back: () => (isDone ? /** @type {HTMLElement|null} */ (byId("flows").querySelector(".section-button")) ?? anchor : anchor) });
}

/** @param {FlowChange} change @returns {Promise<string|null>} why not, in words; null where it is done */
async function refusal(change) {
  try {
    await changeFlow(change);
    return null;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return error.failure.words ?? error.failure.detail;
  }
}
