/** The list of keys, and the switch for those that are one key alone. */

import { GROUPS } from "../keys.js";
import { h } from "./dom.js";
import { openSheet } from "./sheet.js";
import { styles } from "./styles.js";

/**
 * @param {HTMLElement} anchor
 * @param {boolean} on whether single keys do anything
 * @param {(on: boolean) => void} use
 */
export async function openShortcuts(anchor, on, use) {
  await styles("comfort");
  openSheet("Keyboard", anchor, () => {
    const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", checked: on, onchange: () => use(box.checked) }));
    return [
      ...GROUPS.map(({ title, rows }) => h("table", { class: "keys" },
        h("caption", {}, title),
        h("tbody", {}, ...rows.map(([key, what]) => h("tr", {},
          h("th", { scope: "row" }, ...key.split("  ").flatMap((one, index) => [index > 0 && " ", h("kbd", {}, one)]).filter((part) => part !== false)),
          h("td", {}, what)))))),
      h("label", { class: "switch" }, box, "Single keys work outside of fields"),
    ];
  });
}
