/** Looking closer at a part of the chart: dragging, the wheel, two fingers, a double click. */

import { band } from "../plot/band.js";
import { chosen, panned, scaled } from "../zoom.js";

/** @typedef {import("../types.js").Window} Window */

const LEAST_DRAG_PX = 6;
const WHEEL = 0.002; // of the width's logarithm, by one unit of the wheel
const LINE_PX = 16; // what a wheel that counts lines means by one

/**
 * @param {HTMLElement} slider
 * @param {HTMLCanvasElement} canvas
 * @param {() => import("./drive.js").Own} own
 * @param {(zoom: Window|null) => void} zoom
 * @returns {() => boolean} whether a gesture is under way, and nothing is to be read
 */
export function gestures(slider, canvas, own, zoom) {
  const timeAt = (/** @type {number} */ clientX) => own().plot?.timeAt(clientX - canvas.getBoundingClientRect().left) ?? 0;
  const soon = once(zoom);
  const isDragged = dragging(slider, own, timeAt, zoom);
  const isPinched = pinching(slider, own, timeAt, soon);
  slider.addEventListener("wheel", (event) => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    if (event.ctrlKey) {
      event.preventDefault();
      soon(() => scaled(own().t, own().zoom, timeAt(event.clientX), Math.exp(event.deltaY * unit * WHEEL)));
    } else if (own().zoom && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
      event.preventDefault();
      const moved = timeAt((event.deltaX || event.deltaY) * unit) - timeAt(0);
      soon(() => panned(own().t, own().zoom, moved));
    }
  }, { passive: false });
  slider.addEventListener("dblclick", () => zoom(null));
  return () => isDragged() || isPinched();
}

/**
 * @param {(zoom: Window|null) => void} zoom
 * @returns {(find: () => Window|null) => void} the last of those asked for in a frame is shown
 */
function once(zoom) {
  /** @type {(() => Window|null)|null} */
  let asked = null;
  return (find) => {
    if (asked === null) {
      requestAnimationFrame(() => {
        const found = asked?.() ?? null;
        asked = null;
        zoom(found);
      });
    }
    asked = find;
  };
}

/**
 * The mouse chooses a part; with Shift it moves the part that is shown.
 * @param {HTMLElement} slider
 * @param {() => import("./drive.js").Own} own
 * @param {(clientX: number) => number} timeAt
 * @param {(zoom: Window|null) => void} zoom
 * @returns {() => boolean}
 */
function dragging(slider, own, timeAt, zoom) {
  /** @type {{x: number, t: number, far: boolean, pan: boolean}|null} */
  let from = null;
  slider.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0) from = { x: event.clientX, t: timeAt(event.clientX), far: false, pan: event.shiftKey };
  });
  slider.addEventListener("pointermove", (event) => {
    if (!from || event.pointerType !== "mouse") return;
    if (!from.far && Math.abs(event.clientX - from.x) < LEAST_DRAG_PX) return;
    if (!from.far) slider.setPointerCapture(event.pointerId);
    from.far = true;
    if (from.pan) zoom(panned(own().t, own().zoom, from.t - timeAt(event.clientX)));
    else own().plot?.cover(band({ from: from.t, to: timeAt(event.clientX) }));
  });
  const end = (/** @type {PointerEvent} */ event, /** @type {boolean} */ isMeant) => {
    if (!from || event.pointerType !== "mouse") return;
    const { t, far, pan } = from;
    from = null;
    own().plot?.cover(null);
    if (!far || pan || !isMeant) return;
    const found = chosen(own().scene?.history.series.t ?? [], t, timeAt(event.clientX));
    if (found) zoom(found);
  };
  slider.addEventListener("pointerup", (event) => end(event, true));
  slider.addEventListener("pointercancel", (event) => end(event, false));
  slider.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !from) return;
    from = null;
    own().plot?.cover(null);
  });
  return () => from !== null && from.far;
}

/**
 * @param {HTMLElement} slider
 * @param {() => import("./drive.js").Own} own
 * @param {(clientX: number) => number} timeAt
 * @param {(find: () => Window|null) => void} zoom
 * @returns {() => boolean}
 */
function pinching(slider, own, timeAt, zoom) {
  /** @type {Map<number, number>} */
  const fingers = new Map();
  let apart = 0;
  const spread = () => {
    const [a = 0, b = 0] = fingers.values();
    return { middle: (a + b) / 2, apart: Math.max(Math.abs(a - b), 1) };
  };
  slider.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") return;
    fingers.set(event.pointerId, event.clientX);
    if (fingers.size === 2) apart = spread().apart;
  });
  slider.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") return;
    const isNew = !fingers.has(event.pointerId); // it came down before this was here
    fingers.set(event.pointerId, event.clientX);
    if (fingers.size !== 2) return;
    if (isNew) apart = spread().apart;
    const now = spread();
    zoom(() => {
      const factor = apart / now.apart;
      apart = now.apart;
      return scaled(own().t, own().zoom, timeAt(now.middle), factor);
    });
  });
  for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
    slider.addEventListener(name, (event) => fingers.delete(event.pointerId));
  }
  return () => fingers.size > 1;
}
