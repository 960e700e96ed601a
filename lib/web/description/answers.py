"""The shapes of the API's answers, by the names that the description gives them."""

from lib.domain.alerts import KINDS
from lib.domain.attribution import PARTS
from lib.domain.risk import NAMES
from lib.web.description.holdings import HOLDINGS
from lib.web.description.shapes import (
    MONEY,
    RATIO,
    TEXT,
    TIME,
    TRUTH,
    WHOLE,
    Shape,
    known,
    many,
    maybe,
    named,
    one_of,
    thing,
)

_ANY: Shape = {"type": "object"}
_WEIGHTS = named(MONEY)
_RULE = maybe({"type": "object", "description": "every, hour, weekday, day; or band"})
_COLUMN_OF_RATIOS = many(maybe(RATIO))
_SECONDS: Shape = {"type": "number", "description": "epoch seconds"}
_NOTES: Shape = {"type": "object", "additionalProperties": TEXT, "description": "why a figure is null, or weak"}
_FLOW: dict[str, Shape] = {
    "account": TEXT,
    "id": TEXT,
    "at": TIME,
    "kind": one_of("deposit", "withdrawal"),
    "asset": TEXT,
    "quantity": MONEY,
    "source": TEXT,
    "detail": TEXT,
    "state": one_of("booked", "on_its_way", "waiting_for_price", "void", "internal", "superseded"),
}
_POLICY = thing({
    "weights": _WEIGHTS,
    "deposits": one_of("target_weights", "proportional"),
    "withdrawals": one_of("dollar_matched", "fraction_matched"),
    "rebalance": _RULE,
    "cost_bp": MONEY,
    "risk_free": MONEY,
})  # fmt: skip
_RATIOS = {
    name: maybe(RATIO) for name in ("twr", "benchmark_twr", "active_return", "twr_24h", "benchmark_twr_24h", *NAMES)
}
_DRAWDOWNS = {name: maybe(known("Drawdown")) for name in ("max_drawdown", "benchmark_max_drawdown")}
_METRICS: dict[str, Shape] = {
    **{
        name: maybe(MONEY)
        for name in ("nav", "benchmark", "difference", "net_flows", "pnl", "pnl_since_inception", "put_in")
    },
    **{name: maybe(RATIO) for name in ("value_ratio", "mwr", "mwr_annual")},
    **_RATIOS,
    **_DRAWDOWNS,
    "days": WHOLE,
    "notes": _NOTES,
}
_LATEST: dict[str, Shape] = {
    "at": TIME,
    "slot": TIME,
    "nav": MONEY,
    "benchmark": MONEY,
    "wallets": many(TEXT),
    "reconciliation": maybe(thing({"total": MONEY, "difference": MONEY})),
    "stale_prices": many(thing({"asset": TEXT, "quantity": MONEY, "price": MONEY, "value": MONEY, "priced_at": TIME})),
    "unpriced": many(thing({"asset": TEXT, "quantity": MONEY})),
}
_ACCOUNT: dict[str, Shape] = {
    "id": TEXT,
    "name": TEXT,
    "state": one_of("active", "paused"),
    "created_at": TIME,
    "inception": maybe(TIME),
    "status": thing({"code": TEXT, "detail": maybe(TEXT), "cause": maybe(TEXT)}),
    "latest": maybe(thing(_LATEST)),
    "last_try": maybe(thing({"at": TIME, "complete": TRUTH, "missing": many(TEXT), "wallets": many(TEXT)})),
    "difference": maybe(MONEY),
    "active_return": maybe(RATIO),
    "next_slot": TIME,
    "alerts": thing({
        "behind": maybe(RATIO),
        "drawdown": maybe(RATIO),
        "digest": one_of("off", "daily", "weekly"),
        "open": many(thing({"kind": one_of(*KINDS), "since": TIME, "detail": TEXT})),
    }),
}  # fmt: skip
_RUN_OF_ONE: dict[str, Shape] = {
    "id": TEXT,
    "name": TEXT,
    "status": one_of("stored", "fresh", "busy", "partial", "deferred", "error"),
    "slot": TIME,
    "nav": maybe(MONEY),
    "benchmark": maybe(MONEY),
    "flows": WHOLE,
    "rebalances": WHOLE,
    "missing": many(TEXT),
    "error": maybe(TEXT),
}
_EVENT: dict[str, Shape] = {
    "at": TIME,
    "kind": one_of("start", "deposit", "withdrawal", "rebalance", "join", "leave", "restated", "unexplained"),
    "usd": MONEY,
    "account": TEXT,
    "asset": maybe(TEXT),
    "quantity": maybe(MONEY),
    "known_at": TIME,
    "detail": TEXT,
}
_ATTRIBUTION: dict[str, Shape] = {
    "nav_from": MONEY,
    "nav_to": MONEY,
    "change": MONEY,
    "parts": thing(dict.fromkeys(PARTS, MONEY)),
    "residual": MONEY,
    "known_from": maybe(TIME),
    "income_until": maybe(TIME),
}
_BENCHMARK: dict[str, Shape] = {
    "policy": maybe(known("Policy")),
    "value": maybe(MONEY),
    "units": named(MONEY),
    "exhausted_at": maybe(TIME),
    "shortfall": MONEY,
}
_INDICES: dict[str, Shape] = {
    "nav_index": _COLUMN_OF_RATIOS,
    "benchmark_index": _COLUMN_OF_RATIOS,
    "drawdown": _COLUMN_OF_RATIOS,
    "benchmark_drawdown": _COLUMN_OF_RATIOS,
}
_RIGHTS: Shape = {**many(TEXT), "description": "what its key may do beyond reading, where ALLOW_RISKY_KEYS lets it in"}
_SHARE: dict[str, Shape] = {"id": TEXT, "account": TEXT, "created_at": TIME, "last_opened_at": maybe(TIME)}

