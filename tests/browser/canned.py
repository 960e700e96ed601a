"""Answers of the API as the page sees them: one consistent, invented world, and the doubts that can befall it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any

CENT = Decimal("0.01")
NOW = datetime(2025, 11, 18, 14, 12, tzinfo=UTC)
DEMO: dict[str, Any] = {
    "building": None,
    "passing": None,
    "scenario": "choppy",
    "broken": None,
    "accounts": ["Main", "Spot", "Mixed"],
}
LAST = datetime(2025, 11, 18, 14, tzinfo=UTC)
START = datetime(2025, 8, 28, 8, tzinfo=UTC)
GAP = (datetime(2025, 9, 26, 21, tzinfo=UTC), datetime(2025, 9, 28, 19, tzinfo=UTC))
FLOWS = (
    (datetime(2025, 9, 16, 10, 12, tzinfo=UTC), 10000),
    (datetime(2025, 10, 21, 18, 40, tzinfo=UTC), -6500),
    (datetime(2025, 11, 4, 7, 5, tzinfo=UTC), 5000),
)
RANGES = {"24h": 1, "7d": 7, "30d": 30, "90d": 90, "1y": 365, "all": 36500}
# Growth of account and benchmark at a few days of the world; what lies between wanders.
SHAPE = (
    (0, 1.0, 1.0),
    (5, 1.02, 1.05),
    (10, 1.0, 1.02),
    (12, 1.03, 1.01),
    (17, 1.05, 1.03),
    (19, 1.03, 1.0),
    (20, 1.04, 1.04),
    (24, 1.05, 1.08),
    (28, 1.09, 1.14),
    (33, 1.13, 1.24),
    (36, 1.12, 1.22),
    (39, 1.13, 1.2),
    (42, 1.04, 1.0),
    (46, 1.1, 1.05),
    (52, 1.12, 1.03),
    (57, 1.06, 0.94),
    (62, 1.09, 0.98),
    (67, 1.04, 0.92),
    (72, 1.12, 1.0),
    (78, 1.1, 1.01),
    (82.25, 1.1222, 1.0575),
)


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def money(value: float | Decimal) -> str:
    return str(Decimal(value).quantize(CENT))


def blend(day: float, column: int) -> float:
    before = max((row for row in SHAPE if row[0] <= day), key=lambda row: row[0])
    after = min((row for row in SHAPE if row[0] >= day), key=lambda row: row[0], default=before)
    share = (day - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 0
    return before[column] + (after[column] - before[column]) * share


@dataclass(frozen=True, slots=True)
class World:
    """One account's past, as hourly columns."""

    at: list[datetime]
    nav: list[Decimal]
    benchmark: list[Decimal]
    nav_index: list[float]
    benchmark_index: list[float]


@cache
def world(seed: int = 5, end_nav: str = "117116.90", end_benchmark: str = "110760.58", tilt: float = 0.0) -> World:
    """A walk along the shape that ends at the given amounts; `tilt` is added to the account's growth by the end."""
    random = Random(seed)
    hours = [START + timedelta(hours=n) for n in range(int((LAST - START) / timedelta(hours=1)) + 1)]
    noise = [0.0, 0.0]
    nav, bench = Decimal(96000), Decimal(96000)
    indices: list[tuple[float, float]] = []
    found: list[tuple[Decimal, Decimal]] = []
    for n, at in enumerate(hours):
        day = n / 24
        noise = [0.97 * one + random.gauss(0, size) for one, size in zip(noise, (0.0022, 0.003), strict=True)]
        fade = min(1.0, n / 24, (len(hours) - 1 - n) / 12)
        pair = (
            blend(day, 1) + noise[0] * fade + tilt * n / len(hours),
            blend(day, 2) + noise[1] * fade,
        )
        if indices:
            nav *= Decimal(pair[0] / indices[-1][0])
            bench *= Decimal(pair[1] / indices[-1][1])
        for when, usd in FLOWS:
            if at - timedelta(hours=1) < when <= at:
                nav, bench = nav + usd, bench + usd
        indices.append(pair)
        found.append((nav, bench))
    # The last hours lead to the amounts the design names.
    for n in range(len(hours)):
        share = Decimal(n) / (len(hours) - 1)
        own, other = found[n]
        found[n] = (own + (Decimal(end_nav) - nav) * share, other + (Decimal(end_benchmark) - bench) * share)
    kept = [n for n, at in enumerate(hours) if not GAP[0] < at < GAP[1]]
    return World(
        [hours[n] for n in kept],
        [found[n][0] for n in kept],
        [found[n][1] for n in kept],
        [indices[n][0] for n in kept],
        [indices[n][1] for n in kept],
    )


