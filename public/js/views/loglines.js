/** The lines of the log: filters, and the tail that follows while the newest is in view. Fetched when somebody is near. */

import { now } from "../api.js";
import { dayMonth } from "../dates.js";
import { makeFeed } from "../logfeed.js";
import { isFiltered, LEVELS, NO_FILTERS } from "../loglist.js";
import { moment } from "../logs.js";
import { veiled } from "../veil.js";
import { plural, short } from "../words.js";
import { foreign, h, icon, redraw } from "./dom.js";

/** @typedef {import("../types.js").Reader} Reader */
/** @typedef {import("../types.js").LogEntry} LogEntry */
/** @typedef {import("../state.js").State} State */

const TYPING_MS = 300;

/** @typedef {{reader: Reader, state: State}} Seen */

/**
 * @param {HTMLElement} body
 * @returns {(seen: Seen) => void} draws it
 */
export function makeLines(body) {
  /** @type {Seen|null} */
  let seen = null;
  let isNewestSeen = true;
  const { feed, begin, carryOn, release, goLive } = makeFeed(() => show(), () => isNewestSeen);
  const top = h("div", { class: "log-top", "aria-hidden": "true" });
  const [tools, fresh, lines, foot] = [h("div", { class: "log-tools", role: "search", "aria-label": "Log" }), h("p", { class: "log-fresh" }), h("div", {}), h("div", { class: "log-foot" })];
  body.replaceChildren(tools, top, fresh, lines, foot);
  new IntersectionObserver(([entry]) => {
    isNewestSeen = entry?.isIntersecting ?? true;
    if (isNewestSeen && feed.held.length > 0) release();
  }).observe(top);

  const show = () => {
    if (!seen) return;
    drawTools(tools, seen.state, feed, { begin, goLive });
    redraw(fresh, feed.held.length, () => [feed.held.length > 0 && h("button", {
      type: "button", class: "button", "data-key": "fresh", onclick: () => {
        release();
        tools.scrollIntoView({ block: "nearest" });
      },
    }, `${feed.held.length} new ${plural(feed.held.length, "line")}`)]);
    drawLines(lines, seen, feed.entries, (filter) => void begin(filter));
    drawFoot(foot, feed, { begin, carryOn });
  };
  void begin();
  return (now) => {
    seen = now;
    show();
  };
}

/**
 * @param {HTMLElement} element
 * @param {State} state
 * @param {import("../logfeed.js").Feed} feed
 * @param {{begin: (change: Partial<import("../loglist.js").Filters>) => Promise<void>, goLive: (live: boolean) => void}} act
 */
function drawTools(element, state, { filters, live }, act) {
  const accounts = (state.accounts?.accounts ?? []).map(({ id, name }) => [id, short(name)]);
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let typing;
  const select = (/** @type {string} */ name, /** @type {"level"|"account"} */ key, /** @type {readonly (readonly string[])[]} */ options) => {
    const field = /** @type {HTMLSelectElement} */ (h("select", {
      class: "field", "aria-label": name, "data-key": key, onchange: () => void act.begin({ [key]: field.value }),
    }, ...options.map(([value = "", words = ""]) => h("option", { value, selected: value === filters[key] }, words))));
    return field;
  };
  const off = (/** @type {"event"|"run"} */ key, /** @type {Node|string} */ words) =>
    h("button", { type: "button", class: "button", "data-key": key, title: "Show all again", onclick: () => void act.begin({ [key]: "" }) }, words, icon("close", "icon-small"));
  // The text is not part of what the drawing follows from: it would be drawn away from under the fingers.
  redraw(element, [accounts, filters.level, filters.account, filters.event, filters.run, live], () => {
    const search = /** @type {HTMLInputElement} */ (h("input", {
      type: "search", class: "field log-search", "aria-label": "Search messages", placeholder: "Search messages", value: filters.q, maxlength: "200",
      "data-key": "q", oninput: () => {
        clearTimeout(typing);
        typing = setTimeout(() => void act.begin({ q: search.value.trim() }), TYPING_MS);
      },
    }));
    return [
      select("Level", "level", LEVELS), accounts.length > 1 && select("Account", "account", [["", "All accounts"], ...accounts]), search,
      filters.event !== "" && off("event", h("bdi", {}, filters.event)), filters.run !== "" && off("run", "One run only"),
      h("button", {
        type: "button", class: "button log-live", "aria-pressed": String(live), "data-key": "live", onclick: () => act.goLive(!live),
      }, h("span", { class: "live-dot" }), "Live"),
    ];
  });
  const search = element.querySelector("input");
  if (search && search !== document.activeElement) search.value = filters.q;
}

