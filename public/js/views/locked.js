/** The closed door in place of the figures: the ways to come in. */

import { door } from "./door.js";
import { byId, h, redraw } from "./dom.js";
import { reveal } from "./instead.js";

/** @type {"password"|"token"|null} what the reader wants to come in by, where there is a choice */
let wanted = null;

/**
 * @param {"password"|"token"|"nothing"} by what opens this installation
 * @param {boolean} wasWrong whether a token was given and refused
 * @param {import("./door.js").DoorActs} acts
 */
export function drawLocked(by, wasWrong, acts) {
  const shown = by === "password" ? wanted ?? (wasWrong ? "token" : "password") : by;
  const other = shown === "token" ? "password" : "token";
  reveal(true);
  redraw(byId("instead"), ["locked", by, shown, wasWrong], () => (shown === "nothing" ? nobody() : [
    h("h1", {}, shown === "token" ? "Open this page with the API token." : "Log in to see your figures."),
    ...door(shown, wasWrong && shown === "token", acts),
    by === "password" && h("p", {}, h("button", {
      type: "button", class: "text-button", onclick: () => {
        wanted = other;
        drawLocked(by, wasWrong, acts);
        document.getElementById(other)?.focus();
      },
    }, other === "token" ? "Use the API token instead" : "Use the password instead")),
  ]));
}

/** @returns {Node[]} */
function nobody() {
  return [
    h("h1", {}, "Nobody can come in yet."),
    h("p", { class: "prose" }, "Neither a password nor a token is set. Set a password of at least 10 characters and start again:"),
    h("p", { class: "command" }, h("code", {}, "DASHBOARD_PASSWORD")),
  ];
}
