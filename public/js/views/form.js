/** Forms whose errors stand beside the field they name, and which are sent once. */

import { Unanswered } from "../api.js";
import { misplaced } from "../keycheck.js";
import { foreign, h } from "./dom.js";

/** @typedef {HTMLInputElement|HTMLTextAreaElement|HTMLSelectElement} Control */
/** @typedef {{name: string, control: Control|HTMLElement, row: HTMLElement, wrong: HTMLElement}} Field */
/** @typedef {{field: string|null, words: string}} Wrong */

let made = 0; // ids of forms that are open one after another differ

/**
 * @param {string} name as the API calls it
 * @param {string} label
 * @param {Control} control
 * @param {string} [hint]
 * @returns {Field}
 */
export function field(name, label, control, hint) {
  made += 1;
  const id = `field-${name}-${made}`;
  const wrong = h("span", { class: "field-wrong", id: `${id}-wrong`, role: "alert" });
  const about = hint ? h("span", { class: "small", id: `${id}-hint` }, hint) : null;
  control.id = id;
  control.setAttribute("aria-describedby", [about?.id, wrong.id].filter(Boolean).join(" "));
  control.addEventListener("input", () => {
    wrong.replaceChildren();
    control.removeAttribute("aria-invalid");
  });
  return { name, control, wrong, row: h("div", { class: "form-field" }, h("label", { for: id }, label), control, about, wrong) };
}

/** @param {Record<string, string>} [props] @returns {HTMLInputElement} */
export function input(props = {}) {
  return /** @type {HTMLInputElement} */ (h("input", { class: "field", autocomplete: "off", spellcheck: "false", ...props }));
}

/** @param {[string, string][]} options value and words @param {string} chosen @param {() => void} [onchange] @returns {HTMLSelectElement} */
export function select(options, chosen, onchange = () => undefined) {
  return /** @type {HTMLSelectElement} */ (h("select", { class: "field", onchange }, ...options.map(([value, words]) => h("option", { value, selected: value === chosen }, words))));
}

/**
 * @param {Field[]} fields those an error may stand beside
 * @param {import("./dom.js").Child[]} content
 * @param {object} how
 * @param {string} how.yes  what sends it
 * @param {string} [how.busy]  what the button says meanwhile
 * @param {boolean} [how.plain]  the button is not the first of the page
 * @param {import("./dom.js").Child[]} [how.more]  beside the button
 * @param {() => Promise<Wrong|null>} how.send  what is wrong; null where it is done. Unanswered is told here
 * @returns {HTMLFormElement}
 */
export function form(fields, content, { yes, busy = yes, plain = false, more = [], send }) {
  const wrong = h("p", { class: "door-wrong", role: "alert" });
  const button = h("button", { type: "submit", class: plain ? "button" : "button button-first", "data-key": "yes" }, yes);
  const given = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    complain(fields, wrong, null);
    button.setAttribute("aria-disabled", "true");
    button.textContent = busy;
    const found = await sent(send, fields);
    button.removeAttribute("aria-disabled");
    button.textContent = yes;
    complain(fields, wrong, found);
  };
  return /** @type {HTMLFormElement} */ (h("form", { class: "form", novalidate: true, autocomplete: "off", onsubmit: given },
    ...content, wrong, h("p", { class: "actions" }, button, ...more)));
}

/** @param {() => Promise<Wrong|null>} send @param {Field[]} fields */
async function sent(send, fields) {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return misplaced(error.failure, fields.map(({ name }) => name));
  }
}

/**
 * Say what is wrong where it is wrong.
 * @param {Field[]} fields
 * @param {HTMLElement} rest where it is said what no field is about
 * @param {Wrong|null} found
 */
function complain(fields, rest, found) {
  for (const { name, control, wrong } of fields) {
    const words = found?.field === name ? found.words : "";
    wrong.replaceChildren(...(words ? [foreign(words)] : []));
    if (!words) control.removeAttribute("aria-invalid");
    else {
      control.setAttribute("aria-invalid", "true");
      control.focus();
    }
  }
  const isPlaced = fields.some(({ name }) => name === found?.field);
  rest.replaceChildren(...(found && !isPlaced ? [foreign(found.words)] : []));
}
