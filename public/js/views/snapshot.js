/** The newest snapshot down to wallet, asset, quantity × price and the price's age: what the trust line opens. */

import { now } from "../api.js";
import { line, TOTAL_ONLY } from "../allocation.js";
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
  const body = h("div", {});
  const draw = () => {
    const { answer } = holdings;
    if (answer) body.replaceChildren(...told(reader, answer, namer(state())));
    else drawWithout(body, "The snapshot", holdings.failed, holdings.again);
  };
  for (const sheet of ["sections", "holdings"]) void styles(sheet);
  askBelow(state());
  draw();
  openSheet("What this snapshot is made of", anchor, () => [body], { wide: true });
  watchers.set("snapshot", () => body.isConnected && draw());
}

/**
 * @param {Reader} reader
 * @param {Holdings} answer
 * @param {(account: string) => string} nameOf
 * @returns {Node[]}
 */
function told(reader, answer, nameOf) {
  if (answer.at === null || answer.nav === null) return [h("p", { class: "prose" }, "Nothing is kept of what this snapshot was made of.")];
  const { wallets } = answer;
  const state = answer.complete ? "complete" : `without ${list(answer.missing.map(part))}`;
  return [
    h("p", { class: "prose" }, `${clockAndZone(reader, epoch(answer.at), now())} · ${state} · ${wallets.length} ${plural(wallets.length, "wallet")} · ${money(reader, answer.nav)}`),
    h("p", { class: "prose snapshot-check" }, `${addsUp(reader, answer, now()).words}.`),
    ...wallets.map(({ wallet, value, total_only, holdings: rows }) => h("section", { class: "snapshot-wallet" },
      h("h3", {}, foreign(part(wallet)), h("span", { class: "number" }, money(reader, value))),
      total_only && rows.length === 1 ? h("p", { class: "part-note" }, TOTAL_ONLY)
        : h("ul", { class: "part-lines" }, ...rows.map((one) => made(line(reader, { ...one, wallet, total_only }, "asset", nameOf)))))),
  ];
}
