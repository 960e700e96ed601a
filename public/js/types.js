/**
 * The shapes of the API's answers, as the page reads them. Money is a decimal string, a ratio a number (0.05 is 5 %).
 *
 * @typedef {"24h"|"7d"|"30d"|"90d"|"1y"|"all"} Range
 * @typedef {{locale: string, zone: string, hidden?: boolean}} Reader  who reads: an Intl locale, an IANA time zone, and whether amounts are hidden
 *
 * @typedef {{asset: string, quantity: string, price: string, value: string, priced_at: string}} StalePrice
 * @typedef {{asset: string, quantity: string}} Unpriced
 * @typedef {object} Latest  the newest complete snapshot
 * @property {string} at
 * @property {string} slot
 * @property {string} nav
 * @property {string} benchmark
 * @property {string[]} wallets
 * @property {{total: string, difference: string}|null} reconciliation
 * @property {StalePrice[]} stale_prices
 * @property {Unpriced[]} unpriced
 *
 * @typedef {object} Account
 * @property {string} id
 * @property {string} name
 * @property {"active"|"paused"|"closed"} state
 * @property {string} created_at
 * @property {string|null} inception
 * @property {{code: "new"|"ok"|"partial"|"needs_attention"|"error", detail: string|null, cause: string|null}} status
 * @property {Latest|null} latest
 * @property {{at: string, complete: boolean, missing: string[], wallets: string[]}|null} last_try  wallets: those read that hold something
 * @property {string|null} difference
 * @property {number|null} active_return
 * @property {string} next_slot
 * @property {Alerts} alerts
 *
 * @typedef {object} Alerts  what the owner is told of by message
 * @property {number|null} behind  ratio; null: of no such distance
 * @property {number|null} drawdown
 * @property {"off"|"daily"|"weekly"} digest
 * @property {{kind: string, since: string, detail: string}[]} open  what is the matter now
 *
 * @typedef {{every: "day"|"week"|"month", hour: number, weekday?: number, day?: number}|{band: string}|null} Rule  null: never
 * @typedef {object} Policy  what a benchmark is
 * @property {Record<string, string>} weights
 * @property {string} deposits
 * @property {string} withdrawals
 * @property {Rule} rebalance
 * @property {string} cost_bp
 * @property {string} risk_free
 * @typedef {{status: "ok"|"partial"|"nothing_due"|"failed", accounts: {id: string, status: string, error: string|null}[]}} RunAnswer
 * @typedef {{account: string, rights: string[], run: RunAnswer|null}} KeyTaken  rights: what the key may do beyond reading
 * @typedef {{id: string, account: string, created_at: string, last_opened_at: string|null}} Link
 *
 * @typedef {"viewer"|"owner"|"demo"} Role  who asks: "owner" and "demo" may change things
 * @typedef {{slot_minutes: number, accounts: Account[], role: Role}} AccountsAnswer
 * @typedef {{status: string, version: string, store: string, newest_snapshot_age_s: number|null, demo: boolean, log_in: "password"|"token"|"nothing"}} Health
 * @typedef {{building: {done: number, total: number}|null, passing: {done: number, total: number}|null, scenario: string,
 *   broken: string|null, accounts: string[]}} Demo
 * @typedef {object} DemoAct  what is done to the demo
 * @property {string} action  "scenario", "deposit", "withdrawal", "pass", "break" or "mend"; what else is there depends on it
 * @property {string} [scenario]
 * @property {string} [account]
 * @property {string} [asset]
 * @property {string} [amount]
 * @property {string} [kind]
 * @property {string} [time]
 * @property {string} [what]
 *
 * @typedef {object} Series  columns of equal length, oldest first
 * @property {number[]} t
 * @property {(string|null)[]} nav
 * @property {string[]} benchmark
 * @property {(number|null)[]} nav_index
 * @property {number[]} benchmark_index
 * @property {(number|null)[]} drawdown  below the highest index since the inception, 0 or negative
 * @property {number[]} benchmark_drawdown
 * @property {string[]} flow
 *
 * @typedef {{from: string, to: string, kind: "missing"|"partial", missing: string[]}} Gap
 * @typedef {object} MarkEvent
 * @property {string} at
 * @property {"start"|"deposit"|"withdrawal"|"rebalance"|"restated"|"unexplained"} kind
 * @property {string} usd
 * @property {string} account
 * @property {string|null} asset
 * @property {string|null} quantity
 * @property {string} [known_at]  restated: when the past was computed anew, `at` being from when on
 * @property {string} [detail]  restated: why; unexplained: in words
 *
 * @typedef {{depth: number|null, from: string|null, trough: string|null, recovered: string|null, days: number|null}} Drawdown
 * @typedef {object} Metrics
 * @property {string} nav
 * @property {string} benchmark
 * @property {string} difference
 * @property {number|null} twr
 * @property {number|null} benchmark_twr
 * @property {Drawdown|null} max_drawdown
 * @property {Drawdown|null} benchmark_max_drawdown
 * @property {number|null} twr_24h
 * @property {number|null} benchmark_twr_24h
 * @property {string|null} pnl_since_inception
 * @property {string|null} put_in
 * @property {number|null} [value_ratio]
 * @property {number|null} [active_return]
 * @property {number|null} [mwr]
 * @property {number|null} [mwr_annual]
 * @property {number|null} [volatility]
 * @property {number|null} [sharpe]
 * @property {number|null} [sortino]
 * @property {number|null} [cagr]
 * @property {number|null} [calmar]
 * @property {number|null} [beta]
 * @property {number|null} [alpha]
 * @property {number|null} [correlation]
 * @property {number|null} [tracking_error]
 * @property {number|null} [information_ratio]
 * @property {number|null} [up_capture]
 * @property {number|null} [down_capture]
 * @property {number|null} [benchmark_volatility]
 * @property {number|null} [benchmark_sharpe]
 * @property {number|null} [benchmark_sortino]
 * @property {number|null} [benchmark_cagr]
 * @property {number|null} [benchmark_calmar]
 * @property {number} [days]  daily returns used
 * @property {Record<string, string>} notes  name → why it is null, or weak
 *
 * @typedef {object} Benchmark
 * @property {{weights: Record<string, string>, risk_free?: string}|null} policy
 * @property {string|null} value
 * @property {Record<string, string>} units
 * @property {string|null} exhausted_at
 * @property {string} shortfall
 *
 * @typedef {object} Attribution  what changed the value over the range; all add up to the cent
 * @property {string} nav_from
 * @property {string} nav_to
 * @property {string} change
 * @property {Record<"flows"|"realised"|"funding"|"commission"|"unrealised"|"revaluation"|"rewards"|"other", string>} parts
 * @property {string} residual
 * @property {string|null} known_from  since when all is measured, where that is later than the range's start
 * @property {string|null} income_until  how far futures income was read; null: there are no futures
 *
 * @typedef {object} History
 * @property {string} account
 * @property {string|null} inception
 * @property {string|null} from
 * @property {string|null} to
 * @property {Benchmark|null} benchmark
 * @property {number} resolution_s
 * @property {Series} series
 * @property {{t: number[], nav: string[]}} estimated
 * @property {Gap[]} gaps
 * @property {MarkEvent[]} events
 * @property {Metrics|null} metrics
 * @property {string} [holder]  what the account's line is called where it is not yours
 * @property {Attribution|null} [attribution]  null: there are no two snapshots
 * @property {string|null} [compared]  the benchmark that was asked for; null: the account's own. Ours, not the server's
 *
 * @typedef {object} Shared  what a link shows: an account that began with one dollar and had no flow
 * @property {string|null} inception
 * @property {string|null} from
 * @property {string|null} to
 * @property {{weights: Record<string, string>}|null} benchmark
 * @property {Pick<Series, "t"|"nav_index"|"benchmark_index"|"drawdown"|"benchmark_drawdown">} series
 * @property {{from: string, to: string}[]} gaps
 * @property {{twr: number|null, benchmark_twr: number|null, twr_24h: number|null, benchmark_twr_24h: number|null,
 *   max_drawdown: Drawdown|null, benchmark_max_drawdown: Drawdown|null, sharpe: number|null, benchmark_sharpe: number|null,
 *   active_return: number|null, days: number, notes: Record<string, string>}|null} metrics
 *
 * @typedef {object} Holding  of one account in one wallet
 * @property {string} account
 * @property {string} asset
 * @property {string} quantity
 * @property {string|null} price  null: it never had one and counts as nothing
 * @property {string|null} priced_at
 * @property {number|null} price_age_s  when the snapshot was taken
 * @property {string} value
 * @typedef {{wallet: string, value: string, total_only: boolean, holdings: Holding[]}} HeldWallet
 * @typedef {object} Position
 * @property {string} account
 * @property {string} wallet
 * @property {string} symbol
 * @property {"long"|"short"} side
 * @property {string} quantity  coins
 * @property {string} mark
 * @property {string} value
 * @property {string|null} [entry]  this and what follows: null where the exchange did not tell
 * @property {string|null} [leverage]
 * @property {"cross"|"isolated"|null} [margin]
 * @property {string|null} [liquidation]
 * @property {string|null} [unrealised]
 * @typedef {{ours: string, theirs: string, difference: string}} Beside  ours less the exchange's
 * @typedef {Beside & {wallets: (Beside & {wallet: string})[]}} Reconciliation
 * @typedef {object} Holdings  one snapshot; a partial one has no value
 * @property {string} account
 * @property {string|null} at  null: there is none, or nothing is kept of what it was made of
 * @property {boolean|null} complete
 * @property {string[]} missing
 * @property {string|null} nav
 * @property {{account: string, at: string, nav: string|null}[]} accounts
 * @property {HeldWallet[]} wallets  the most valuable first, and so are their holdings
 * @property {Position[]} positions
 * @property {{account: string, wallet: string, asset: string, quantity: string}[]} unpriced
 * @property {Reconciliation|null} reconciliation  null: the exchange's own total could not be read
 * @property {{t: number[], total: (string|null)[], wallets: Record<string, (string|null)[]>}} differences  of those before
 *
 * @typedef {object} Coming  a movement that is not booked yet
 * @property {string} account
 * @property {string} id
 * @property {string} at
 * @property {"deposit"|"withdrawal"} kind
 * @property {string} asset
 * @property {string} quantity  negative: it leaves
 * @property {string} source
 * @property {string} detail
 * @property {"on_its_way"|"waiting_for_price"} state
 * @property {null} [reason]
 * @property {null} [decided_at]
 * @typedef {object} LedgerEntry
 * @property {string} account
 * @property {string} id
 * @property {string} at
 * @property {"deposit"|"withdrawal"} kind
 * @property {string} usd
 * @property {string} asset
 * @property {string} quantity
 * @property {string} source
 * @property {string} detail
 * @property {"booked"|"void"|"internal"|"superseded"} state
 * @property {string|null} reason
 * @property {string|null} decided_at
 * @typedef {{account: string, coming: Coming[], flows: LedgerEntry[]}} Flows  newest first
 * @typedef {object} FlowChange  what is wanted of the ledger, as the API takes it
 * @property {string} account
 * @property {"add"|"void"|"correct"|"internal"} action
 * @property {string} reason
 * @property {string} [flow]
 * @property {string} [at]
 * @property {string} [asset]
 * @property {string} [quantity]
 *
 * @typedef {"debug"|"info"|"warning"|"error"} Level
 * @typedef {{id: string, at: string, level: Level, event: string, message: string, run: string, account: string|null}} LogEntry
 * @typedef {{entries: LogEntry[], after: string|null, before: string|null}} LogsAnswer  newest first
 *
 * @typedef {object} Failure  why the newest question has no answer
 * @property {"offline"|"unreachable"|"refused"|"starting"|"locked"} kind
 * @property {number|null} status
 * @property {string} detail
 * @property {string|null} words  the server's own, without ours around them
 * @property {string|null} request_id
 * @property {{code?: string, field?: string, rights?: string[], likely?: string}|null} [problem]  what it says for programs
 * @property {number|null} wait_s  how long to wait before the next try, where the server says so
 *
 * @typedef {object} Deeds  what buttons, menu and keys have the page do
 * @property {(change: Partial<Choices>) => void} choose
 * @property {(range: Range) => void} chooseRange
 * @property {(anchor: HTMLElement) => void} compare
 * @property {(anchor: HTMLElement) => void} save
 * @property {() => void} toggleTable
 * @property {() => void} toggleAmounts
 * @property {() => void} refresh
 * @property {() => void} shortcuts
 * @property {(everywhere: boolean) => void} leave
 * @property {(on: boolean) => void} useKeys  single keys of the page
 * @property {(isUtc: boolean) => void} useZone
 * @property {(anchor: HTMLElement, place?: Place) => Promise<unknown>} settings
 *
 * @typedef {{page: "add"|"help"|"key", account?: string}} Place  of the settings
 *
 * @typedef {{from: number, to: number}} Window  epoch seconds, both included
 *
 * @typedef {object} Choices  what the reader chose; kept in the address and in storage
 * @property {string|null} account  null: the first one
 * @property {Range} range
 * @property {string} view
 * @property {string|null} benchmark  to compare with, as the API names it; null: the account's own
 * @property {Window|null} zoom  the part of the range that the chart shows; null: all of it
 */
export {};
