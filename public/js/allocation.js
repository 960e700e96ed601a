/** Where the value lies: by asset or by wallet, each row down to quantity × price. */

import { age } from "./dates.js";
import { compare, sign, sum } from "./decimal.js";
import { money, percent, price, quantity } from "./format.js";
import { coloured, COLOURS } from "./palette.js";
import { part, short } from "./words.js";

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./types.js").Holdings} Holdings */
/** @typedef {"asset"|"wallet"} By */
/** @typedef {{name: string, sum: string, value: string, note: string}} Line  "USD-M futures", "0.5 BTC × $122,850.42", "$61,425.21" */
/** @typedef {{account: string, wallet: string, asset: string, quantity: string, price: string|null, price_age_s: number|null, value: string, total_only: boolean}} Held */
/** @typedef {{id: string, name: string, note: string, quantity: string, value: string, share: string, colour: number|null, lines: Line[]}} Row  colour 0: the others' */
/** @typedef {{rows: Row[], bar: {colour: number, size: number}[], total: string, colours: Map<string, number>}} Allocation */

const OLD_PRICE_S = 600;
const MOST_UNPRICED = 3;
export const TOTAL_ONLY = "total only, no detail from Binance";
export const NO_PRICE = "no price";

/** @param {Holdings} holdings @returns {Held[]} */
export function everything({ wallets }) {
  return wallets.flatMap(({ wallet, total_only, holdings }) => holdings.map((one) => ({ ...one, wallet, total_only })));
}

/**
 * @param {Reader} reader
 * @param {Holdings} holdings
 * @param {By} by
 * @param {ReadonlyMap<string, number>} kept colours given before
 * @param {(account: string) => string} nameOf empty where there is one account only
 * @returns {Allocation}
 */
export function allocation(reader, holdings, by, kept, nameOf) {
  const whole = Number(holdings.nav ?? "0");
  const groups = grouped(everything(holdings), by);
  const of = (/** @type {number} */ way) => groups.filter(({ value }) => sign(value) === way);
  const [worth, owed, nothing] = [of(1), of(-1), of(0)];
  const shown = worth.length > COLOURS + 1 ? worth.slice(0, COLOURS) : worth;
  const rest = worth.slice(shown.length);
  const drawn = rest.length === 0 ? shown : [...shown, joined("others", `${rest.length} others`, rest)];
  const colours = coloured(kept, shown.map(({ id }) => id));
  const colour = (/** @type {Group} */ { id }) => colours.get(id) ?? 0;
  const unpriced = nothing.length > MOST_UNPRICED ? [joined("unpriced", `${nothing.length} without a price`, nothing)] : nothing;
  const row = (/** @type {Group} */ group, /** @type {number|null} */ its) => told(reader, group, by, its, whole, nameOf);
  const positive = Number(sum(worth.map(({ value }) => value)));
  return {
    rows: [...drawn.map((group) => row(group, colour(group))), ...[...owed.reverse(), ...unpriced].map((group) => row(group, null))],
    bar: drawn.map((group) => ({ colour: colour(group), size: Number(group.value) / positive })),
    total: money(reader, holdings.nav ?? "0"), colours,
  };
}

/** @typedef {{id: string, name: string, held: Held[], value: string, mixed: boolean}} Group  mixed: of several assets */

/**
 * @param {Held[]} held
 * @param {By} by
 * @returns {Group[]} the most valuable first
 */
function grouped(held, by) {
  /** @type {Map<string, Held[]>} */
  const found = new Map();
  for (const one of held) {
    const id = by === "wallet" || one.total_only ? `wallet:${one.wallet}` : `asset:${one.asset}`;
    found.set(id, [...(found.get(id) ?? []), one]);
  }
  const groups = [...found].map(([id, rows]) => {
    const [first] = rows;
    const name = id.startsWith("wallet:") ? part(first?.wallet ?? "") : first?.asset ?? "";
    return { id, name, held: rows, value: sum(rows.map(({ value }) => value)), mixed: id.startsWith("wallet:") };
  });
  return groups.sort((a, b) => compare(b.value, a.value) || (a.name < b.name ? -1 : 1));
}

/** @param {string} id @param {string} name @param {Group[]} groups @returns {Group} */
function joined(id, name, groups) {
  return { id, name, held: groups.flatMap(({ held }) => held), value: sum(groups.map(({ value }) => value)), mixed: true };
}

/**
 * @param {Reader} reader
 * @param {Group} group
 * @param {By} by
 * @param {number|null} colour
 * @param {number} whole
 * @param {(account: string) => string} nameOf
 * @returns {Row}
 */
function told(reader, { id, name, held, value, mixed }, by, colour, whole, nameOf) {
  const isTotal = held.every(({ total_only }) => total_only);
  const isUnpriced = held.every(({ price }) => price === null);
  return {
    id, name, note: isTotal ? TOTAL_ONLY : isUnpriced ? NO_PRICE : "", colour,
    quantity: mixed ? "" : quantity(reader, sum(held.map((one) => one.quantity))),
    value: isUnpriced ? "not counted" : money(reader, value),
    share: isUnpriced || whole <= 0 ? "" : percent(reader, Number(value) / whole, 1),
    lines: held.map((one) => line(reader, one, id.includes(":") ? (by === "asset" ? "wallet" : "asset") : "both", nameOf)),
  };
}

/**
 * @param {Reader} reader
 * @param {Held} held
 * @param {"asset"|"wallet"|"both"} says what the line's name tells
 * @param {(account: string) => string} nameOf
 * @returns {Line}
 */
export function line(reader, held, says, nameOf) {
  const places = [says === "asset" ? "" : part(held.wallet), says !== "wallet" && !held.total_only ? held.asset : "", short(nameOf(held.account))];
  const name = places.filter((one) => one !== "").join(" · ") || part(held.wallet);
  if (held.total_only) return { name, sum: "", value: money(reader, held.value), note: TOTAL_ONLY };
  const amount = quantity(reader, held.quantity);
  if (held.price === null) return { name, sum: `${amount} ${held.asset}`, value: "not counted", note: NO_PRICE };
  const isOld = held.price_age_s !== null && held.price_age_s > OLD_PRICE_S;
  return {
    name, sum: `${amount} × ${price(reader, held.price)}`, value: money(reader, held.value),
    note: isOld ? `price ${age(held.price_age_s ?? 0)} old` : sign(held.quantity) < 0 ? "owed" : "",
  };
}
