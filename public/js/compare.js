/** What the account can be compared with: the API's names for it, and weights of one's own. */

import { date, epoch } from "./dates.js";

/** @typedef {{id: string|null, label: string, about: string}} Offer  id: as the API names it; null is the account's own */
/** @typedef {{asset: string, percent: string}} Share  as typed */

const WHOLE = 1_000_000; // 100 %, in millionths
const ASSET = /^[A-Z0-9]{1,20}$/;
const PERCENT = /^\d{1,3}(?:[.,]\d{1,4})?$/;

/**
 * @param {import("./types.js").Reader} reader
 * @param {string|null} inception
 * @returns {Offer[]}
 */
export function offers(reader, inception) {
  return [
    { id: null, label: "The account’s own benchmark", about: "as its settings say" },
    { id: "BTC", label: "BTC", about: "all money in BTC" },
    { id: "ETH", label: "ETH", about: "all money in ETH" },
    { id: "USD", label: "US dollars", about: "the money itself, kept as it came" },
    { id: "initial", label: "What I held on day one", about: inception ? `kept since ${date(reader, epoch(inception))}, never rebalanced` : "never rebalanced" },
  ];
}

/** @param {string} percent @returns {number} in millionths of the whole; NaN where it is no percentage above 0 */
function millionths(percent) {
  const text = percent.trim();
  const found = PERCENT.test(text) ? Math.round(Number(text.replace(",", ".")) * (WHOLE / 100)) : NaN;
  return found > 0 ? found : NaN;
}

/**
 * @param {Share[]} shares rows left empty do not count
 * @returns {{benchmark: string, wrong: null}|{benchmark: null, wrong: string}} the API's name for them, or what is wrong
 */
export function weights(shares) {
  const given = shares.map(({ asset, percent }) => ({ asset: asset.trim().toUpperCase(), percent })).filter(({ asset, percent }) => asset || percent.trim());
  const refuse = (/** @type {string} */ wrong) => ({ benchmark: null, wrong });
  const unnamed = given.find(({ asset }) => !ASSET.test(asset));
  if (unnamed) return refuse(unnamed.asset ? `“${unnamed.asset}” is no coin’s short name, like BTC.` : "A share lacks its coin.");
  const twice = given.find(({ asset }, index) => given.findIndex((other) => other.asset === asset) !== index);
  if (twice) return refuse(`${twice.asset} stands there twice.`);
  const parts = given.map(({ asset, percent }) => ({ asset, share: millionths(percent) }));
  const unclear = parts.find(({ share }) => Number.isNaN(share));
  if (unclear) return refuse(`${unclear.asset} needs a share above 0 %.`);
  const total = parts.reduce((sum, { share }) => sum + share, 0);
  if (total !== WHOLE) return refuse(`The shares make ${total / (WHOLE / 100)} %, not 100 %.`);
  const [only] = parts;
  if (only && parts.length === 1) return { benchmark: only.asset, wrong: null };
  return { benchmark: parts.map(({ asset, share }) => `${asset}:${String(share / WHOLE)}`).join(","), wrong: null };
}

/**
 * @param {string|null} benchmark as the API names it
 * @returns {Share[]|null} its weights as they would be typed; null where it is one of the offers
 */
export function typed(benchmark) {
  if (!benchmark?.includes(":")) return null;
  return benchmark.split(",").map((part) => {
    const [asset = "", share = ""] = part.split(":");
    return { asset, percent: String(Math.round(Number(share) * WHOLE) / (WHOLE / 100)) };
  });
}
