/** Display options: theme, keys, and on a phone amounts, comparison, table and saving, which have their own buttons elsewhere. */

import { remember } from "../storage.js";
import { byId, h, icon, redraw } from "./dom.js";
import { segments } from "./segments.js";
import { openSheet } from "./sheet.js";

const THEME = "theme";
const GROUND = { light: "#f6f5f1", dark: "#0d1015" }; // what tokens.css calls --bg

/** @returns {"light"|"dark"|"system"} */
function theme() {
  const own = document.documentElement.dataset["theme"];
  return own === "light" || own === "dark" ? own : "system";
}

/** @param {string} chosen */
function useTheme(chosen) {
  const root = document.documentElement;
  if (chosen === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = chosen;
  remember(THEME, chosen);
  paintBar();
  root.dispatchEvent(new Event("themechange"));
}

/** Light instead of dark, dark instead of light. */
export function otherTheme() {
  const chosen = theme();
  const isDark = chosen === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
  useTheme(isDark ? "light" : "dark");
}

/** @param {boolean} hidden */
export function drawEye(hidden) {
  const button = byId("eye-button");
  button.setAttribute("aria-pressed", String(hidden));
  redraw(button, hidden, () => [icon(hidden ? "eye-off" : "eye")]);
}

/** The browser's own bar follows a chosen theme as well. */
function paintBar() {
  const chosen = theme();
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    const own = meta.getAttribute("media")?.includes("dark") ? "dark" : "light";
    meta.setAttribute("content", GROUND[chosen === "system" ? own : chosen]);
  }
}

/**
 * @param {object} chart
 * @param {() => boolean|null} chart.tableShown  null: there is no chart to swap
 * @param {() => void} chart.toggleTable
 * @param {() => string} chart.comparedWith
 * @param {(anchor: HTMLElement) => void} chart.compare
 * @param {(anchor: HTMLElement) => void} chart.save
 * @param {{role: () => string|null, leave: (everywhere: boolean) => void}} visit
 * @param {{hidden: () => boolean, toggleAmounts: () => void, shortcuts: () => void}} comfort
 */
export function initMenu(chart, visit, comfort) {
  byId("eye-button").addEventListener("click", comfort.toggleAmounts);
  const button = byId("menu-button");
  button.append(icon("more", "below-wide"), icon("sun", "wide-only when-light"), icon("moon", "wide-only when-dark"));
  paintBar();
  button.addEventListener("click", () => openSheet("Display", button, (close) => {
    const isShown = chart.tableShown();
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
    const role = visit.role();
    const leaving = role !== "owner" && role !== "viewer" ? [] : [
      row("leave", "Log out", () => visit.leave(false), ""),
      ...(role === "owner" ? [row("leave", "Log out everywhere", () => visit.leave(true), "")] : []),
    ];
    return [h("p", { class: "label" }, "Theme"), themes, ...(isShown === null ? [] : [
      row("compare", `Compare with ${chart.comparedWith()}`, () => chart.compare(button)),
      row(isShown ? "chart" : "table", isShown ? "Show the chart" : "Show as a table", chart.toggleTable),
      row("save", "Save", () => chart.save(button)),
    ]), row(comfort.hidden() ? "eye" : "eye-off", comfort.hidden() ? "Show amounts" : "Hide amounts", comfort.toggleAmounts),
    row("keyboard", "Keyboard shortcuts", comfort.shortcuts, ""), ...leaving];
  }));
}
