"""The figures of a range: the headline since the inception, and what the range itself brought."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from lib.domain.flows import NetFlow
from lib.domain.money import ONE, ZERO, exact
from lib.domain.money_weighted import MoneyWeighted, money_weighted
from lib.domain.replay import Row
from lib.domain.risk import NAMES, Growth, Risk, daily_returns, risk
from lib.domain.statistics import Drawdown, Index, growth, max_drawdown

NEEDS_TWO = "needs two snapshots"


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a history that a range shows: rows[base:] up to and including rows[end]."""

    base: int
    end: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The metrics of product 6 as far as they are known; `notes` say why one is None or weak.

    Units: USD, or ratios (0.05 is 5 %). `difference` and `value_ratio` are since the inception.
    """

    nav: Decimal
    benchmark: Decimal
    difference: Decimal
    value_ratio: Decimal | None
    net_flows: Decimal | None
    pnl: Decimal | None
    twr: Decimal | None
    benchmark_twr: Decimal | None
    active_return: Decimal | None
    max_drawdown: Drawdown | None
    benchmark_max_drawdown: Drawdown | None
    twr_24h: Decimal | None
    benchmark_twr_24h: Decimal | None
    pnl_since_inception: Decimal | None
    put_in: Decimal
    money_weighted: MoneyWeighted
    risk: Risk
    notes: Mapping[str, str] = field(default_factory=dict)


def span(rows: Sequence[Row], since: datetime | None, until: datetime | None) -> Span | None:
    """Return the rows of a range; its base is the last one at or before its beginning, else the first after it.

    None where there is no row up to its end.
    """
    end = len(rows) if until is None else bisect_right(rows, until, key=_at)
    if not end:
        return None
    begun = 0 if since is None else bisect_right(rows, since, hi=end, key=_at)
    return Span(max(begun - 1, 0), end - 1)


def _at(row: Row) -> datetime:
    return row.at


def last(rows: Sequence[Row], length: timedelta | None) -> Span | None:
    """Return the range that ends at the last row and begins `length` before it (None: all of it)."""
    if not rows:
        return None
    return span(rows, None if length is None else rows[-1].at - length, None)


@exact
def figures(
    rows: Sequence[Row], shown: Span, shortfall_usd: Decimal, flows: Sequence[NetFlow], risk_free: Decimal = ZERO
) -> Figures:
    """Compute the figures as of the last row of `shown`. Source: product, 4.6 to 4.8 and 6.

    Units: `shortfall_usd` of the benchmark then; `flows` netted by instant, in any order; `risk_free` a yearly ratio.
    """
    part, now, begin = rows[shown.base : shown.end + 1], rows[shown.end], rows[shown.base]
    so_far = rows[: shown.end + 1]
    flows_since_start = sum((row.flow_usd for row in so_far), ZERO)
    put_in = rows[0].nav_usd + flows_since_start
    over_time = len(part) > 1
    net_flows = sum((row.flow_usd for row in part[1:]), ZERO)
    account, benchmark = account_index(part), benchmark_index(part)
    twr, benchmark_twr = (growth(account), growth(benchmark)) if over_time else (None, None)
    day = span(so_far, now.at - timedelta(days=1), None)
    twr_24h, benchmark_twr_24h = _growths(so_far[day.base :]) if day else (None, None)
    fall = max_drawdown(account) if over_time else None
    benchmark_fall = max_drawdown(benchmark) if over_time else None
    inside = [flow for flow in flows if begin.at < flow.at <= now.at]
    return Figures(
        nav=now.nav_usd,
        benchmark=now.benchmark_usd,
        difference=now.nav_usd - (now.benchmark_usd - shortfall_usd),
        value_ratio=now.nav_usd / now.benchmark_usd - ONE if now.benchmark_usd else None,
        net_flows=net_flows if over_time else None,
        pnl=now.nav_usd - begin.nav_usd - net_flows if over_time else None,
        twr=twr,
        benchmark_twr=benchmark_twr,
        active_return=active_return(twr, benchmark_twr),
        max_drawdown=fall,
        benchmark_max_drawdown=benchmark_fall,
        twr_24h=twr_24h,
        benchmark_twr_24h=benchmark_twr_24h,
        pnl_since_inception=now.nav_usd - put_in if len(so_far) > 1 else None,
        put_in=put_in,
        money_weighted=_money_weighted(part, inside),
        risk=risk(daily_returns(part), _whole(part, twr, benchmark_twr, fall, benchmark_fall), float(risk_free)),
        notes={**_of_the_range(part, twr, benchmark_twr), **_since_start(so_far, twr_24h)},
    )


def _money_weighted(part: Sequence[Row], flows: Sequence[NetFlow]) -> MoneyWeighted:
    if len(part) < 2:  # noqa: PLR2004 - a return needs two ends
        return MoneyWeighted(None, None, NEEDS_TWO, NEEDS_TWO)
    return money_weighted(part[0].at, part[0].nav_usd, part[-1].at, part[-1].nav_usd, flows)


def _whole(
    part: Sequence[Row],
    twr: Decimal | None,
    benchmark_twr: Decimal | None,
    fall: Drawdown | None,
    benchmark_fall: Drawdown | None,
) -> Growth:
    return Growth(
        twr=None if twr is None else float(twr),
        benchmark_twr=None if benchmark_twr is None else float(benchmark_twr),
        depth=float(fall.depth) if fall else None,
        benchmark_depth=float(benchmark_fall.depth) if benchmark_fall else None,
        days=(part[-1].at - part[0].at) / timedelta(days=1),
    )


_OVER_TIME = ("net_flows", "pnl", "twr", "benchmark_twr", "active_return", "max_drawdown", "benchmark_max_drawdown")
_WORTH_NOTHING = "the account was worth nothing in this range"
_SINCE_START = ("twr_24h", "benchmark_twr_24h", "pnl_since_inception")


def account_index(rows: Sequence[Row]) -> Index:
    """Return the account's index over `rows`."""
    return Index([row.at for row in rows], [row.nav_index for row in rows], [row.note for row in rows])


