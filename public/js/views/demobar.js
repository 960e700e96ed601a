/** The demo's tools: in the strip, and on a phone in a sheet behind the chip. Fetched in a demo only. */

import { act as ask, now, Unanswered } from "../api.js";
import { BREAKAGES, brokenWords, MARKETS, TIMES, told } from "../demo.js";
import { moneyForm } from "./demomove.js";
import { byId, h, icon, redraw } from "./dom.js";
import { openSheet } from "./sheet.js";
import { toast } from "./toast.js";

/** @typedef {import("../types.js").DemoAct} Act */
/** @typedef {import("../types.js").Demo} Demo */
/** @typedef {import("../types.js").Reader} Reader */

/** Settled when the tools can be shown. */
export const styled = new Promise((done) => {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.addEventListener("load", done);
  link.addEventListener("error", done);
  link.href = "/css/demo.css";
  document.head.append(link);
});

/**
 * @param {Reader} reader
 * @param {() => import("../state.js").State} state
 * @param {(demo: Demo) => void} changed what the server says once something was done
 * @returns {() => void} draws the tools as the demo stands
 */
export function makeDemoBar(reader, state, changed) {
  let passing = 0;

  /** @param {Act} wanted @returns {Promise<string|null>} why not; null where it is done */
  const act = async (wanted) => {
    try {
      const answer = await ask(wanted);
      const words = told(reader, wanted, answer, now());
      if (words) toast([words]);
      changed(answer);
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
    if (refused !== null) toast([`That could not be done. ${refused}`]);
    return refused === null;
  };
  const ways = toolsOf(act, actNow, () => state().demo);
  const chip = byId("demo-chip");
  chip.addEventListener("click", () => openSheet("Demo", chip, (close) => phoneRows(state().demo, ways, chip, close)));

  function draw() {
    const { demo } = state();
    if (!demo) return;
    const isBusy = Boolean(demo.building ?? demo.passing);
    if (passing && !demo.passing) toast([`${TIMES.find(({ runs }) => runs === passing)?.label ?? "Time"} has passed.`]);
    passing = demo.passing?.total ?? 0;
    redraw(chip, demo.broken, () => (demo.broken ? [icon("warn", "icon-small"), brokenWords(demo.broken)] : ["Demo"]));
    redraw(byId("demo-tools"), [demo.scenario, demo.broken, isBusy], () => strip(demo, isBusy, ways));
  }
  return draw;
}

/** @typedef {ReturnType<typeof toolsOf>} Ways */

/**
 * @param {(wanted: Act) => Promise<string|null>} act
 * @param {(wanted: Act) => Promise<boolean>} actNow
 * @param {() => Demo|null} demo
 */
function toolsOf(act, actNow, demo) {
  const list = (/** @type {string} */ title, /** @type {{id: string, label: string, about: string}[]} */ offers, /** @type {(id: string) => Act} */ wanted) =>
    (/** @type {HTMLElement} */ anchor) => openSheet(title, anchor, (close) => [h("ul", { class: "account-list" }, ...offers.map(({ id, label, about }) =>
      h("li", {}, h("button", {
        type: "button", class: "account-row", "aria-current": String(id === demo()?.broken), onclick: () => {
          close();
          void actNow(wanted(id));
        },
      }, h("span", { class: "account-tick" }, id === demo()?.broken && icon("check")),
      h("span", { class: "account-name" }, label), h("span", { class: "account-state" }, about)))))]);
  return {
    money: (/** @type {HTMLElement} */ anchor) => openSheet("Move money", anchor, (close) => moneyForm(demo()?.accounts ?? [], act, close)),
    time: list("Pass time", TIMES, (time) => ({ action: "pass", time })),
    break: list("Break something", BREAKAGES, (what) => ({ action: "break", what })),
    mend: () => actNow({ action: "mend" }),
    market: (/** @type {string} */ scenario) => actNow({ action: "scenario", scenario }),
  };
}

/**
 * It shows what reigns: a choice that is refused is taken back.
 * @param {Demo} demo
 * @param {boolean} isBusy
 * @param {(scenario: string) => Promise<boolean>} choose
 */
function market(demo, isBusy, choose) {
  const field = /** @type {HTMLSelectElement} */ (h("select", {
    class: "field", "aria-label": "Market", "data-key": "market", disabled: isBusy, onchange: async () => {
      if (!(await choose(field.value))) field.value = demo.scenario;
    },
  }, ...MARKETS.map((name) => h("option", { value: name, selected: name === demo.scenario }, `Market: ${name}`))));
  return field;
}

/**
 * A tool that has to wait stays in reach of the keyboard.
 * @param {Demo} demo
 * @param {boolean} isBusy
 * @param {Ways} ways
 */
function strip(demo, isBusy, ways) {
  const button = (/** @type {string} */ key, /** @type {import("./dom.js").Child[]} */ words, /** @type {(anchor: HTMLElement) => void} */ open) => {
    const made = h("button", {
      type: "button", class: "button", "data-key": key, "aria-disabled": String(isBusy), "aria-haspopup": "dialog", "aria-expanded": "false",
      onclick: () => isBusy || open(made),
    }, ...words);
    return made;
  };
  return [
    market(demo, isBusy, ways.market),
    button("money", ["Move money"], ways.money), button("time", ["Pass time"], ways.time),
    button("break", demo.broken ? [icon("warn", "icon-small demo-broken"), brokenWords(demo.broken)] : ["Break something"], ways.break),
    demo.broken && h("button", { type: "button", class: "button", "data-key": "mend", "aria-disabled": String(isBusy), onclick: () => void (isBusy || ways.mend()) }, "Mend"),
  ];
}

/** @param {Demo|null} demo @param {Ways} ways @param {HTMLElement} chip @param {() => void} close */
function phoneRows(demo, ways, chip, close) {
  const about = h("p", { class: "prose" }, "Invented accounts on an imitation of Binance. Change something and watch what it does.");
  if (!demo) return [about];
  const isBusy = Boolean(demo.building ?? demo.passing);
  const row = (/** @type {import("./dom.js").Child[]} */ words, /** @type {() => void} */ open) => h("button", {
    type: "button", class: "menu-row", "aria-disabled": String(isBusy), onclick: () => {
      if (isBusy) return;
      close();
      open();
    },
  }, ...words);
  const field = market(demo, isBusy, (scenario) => {
    close();
    return ways.market(scenario);
  });
  return [
    about, h("p", { class: "demo-market" }, field),
    row(["Move money"], () => ways.money(chip)), row(["Pass time"], () => ways.time(chip)),
    row(demo.broken ? [icon("warn", "demo-broken"), brokenWords(demo.broken)] : ["Break something"], () => ways.break(chip)),
    ...(demo.broken ? [row(["Mend"], () => void ways.mend())] : []),
  ];
}
