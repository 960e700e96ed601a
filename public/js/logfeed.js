/** The lines of the log under the filters chosen: asked for, followed, and carried on to older ones. */

import * as api from "./api.js";
import { joined, NO_FILTERS, written } from "./loglist.js";

/** @typedef {import("./types.js").LogEntry} LogEntry */
/** @typedef {import("./loglist.js").Filters} Filters */
/**
 * @typedef {object} Feed
 * @property {Filters} filters
 * @property {LogEntry[]} entries  newest first
 * @property {LogEntry[]} held  newer ones that are not shown yet
 * @property {boolean} older  whether there may be more
 * @property {boolean} live
 * @property {"asking"|"there"|"failed"} condition
 */

const PAGE = 20;
const LIVE_MS = 5000;

/**
 * @param {() => void} changed
 * @param {() => boolean} follows whether newer lines may appear by themselves
 */
export function makeFeed(changed, follows) {
  /** @type {Feed} */
  const feed = { filters: NO_FILTERS, entries: [], held: [], older: false, live: false, condition: "asking" };
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  let turn = 0;

  /** @param {Partial<Feed>} change */
  const set = (change) => {
    Object.assign(feed, change);
    changed();
  };
  /**
   * An answer to filters that were changed meanwhile is dropped.
   * @param {Record<string, string>} more
   * @param {(answer: import("./types.js").LogsAnswer) => void} use
   */
  const ask = async (more, use) => {
    const mine = turn;
    try {
      const answer = await api.logs({ ...feed.filters, limit: String(PAGE), ...more });
      if (mine === turn) use(answer);
    } catch (error) {
      if (!(error instanceof api.Unanswered)) throw error;
      if (mine === turn && feed.entries.length === 0) set({ condition: "failed" });
    }
  };
  const follow = () => {
    clearTimeout(timer);
    if (!feed.live) return;
    timer = setTimeout(async () => {
      if (!document.hidden) await newer();
      follow();
    }, LIVE_MS);
  };
  const newer = async () => {
    const known = written([...feed.held, ...feed.entries]);
    await ask(known ? { after: known.last } : {}, ({ entries }) => {
      if (entries.length === 0) return;
      const held = joined(feed.held, entries);
      set(follows() ? { entries: joined(feed.entries, held), held: [], condition: "there" } : { held });
    });
  };

  return {
    feed,
    /** @param {Partial<Filters>} [change] */
    async begin(change = {}) {
      turn += 1;
      set({ filters: { ...feed.filters, ...change }, entries: [], held: [], condition: "asking" });
      await ask({}, ({ entries }) => set({ entries, older: entries.length === PAGE, condition: "there" }));
    },
    async carryOn() {
      const known = written(feed.entries);
      if (known) await ask({ before: known.first }, ({ entries }) => set({ entries: joined(feed.entries, entries), older: entries.length === PAGE }));
    },
    newer,
    release: () => set({ entries: joined(feed.entries, feed.held), held: [] }),
    /** @param {boolean} live */
    goLive(live) {
      set({ live });
      if (live) void newer();
      follow();
    },
  };
}