SHAPES: dict[str, Shape] = {
    "Problem": thing({
        "type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "code": TEXT, "request_id": TEXT,
        "field": {"type": "string", "description": "the parameter, or the part of the body, that is wrong"},
        "rights": {**many(TEXT), "description": "of a key: what to switch off, in the exchange's own names"},
        "likely": {"type": "string", "description": "of a key that is refused: what most likely is wrong"},
    }, lacking=("field", "rights", "likely")),
    "Health": thing({
        "status": one_of("ok", "degraded", "down"),
        "version": TEXT,
        "store": one_of("ok", "unreachable"),
        "newest_snapshot_age_s": maybe(WHOLE),
        "demo": TRUTH,
        "log_in": one_of("password", "token", "nothing"),
    }),
    "Role": thing({"role": one_of("nobody", "viewer", "owner", "demo")}),
    "Policy": _POLICY,
    "Drawdown": thing({
        "depth": maybe(RATIO),
        "from": maybe(TIME),
        "trough": maybe(TIME),
        "recovered": maybe(TIME),
        "days": maybe(RATIO),
    }),
    "Account": thing(_ACCOUNT),
    "Accounts": thing(
        {"slot_minutes": WHOLE, "accounts": many(known("Account")), "role": one_of("viewer", "owner", "demo")}
    ),
    "AccountAdded": thing({"account": TEXT, "name": TEXT, "rights": _RIGHTS, "run": maybe(known("Run"))}),
    "AccountChanged": thing(
        {"account": TEXT, "rights": _RIGHTS, "run": maybe(known("Run")), "policy": known("Policy")},
        lacking=("rights", "run", "policy"),
    ),
    "AccountRemoved": thing({"account": TEXT, "state": one_of("closed", "erased")}),
    "Run": thing({
        "run": TEXT,
        "status": one_of("ok", "partial", "nothing_due", "failed"),
        "started_at": TIME,
        "duration_ms": WHOLE,
        "binance": thing({"requests": WHOLE, "weight": named(WHOLE)}),
        "accounts": many(thing(_RUN_OF_ONE)),
    }),
    "Flow": thing({
        **_FLOW,
        "usd": MONEY,
        "value_before": maybe(MONEY),
        "reason": maybe(TEXT),
        "decided_at": maybe(TIME),
        "superseded_by": maybe(TEXT),
    }),
    "Flows": thing({
        "account": TEXT, "coming": many(thing({**_FLOW, "at": maybe(TIME)})), "flows": many(known("Flow"))
    }),
    "Holdings": HOLDINGS,
    "FlowChanged": thing({"flow": known("Flow")}),
    "Logs": thing({
        "entries": many(thing({
            "id": TEXT, "at": TIME, "level": one_of("debug", "info", "warning", "error"), "event": TEXT,
            "message": TEXT, "run": TEXT, "account": maybe(TEXT), "data": _ANY,
        })),
        "after": maybe(TEXT),
        "before": maybe(TEXT),
    }),
    "History": thing({
        "account": TEXT,
        "inception": maybe(TIME),
        "from": maybe(TIME),
        "to": maybe(TIME),
        "benchmark": thing(_BENCHMARK),
        "resolution_s": maybe(WHOLE),
        "series": thing({
            "t": many(_SECONDS), "nav": many(MONEY), "benchmark": many(MONEY), **_INDICES, "flow": many(MONEY)
        }),
        "estimated": thing({"t": many(_SECONDS), "nav": many(MONEY)}),
        "gaps": many(thing({"from": TIME, "to": TIME, "kind": one_of("missing", "partial"), "missing": many(TEXT)})),
        "events": many(thing(_EVENT, lacking=("asset", "quantity", "known_at", "detail"))),
        "attribution": maybe(thing(_ATTRIBUTION)),
        "metrics": maybe(thing(_METRICS)),
    }),
    "Share": thing({**_SHARE, "token": TEXT, "path": TEXT}),
    "ShareRevoked": thing({"id": TEXT, "state": one_of("revoked")}),
    "Shared": {"anyOf": [
        thing({
            "inception": maybe(TIME),
            "from": maybe(TIME),
            "to": maybe(TIME),
            "benchmark": maybe(thing({"weights": _WEIGHTS, "rebalance": _RULE, "risk_free": MONEY})),
            "series": thing({"t": many(_SECONDS), **_INDICES}),
            "gaps": many(thing({"from": TIME, "to": TIME})),
            "metrics": maybe(thing({**_RATIOS, **_DRAWDOWNS, "days": WHOLE, "notes": _NOTES})),
        }),
        thing({"shares": many(thing(_SHARE))}),
    ]},
}  # fmt: skip
