/** What the demo's buttons do and open. Fetched when one is pressed. */

import { ask, now, Unanswered } from "../api.js";
import { BREAKAGES, TIMES, told } from "../demo.js";
import { breakWords, isBusy, market } from "./demobar.js";
import { moneyForm } from "./demomove.js";
import { byId, h, icon } from "./dom.js";
import { openSheet } from "./sheet.js";
import { styles } from "./styles.js";
import { toast, toastError } from "./toast.js";

/** @typedef {import("../types.js").DemoAct} Act */
/** @typedef {import("../types.js").Demo} Demo */

const dressed = styles("demo");

/**
 * @param {import("../types.js").Reader} reader
 * @param {ReturnType<typeof import("../state.js").hold<import("../state.js").State>>} store
 * @param {() => void} refresh
 */
export async function toolsOf(reader, store, refresh) {
  await dressed;
  const standing = () => store.get().demo;
  /** @param {Act} wanted @returns {Promise<string|null>} why not; null where it is done */
  const act = async (wanted) => {
    try {
      const answer = /** @type {import("../demo.js").Acted} */ (await ask("/api/demo", undefined, { method: "POST", body: wanted }));
      const words = told(reader, wanted, answer, now());
      if (words) toast([words]);
      store.set({ demo: answer });
      refresh();
      return null;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      return error.failure.words ?? error.failure.detail;
    }
  };
  /** @param {Act} wanted @returns {Promise<boolean>} whether it is done */
  const actNow = async (wanted) => {
    byId("demo-strip").setAttribute("aria-busy", "true");
    const refused = await act(wanted);
    byId("demo-strip").removeAttribute("aria-busy");
    if (refused !== null) toastError([`That could not be done. ${refused}`]);
    return refused === null;
  };
  const list = (/** @type {string} */ title, /** @type {{id: string, label: string, about: string}[]} */ offers, /** @type {(id: string) => Act} */ wanted) =>
    (/** @type {HTMLElement} */ anchor) => openSheet(title, anchor, (close) => [offersOf(offers, standing()?.broken ?? null, (id) => {
      close();
      void actNow(wanted(id));
    })]);
  const tools = {
    money: (/** @type {HTMLElement} */ anchor) => openSheet("Move money", anchor, (close) => moneyForm(standing()?.accounts ?? [], act, close)),
    time: list("Pass time", TIMES, (time) => ({ action: "pass", time })),
    break: list("Break something", BREAKAGES, (what) => ({ action: "break", what })),
    mend: () => void actNow({ action: "mend" }),
    market: (/** @type {string} */ scenario) => actNow({ action: "scenario", scenario }),
  };
  const all = (/** @type {HTMLElement} */ chip) => openSheet("Demo", chip, (close) => rows(standing(), tools, chip, close));
  return { ...tools, all };
}

/**
 * @param {{id: string, label: string, about: string}[]} offers
 * @param {string|null} broken
 * @param {(id: string) => void} choose
 */
function offersOf(offers, broken, choose) {
  return h("ul", { class: "account-list" }, ...offers.map(({ id, label, about }) => h("li", {}, h("button", {
    type: "button", class: "account-row", "aria-current": String(id === broken), onclick: () => choose(id),
  }, h("span", { class: "account-tick" }, id === broken && icon("check")),
  h("span", { class: "account-name" }, label), h("span", { class: "account-state" }, about)))));
}

/**
 * @param {Demo|null} demo
 * @param {{money: (anchor: HTMLElement) => void, time: (anchor: HTMLElement) => void, break: (anchor: HTMLElement) => void,
 *   mend: () => void, market: (scenario: string) => Promise<boolean>}} tools
 * @param {HTMLElement} chip
 * @param {() => void} close
 */
function rows(demo, tools, chip, close) {
  const about = h("p", { class: "prose" }, "Invented accounts on an imitation of Binance. Change something and watch what it does.");
  if (!demo) return [about];
  const row = (/** @type {import("./dom.js").Child[]} */ words, /** @type {(anchor: HTMLElement) => void} */ use) => h("button", {
    type: "button", class: "menu-row", "aria-disabled": String(isBusy(demo)), onclick: () => {
      if (isBusy(demo)) return;
      close();
      use(chip);
    },
  }, ...words);
  const field = market(demo, (scenario) => {
    close();
    return tools.market(scenario);
  });
  return [
    about, h("p", { class: "demo-market" }, field), row(["Move money"], tools.money), row(["Pass time"], tools.time),
    row(breakWords(demo), tools.break), ...(demo.broken ? [row(["Mend"], tools.mend)] : []),
  ];
}
