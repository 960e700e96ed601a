/** Answers of /api/history for the tests: two snapshots unless said otherwise. */

/**
 * @param {object} [change]
 * @param {{nav?: string, benchmark?: string, difference?: string, you?: number, bench?: number}} [last]
 * @returns {import("../../public/js/types.js").History}
 */
export function history(change = {}, last = {}) {
  const { nav = "117116.90", benchmark = "110760.58", difference = "6356.32", you = 1.1222, bench = 1.0575 } = last;
  return {
    account: "main", inception: "2025-08-28T08:00:00Z", from: "2025-08-28T08:00:00Z", to: "2025-11-18T14:00:00Z",
    benchmark: { policy: { weights: { BTC: "0.5", ETH: "0.5" } }, value: benchmark, units: {}, exhausted_at: null, shortfall: "0" },
    resolution_s: 3600,
    series: {
      t: [1756368000, 1763474400], nav: ["96000.00", nav], benchmark: ["96000.00", benchmark],
      nav_index: [1, you], benchmark_index: [1, bench], drawdown: [0, -0.0523], benchmark_drawdown: [0, -0.1661],
      flow: ["0", "0"],
    },
    estimated: { t: [], nav: [] }, gaps: [], events: [],
    metrics: {
      nav, benchmark, difference, twr: you - 1, benchmark_twr: bench - 1,
      max_drawdown: { depth: -0.1032, from: null, trough: null, recovered: null, days: null }, benchmark_max_drawdown: null,
      twr_24h: null, benchmark_twr_24h: null, pnl_since_inception: "12616.90", put_in: "104500", notes: {},
    },
    ...change,
  };
}
