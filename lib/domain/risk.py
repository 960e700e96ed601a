"""Statistics of daily returns, account beside benchmark. Floats: these are estimates, not money."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from math import expm1, log1p, sqrt
from statistics import fmean

from lib.domain.days import DAY, by_day, day_of
from lib.domain.index import IDLE, NEW_SEGMENT, WIPED_OUT
from lib.domain.money import ONE, exact
from lib.domain.replay import Row

DAYS_A_YEAR = 365
FEWEST_DAYS, SOLID_DAYS = 30, 90
_NOTHING = 1e-12  # a deviation or a day's return below this is rounding, not movement
_STEEPEST = 700.0  # e to more than this is no float
_ROOT = sqrt(DAYS_A_YEAR)

NAMES = (
    "volatility",
    "sharpe",
    "sortino",
    "cagr",
    "calmar",
    "beta",
    "alpha",
    "correlation",
    "tracking_error",
    "information_ratio",
    "up_capture",
    "down_capture",
    "benchmark_volatility",
    "benchmark_sharpe",
    "benchmark_sortino",
    "benchmark_cagr",
    "benchmark_calmar",
)


@dataclass(frozen=True, slots=True)
class DailyReturn:
    """What one UTC day, (00:00, 24:00], brought. Units: ratios."""

    day: date
    account: float
    benchmark: float


@dataclass(frozen=True, slots=True)
class Growth:
    """What the range brought as a whole, for the figures that compound. Units: ratios; `days` elapsed."""

    twr: float | None
    benchmark_twr: float | None
    depth: float | None  # of the account's deepest drawdown, negative
    benchmark_depth: float | None
    days: float


@dataclass(frozen=True, slots=True)
class Risk:
    """The statistics by the names of product 6; None with a note where undefined, a value with one where weak."""

    values: Mapping[str, float | None]
    notes: Mapping[str, str]
    days: int


@exact
def daily_returns(rows: Sequence[Row]) -> tuple[DailyReturn, ...]:
    """Return the days of `rows` that have a return, oldest first; the first row is where the range begins.

    A day needs a value on the day before too; one in which nothing was at stake has none. The day of a wipe-out is
    -1, a new segment counts from 1. Source: product, 4.6 and 4.8.
    """
    days = by_day(rows[1:])
    first_day = day_of(rows[0].at) if rows else None
    found = []
    for day, within in days.items():
        earlier = days.get(day - DAY)
        before = earlier[-1] if earlier else None
        if before is None and rows and first_day in (day, day - DAY):
            before = rows[0]
        notes = {row.note for row in within}
        if before is not None and notes != {IDLE}:
            benchmark = within[-1].benchmark_index / before.benchmark_index - ONE
            found.append(DailyReturn(day, _account_return(before, within[-1], notes), float(benchmark)))
    return tuple(found)


def _account_return(before: Row, last: Row, notes: Set[str | None]) -> float:
    if WIPED_OUT in notes:
        return -1.0
    since = ONE if NEW_SEGMENT in notes else before.nav_index
    return float(last.nav_index / since - ONE)


def risk(returns: Sequence[DailyReturn], growth: Growth, risk_free: float = 0.0) -> Risk:
    """Compute the statistics. Units: `risk_free` is a yearly ratio. Source: product, 4.8."""
    count = len(returns)
    if count < FEWEST_DAYS:
        reason = f"needs {FEWEST_DAYS} days, has {count}"
        return Risk(dict.fromkeys(NAMES), dict.fromkeys(NAMES, reason), count)
    daily_rf = risk_free / DAYS_A_YEAR
    account = [one.account - daily_rf for one in returns]
    benchmark = [one.benchmark - daily_rf for one in returns]
    found = {
        **_alone("", account, growth.twr, growth.depth, growth.days),
        **_beside(account, benchmark, returns),
        **_alone("benchmark_", benchmark, growth.benchmark_twr, growth.benchmark_depth, growth.days),
    }
    values = {name: None if isinstance(one := found[name], str) else one for name in NAMES}
    reasons = {name: one for name in NAMES if isinstance(one := found[name], str)}
    if count < SOLID_DAYS:
        reasons |= {name: f"weak: {count} days" for name in NAMES if values[name] is not None}
    return Risk(values, reasons, count)


def _alone(
    prefix: str, excess: Sequence[float], twr: float | None, depth: float | None, days: float
) -> dict[str, float | str]:
    """Return the figures of one side; a text is the reason why there is none."""
    mean, spread = fmean(excess), _deviation(excess)
    downside = sqrt(sum(min(one, 0.0) ** 2 for one in excess) / len(excess))
    cagr = "the range has no return" if twr is None else _yearly(twr, days)
    return {
        f"{prefix}volatility": spread * _ROOT,
        f"{prefix}sharpe": mean / spread * _ROOT if spread else "the daily returns do not vary",
        f"{prefix}sortino": mean / downside * _ROOT if downside >= _NOTHING else "no day fell short",
        f"{prefix}cagr": cagr,
        f"{prefix}calmar": _calmar(cagr, depth),
    }


def _calmar(cagr: float | str, depth: float | None) -> float | str:
    if isinstance(cagr, str):
        return cagr
    return cagr / -depth if depth else "there was no drawdown"


def _beside(
    account: Sequence[float], benchmark: Sequence[float], returns: Sequence[DailyReturn]
) -> dict[str, float | str]:
    """Return the figures of the account against the benchmark."""
    mean, other, count = fmean(account), fmean(benchmark), len(account)
    spread, width = _deviation(account), _deviation(benchmark)
    active = [mine - theirs for mine, theirs in zip(account, benchmark, strict=True)]
    error = _deviation(active)
    still = "the benchmark's daily returns do not vary"
    products = ((mine - mean) * (theirs - other) for mine, theirs in zip(account, benchmark, strict=True))
    covariance = sum(products) / (count - 1)
    beta = covariance / width**2 if width else None
    return {
        "beta": still if beta is None else beta,
        "alpha": still if beta is None else (mean - beta * other) * DAYS_A_YEAR,
        "correlation": covariance / (spread * width) if spread and width else "one of them does not vary",
        "tracking_error": error * _ROOT,
        "information_ratio": fmean(active) / error * _ROOT if error else "account and benchmark move alike",
        "up_capture": _capture([one for one in returns if one.benchmark >= _NOTHING], "rose"),
        "down_capture": _capture([one for one in returns if one.benchmark <= -_NOTHING], "fell"),
    }


def _capture(days: Sequence[DailyReturn], what: str) -> float | str:
    """Divide the geometric daily means of both sides over `days`."""
    if not days:
        return f"there was no day on which the benchmark {what}"
    return _geometric_mean([one.account for one in days]) / _geometric_mean([one.benchmark for one in days])


def _geometric_mean(ratios: Sequence[float]) -> float:
    if min(ratios) <= -1:
        return -1.0
    return expm1(fmean(log1p(ratio) for ratio in ratios))


def _deviation(values: Sequence[float]) -> float:
    """Return the sample's standard deviation; one that is mere rounding is 0."""
    mean = fmean(values)
    found = sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    return found if found >= _NOTHING else 0.0


def _yearly(ratio: float, days: float) -> float | str:
    if ratio <= -1:
        return -1.0
    growth = log1p(ratio) * DAYS_A_YEAR / days
    return expm1(growth) if growth <= _STEEPEST else "the rate is too large to be told"
