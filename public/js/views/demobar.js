/** The demo's tools in the strip, and the chip that has them on a phone. */

import { late } from "../late.js";
import { brokenWords } from "../words.js";
import { byId, h, icon, redraw } from "./dom.js";

/** @typedef {import("../types.js").Demo} Demo */
/** @typedef {Awaited<ReturnType<typeof import("./demotools.js").toolsOf>>} Tools */
/** @typedef {(use: (tools: Tools) => unknown) => Promise<unknown>} Wielded */

/**
 * @param {import("../types.js").Reader} reader
 * @param {ReturnType<typeof import("../state.js").hold<import("../state.js").State>>} store
 * @param {() => void} refresh
 */
export function showDemoBar(reader, store, refresh) {
  /** @type {Wielded} */
  const tools = (use) => late(() => import("./demotools.js"), async ({ toolsOf }) => use(await toolsOf(reader, store, refresh)));
  const chip = byId("demo-chip");
  chip.addEventListener("click", () => tools(({ all }) => all(chip)));
  const draw = () => {
    const { demo } = store.get();
    if (!demo) return;
    redraw(chip, demo.broken, () => breakWords(demo, "Demo"));
    redraw(byId("demo-tools"), [demo.scenario, demo.broken, isBusy(demo)], () => strip(demo, tools));
  };
  store.watch(draw);
  draw();
}

/** @param {Demo} demo */
export function isBusy({ building, passing }) {
  return Boolean(building ?? passing);
}

/** @param {Demo} demo @param {string} whole @returns {import("./dom.js").Child[]} */
export function breakWords({ broken }, whole = "Break something") {
  return broken ? [icon("warn", "icon-small demo-broken"), brokenWords(broken)] : [whole];
}

/** @param {Demo} demo @param {(scenario: string) => Promise<boolean>} choose false: it was refused */
export function market(demo, choose) {
  const field = /** @type {HTMLSelectElement} */ (h("select", {
    class: "field", "aria-label": "Market", "data-key": "market", disabled: isBusy(demo), onchange: async () => {
      if (!(await choose(field.value))) field.value = demo.scenario;
    },
  }, ...["bull", "bear", "crash", "flat", "choppy"].map((name) => h("option", { value: name, selected: name === demo.scenario }, `Market: ${name}`))));
  return field;
}

/** @param {Demo} demo @param {Wielded} tools */
function strip(demo, tools) {
  const button = (/** @type {"money"|"time"|"break"|"mend"} */ key, /** @type {import("./dom.js").Child[]} */ words) => {
    const made = h("button", {
      type: "button", class: "button", "data-key": key, "aria-disabled": String(isBusy(demo)),
      ...(key === "mend" ? {} : { "aria-haspopup": "dialog", "aria-expanded": "false" }),
      onclick: () => isBusy(demo) || tools((has) => has[key](made)),
    }, ...words);
    return made;
  };
  return [
    market(demo, async (scenario) => await tools((has) => has.market(scenario)) === true),
    button("money", ["Move money"]), button("time", ["Pass time"]), button("break", breakWords(demo)),
    demo.broken && button("mend", ["Mend"]),
  ];
}
