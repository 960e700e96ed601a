/** The form of a benchmark's policy: weights, what money in and out does, when it is rebalanced, what that costs. */

import { Unanswered } from "../api.js";
import { changeAccount, policyOf } from "../owner.js";
import { DAYS, DEPOSITS, HOURS, readPolicy, RULES, typed as typedOf, warning, WITHDRAWALS } from "../policyform.js";
import { foreign, h } from "./dom.js";
import { field, form, input, select } from "./form.js";
import { toast } from "./toast.js";

/** @typedef {import("./settings.js").House} House */
/** @typedef {import("./pages.js").Page} Page */
/** @typedef {import("./pages.js").Pages} Pages */
/** @typedef {import("../policyform.js").Typed} Typed */
/** @typedef {import("../types.js").Account} Account */

const MOST_WEIGHTS = 8;

/** @param {House} house @param {Account} account @returns {Page} */
export function policyPage(house, account) {
  const place = h("div", {}, h("p", { class: "prose" }, "Reading…"));
  /** @type {ReturnType<typeof policyForm>|null} */
  let made = null;
  let isAsked = false;
  const ask = async (/** @type {Pages} */ pages) => {
    try {
      made = policyForm(house, account, typedOf(await policyOf(account.id)), pages);
      place.replaceChildren(made.form);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      place.replaceChildren(h("p", { class: "prose" }, "The benchmark could not be read. "), h("button", { type: "button", class: "button", onclick: () => void ask(pages) }, "Try again"));
    }
  };
  return {
    title: "Benchmark", isTyped: () => made?.isTyped() ?? false,
    build(pages) {
      if (!isAsked) void ask(pages);
      isAsked = true;
      return [h("p", { class: "prose" }, "What ", foreign(account.name), " is compared with."), place];
    },
  };
}

/** @param {House} house @param {Account} account @param {Typed} before @param {Pages} pages */
function policyForm(house, account, before, pages) {
  const shares = weightRows(before.weights);
  const deposits = field("deposits", "A deposit would", select(DEPOSITS, before.deposits));
  const withdrawals = field("withdrawals", "A withdrawal would", select(WITHDRAWALS, before.withdrawals));
  const rule = ruleFields(before);
  const cost = field("cost_bp", "Cost of a rebalance", input({ inputmode: "decimal", maxlength: "12", value: before.cost_bp }), "basis points of what is bought and sold; 10 are 0.1 %");
  const free = field("risk_free", "Risk-free rate", input({ inputmode: "decimal", maxlength: "12", value: before.risk_free }), "percent a year, for Sharpe, Sortino and alpha");
  const value = (/** @type {import("./form.js").Field} */ { control }) => /** @type {HTMLInputElement} */ (control).value;
  /** @returns {Typed} */
  const now = () => ({
    weights: shares.typed(), deposits: value(deposits), withdrawals: value(withdrawals), ...rule.typed(),
    cost_bp: value(cost), risk_free: value(free),
  });
  const fields = [shares.field, deposits, withdrawals, ...rule.fields, cost, free];
  const made = form(fields, [
    shares.field.row, h("div", { class: "form-two" }, deposits.row, withdrawals.row), rule.row, h("div", { class: "form-two" }, cost.row, free.row),
    h("p", { class: "panel panel-warn" }, warning(house.reader, account.inception)),
  ], {
    yes: "Use this benchmark", busy: "Computing anew…", async send() {
      const { wrong, change } = readPolicy(now(), before);
      if (wrong || !change) return wrong;
      if (Object.keys(change).length > 0) {
        await changeAccount(account.id, { policy: change });
        house.deeds.refresh();
        toast(["The benchmark of ", foreign(account.name), " is computed anew."]);
      }
      pages.back();
      return null;
    },
  });
  const first = JSON.stringify(now());
  return { form: made, isTyped: () => JSON.stringify(now()) !== first };
}

/** @param {Typed["weights"]} weights */
function weightRows(weights) {
  const rows = h("div", { class: "weights" });
  const wrong = h("span", { class: "field-wrong", id: "weights-wrong", role: "alert" });
  const add = ({ asset = "", percent = "" } = {}) => {
    const place = rows.children.length + 1;
    rows.append(h("p", { class: "weight" },
      input({ "aria-label": `Coin ${place}`, value: asset, maxlength: "20", autocapitalize: "characters", "aria-describedby": "weights-wrong" }),
      input({ "aria-label": `Percent ${place}`, value: percent, inputmode: "decimal", maxlength: "8", "aria-describedby": "weights-wrong" }), "%"));
    more.hidden = place >= MOST_WEIGHTS;
  };
  const more = h("button", {
    type: "button", class: "button", "data-key": "more", onclick: () => {
      add();
      /** @type {HTMLElement|null} */ (rows.querySelector(".weight:last-child input"))?.focus();
    },
  }, "Another coin");
  weights.forEach(add);
  const group = h("div", {
    role: "group", "aria-label": "Weights", tabindex: "-1", oninput: () => {
      wrong.replaceChildren();
      group.removeAttribute("aria-invalid");
    },
  }, rows, more);
  return {
    field: { name: "weights", control: group, wrong, row: h("div", { class: "form-field" }, h("span", {}, "Weights"), group, h("span", { class: "small" }, "A row left empty does not count."), wrong) },
    typed: () => [...rows.children].map((row) => {
      const [asset, percent] = row.querySelectorAll("input");
      return { asset: asset?.value ?? "", percent: percent?.value ?? "" };
    }),
  };
}

/** @param {Typed} before */
function ruleFields(before) {
  const every = select(RULES, before.every, () => draw());
  const rule = field("rebalance", "Rebalanced", every);
  const day = field("weekday", "On", select(DAYS, before.weekday));
  const month = field("day", "On day", input({ inputmode: "numeric", maxlength: "2", value: before.day }));
  const hour = field("hour", "At", select(HOURS, before.hour));
  const band = field("band", "By more than, in points", input({ inputmode: "decimal", maxlength: "8", value: before.band }));
  const fields = [rule, day, month, hour, band];
  const draw = () => {
    const kind = every.value;
    day.row.hidden = kind !== "week";
    month.row.hidden = kind !== "month";
    hour.row.hidden = kind === "never" || kind === "band";
    band.row.hidden = kind !== "band";
  };
  draw();
  const value = (/** @type {import("./form.js").Field} */ { control }) => /** @type {HTMLInputElement} */ (control).value;
  return {
    fields, row: h("div", { class: "form-rule" }, ...fields.map(({ row }) => row)),
    typed: () => ({ every: /** @type {Typed["every"]} */ (every.value), weekday: value(day), day: value(month), hour: value(hour), band: value(band) }),
  };
}
