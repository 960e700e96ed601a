/** Code that is fetched when it is wanted, and what is said where it cannot be had: the next try fetches it again. */

import { toastError } from "./views/toastline.js";

/** @type {(() => void)|null} */
let takeBack = null;

/** @returns {string} why something that was asked for does not open */
export function lateWords() {
  return navigator.onLine ? "Could not be loaded. Try again, or reload the page." : "Could not be loaded: you are offline. Try again.";
}

/**
 * What nobody asked for yet. A browser that cannot get a module says so by a TypeError; all else is a fault of ours.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T|null>} null where it cannot be had now
 */
export async function quietly(load) {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null;
  }
}

/**
 * What a reader asked for: where it cannot be had that is said, until something can.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T|null>}
 */
export async function aloud(load) {
  const module = await quietly(load);
  takeBack?.();
  takeBack = module === null ? toastError([lateWords()]) : null;
  return module;
}

/**
 * @template T, R
 * @param {() => Promise<T>} load
 * @param {(module: T) => R} use
 * @returns {Promise<Awaited<R>|null>} what came of it
 */
export async function late(load, use) {
  const module = await aloud(load);
  return module === null ? null : await use(module);
}
