/** The door: a password or a token, in place of the figures or, where a session ended, over them. */

import { h, icon } from "./dom.js";

/** @typedef {{open: (token: string) => void, logIn: (password: string) => Promise<string|null>}} DoorActs */

const LABELS = { password: ["Password", "Log in"], token: ["API token", "Open"] };

const NOTES = {
  password: "It is the DASHBOARD_PASSWORD of this installation.",
  token: "It is the API_TOKEN of this installation. It stays in this tab and is forgotten when the tab is closed.",
};

/**
 * @param {"password"|"token"} by
 * @param {boolean} wasWrong whether a token was given and refused
 * @param {DoorActs} acts `logIn` answers with why not, null where it went well
 * @returns {Node[]}
 */
export function door(by, wasWrong, acts) {
  const [label, button] = LABELS[by];
  const field = /** @type {HTMLInputElement} */ (h("input", {
    id: by, name: by, type: "password", required: true, "data-key": by, "aria-describedby": "door-wrong",
    autocomplete: by === "password" ? "current-password" : "off",
  }));
  const wrong = h("p", { id: "door-wrong", class: "door-wrong", role: "alert" });
  const submit = h("button", { type: "submit", class: "button button-first" }, button);
  const say = (/** @type {string|null} */ words) => {
    wrong.replaceChildren(...(words ? [icon("error", "icon-small"), words] : []));
    if (words) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  if (wasWrong) say("That token is not right.");
  const given = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (!field.value || submit.hasAttribute("disabled")) return;
    if (by === "token") {
      acts.open(field.value);
      return;
    }
    submit.setAttribute("disabled", "");
    say(await acts.logIn(field.value));
    submit.removeAttribute("disabled");
    if (wrong.textContent) field.select();
  };
  return [
    h("form", { class: "door", onsubmit: given }, h("label", { for: by }, label), field, wrong, submit),
    h("p", { class: "small" }, NOTES[by]),
  ];
}
