/** The form that moves money in or out of a demo account. */

import { kinds, move } from "../demo.js";
import { h } from "./dom.js";

const WAYS = [["deposit", "Deposit"], ["withdrawal", "Withdraw"]];
const COINS = ["USDT", "BTC", "ETH", "SOL", "USDC", "BNB", "EUR"];

/**
 * @param {string[]} accounts
 * @param {(wanted: import("../types.js").DemoAct) => Promise<string|null>} act answers with why not, null where it is done
 * @param {() => void} close
 * @returns {Node[]}
 */
export function moneyForm(accounts, act, close) {
  const select = (/** @type {string} */ name, /** @type {string[][]} */ options, /** @type {() => void} */ onchange = () => undefined) =>
    /** @type {HTMLSelectElement} */ (h("select", { id: `move-${name}`, class: "field", onchange }, ...options.map(option)));
  const field = (/** @type {string} */ name, /** @type {Record<string, string>} */ more) => /** @type {HTMLInputElement} */ (h("input", {
    id: `move-${name}`, class: "field", autocomplete: "off", "aria-describedby": "move-wrong", ...more,
  }));
  const way = select("way", WAYS, () => kind.replaceChildren(...kindsOf(way.value)));
  const account = select("account", accounts.map((name) => [name, name]));
  const kind = select("kind", []);
  kind.append(...kindsOf("deposit"));
  const amount = field("amount", { inputmode: "decimal", maxlength: "20", value: "5000" });
  const asset = field("asset", { maxlength: "20", autocapitalize: "characters", spellcheck: "false", value: "USDT", list: "move-coins" });
  const wrong = h("p", { id: "move-wrong", class: "door-wrong", role: "alert" });
  const submit = h("button", { type: "submit", class: "button button-first" }, "Move it");
  const given = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (submit.hasAttribute("disabled")) return;
    const found = move({ action: way.value, account: account.value, asset: asset.value, amount: amount.value, kind: kind.value });
    wrong.textContent = found.wrong ?? "";
    if (found.act === null) return;
    submit.setAttribute("disabled", "");
    const refused = await act(found.act);
    submit.removeAttribute("disabled");
    if (refused === null) close();
    else wrong.textContent = `${refused.replace(/\.$/, "")}.`;
  };
  const row = (/** @type {string} */ label, /** @type {HTMLElement} */ control) =>
    h("p", { class: "demo-row" }, h("label", { for: control.id }, label), control);
  return [h("form", { class: "demo-form", novalidate: true, onsubmit: given },
    row("What", way), row("Account", account), row("Amount", amount), row("Asset", asset), row("How", kind),
    h("datalist", { id: "move-coins" }, ...COINS.map((coin) => h("option", { value: coin }))),
    wrong, h("p", { class: "actions" }, submit))];
}

/** @param {string[]} pair */
function option([value = "", words = ""]) {
  return h("option", { value }, words);
}

/** @param {string} way */
function kindsOf(way) {
  return kinds(way).map(({ id, label }) => option([id, label]));
}
