/** The trust line and the panels under it, as words. */

import { abs, round, sign } from "./decimal.js";
import { age, ago, clock, clockAndZone, epoch } from "./dates.js";
import { money, price, quantity, signedMoney } from "./format.js";
import { list, part, plural } from "./words.js";

const MOST_JUMPS = 3; // are told one by one

/** @typedef {import("./types.js").Reader} Reader */
/** @typedef {import("./standing.js").Standing} Standing */
/** @typedef {{icon: string, tone: "gain"|"warn"|"error", strong: boolean, long: string, short: string}} TrustLine */
/** @typedef {import("./shapes.js").Panel} Panel */

/**
 * @param {Reader} reader
 * @param {Standing} standing
 * @param {number} now
 * @returns {TrustLine}
 */
export function trustLine(reader, standing, now) {
  const doubt = (/** @type {string} */ icon, /** @type {string} */ words, tone = /** @type {"warn"|"error"} */ ("warn")) =>
    ({ icon, tone, strong: true, long: words, short: words });
  const { at, latest } = standing;
  const [stale, unpriced] = [latest.flatMap((one) => one.stale_prices), latest.flatMap((one) => one.unpriced)];
  switch (standing.kind) {
    case "attention":
      return doubt("error", `Last complete snapshot ${clockAndZone(reader, at, now)}`, "error");
    case "building":
      return doubt("clock", `History is being built · figures are of ${clockAndZone(reader, at, now)}`);
    case "stale":
      return doubt("clock", `No new snapshot for ${age(now - at)}`);
    case "partial":
      return doubt("half", `${clock(reader, epoch(standing.partial?.at ?? ""))} is partial · figures are of ${clock(reader, at)}`);
    case "unpriced":
      return doubt("warn", `${unpriced.length} ${plural(unpriced.length, "asset has", "assets have")} no price and ${plural(unpriced.length, "counts", "count")} as nothing`);
    case "old_price":
      return doubt("warn", `${stale.length} ${plural(stale.length, "asset counts", "assets count")} at an old price`);
    case "unexplained":
      return doubt("warn", standing.jumps.length > 1 ? `${standing.jumps.length} changes of value are not explained` : `A change of ${signedMoney(reader, standing.jumps[0]?.usd ?? "0")} is not explained`);
    case "differs":
      return doubt("warn", `Binance’s own total differs by ${signedMoney(reader, standing.difference ?? "0")}`);
    default:
      return fine(reader, standing, now);
  }
}

/**
 * @param {Reader} reader
 * @param {Standing} standing
 * @param {number} now
 * @returns {TrustLine}
 */
function fine(reader, { at, latest, difference }, now) {
  const updated = ago(now - at);
  const wallets = new Set(latest.flatMap((one) => one.wallets)).size;
  const read = latest.length > 1
    ? `all ${latest.length} accounts complete`
    : wallets === 0 ? "its wallets hold nothing" : wallets === 1 ? "its one wallet read" : `all ${wallets} wallets read`;
  const gap = difference === null ? null : money(reader, abs(difference));
  const isSame = sign(round(difference ?? "0", 2)) === 0;
  const [close, checked] = reader.hidden
    ? ["checked against Binance’s own total", "checked"]
    : isSame ? ["equals Binance’s own total to the cent", "checked to the cent"] : [`within ${gap} of Binance’s own total`, `checked to ${gap}`];
  const long = gap === null ? "complete · Binance’s own total could not be read" : `${read} · ${close}`;
  return {
    icon: "check", tone: "gain", strong: false,
    long: `Updated ${updated}, ${clockAndZone(reader, at, now)} · ${long}`,
    short: gap === null ? `${updated} · complete · not checked` : `${updated} · complete · ${checked}`,
  };
}

/**
 * @param {Reader} reader
 * @param {Standing} standing
 * @param {number} now
 * @param {boolean} several whether the installation has other accounts
 * @returns {Panel[]} what there is to know about a doubt, with what happens next
 */