def thinned(columns: list[Any], most: int = 800) -> list[Any]:
    step = max(1, -(-len(columns) // most))
    return [value for n, value in enumerate(columns) if n % step == 0 or n == len(columns) - 1]


def policy(weights: dict[str, str] | None = None) -> dict[str, Any]:
    return {"weights": weights or {"BTC": "0.5", "ETH": "0.5"}, "risk_free": "0"}


def events(since: datetime) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [event("start", START, "96000.00")]
    found += [event("deposit" if usd > 0 else "withdrawal", at, money(usd), "USDT", str(usd)) for at, usd in FLOWS]
    monday = datetime(2025, 9, 1, 12, tzinfo=UTC)
    while monday < LAST:
        found.append(event("rebalance", monday, "0"))
        monday += timedelta(days=7)
    return sorted((one for one in found if one["at"] > stamp(since)), key=lambda one: one["at"])


def event(kind: str, at: datetime, usd: str, asset: str | None = None, quantity: str | None = None) -> dict[str, Any]:
    return {"at": stamp(at), "kind": kind, "usd": usd, "account": "main", "asset": asset, "quantity": quantity}


def history(
    past: World, chosen: str = "90d", account: str = "main", part: tuple[datetime, datetime] | None = None
) -> dict[str, Any]:
    """The answer of /api/history for one range of the past, or for the series of a part of it."""
    begin = max(past.at[-1] - timedelta(days=RANGES[chosen]), past.at[0])
    first = max(n for n, at in enumerate(past.at) if at <= begin)
    since, until = part or (past.at[first], past.at[-1])
    kept = thinned([n for n, at in enumerate(past.at) if since <= at <= until])
    apart_s = (past.at[kept[-1]] - past.at[kept[0]]).total_seconds() / max(len(kept) - 1, 1)
    day_ago = max(n for n, at in enumerate(past.at) if at <= max(past.at[-1] - timedelta(days=1), past.at[0]))
    returns = [(index[-1] / index[first] - 1) for index in (past.nav_index, past.benchmark_index)]
    returns_24h = [(index[-1] / index[day_ago] - 1) for index in (past.nav_index, past.benchmark_index)]
    below, other_below = drawdowns(past.nav_index), drawdowns(past.benchmark_index)
    put_in = 96000 + sum(usd for _, usd in FLOWS)
    whole = first == 0
    return {
        "account": account,
        "inception": stamp(START),
        "from": stamp(past.at[first]),
        "to": stamp(past.at[-1]),
        "benchmark": {
            "policy": policy(),
            "value": money(past.benchmark[-1]),
            "units": {"BTC": "0.46", "ETH": "12.4"},
            "exhausted_at": None,
            "shortfall": "0",
        },
        "resolution_s": round(apart_s) or None,
        "series": {
            "t": [int(past.at[n].timestamp()) for n in kept],
            "nav": [money(past.nav[n]) for n in kept],
            "benchmark": [money(past.benchmark[n]) for n in kept],
            "nav_index": [round(past.nav_index[n], 8) for n in kept],
            "benchmark_index": [round(past.benchmark_index[n], 8) for n in kept],
            "drawdown": [round(below[n], 4) for n in kept],
            "benchmark_drawdown": [round(other_below[n], 4) for n in kept],
            "flow": ["0"] * len(kept),
        },
        "estimated": {
            "t": [int((START - timedelta(days=7 - n)).timestamp()) for n in range(8)] if whole else [],
            "nav": ["91100", "91600", "90900", "91100", "91200", "92100", "94500", "96000"] if whole else [],
        },
        "gaps": [{"from": stamp(GAP[0]), "to": stamp(GAP[1]), "kind": "missing", "missing": []}]
        if past.at[first] <= GAP[0]
        else [],
        "events": events(past.at[first] - timedelta(seconds=1)),
        "attribution": attribution(past, first),
        "metrics": {
            "nav": money(past.nav[-1]),
            "benchmark": money(past.benchmark[-1]),
            "difference": money(past.nav[-1] - past.benchmark[-1]),
            "value_ratio": float(past.nav[-1] / past.benchmark[-1] - 1),
            "net_flows": "8500.00",
            "pnl": money(past.nav[-1] - put_in),
            "twr": returns[0],
            "benchmark_twr": returns[1],
            "active_return": (1 + returns[0]) / (1 + returns[1]) - 1,
            "max_drawdown": deepest(past.at[first:], past.nav_index[first:]),
            "benchmark_max_drawdown": deepest(past.at[first:], past.benchmark_index[first:]),
            "twr_24h": returns_24h[0],
            "benchmark_twr_24h": returns_24h[1],
            "pnl_since_inception": money(past.nav[-1] - put_in),
            "put_in": money(put_in),
            **statistics(past, first),
        },
    }


def shared() -> dict[str, Any]:
    """The answer of /api/share: what of the past can be told in percent."""
    whole = history(world(), "all")
    columns = ("t", "nav_index", "benchmark_index", "drawdown", "benchmark_drawdown")
    told = {name: whole[name] for name in ("inception", "from", "to", "metrics")}
    series = {name: whole["series"][name] for name in columns}
    gaps = [{"from": gap["from"], "to": gap["to"]} for gap in whole["gaps"]]
    return told | {"account": "main", "benchmark": policy(), "series": series, "gaps": gaps}


def attribution(past: World, first: int) -> dict[str, Any]:
    """What the design shows, the part of prices making up for a past that is another."""
    begin, end = money(past.nav[first]), money(past.nav[-1])
    change = Decimal(end) - Decimal(begin)
    shown = {"flows": "8500", "realised": "9482.17", "funding": "-1312.4", "commission": "-1874.06"}
    shown |= {"unrealised": "1204.88", "rewards": "214.36", "other": "-8.12"}
    residual = Decimal("0.31")
    shown["revaluation"] = str(change - residual - sum(map(Decimal, shown.values())))
    names = ("flows", "realised", "funding", "commission", "unrealised", "revaluation", "rewards", "other")
    return {
        "nav_from": begin,
        "nav_to": end,
        "change": money(change),
        "parts": {name: money(Decimal(shown[name])) for name in names},
        "residual": money(residual),
        "known_from": None,
        "income_until": "2025-11-18T09:50:00Z",
    }


def statistics(past: World, first: int) -> dict[str, Any]:
    """The figures the design shows; those that follow from others do."""
    both = [index[first:] for index in (past.nav_index, past.benchmark_index)]
    volatility, other_volatility, sharpe, other_sharpe, correlation = 0.3002, 0.4340, 1.79, 0.48, 0.80
    beta = correlation * volatility / other_volatility
    years = (past.at[-1] - past.at[first]) / timedelta(days=365)
    cagr, other_cagr = ((index[-1] / index[0]) ** (1 / years) - 1 if years else 0 for index in both)
    depth, other_depth = (-min(drawdowns(index)) or 1 for index in both)
    found = {
        "volatility": volatility,
        "sharpe": sharpe,
        "sortino": 2.46,
        "cagr": cagr,
        "calmar": cagr / depth,
        "beta": beta,
        "alpha": sharpe * volatility - beta * other_sharpe * other_volatility,
        "correlation": correlation,
        "tracking_error": 0.2638,
        "information_ratio": 1.24,
        "up_capture": 0.59,
        "down_capture": 0.46,
        "benchmark_volatility": other_volatility,
        "benchmark_sharpe": other_sharpe,
        "benchmark_sortino": 0.65,
        "benchmark_cagr": other_cagr,
        "benchmark_calmar": other_cagr / other_depth,
    }
    notes = dict.fromkeys(found, "weak: 81 days") | {"mwr_annual": "needs 365 days, has 82"}
    return found | {"mwr": 0.1233, "mwr_annual": None, "days": 81, "notes": notes}


def young_statistics() -> dict[str, Any]:
    """What the server says while there are too few days."""
    known = statistics(world(), 0)
    names = [name for name in known if name not in {"mwr", "mwr_annual", "days", "notes"}]
    notes = dict.fromkeys(names, "needs 30 days, has 12")
    return dict.fromkeys(names) | {"mwr": 0.1233, "mwr_annual": None, "days": 12, "notes": notes}


def restated(answer: dict[str, Any], known_at: str = "2025-11-15T09:00:00Z") -> dict[str, Any]:
    """The same answer, its past computed anew since 12 Nov."""
    why = "a late deposit was booked at its own time."
    note = {"at": "2025-11-12T08:30:00Z", "kind": "restated", "known_at": known_at, "account": "main", "detail": why}
    return answer | {"events": sorted([*answer["events"], note], key=lambda one: one["at"])}


def drawdowns(index: list[float]) -> list[float]:
    return [value / peak - 1 for value, peak in zip(index, accumulate(index, max), strict=True)]


def deepest(at: list[datetime], index: list[float]) -> dict[str, Any]:
    below = drawdowns(index)
    trough = min(range(len(below)), key=below.__getitem__)
    peak = max(range(trough + 1), key=index.__getitem__)
    return fall(below[trough]) | {"from": stamp(at[peak]), "trough": stamp(at[trough])}


def against(answer: dict[str, Any], benchmark: str) -> dict[str, Any]:
    """The same past against another benchmark, which stands still at 97 % of the first one's worth."""
    pairs = [part.partition(":") for part in benchmark.split(",")]
    weights = (
        {"BTC": "0.3", "USDT": "0.7"} if benchmark == "initial" else {one: share or "1" for one, _, share in pairs}
    )
    series, metrics = answer["series"], answer["metrics"]
    values = [money(Decimal(value) * Decimal("0.97")) for value in series["benchmark"]]
    index = [value * 0.97 for value in series["benchmark_index"]]
    difference = {"benchmark": values[-1], "difference": money(Decimal(metrics["nav"]) - Decimal(values[-1]))}
    return answer | {
        "benchmark": answer["benchmark"] | {"policy": policy(weights), "value": values[-1]},
        "series": series | {"benchmark": values, "benchmark_index": index},
        "metrics": metrics | difference,
    }


def fall(depth: float) -> dict[str, Any]:
    return {"depth": depth, "from": stamp(START), "trough": stamp(LAST), "recovered": None, "days": 30}


def account(name: str = "Main", ident: str = "main", **changes: Any) -> dict[str, Any]:
    latest = {
        "at": stamp(LAST),
        "slot": stamp(LAST),
        "nav": "117116.90",
        "benchmark": "110760.58",
        "wallets": ["spot", "funding", "usdm", "earn", "cross_margin", "trading_bots"],
        "reconciliation": {"total": "117116.48", "difference": "0.42"},
        "stale_prices": [],
        "unpriced": [],
    }
    latest |= changes.pop("latest", {})
    return {
        "id": ident,
        "name": name,
        "state": "active",
        "created_at": stamp(START),
        "inception": stamp(START),
        "status": {"code": "ok", "detail": None},
        "latest": latest,
        "last_try": {"at": stamp(LAST), "complete": True, "missing": [], "wallets": latest["wallets"]},
        "difference": "6356.32",
        "active_return": 0.0612,
        "next_slot": stamp(LAST + timedelta(hours=1)),
        "alerts": {"behind": None, "drawdown": None, "digest": "off", "open": []},
    } | changes


def accounts(*listed: dict[str, Any]) -> dict[str, Any]:
    three = (
        account(),
        account("Spot", "spot", latest={"nav": "84310.55"}, active_return=-0.0142, difference="-1210.11"),
        account("Mixed", "mixed", latest={"nav": "50452.92"}, active_return=0.006, difference="302.10"),
    )
    return {"slot_minutes": 60, "accounts": list(listed or three), "role": "demo"}


def health(demo: bool = True, log_in: str = "token") -> dict[str, Any]:
    told = {"status": "ok", "version": "0.1.0", "store": "ok", "newest_snapshot_age_s": 720}
    return {**told, "demo": demo, "log_in": log_in}


def problem(status: int, detail: str, code: str = "store_unreachable") -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": "7f3a-91c2",
    }
