/** What the page's single keys do. */

import { onward, wish } from "./keys.js";
import { late } from "./late.js";
import { chosen, page } from "./state.js";
import { hasAmounts, seen, VIEWS } from "./viewtable.js";
import { otherTheme } from "./views/theme.js";

const RANGES = /** @type {const} */ (["24h", "7d", "30d", "90d", "1y", "all"]);

/**
 * @param {KeyboardEvent} event
 * @param {import("./types.js").Reader} reader
 * @param {{get: () => import("./state.js").State}} store
 * @param {import("./types.js").Deeds} acts
 */
export function press(event, reader, store, acts) {
  const target = /** @type {HTMLElement} */ (event.target);
  const found = wish(event, {
    field: target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName),
    dialog: document.querySelector("dialog[open]") !== null,
  });
  if (!found) return;
  event.preventDefault();
  deeds(reader, store, acts)[found.act](found.nth);
}

/**
 * @param {string[]} selectors
 * @returns {HTMLElement} the first of them that can be seen: what a dialog belongs to and gives the focus back to
 */
function firstSeen(...selectors) {
  const found = selectors.map((one) => /** @type {HTMLElement|null} */ (document.querySelector(one)));
  return found.find((one) => one?.offsetParent) ?? document.body;
}

/**
 * @param {import("./types.js").Reader} reader
 * @param {{get: () => import("./state.js").State}} store
 * @param {import("./types.js").Deeds} acts
 * @returns {Record<import("./keys.js").Act, (nth: number) => void>} what each key does
 */
function deeds(reader, store, acts) {
  const shows = (/** @type {() => void} */ act) => () => void (page(store.get()) === "figures" && act());
  const nextAccount = (/** @type {number} */ step) => {
    const all = store.get().accounts?.accounts.map(({ id }) => id) ?? [];
    const account = onward(all.length > 1 ? ["all", ...all] : all, chosen(store.get()) ?? "", step);
    if (account !== undefined) acts.choose({ account });
  };
  return {
    range: (nth) => page(store.get()) === "figures" && acts.chooseRange(RANGES[nth] ?? "all"),
    view: shows(() => {
      const free = VIEWS.filter((view) => !(reader.hidden && hasAmounts(view)));
      acts.choose({ view: onward(free, seen(VIEWS, reader, store.get().choices.view), 1)?.id ?? "value" });
    }),
    compare: shows(() => acts.compare(firstSeen("#chart-head [data-key=compare]", "#menu-button"))),
    account() {
      const anchor = firstSeen(".account-button", ".tabs [aria-checked=true]");
      if (anchor.matches(".account-button")) anchor.click();
      else anchor.focus();
    },
    before: () => nextAccount(-1),
    after: () => nextAccount(1),
    table: shows(acts.toggleTable),
    hide: acts.toggleAmounts,
    theme: otherTheme,
    refresh: acts.refresh,
    search: () => void late(() => import("./views/log.js"), ({ searchLog }) => searchLog()),
    help: acts.shortcuts,
  };
}