def benchmark_index(rows: Sequence[Row]) -> Index:
    """Return the benchmark's index over `rows`."""
    return Index([row.at for row in rows], [row.benchmark_index for row in rows], [None] * len(rows))


@exact
def active_return(twr: Decimal | None, benchmark_twr: Decimal | None) -> Decimal | None:
    """Return (1 + twr) / (1 + benchmark_twr) - 1, None where either is unknown or the benchmark lost all."""
    if twr is None or benchmark_twr is None or benchmark_twr == -1:
        return None
    return (ONE + twr) / (ONE + benchmark_twr) - ONE


def _growths(rows: Sequence[Row]) -> tuple[Decimal | None, Decimal | None]:
    if len(rows) < 2:  # noqa: PLR2004 - a return needs two ends
        return None, None
    return growth(account_index(rows)), growth(benchmark_index(rows))


def _of_the_range(part: Sequence[Row], twr: Decimal | None, benchmark_twr: Decimal | None) -> dict[str, str]:
    """Return why figures of the range are None."""
    if len(part) < 2:  # noqa: PLR2004 - a return needs two ends
        return dict.fromkeys((*_OVER_TIME, *NAMES), NEEDS_TWO)
    if twr is None:
        return dict.fromkeys(("twr", "active_return"), _WORTH_NOTHING)
    return {"active_return": "the benchmark lost everything"} if benchmark_twr == -1 else {}


def _since_start(so_far: Sequence[Row], twr_24h: Decimal | None) -> dict[str, str]:
    """Return why figures that look back from the last row, however the range is cut, are None."""
    worthless = {} if so_far[-1].benchmark_usd else {"value_ratio": "the benchmark is worth nothing"}
    if len(so_far) < 2:  # noqa: PLR2004 - a return needs two ends
        return {**worthless, **dict.fromkeys(_SINCE_START, NEEDS_TWO)}
    return worthless if twr_24h is not None else {**worthless, "twr_24h": _WORTH_NOTHING}
