/** What looking closer at the chart needs: fetched when somebody is about to. */

export { askCloser, refined } from "./closer.js";
export { gestures } from "./views/gestures.js";
export { markFrom } from "./walk.js";
export { panned, scaled, windowed, windowWords } from "./zoom.js";