export function trustPanels(reader, standing, now, several) {
  const { culprit, latest, partial } = standing;
  const next = culprit && epoch(culprit.next_slot) > now ? `Next try at about ${clockAndZone(reader, epoch(culprit.next_slot), now)}.` : "";
  if (standing.kind === "attention" && culprit) {
    const { told, alone, then } = keyTrouble(culprit);
    return [{
      tone: "error", lead: latest.length > 1 ? `${told}${culprit.name}.` : alone, foreign: culprit.status.detail, text: then,
      ...(several ? { foot: "Your other accounts go on." } : {}),
    }];
  }
  if (standing.kind === "building") return [];
  if (standing.kind === "stale" && culprit && culprit.state !== "active") {
    return [{ tone: "plain", lead: `This account is ${culprit.state}.`, text: "Nothing is collected for it; its history stays." }];
  }
  if (standing.kind === "stale") {
    const cause = reason(culprit);
    return [{
      tone: "warn", lead: partial ? missing(partial.missing) : cause?.replace(/\.?$/, ".") ?? "No complete snapshot has come since.",
      text: "Nothing is lost: the hours without data stay a gap, and the next run carries on.", foreign: partial ? cause : null, foot: next, leads: "log",
    }];
  }
  if (standing.kind === "partial" && partial) {
    return [{
      tone: "warn", lead: `${latest.length > 1 && culprit ? `${culprit.name}: ` : ""}${missing(partial.missing)}`,
      foreign: reason(culprit), text: rest(partial), foot: next, leads: "log",
      ...(culprit && partial.wallets.length > 0 ? { shows: { words: showing(partial.wallets.length), account: culprit.id, at: partial.at } } : {}),
    }];
  }
  if (standing.kind === "unexplained") return standing.jumps.slice(0, MOST_JUMPS).map((jump) => jumpPanel(reader, jump, now));
  return latest.flatMap((one) => [
    ...one.unpriced.map((asset) => unpricedPanel(reader, asset)),
    ...one.stale_prices.map((asset) => oldPricePanel(reader, asset, now)),
  ]);
}

/** @param {import("./types.js").Account|null} culprit @returns {string|null} why, without the codes of what is missing: they are told in words */
function reason(culprit) {
  return culprit?.status.detail?.replace(/^not read: [^;]*(?:; |$)/, "") || null;
}

/** @param {{missing: string[], wallets: string[]}} partial @returns {string} what there is beside what is missing */
function rest({ missing: codes, wallets }) {
  if (codes.every((code) => code.includes(":"))) return "All wallets were read; their sum is not drawn before this is known, too.";
  if (wallets.length === 0) return "Nothing is drawn without it.";
  return wallets.length === 1 ? "One other wallet was read; it is no total and is not drawn."
    : `The other ${wallets.length} wallets were read; their sum is no total and is not drawn.`;
}

/** @param {number} count */
function showing(count) {
  return count === 1 ? "Show the one wallet" : `Show the ${count} wallets`;
}

/**
 * @param {Reader} reader
 * @param {import("./standing.js").Jump} jump
 * @param {number} now
 * @returns {Panel}
 */
function jumpPanel(reader, { at, usd, name }, now) {
  return {
    tone: "warn", lead: `${name === "" ? "" : `${name}: `}${signedMoney(reader, usd)}, seen at ${clockAndZone(reader, at, now)}.`,
    text: "No price, holding or flow explains it. Until one that does is booked or added, it counts as performance.", leads: "flows",
  };
}

/**
 * @param {import("./types.js").Account} account whose key its owner has to see to
 * @returns {{told: string, alone: string, then: string}} told: what ends with the account's name
 */
export function keyTrouble({ status }) {
  const again = "It is tried again with every run.";
  switch (status.cause) {
    case "no_key":
      return { told: "There is no key for ", alone: "It has no key.", then: "Nothing is collected until it gets one." };
    case "key_too_powerful":
      return { told: "Too much is allowed to the key of ", alone: "The key may do more than read.", then: again };
    default:
      return { told: "Binance refuses the key of ", alone: "Invalid key, address or permission.", then: again };
  }
}

/** @param {string[]} codes */
function missing(codes) {
  return `${list(codes.map(part))} could not be read.`;
}

/**
 * @param {Reader} reader
 * @param {import("./types.js").Unpriced} asset
 * @returns {Panel}
 */
function unpricedPanel(reader, asset) {
  return {
    tone: "warn", lead: `${quantity(reader, asset.quantity)} ${asset.asset}`,
    text: "has never had a price here. It counts as soon as it trades.",
  };
}

/**
 * @param {Reader} reader
 * @param {import("./types.js").StalePrice} asset
 * @param {number} now
 * @returns {Panel}
 */
function oldPricePanel(reader, asset, now) {
  const verb = sign(asset.quantity) < 0 ? "is owed" : "counts";
  return {
    tone: "warn", lead: `${quantity(reader, asset.quantity)} ${asset.asset}`,
    text: `${verb} at ${price(reader, asset.price)}, its price of ${ago(now - epoch(asset.priced_at))}: ${money(reader, asset.value)}.`,
  };
}
