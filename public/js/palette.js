/** Colours of the allocation: given by rank at first, then kept by name, so that a colour never changes its meaning. */

export const COLOURS = 8;

/**
 * @param {ReadonlyMap<string, number>} kept colours given before, from 1 on
 * @param {string[]} ranked names that get one, the largest first, at most COLOURS
 * @returns {Map<string, number>} a colour of its own for each; what is not ranked any more gives its up
 */
export function coloured(kept, ranked) {
  const shown = ranked.slice(0, COLOURS);
  const found = new Map(shown.flatMap((name) => (kept.has(name) ? [[name, kept.get(name) ?? 0]] : [])));
  const taken = new Set(found.values());
  const free = Array.from({ length: COLOURS }, (_, index) => index + 1).filter((colour) => !taken.has(colour));
  for (const name of shown) if (!found.has(name)) found.set(name, free.shift() ?? 0);
  return found;
}
