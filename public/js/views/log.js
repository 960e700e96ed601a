/** The log: its line at once, its entries when somebody is near them. */

import { logs, now, Unanswered } from "../api.js";
import { MOST_COUNTED, summary } from "../logs.js";
import { byId } from "./dom.js";
import { drawWithout } from "./parts.js";
import { makeSection, openSection } from "./section.js";
import { styles } from "./styles.js";

/** @typedef {import("../types.js").Reader} Reader */
/** @typedef {import("../types.js").LogEntry} LogEntry */
/** @typedef {import("../state.js").State} State */

/** @type {ReturnType<typeof makeLog>|null} */
let log = null;

/**
 * @param {Reader} reader
 * @param {State|null} state null: nothing is shown
 */
export function drawLog(reader, state) {
  byId("log").hidden = state === null;
  if (state) (log ??= makeLog()).draw({ reader, state });
}

/** Lead the reader to the search of the log. */
export async function searchLog() {
  openSection("log");
  await log?.want();
  const field = /** @type {HTMLElement|null} */ (document.querySelector("#log .log-search"));
  field?.scrollIntoView({ block: "center" });
  field?.focus();
}

function makeLog() {
  /** @type {import("./loglines.js").Seen|null} */
  let seen = null;
  /** @type {{newest: LogEntry|null|undefined, grave: LogEntry[]}} newest: undefined before the first answer */
  let told = { newest: undefined, grave: [] };
  /** @type {((seen: import("./loglines.js").Seen) => void)|null} */
  let lines = null;
  /** @type {Promise<void>|null} */
  let loading = null;
  let isWanted = false; // by the keyboard, before anything has scrolled
  const load = () => (loading ??= Promise.all([import("./loglines.js"), styles("log")]).then(([{ makeLines }]) => {
    lines = makeLines(section.body);
    show();
  }, () => {
    loading = null;
    drawWithout(section.body, "The log", true, () => void load());
  }));
  const show = () => {
    if (!seen) return;
    section.say(told.newest === undefined ? "" : summary(seen.reader, told.newest ?? undefined, told.grave, now()));
    if (!section.isOpen() || !(isWanted || section.isNear())) return;
    if (lines) lines(seen);
    else if (!loading) {
      drawWithout(section.body, "The log", false, () => void load());
      void load();
    }
  };
  const section = makeSection("log", "Log", show, show);
  /** What the section's line says, whatever the filters of its lines are. */
  const look = async () => {
    try {
      const [last, grave] = await Promise.all([logs({ event: "run", limit: "1" }), logs({ level: "warning", limit: String(MOST_COUNTED) })]);
      told = { newest: last.entries[0] ?? null, grave: grave.entries };
      show();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
  };
  let loaded = -1;
  return {
    want() {
      isWanted = true;
      show();
      return load();
    },
    /** @param {import("./loglines.js").Seen} next */
    draw(next) {
      seen = next;
      if (next.state.loaded_at !== loaded) {
        loaded = next.state.loaded_at ?? -1;
        void look();
      }
      show();
    },
  };
}
