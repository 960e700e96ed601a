/**
 * That the past was computed anew, and why, is said once in each browser, quietly. Without a reason it was a snapshot that
 * was completed or taken again: no flow, and the chart shows it.
 */

import { dayMonth, epoch } from "../dates.js";
import { recall, remember } from "../storage.js";
import { veiled } from "../veil.js";
import { foreign } from "./dom.js";
import { openSection } from "./section.js";
import { toast } from "./toast.js";

const MEMORY = "restated";
/** @type {Map<string, string>} */
const told = new Map(); // where storage is switched off, once a visit

/**
 * @param {import("../types.js").Reader} reader
 * @param {import("../types.js").History} history
 */
export function drawRestated(reader, { account, events }) {
  const notes = events.filter(({ kind, known_at, detail }) => kind === "restated" && known_at !== undefined && detail !== undefined);
  const newest = notes.reduce((/** @type {typeof notes[0]|undefined} */ last, next) => (!last || epoch(next.known_at ?? "") > epoch(last.known_at ?? "") ? next : last), undefined);
  if (!newest || document.hidden) return;
  const name = `${MEMORY}:${account}`;
  const last = told.get(name) ?? recall(name);
  if (last !== null && epoch(last) >= epoch(newest.known_at ?? "")) return;
  told.set(name, newest.known_at ?? "");
  remember(name, newest.known_at ?? "");
  const why = veiled(reader, newest.detail ?? "").replace(/\.$/, "");
  toast([`History since ${dayMonth(reader, epoch(newest.at))} was recomputed: `, foreign(why), "."], { words: "Show", act: () => openSection("flows") });
}
