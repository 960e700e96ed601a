/** Saving what is shown: every snapshot as a table, or the chart as a picture. */

import { reach, refused, Unanswered } from "../api.js";
import { clock, date, stamped, zoneName } from "../dates.js";
import { integer } from "../format.js";
import { accountName } from "../page.js";
import { seen, VIEWS } from "../viewtable.js";
import { plural } from "../words.js";
import { windowWords } from "../zoom.js";
import { h, icon } from "./dom.js";
import { picture } from "./picture.js";
import { openSheet } from "./sheet.js";
import { styles } from "./styles.js";
import { toast, toastError } from "./toast.js";

/**
 * @typedef {object} Shown
 * @property {{account: string, range: import("../types.js").Range, benchmark: string|null, zoom: import("../types.js").Window|null}} question
 * @property {string} name  of the files, without what they end in
 * @property {import("./chart.js").Picture|null} chart  null: the table stands in its place
 * @property {import("../sentence.js").Piece[]} sentence
 * @property {{account: string, view: string, at: number, demo: boolean}} of  what the picture says it is of; `at`: its newest figures
 */

/**
 * @param {import("../types.js").Reader} reader
 * @param {import("../state.js").State} state
 * @param {Pick<Shown, "chart"|"sentence">} drawn
 * @param {HTMLElement} anchor
 */
export async function openSave(reader, state, drawn, anchor) {
  const { history, shown, choices: { zoom, view } } = state;
  if (!history || !shown) return;
  const { account, range, benchmark } = shown;
  const at = history.series.t.at(-1) ?? 0;
  await styles("comfort");
  offer(reader, {
    ...drawn,
    question: { account, range, benchmark, zoom },
    name: ["portfolio", account.replace(/[^\w-]/g, "_"), new Date(at * 1000).toISOString().slice(0, 10)].join("-"),
    of: { account: accountName(state, account), view: seen(VIEWS, reader, view).title, at, demo: state.health?.demo === true },
  }, anchor);
}

/**
 * @param {import("../types.js").Reader} reader
 * @param {Shown} shown
 * @param {HTMLElement} anchor
 */
function offer(reader, shown, anchor) {
  openSheet("Save", anchor, (close) => {
    const row = (/** @type {string} */ name, /** @type {string} */ about, /** @type {(() => void)|null} */ act) => h("button", {
      type: "button", class: "menu-row save-row", disabled: act === null,
      onclick: () => {
        close();
        act?.();
      },
    }, icon("save"), h("span", {}, name, h("span", { class: "save-about" }, about)));
    const { chart } = shown;
    return [
      row("CSV", reader.hidden ? "Every snapshot. The file has the amounts that are hidden here." : "Every snapshot, with all digits", () => void saveTable(reader, shown)),
      row("PNG", chart ? "The chart as it is now, with the sentence above it" : "Show the chart to save it as a picture",
        chart && (() => void savePicture(reader, shown, chart))),
    ];
  });
}

/**
 * @param {Shown["question"]} question
 * @returns {Promise<string>} CSV with every snapshot of the range, or of the part of it that is looked at
 */
async function table({ account, range, benchmark, zoom }) {
  const params = new URLSearchParams({
    account, ...(zoom ? { from: stamped(zoom.from), to: stamped(zoom.to) } : { range }), ...(benchmark === null ? {} : { benchmark }), format: "csv",
  });
  const answer = await reach(`/api/history?${params}`);
  if (answer.ok) return answer.text();
  throw refused(answer, await answer.json().catch(() => null));
}

/** @param {import("../types.js").Reader} reader @param {Shown} shown */
async function saveTable(reader, { question, name }) {
  try {
    const text = await table(question);
    hand(new Blob([text], { type: "text/csv" }), `${name}.csv`);
    const count = text.trimEnd().split("\n").length - 1;
    toast([`CSV saved: ${integer(reader, count)} ${plural(count, "snapshot")}.`]);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    toastError([`The CSV could not be saved. ${error.failure.detail}`]);
  }
}

/** @param {import("../types.js").Reader} reader @param {Shown} shown @param {import("./chart.js").Picture} chart */
async function savePicture(reader, { name, sentence, of, question: { zoom } }, chart) {
  const blob = await picture(chart, sentence, [
    [of.account, of.view, ...(zoom ? [windowWords(reader, zoom, 0)] : [])].join(" · "), // each day with its year
    [`${date(reader, of.at)}, ${clock(reader, of.at)} ${zoneName(reader, of.at)}`, "Binance Portfolio Monitor", ...(of.demo ? ["demo, invented accounts"] : [])].join(" · "),
  ]);
  if (blob) hand(blob, `${name}.png`);
  if (blob) toast(["PNG saved."]);
  else toastError(["The PNG could not be saved: this browser gives no picture of the chart."]);
}

/** @param {Blob} blob @param {string} name */
function hand(blob, name) {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address));
}
