/** The sheet that chooses what the account is compared with. */

import { offers, typed, weights } from "../compare.js";
import { h, icon } from "./dom.js";
import { openSheet } from "./sheet.js";

const FIRST = [{ asset: "BTC", percent: "60" }, { asset: "ETH", percent: "40" }];
const MOST = 8;

/**
 * @param {import("../types.js").Reader} reader
 * @param {{benchmark: string|null, inception: string|null}} now
 * @param {HTMLElement} anchor
 * @param {(benchmark: string|null) => void} choose
 */
export function openCompare(reader, now, anchor, choose) {
  const own = typed(now.benchmark);
  openSheet("Compare with", anchor, (close) => {
    const pick = (/** @type {string|null} */ benchmark) => {
      close();
      choose(benchmark);
    };
    const rows = offers(reader, now.inception).map(({ id, label, about }) => h("li", {}, h("button", {
      type: "button", class: "account-row", "aria-current": String(id === now.benchmark), onclick: () => pick(id),
    }, h("span", { class: "account-tick" }, id === now.benchmark && icon("check")),
    h("span", { class: "account-name" }, label), h("span", { class: "account-state" }, about))));
    return [h("ul", { class: "account-list" }, ...rows), form(own ?? FIRST, own !== null, pick)];
  });
}

/**
 * @param {import("../compare.js").Share[]} shares
 * @param {boolean} isChosen
 * @param {(benchmark: string) => void} pick
 */
function form(shares, isChosen, pick) {
  const fields = h("div", { class: "weights" });
  const wrong = h("p", { id: "weights-wrong", class: "door-wrong", role: "alert" });
  const add = (/** @type {import("../compare.js").Share} */ share) => {
    const place = fields.children.length + 1;
    const field = (/** @type {string} */ name, /** @type {string} */ value, /** @type {Record<string, string>} */ more) =>
      h("input", { class: "field", "aria-label": `${name} ${place}`, value, autocomplete: "off", "aria-describedby": "weights-wrong", ...more });
    fields.append(h("p", { class: "weight" },
      field("Coin", share.asset, { maxlength: "20", autocapitalize: "characters", spellcheck: "false" }),
      field("Percent", share.percent, { inputmode: "decimal", maxlength: "8" }), "%"));
    more.hidden = place >= MOST;
  };
  const typedIn = () => [...fields.children].map((row) => {
    const [asset, percent] = row.querySelectorAll("input");
    return { asset: asset?.value ?? "", percent: percent?.value ?? "" };
  });
  const more = h("button", { type: "button", class: "button", onclick: () => {
    add({ asset: "", percent: "" });
    /** @type {HTMLElement|null} */ (fields.querySelector(".weight:last-child input"))?.focus();
  } }, "Another coin");
  shares.forEach(add);
  return h("form", {
    class: "own-weights", novalidate: true, "aria-current": String(isChosen),
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const found = weights(typedIn());
      wrong.textContent = found.wrong ?? "";
      if (found.benchmark !== null) pick(found.benchmark);
    },
  }, h("h3", {}, "Weights of your own"), fields, wrong,
  h("p", { class: "actions" }, h("button", { type: "submit", class: "button button-first" }, "Compare"), more));
}
