/** Display options: theme, keys, and on a phone amounts, comparison, table and saving, which have their own buttons elsewhere. */

import { page } from "../state.js";
import { benchmarkName } from "../words.js";
import { byId, h, icon } from "./dom.js";
import { segments } from "./segments.js";
import { openSheet } from "./sheet.js";
import { theme, useTheme } from "./theme.js";

/**
 * @param {import("../types.js").Reader} reader
 * @param {import("../state.js").State} state
 * @param {import("../types.js").Deeds} deeds
 */
export function openMenu(reader, state, deeds) {
  const button = byId("menu-button");
  openSheet("Display", button, (close) => {
    const chart = page(state) === "figures" ? state.history : null;
    const pick = (/** @type {string} */ id) => {
      useTheme(id);
      for (const radio of themes.querySelectorAll("[role=radio]")) {
        const isChosen = radio.getAttribute("data-key") === id;
        radio.setAttribute("aria-checked", String(isChosen));
        radio.setAttribute("tabindex", isChosen ? "0" : "-1");
      }
    };
    const label = (/** @type {string} */ name, /** @type {string} */ words) => h("span", { class: "with-icon" }, icon(name), words);
    const themes = segments("Theme", [
      { id: "light", label: label("sun", "Light") }, { id: "dark", label: label("moon", "Dark") },
      { id: "system", label: label("system", "System") },
    ], theme(), pick);
    const row = (/** @type {string} */ name, /** @type {string} */ words, /** @type {() => void} */ act, kind = "phone-only") => h("button", {
      type: "button", class: `menu-row ${kind}`,
      onclick: () => {
        close();
        act();
      },
    }, icon(name), words);
    const role = state.accounts?.role ?? null;
    const leaving = role !== "owner" && role !== "viewer" ? [] : [
      row("leave", "Log out", () => deeds.leave(false), ""),
      ...(role === "owner" ? [row("leave", "Log out everywhere", () => deeds.leave(true), "")] : []),
    ];
    return [h("p", { class: "label" }, "Theme"), themes, ...(chart === null ? [] : [
      row("compare", `Compare with ${benchmarkName(reader, chart).short}`, () => deeds.compare(button)),
      row(state.table ? "chart" : "table", state.table ? "Show the chart" : "Show as a table", deeds.toggleTable),
      row("save", "Save", () => deeds.save(button)),
    ]), row(reader.hidden ? "eye" : "eye-off", reader.hidden ? "Show amounts" : "Hide amounts", deeds.toggleAmounts),
    row("keyboard", "Keyboard shortcuts", deeds.shortcuts, ""), row("settings", "Settings", () => deeds.settings(button), ""), ...leaving];
  });
}
