/** A snapshot down to wallet, asset, quantity × price and the price's age: what the trust line opens, and a partial one. */

import { holdings as ask, now } from "../api.js";
import { line, TOTAL_ONLY } from "../allocation.js";
import { makeAsked } from "../asked.js";
import { askBelow, holdings, namer, watchers } from "../below.js";
import { addsUp } from "../briefs.js";
import { clockAndZone, epoch } from "../dates.js";
import { money } from "../format.js";
import { list, part, plural } from "../words.js";
import { made } from "./allocation.js";
import { foreign, h } from "./dom.js";
import { drawWithout } from "./parts.js";
import { openSheet } from "./sheet.js";
import { styles } from "./styles.js";

/** @typedef {import("../types.js").Reader} Reader */
/** @typedef {import("../types.js").Holdings} Holdings */
/** @typedef {import("../state.js").State} State */

/**
 * @param {Reader} reader
 * @param {() => State} state
 * @param {HTMLElement} anchor
 */
export function openSnapshot(reader, state, anchor) {
  askBelow(state());
  watchers.set("snapshot", opened(reader, state, anchor, holdings));
}

/**
 * @param {Reader} reader
 * @param {() => State} state
 * @param {HTMLElement} anchor
 * @param {{account: string, at: string}} shown
 */
export function openPartial(reader, state, anchor, { account, at }) {
  let draw = () => {};
  const partial = makeAsked(() => draw());
  partial.about(account, at, () => ask(account, at));
  draw = opened(reader, state, anchor, partial);
}

/**
 * @param {Reader} reader
 * @param {() => State} state
 * @param {HTMLElement} anchor
 * @param {import("../below.js").AskedHoldings} asked
 * @returns {() => void} draws anew while the sheet is open
 */
function opened(reader, state, anchor, asked) {
  const body = h("div", {});
  const draw = () => {
    if (asked.answer) body.replaceChildren(...told(reader, asked.answer, namer(state())));
    else drawWithout(body, "The snapshot", asked.failed, asked.again);
  };
  for (const sheet of ["sections", "holdings"]) void styles(sheet);
  draw();
  openSheet("What this snapshot is made of", anchor, () => [body], { wide: true });
  return () => {
    if (body.isConnected) draw();
  };
}

/**
 * @param {Reader} reader
 * @param {Holdings} answer
 * @param {(account: string) => string} nameOf
 * @returns {Node[]}
 */
function told(reader, answer, nameOf) {
  const { at, nav, wallets, complete, missing } = answer;
  if (at === null) return [h("p", { class: "prose" }, "Nothing is kept of what this snapshot was made of.")];
  const state = complete ? "complete" : `without ${list(missing.map(part))}`;
  const worth = nav === null ? "their sum is no total" : money(reader, nav);
  return [
    h("p", { class: "prose" }, `${clockAndZone(reader, epoch(at), now())} · ${state} · ${wallets.length} ${plural(wallets.length, "wallet")} · ${worth}`),
    nav !== null && h("p", { class: "prose snapshot-check" }, `${addsUp(reader, answer, now()).words}.`),
    ...wallets.map(({ wallet, value, total_only, holdings: rows }) => h("section", { class: "snapshot-wallet" },
      h("h3", {}, foreign(part(wallet)), h("span", { class: "number" }, money(reader, value))),
      total_only && rows.length === 1 ? h("p", { class: "part-note" }, TOTAL_ONLY)
        : h("ul", { class: "part-lines" }, ...rows.map((one) => made(line(reader, { ...one, wallet, total_only }, "asset", nameOf)))))),
  ].filter((piece) => piece !== false);
}
