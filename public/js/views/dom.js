/** Making elements. Foreign text only ever becomes a text node. */

/** @typedef {Node|string|null|false|undefined} Child */

/**
 * @param {string} tag
 * @param {Record<string, string|boolean|((event: any) => void)|undefined>} [props] attributes; "on…" is a listener
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  for (const child of children) if (child || child === "") element.append(child);
  return element;
}

/**
 * @param {string} name a symbol of /icons.svg
 * @param {string} [extra] more classes
 */
export function icon(name, extra = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** @param {string} text from outside: it may run right to left, and is never markup */
export function foreign(text) {
  return h("bdi", {}, text);
}

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page lacks #${id}`);
  return element;
}

/** @type {WeakMap<Element, string>} */
const drawn = new WeakMap();

/**
 * Draw anew only what changed, and leave the focus where it was.
 * @param {HTMLElement} element
 * @param {unknown} value what the drawing follows from
 * @param {() => Child[]} build
 */
export function redraw(element, value, build) {
  const key = JSON.stringify(value);
  if (drawn.get(element) === key) return;
  drawn.set(element, key);
  const held = element.contains(document.activeElement) ? document.activeElement?.getAttribute("data-key") : null;
  element.replaceChildren(...build().filter((child) => child !== null && child !== false && child !== undefined));
  if (held) /** @type {HTMLElement|null} */ (element.querySelector(`[data-key="${CSS.escape(held)}"]`))?.focus();
}
