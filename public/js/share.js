/** The page behind a link: one account or all, in percent, as an account of one dollar without flows. */

import { shared, Unanswered } from "./api.js";
import { zoneName } from "./dates.js";
import { late, quietly } from "./late.js";
import { sharedHistory, sharedSentence, sharedTiles, sharedTrust } from "./shared.js";
import { VIEWS } from "./viewtable.js";
import { drawSentence, drawTiles } from "./views/answer.js";
import { makeChart } from "./views/chart.js";
import { byId, h } from "./views/dom.js";
import { drawFailed } from "./views/instead.js";
import { clearSkeleton, drawSkeleton } from "./views/skeleton.js";

const reader = { locale: navigator.language, zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
/** @type {{view: string, table: boolean, zoom: import("./types.js").Window|null}} */
const own = { view: "growth", table: false, zoom: null };
/** @type {import("./types.js").Shared|null} */
let answer = null;

/** @type {Promise<void>|null} */
let looking = null;

const chart = makeChart({
  range: () => undefined,
  view(id) {
    own.view = id;
    draw();
  },
  table: () => late(() => import("./views/table.js"), () => {
    own.table = !own.table;
    draw();
  }),
  compare: () => undefined,
  save: () => undefined,
  zoom(zoom) {
    own.zoom = zoom;
    draw();
  },
  near: (fetch) => (looking ??= fetch(() => import("./look.js")).then((look) => {
    if (look) chart.look(look);
    else looking = null;
  })),
}, () => "", { views: VIEWS.filter(({ id }) => id === "growth" || id === "drawdown"), whole: true });

function draw() {
  if (!answer) return;
  byId("figures").setAttribute("aria-busy", "false");
  clearSkeleton();
  if (answer.series.t.length === 0) {
    drawSentence(null, ["This link has nothing to show yet: the first snapshot is still to come."], () => undefined);
    return;
  }
  const history = sharedHistory(answer);
  byId("sentence").replaceChildren(...sharedSentence(reader, answer, history).map(({ text, tone }) =>
    (tone === "plain" ? document.createTextNode(text) : h("span", { class: `number is-${tone}` }, text))));
  byId("trust").textContent = sharedTrust(reader, answer);
  drawTiles(sharedTiles(reader, answer, history));
  chart.draw(reader, history, { tail: null, table: own.table, range: "all", view: own.view, zoom: own.zoom, detail: null, waiting: "", dim: false });
}

async function load() {
  try {
    answer = await shared(location.hash.slice(1));
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    const { failure } = error;
    if (failure.status === 404 || failure.kind === "locked") drawGone();
    else drawFailed(failure, 0, () => void load());
    return;
  }
  byId("instead").hidden = true;
  byId("figures").hidden = false;
  draw();
}

function drawGone() {
  byId("figures").hidden = true;
  byId("instead").hidden = false;
  byId("instead").replaceChildren(h("h1", {}, "This link was withdrawn or never existed."),
    h("p", { class: "prose" }, "Ask whoever gave it to you for another one."));
}

byId("footnote").textContent = `Amounts are not part of this page. All times ${zoneName(reader, Date.now() / 1000)}. Figures come from complete snapshots only.`;
addEventListener("hashchange", () => void load());
drawSkeleton("");
void load().then(() => quietly(() => import("./views/print.js"))).then((print) => print?.readyForPrint(reader, chart));
