/** The page of links that show percent: what there is, a new one, and how one is withdrawn. */

import { now, Unanswered } from "../api.js";
import { epoch, moment } from "../dates.js";
import { links, makeLink, revokeLink } from "../owner.js";
import { foreign, h } from "./dom.js";
import { field, form, input, select } from "./form.js";
import { toast } from "./toast.js";

/** @typedef {import("./settings.js").House} House */
/** @typedef {import("./pages.js").Page} Page */
/** @typedef {import("../types.js").Link} Link */

/** @param {House} house @returns {Page} */
export function sharingPage(house) {
  const accounts = house.store.get().accounts?.accounts ?? [];
  const names = new Map([["all", "All"], ...accounts.map(({ id, name }) => /** @type {const} */ ([id, name]))]);
  const list = h("div", { class: "links" }, h("p", { class: "prose" }, "Reading…"));
  const made = h("div", { "aria-live": "polite" });
  let isAsked = false;
  const ask = async () => {
    try {
      const found = await links();
      list.replaceChildren(...(found.length === 0 ? [h("p", { class: "prose" }, "There is no link yet.")] : [table(house, found, names, withdrawn)]));
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      list.replaceChildren(h("p", { class: "prose" }, "The links could not be read. "), h("button", { type: "button", class: "button", onclick: () => void ask() }, "Try again"));
    }
  };
  const withdrawn = () => {
    made.replaceChildren();
    void ask();
  };
  const whose = field("account", "What it shows", select([...(accounts.length > 1 ? [/** @type {[string, string]} */ (["all", "All accounts as one"])] : []), ...accounts.map(({ id, name }) => /** @type {[string, string]} */ ([id, name]))], ""));
  return {
    title: "Links that show percent",
    build() {
      if (!isAsked) void ask();
      isAsked = true;
      return [
        h("p", { class: "prose" }, "Whoever has a link sees returns, drawdown and the benchmark in percent: no amount, no flow, no name. A withdrawn link is dead at once."),
        h("p", { class: "prose" }, "It counts one dollar on each side from the start on, so its percentage may differ from yours: your benchmark gets your money on the same days."),
        form([whose], [whose.row], {
          yes: "Make a link", async send() {
            const link = await makeLink(/** @type {HTMLSelectElement} */ (whose.control).value);
            made.replaceChildren(fresh(`${location.origin}${link.path}`));
            /** @type {HTMLElement|null} */ (made.querySelector("button"))?.focus();
            void ask();
            return null;
          },
        }), made, list,
      ];
    },
  };
}

/** @param {string} address */
function fresh(address) {
  const box = input({ value: address, readonly: "", "aria-label": "The new link" });
  const copy = async () => {
    box.select();
    const isCopied = await navigator.clipboard?.writeText(address).then(() => true, () => false) ?? document.execCommand("copy"); // no clipboard over plain http
    toast([isCopied ? "Link copied." : "The link is selected. Copy it with your keyboard."]);
  };
  return h("div", { class: "link-new" }, h("p", { class: "prose" }, "The link is shown this once. Copy it now."),
    h("p", { class: "link-copy" }, box, h("button", { type: "button", class: "button button-first", "data-key": "copy", onclick: () => void copy() }, "Copy")));
}

/**
 * @param {House} house
 * @param {Link[]} found
 * @param {Map<string, string>} names
 * @param {() => void} changed
 */
function table({ reader }, found, names, changed) {
  const when = (/** @type {string} */ at) => moment(reader, epoch(at), now());
  return h("table", { class: "links-table" }, h("caption", { class: "visually-hidden" }, "Links"),
    h("thead", {}, h("tr", {}, ...["Shows", "Made", "Last opened"].map((head) => h("th", { scope: "col" }, head)), h("td", {}))),
    h("tbody", {}, ...found.map(({ id, account, created_at, last_opened_at }) => {
      const name = names.get(account) ?? "a removed account";
      const revoke = async () => {
        button.setAttribute("disabled", "");
        try {
          await revokeLink(id);
        } catch (error) {
          if (!(error instanceof Unanswered)) throw error;
          if (error.failure.status !== 404) toast([`The link stays: ${error.failure.detail}`]); // 404: it is gone already
        }
        changed();
      };
      const button = h("button", { type: "button", class: "button", "aria-label": `Revoke the link of ${name}, made ${when(created_at)}`, onclick: () => void revoke() }, "Revoke");
      return h("tr", {}, h("th", { scope: "row" }, foreign(name)), h("td", {}, when(created_at)), h("td", {}, last_opened_at ? when(last_opened_at) : "never"), h("td", { class: "links-act" }, button));
    })));
}
