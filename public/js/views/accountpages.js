/** Pages of one account: its name, whether it is collected, and the ways to part with it. */

import { date, epoch } from "../dates.js";
import { inWords } from "../alertsform.js";
import { wrongName } from "../keyform.js";
import { changeAccount, removeAccount } from "../owner.js";
import { alertsPage } from "./alertspage.js";
import { foreign, h } from "./dom.js";
import { field, form, input } from "./form.js";
import { newKeyPage } from "./keypages.js";
import { policyPage } from "./policypage.js";
import { condition, row } from "./settingsrows.js";
import { toast } from "./toast.js";

/** @typedef {import("./settings.js").House} House */
/** @typedef {import("./pages.js").Page} Page */
/** @typedef {import("../types.js").Account} Account */

/** @param {House} house @param {string} id @returns {Account|null} as it stands now */
function found(house, id) {
  return house.store.get().accounts?.accounts.find((one) => one.id === id) ?? null;
}

/** @param {House} house @param {string} id @returns {Page} */
export function accountPage(house, id) {
  const first = found(house, id);
  return {
    title: first?.name ?? "Account",
    value: () => {
      const account = found(house, id);
      return account && [account.name, account.state, account.status, account.latest?.at, account.alerts];
    },
    build(pages) {
      const account = found(house, id);
      if (!account) return [h("p", { class: "prose" }, "This account is not here any more.")];
      const { words, isBad } = condition(account);
      return [
        h("p", { class: isBad ? "prose is-error" : "prose" }, `${words.charAt(0).toUpperCase()}${words.slice(1)}.`),
        account.status.detail && account.status.code !== "ok" ? h("p", { class: "small" }, foreign(account.status.detail)) : null,
        h("div", { class: "settings-rows" },
          row("name", ["Name", h("span", { class: "settings-about" }, foreign(account.name))], () => pages.go(namePage(house, account))),
          row("policy", ["Benchmark", h("span", { class: "settings-about" }, "weights, rebalancing, what deposits buy")], () => pages.go(policyPage(house, account))),
          row("alerts", ["Messages", h("span", { class: "settings-about" }, inWords(account.alerts))], () => pages.go(alertsPage(house, account))),
          row("key", ["Key", h("span", { class: "settings-about" }, "take another one of the same Binance account")], () => pages.go(newKeyPage(house, account))),
          row("state", account.state === "paused" ? ["Resume", h("span", { class: "settings-about" }, "collect it again")] : ["Pause", h("span", { class: "settings-about" }, "collect nothing for a while")],
            () => pages.go(statePage(house, account))),
          row("remove", ["Remove", h("span", { class: "settings-about" }, "destroy its key, or erase it")], () => pages.go(removePage(house, account)))),
      ];
    },
  };
}

/** @param {House} house @param {Account} account @returns {Page} */
function namePage(house, account) {
  const name = field("name", "Name", input({ maxlength: "60", value: account.name, "data-first": "" }));
  const control = /** @type {HTMLInputElement} */ (name.control);
  const taken = (house.store.get().accounts?.accounts ?? []).filter(({ id }) => id !== account.id).map((one) => one.name);
  return {
    title: "Rename this account", isTyped: () => control.value !== account.name,
    build: (pages) => [form([name], [name.row], {
      yes: "Rename", async send() {
        const wrong = wrongName(control.value, taken);
        if (wrong) return wrong;
        await changeAccount(account.id, { name: control.value.trim() });
        house.deeds.refresh();
        pages.back();
        pages.instead({ ...accountPage(house, account.id), title: control.value.trim() });
        toast(["The account is called ", foreign(control.value.trim()), " from now on."]);
        return null;
      },
    })],
  };
}

/** @param {House} house @param {Account} account @returns {Page} */
function statePage(house, account) {
  const isPaused = account.state === "paused";
  const [title, says, yes, done] = isPaused
    ? ["Resume this account?", "The next run collects it again, and it joins All once more, as money that comes in. The time in between stays a gap.", "Resume it", " is collected again."]
    : ["Pause this account?", "It is collected no more until you resume it, and it leaves All, as money that goes out. Its history stays, and so does its key.", "Pause it", " is paused."];
  return {
    title,
    build: (pages) => [h("p", { class: "prose" }, foreign(account.name), " · ", says), form([], [], {
      yes, more: [h("button", { type: "button", class: "button", onclick: pages.back }, isPaused ? "Leave it paused" : "Go on collecting")],
      async send() {
        await changeAccount(account.id, { state: isPaused ? "active" : "paused" });
        house.deeds.refresh();
        pages.back();
        toast([foreign(account.name), done]);
        return null;
      },
    })],
  };
}

/** @param {House} house @param {Account} account @returns {Page} */
function removePage(house, account) {
  const typed = field("name", "Type its name to erase it", input({ maxlength: "60" }));
  const control = /** @type {HTMLInputElement} */ (typed.control);
  const since = account.inception ? ` since ${date(house.reader, epoch(account.inception))}` : "";
  return {
    title: "Remove this account", isTyped: () => control.value !== "",
    build(pages) {
      const gone = (/** @type {string} */ words) => {
        house.deeds.choose({ account: null });
        pages.back();
        pages.back();
        toast([foreign(account.name), words]);
        return null;
      };
      return [
        h("section", { class: "settings-way" }, h("h3", {}, "Destroy its key and hide it"),
          h("p", { class: "prose" }, "Nothing is collected any more and ", foreign(account.name), ` is not listed. Its history${since} stays in All, which it leaves as money that goes out. There is no way back: the same Binance account can only be added again after it is erased.`),
          form([], [], { yes: "Destroy the key", plain: true, send: async () => (await removeAccount(account.id, null), gone(" is removed. Its history stays in All.")) })),
        h("section", { class: "settings-way" }, h("h3", {}, "Erase it"),
          h("p", { class: "prose" }, "Everything stored of ", foreign(account.name), " is deleted: its key, its history, its flows, its log lines, its links. All is computed without it. There is no way back but a backup."),
          form([typed], [typed.row], {
            yes: "Erase everything", plain: true, async send() {
              if (control.value !== account.name) return { field: "name", words: "This is not its name, letter by letter." };
              await removeAccount(account.id, control.value);
              return gone(" is erased.");
            },
          })),
      ];
    },
  };
}