/**
 * @param {HTMLElement} element
 * @param {{reader: Reader, state: State}} seen
 * @param {LogEntry[]} entries
 * @param {(filter: {run: string}|{event: string}) => void} only
 */
function drawLines(element, { reader, state }, entries, only) {
  const names = new Map((state.accounts?.accounts ?? []).map(({ id, name }) => [id, name]));
  redraw(element, [entries.map(({ id }) => id), [...names], dayMonth(reader, now()), reader.hidden, reader.zone], () => [entries.length > 0 && h("table", { class: "log-table", role: "table" },
    h("caption", { class: "visually-hidden" }, "Log, newest first"),
    h("thead", { role: "rowgroup", class: "visually-hidden" }, h("tr", { role: "row" },
      ...["Time", "Level", "Account", "Event", "Message"].map((name) => h("th", { role: "columnheader", scope: "col" }, name)))),
    h("tbody", { role: "rowgroup" }, ...entries.map((entry) => line(reader, entry, names, only))))]);
}

/**
 * @param {Reader} reader
 * @param {LogEntry} entry
 * @param {Map<string, string>} names
 * @param {(filter: {run: string}|{event: string}) => void} only
 */
function line(reader, { id, at, level, event, message, run, account }, names, only) {
  const cell = (/** @type {string} */ name, /** @type {(Node|string|null|false)[]} */ ...children) => h("td", { role: "cell", class: `log-${name}` }, ...children);
  const time = moment(reader, at, now());
  const isGrave = level === "warning" || level === "error";
  return h("tr", { role: "row", class: "log-line" },
    cell("time", run ? h("button", { type: "button", class: "log-only", "data-key": id, title: "Show this run only", onclick: () => only({ run }) }, time) : time),
    h("td", { role: "cell", class: isGrave ? `log-level is-${level === "error" ? "error" : "warn"}` : "log-level" }, isGrave && icon(level === "error" ? "error" : "warn", "icon-small"), level),
    cell("account", account === null ? "all" : foreign(short(names.get(account) ?? account))),
    cell("event", h("button", { type: "button", class: "log-only", "data-key": `event ${id}`, title: "Show this event only", onclick: () => only({ event }) }, h("code", {}, foreign(event)))),
    cell("message", foreign(veiled(reader, message))));
}

/**
 * @param {HTMLElement} element
 * @param {import("../logfeed.js").Feed} feed
 * @param {{begin: (change?: Partial<import("../loglist.js").Filters>) => Promise<void>, carryOn: () => Promise<void>}} act
 */
function drawFoot(element, { entries, condition, filters, older }, { begin, carryOn }) {
  const isNone = entries.length === 0;
  const button = (/** @type {string} */ words, /** @type {() => void} */ act) => h("button", { type: "button", class: "button", "data-key": "foot", onclick: act }, words);
  redraw(element, [isNone, condition, isFiltered(filters), older], () => {
    if (condition === "failed") return [h("p", {}, "The log could not be loaded. "), button("Try again", () => void begin())];
    if (condition === "asking" && isNone) return [h("p", {}, "Reading the log…")];
    if (isNone && isFiltered(filters)) return [h("p", {}, "No entries match. "), button("Clear filters", () => void begin(NO_FILTERS))];
    if (isNone) return [h("p", {}, "Nothing has been logged yet.")];
    return [older && button("Older", () => void carryOn())];
  });
}
