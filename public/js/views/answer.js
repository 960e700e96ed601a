/** Sentence, trust line, panels and tiles: the answer before the chart. */

import { byId, foreign, h, icon, redraw } from "./dom.js";

/** @typedef {import("../trust.js").Panel} Panel */

const LEADS = { log: "Open the log", flows: "Open money in and out" };

/**
 * @param {import("../sentence.js").Sentence|null} sentence
 * @param {string[]} instead where there is none; names among it
 * @param {(anchor: HTMLElement) => void} compare
 */
export function drawSentence(sentence, instead, compare) {
  const pieces = sentence?.pieces ?? instead.map((text) => ({ text, tone: /** @type {const} */ ("plain") }));
  redraw(byId("sentence"), pieces, () => pieces.map(({ text, tone }) => {
    if (tone === "plain") return foreign(text);
    return tone === "bench" ? benchmark(text, compare) : h("span", { class: `number is-${tone}` }, text);
  }));
}

/**
 * @param {string} name
 * @param {(anchor: HTMLElement) => void} compare
 * @returns {HTMLElement} a link, for a button does not break across lines
 */
function benchmark(name, compare) {
  return h("a", {
    class: "bench-name", href: "#chart", "aria-haspopup": "dialog", "data-key": "bench",
    onclick: (/** @type {Event} */ event) => {
      event.preventDefault();
      compare(/** @type {HTMLElement} */ (event.currentTarget));
    },
  }, name);
}

/** @param {import("../trust.js").TrustLine} line  @param {(anchor: HTMLElement) => void} open show what the snapshot is made of */
export function drawTrust(line, open) {
  redraw(byId("trust"), line, () => {
    const button = h("button", { type: "button", class: "trust-button", "data-key": "trust", "aria-haspopup": "dialog", onclick: () => open(button) },
      icon(line.icon, `icon-small is-${line.tone}`),
      h("span", { class: line.strong ? "trust-words is-strong" : "trust-words" },
        h("span", { class: "from-tablet" }, line.long), h("span", { class: "phone-only" }, line.short)),
      icon("chevron-down", "icon-small trust-sign"));
    return [button];
  });
}

/**
 * @param {Panel[]} panels
 * @param {{snapshot: (anchor: HTMLElement, shown: {account: string, at: string}) => void, section: (id: "log"|"flows") => void}} open
 * @param {HTMLElement[]} [actions] of the first panel
 */
export function drawPanels(panels, open, actions = []) {
  redraw(byId("panels"), [panels, actions.map(({ textContent }) => textContent)], () => panels.map((panel, index) => {
    const { shows, leads } = panel;
    const acts = [
      ...(index === 0 ? actions : []),
      ...(shows ? [opener("shows", shows.words, (anchor) => open.snapshot(anchor, shows))] : []),
      ...(leads ? [opener("leads", LEADS[leads], () => open.section(leads))] : []),
    ];
    return h("div", { class: `panel panel-${panel.tone}` },
      h("p", {}, h("strong", {}, foreign(panel.lead)), " ", panel.text),
      panel.foreign ? h("p", { class: "panel-detail" }, foreign(panel.foreign)) : null,
      panel.foot ? h("p", { class: "panel-foot" }, panel.foot) : null,
      acts.length > 0 ? h("div", { class: "actions" }, ...acts) : null);
  }));
}

/** @param {string} key @param {string} words @param {(anchor: HTMLElement) => void} act */
function opener(key, words, act) {
  const button = h("button", { type: "button", class: "button", "data-key": key, onclick: () => act(button) }, words);
  return button;
}

/**
 * @param {import("../tiles.js").Tile[]} tiles
 * @param {(name: string, anchor: HTMLElement) => void} [explain] show how the figure is computed
 */
export function drawTiles(tiles, explain) {
  redraw(byId("tiles"), tiles, () => tiles.map(({ name, label, value, known, short, bench, wide }) =>
    h("div", { class: wide ? "tile wide-only" : "tile" },
      h("dt", {}, label, explain && h("button", {
        type: "button", class: "tile-how", "data-key": `how-${name}`, "aria-label": `${label}: how is this computed?`,
        onclick: (/** @type {Event} */ { currentTarget }) => explain(name, /** @type {HTMLElement} */ (currentTarget)),
      })),
      h("dd", { class: known ? "tile-value number" : "tile-value is-unknown" }, value),
      h("dd", { class: "tile-bench" }, h("span", { class: "swatch swatch-bench" }), h("span", {}, `${short} `, h("span", { class: "number" }, bench))))));
}
