/** All that looking closer at a part of the chart needs: fetched when somebody is about to. */

export { askCloser, refined } from "./closer.js";
export { gestures } from "./views/gestures.js";
export { panned, scaled, windowed, windowWords } from "./zoom.js";
