/** Answers of /api/holdings and /api/flows for the tests. */

/** @typedef {import("../../public/js/types.js").Holdings} Holdings */
/** @typedef {import("../../public/js/types.js").Holding} Holding */

/**
 * @param {string} asset
 * @param {string} quantity
 * @param {string|null} price
 * @param {string} value
 * @param {Partial<Holding>} [change]
 * @returns {Holding}
 */
export function holding(asset, quantity, price, value, change = {}) {
  return { account: "main", asset, quantity, price, priced_at: price && "2025-11-18T14:00:00Z", price_age_s: price === null ? null : 0, value, ...change };
}

/** @param {string} wallet @param {string} value @param {Holding[]} holdings @param {boolean} [total_only] */
export function held(wallet, value, holdings, total_only = false) {
  return { wallet, value, holdings, total_only };
}

/** @param {Partial<Holdings>} [change] @returns {Holdings} */
export function holdings(change = {}) {
  return {
    account: "main", at: "2025-11-18T14:00:00Z", complete: true, missing: [], nav: "1000", accounts: [],
    wallets: [
      held("usdm", "610", [holding("USDT", "480", "1", "480"), holding("BTC", "0.001", "130000", "130")]),
      held("spot", "290", [holding("BTC", "0.002", "130000", "260"), holding("ETH", "0.01", "3000", "30", { price_age_s: 518400 }), holding("XYZ", "1250", null, "0")]),
      held("trading_bots", "120", [holding("USD", "120", "1", "120")], true),
      held("cross_margin", "-20", [holding("SOL", "-0.1", "200", "-20")]),
    ],
    positions: [], unpriced: [],
    reconciliation: {
      ours: "1000", theirs: "999.58", difference: "0.42",
      wallets: [
        { wallet: "spot", ours: "290", theirs: "290.02", difference: "-0.02" }, { wallet: "usdm", ours: "610", theirs: "609.56", difference: "0.44" },
      ],
    },
    differences: { t: [1763467200, 1763470800], total: ["0.3", null], wallets: { usdm: ["0.25", null], spot: ["0.05", null] } },
    ...change,
  };
}

/**
 * @param {Partial<import("../../public/js/types.js").LedgerEntry>} [change]
 * @returns {import("../../public/js/types.js").LedgerEntry}
 */
export function entry(change = {}) {
  return {
    account: "main", id: "deposit:1", at: "2025-11-04T07:05:10Z", kind: "deposit", usd: "5000", asset: "USDT", quantity: "5000",
    source: "deposits", detail: "TRX", state: "booked", reason: null, decided_at: null, ...change,
  };
}

/**
 * @param {Partial<import("../../public/js/types.js").Coming>} [change]
 * @returns {import("../../public/js/types.js").Coming}
 */
export function coming(change = {}) {
  return {
    account: "main", id: "withdrawal:2", at: "2025-11-18T13:31:00Z", kind: "withdrawal", asset: "BTC", quantity: "-0.0501",
    source: "withdrawals", detail: "BTC", state: "on_its_way", ...change,
  };
}
