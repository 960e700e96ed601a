/** The sections about one snapshot and its flows: their lines at once, their details when somebody is near them. */

import { now } from "../api.js";
import { addsUp, allocationLine, changesLine, flowsLine, positionsLine, statisticsLine } from "../briefs.js";
import { byId, h, redraw } from "./dom.js";
import { makeSection } from "./section.js";
import { styles } from "./styles.js";

/** @typedef {import("../below.js").Below} Below */
/** @typedef {import("../shapes.js").Part} Part */

/** @type {Part[]} */
const PARTS = [
  {
    id: "changes", title: "What changed the value", what: "What changed the value", of: "history", load: () => import("./changes.js"), sheet: "changes",
    has: ({ attribution, from, to }) => Boolean(attribution && from && to), line: ({ reader, history: { answer } }) => changesLine(reader, answer, now()),
  },
  {
    id: "allocation", title: "Allocation", what: "The allocation", of: "holdings", load: () => import("./allocation.js"), sheet: "holdings",
    line: ({ reader, holdings: { answer } }) => (answer ? allocationLine(reader, answer) : ""),
  },
  {
    id: "positions", title: "Open positions", what: "Open positions", of: "holdings", load: () => import("./positions.js"), sheet: "holdings",
    line: ({ reader, holdings: { answer } }) => (answer ? positionsLine(reader, answer.positions) : ""),
  },
  {
    id: "statistics", title: "Statistics", what: "Statistics", of: "history", load: () => import("./statistics.js"), sheet: "statistics",
    has: ({ metrics }) => metrics?.days !== undefined, line: ({ reader, history: { answer } }) => statisticsLine(reader, answer),
  },
  {
    id: "flows", title: "Money in and out", what: "Flows", of: "flows", load: () => import("./flows.js"), sheet: "flows",
    line: ({ reader, state, flows: { answer } }) => (answer ? flowsLine(reader, answer, inceptionOf(state), state.history?.inception ?? null) : ""),
  },
  {
    id: "addsup", title: "Does it add up?", what: "The comparison with Binance", of: "holdings", load: () => import("./addsup.js"), sheet: "holdings",
    line({ reader, holdings: { answer } }) {
      const told = answer && addsUp(reader, answer, now());
      return told ? `${told.verdict}. ${told.words}` : "";
    },
  },
];
/** @type {Below|null} */
let latest = null;

/** @param {Below|null} below null: there are no figures */
export function drawParts(below) {
  latest = below;
  for (const part of PARTS) {
    const isShown = below !== null && (part.has?.(below.history.answer) ?? true);
    byId(part.id).hidden = !isShown;
    if (isShown) drawPart(part, below);
  }
}

/** @param {Part} part @param {Below} below */
function drawPart(part, below) {
  const again = () => latest && drawPart(part, latest);
  const section = (part.section ??= makeSection(part.id, part.title, again, again));
  const asked = below[part.of];
  section.say(part.line(below));
  if (!section.isOpen() || !section.isNear()) return;
  const { details, loading } = part;
  if (!details && !loading) void load(part, again);
  if (details && asked.answer) details.draw(below, section.body);
  else drawWithout(section.body, part.what, asked.failed || loading === "failed", () => {
    part.loading = undefined;
    if (asked.failed) asked.again();
    again();
  });
}

/** @param {Part} part @param {() => void} done */
async function load(part, done) {
  part.loading = "loading";
  try {
    [part.details] = await Promise.all([part.load(), part.sheet && styles(part.sheet)]);
  } catch {
    part.loading = "failed";
  }
  done();
}

/**
 * What a section shows while it has nothing, so that the rest of the page stands.
 * @param {HTMLElement} body
 * @param {string} what
 * @param {boolean} failed
 * @param {() => void} again
 */
export function drawWithout(body, what, failed, again) {
  redraw(body, ["without", failed], () => (failed
    ? [h("p", { class: "without" }, `${what} could not be loaded. `, h("button", { type: "button", class: "button", "data-key": "again", onclick: again }, "Try again"))]
    : [h("p", { class: "without is-reading" }, "Reading…")]));
}

/** @param {import("../state.js").State} state */
function inceptionOf({ accounts }) {
  const known = new Map((accounts?.accounts ?? []).map(({ id, inception }) => [id, inception]));
  return (/** @type {string} */ account) => known.get(account) ?? null;
}
