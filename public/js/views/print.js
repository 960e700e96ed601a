/** The page on paper: light, every section open with what it holds, the address and the time at its foot. */

import { now } from "../api.js";
import { clockAndZone, date } from "../dates.js";
import { h } from "./dom.js";
import { openAll } from "./section.js";
import { styles } from "./styles.js";

const PAPER = { width: 680, height: 280 }; // CSS pixels between the margins of A4 or Letter
const LOOK_MS = 50;
const PATIENCE_MS = 5000;

/**
 * @param {import("../types.js").Reader} reader
 * @param {{fit: (size: {width: number, height: number}|null) => void}} chart
 */
export function readyForPrint(reader, chart) {
  void styles("print");
  const root = document.documentElement;
  /** @type {string|undefined} */
  let theme;
  const use = (/** @type {string|undefined} */ chosen, /** @type {{width: number, height: number}|null} */ size) => {
    if (chosen === undefined) delete root.dataset["theme"];
    else root.dataset["theme"] = chosen;
    chart.fit(size);
    root.dispatchEvent(new Event("themechange"));
  };
  const foot = h("p", { id: "printed" });
  document.querySelector("footer")?.append(foot);
  addEventListener("beforeprint", () => {
    theme = root.dataset["theme"];
    foot.textContent = `${document.title} · ${location.origin}${location.pathname}${location.search} · printed ${date(reader, now())}, ${clockAndZone(reader, now(), now())}`;
    openAll(true);
    use("light", PAPER);
  });
  addEventListener("afterprint", () => {
    openAll(false);
    use(theme, null);
  });
  // What is further down was never fetched: it is, before the browser is asked to print.
  addEventListener("keydown", async (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "p" || event.defaultPrevented) return;
    event.preventDefault();
    openAll(true);
    await allThere();
    print();
    openAll(false);
  });
}

async function allThere() {
  const until = performance.now() + PATIENCE_MS;
  const isReading = () => document.querySelector("#sections:not([hidden]) .card:not([hidden]) .section-body:is(:empty, :has(> .is-reading))") !== null;
  while (isReading() && performance.now() < until) await new Promise((done) => setTimeout(done, LOOK_MS));
}
