/** Reading the chart by keyboard, mouse and finger. */

import { aloud, quietly } from "../late.js";
import { nearest, stepped } from "../series.js";

/** @typedef {import("../marks.js").Mark} Mark */
/** @typedef {import("../shapes.js").Own} Own */

const DAY_S = 86400;
const WEEK_S = 7 * DAY_S;
const CLOSER = 0.6; // of the width, by one press

/**
 * @param {HTMLElement} slider
 * @param {() => Own} own
 * @param {{read: (index: number|null, t?: number|null) => void, show: (mark: Mark|null) => void,
 *   zoom: (zoom: import("../types.js").Window|null) => void, near: (fetch: typeof quietly) => Promise<void>}} act
 */
export function drive(slider, own, act) {
  /** @type {number|null} */
  let index = null;
  /** @type {import("../types.js").MarkEvent|null} */
  let told = null; // an event of the mark that is told
  const tell = (/** @type {Mark|null} */ mark) => {
    told = mark?.events[0] ?? null;
    act.show(mark);
  };
  const point = (/** @type {PointerEvent} */ event) => {
    const { plot } = own();
    if (!plot) return;
    const box = slider.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    index = plot.indexAt(x);
    act.read(index, plot.timeAt(x));
    tell(plot.markAt(x, y));
  };
  const leave = () => {
    index = null;
    act.read(null);
    tell(null);
  };
  const withLook = (/** @type {(look: typeof import("../look.js")) => void} */ use) => {
    const { look } = own();
    if (look) use(look);
    else void act.near(aloud).then(() => own().look && withLook(use));
  };
  for (const name of ["pointerenter", "focus"]) slider.addEventListener(name, () => void act.near(quietly));
  slider.addEventListener("pointermove", (event) => {
    if (!own().held() && (event.pointerType === "mouse" || slider.hasPointerCapture(event.pointerId))) point(event);
  });
  slider.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse") slider.setPointerCapture(event.pointerId);
    point(event);
  });
  slider.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && leave());
  // A finger that lifts leaves the reading in place; touching elsewhere ends it.
  document.addEventListener("pointerdown", (event) => {
    if (index !== null && !slider.contains(/** @type {Node} */ (event.target))) leave();
  });
  slider.addEventListener("blur", leave);
  slider.addEventListener("keydown", (event) => {
    const { scene, plot } = own();
    if (!scene || !plot || event.ctrlKey || event.metaKey || event.altKey) return;
    const { t } = scene.history.series;
    const here = index ?? t.length - 1;
    if (event.key === "Escape") {
      leave();
      return;
    }
    const closer = { "+": CLOSER, "=": CLOSER, "-": 1 / CLOSER, "\u2212": 1 / CLOSER, 0: 0 }[event.key];
    if (closer !== undefined) {
      event.preventDefault();
      withLook((look) => {
        act.zoom(closer === 0 ? null : look.scaled(own().t, own().zoom, t[here] ?? 0, closer));
        if (index !== null) index = nearest(own().scene?.history.series.t ?? [], t[here] ?? 0);
      });
      return;
    }
    if (event.key.toLowerCase() === "m") {
      withLook((look) => {
        const mark = look.markFrom(plot, index, told, event.shiftKey ? -1 : 1);
        if (!mark) return;
        tell(mark);
        index = plot.indexAt(mark.x);
        act.read(index);
      });
      return;
    }
    const found = moved(t, here, index === null, event);
    if (found === null) return;
    event.preventDefault();
    index = found === here && index !== null ? beyond(own, t[here] ?? 0, event, act.zoom) : found;
    act.read(index);
    tell(null);
  });
}

/**
 * Go on where what is shown ends: the window follows.
 * @param {() => Own} own
 * @param {number} at
 * @param {KeyboardEvent} event
 * @param {(zoom: import("../types.js").Window|null) => void} zoom
 * @returns {number} the snapshot that is read then
 */
function beyond(own, at, event, zoom) {
  const { t, zoom: seen, look } = own();
  const target = t[moved(t, nearest(t, at), false, event) ?? 0] ?? at;
  if (seen && look && event.key !== "Home" && event.key !== "End") zoom(look.panned(t, seen, target - at));
  return nearest(own().scene?.history.series.t ?? [], target);
}

/**
 * @param {number[]} t
 * @param {number} here
 * @param {boolean} first nothing was read before: the newest snapshot comes first
 * @param {KeyboardEvent} event
 * @returns {number|null}
 */
function moved(t, here, first, { key, shiftKey }) {
  if (key === "Home") return 0;
  if (key === "End") return t.length - 1;
  const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[key];
  if (way) return first ? here : shiftKey ? stepped(t, here, way * DAY_S) : Math.min(Math.max(here + way, 0), t.length - 1);
  if (key === "PageUp") return stepped(t, here, WEEK_S);
  if (key === "PageDown") return stepped(t, here, -WEEK_S);
  return null;
}
