/** The keys of the page: what each does, and where a key is not for the page. */

/** @typedef {"range"|"view"|"compare"|"account"|"before"|"after"|"table"|"hide"|"theme"|"refresh"|"search"|"help"} Act */
/** @typedef {{act: Act, nth: number}} Wish  nth: which range, from 0 */

/** @type {Record<string, Act>} */
const ACTS = {
  v: "view", c: "compare", a: "account", "[": "before", "]": "after", t: "table", h: "hide", d: "theme", r: "refresh", "/": "search", "?": "help",
};

/** The list as it is shown: what is pressed, and what happens. `single`: a key of the page, which can be switched off. */
export const GROUPS = /** @type {const} */ ([
  { title: "Anywhere", single: true, rows: [
    ["1 – 6", "Range: 24 hours to all"], ["v", "Next view"], ["c", "Compare with"], ["a", "Choose an account"], ["[  ]", "Account before, account after"],
    ["t", "Table or chart"], ["h", "Hide or show amounts"], ["d", "Dark or light"], ["r", "Refresh"], ["/", "Search the log"], ["?", "This list"],
  ] },
  { title: "On the chart", single: false, rows: [
    ["←  →", "One snapshot"], ["Shift + ←  →", "One day"], ["Page Up, Page Down", "One week"], ["Home, End", "First, newest"],
    ["m, Shift + m", "Next mark, mark before"], ["+  −", "Zoom in, out"], ["0", "Whole range"], ["Esc", "Stop reading"],
  ] },
]);

/**
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean}} event
 * @param {{field: boolean, dialog: boolean}} where whether the key was pressed in a field, and while a dialog is open
 * @returns {Wish|null} null: the key is not for the page
 */
export function wish({ key, ctrlKey, metaKey, altKey }, { field, dialog }) {
  if (ctrlKey || metaKey || altKey || field || dialog) return null;
  const nth = "123456".indexOf(key);
  if (key.length === 1 && nth >= 0) return { act: "range", nth };
  const act = Object.hasOwn(ACTS, key.toLowerCase()) ? ACTS[key.toLowerCase()] : undefined;
  return act ? { act, nth: 0 } : null;
}

/**
 * @template T
 * @param {readonly T[]} all
 * @param {T} here
 * @param {number} step
 * @returns {T|undefined} the one that many places on, round and round
 */
export function onward(all, here, step) {
  return all[(all.indexOf(here) + step + all.length) % all.length];
}
