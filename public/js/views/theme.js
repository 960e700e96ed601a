/** Light, dark, or as the system has it. */

import { remember } from "../storage.js";

const THEME = "theme";
const GROUND = { light: "#f6f5f1", dark: "#0d1015" }; // what tokens.css calls --bg

/** @returns {"light"|"dark"|"system"} */
export function theme() {
  const own = document.documentElement.dataset["theme"];
  return own === "light" || own === "dark" ? own : "system";
}

/** @param {string} chosen */
export function useTheme(chosen) {
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

/** The browser's own bar follows a chosen theme as well. */
export function paintBar() {
  const chosen = theme();
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    const own = meta.getAttribute("media")?.includes("dark") ? "dark" : "light";
    meta.setAttribute("content", GROUND[chosen === "system" ? own : chosen]);
  }
}
