"""Statistics and XIRR agree with quantstats, empyrical-reloaded, pandas and pyxirr where definitions coincide.

Where they differ on purpose, the last tests say how, by computing their figure from ours.
"""

import json
import random
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from lib.demo import scenario
from lib.domain.benchmark import Policy
from lib.domain.figures import Figures, figures, last
from lib.domain.flows import CashFlow, net_by_instant
from lib.domain.money_weighted import MoneyWeighted, money_weighted
from lib.domain.prices import PricePoint, history_of
from lib.domain.replay import Facts, Point, Row, replay
from lib.domain.schedule import due, minute_start
from tests.builders import DAY, flow, row
from tests.numbers.environment import NotInstalled, prepared

MIDNIGHT = datetime(
    2024, 1, 1, tzinfo=UTC
)  # a value at each midnight: then a day is a step, and elapsed days are steps


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-12)


@dataclass(frozen=True, slots=True)
class Series:
    account: Sequence[float]
    benchmark: Sequence[float]
    risk_free: float = 0.0


@dataclass(frozen=True, slots=True)
class Payments:
    """What was put in by day; the last amount, negative, is what there was in the end."""

    days: Sequence[int]
    amounts: Sequence[float]


def walk(seed: int, days: int, risk_free: float) -> Series:
    """Two indices that share some of their moves."""
    chance = random.Random(seed)
    account, benchmark = [1.0], [1.0]
    for _ in range(days):
        shared = chance.gauss(0.0005, 0.03)
        benchmark.append(benchmark[-1] * (1 + shared))
        account.append(account[-1] * (1 + 0.7 * shared + chance.gauss(0.0004, 0.02)))
    return Series(account, benchmark, risk_free)


def saving(seed: int, days: int) -> Payments:
    """Money put in, some taken out again, and an end that some rate explains."""
    chance = random.Random(seed)
    at = [0, *sorted(chance.sample(range(1, days), 12)), days]
    paid = [round(chance.uniform(-300, 1000), 2) for _ in at[1:-1]]
    amounts = [5000.0, *paid]
    return Payments(at, [*amounts, -round(sum(amounts) * chance.uniform(0.4, 2.5), 2)])


@cache
def demo(name: str) -> tuple[tuple[Row, ...], tuple[CashFlow, ...]]:
    """The first ninety midnights of an account of the demo world, and its flows, each at the end of its day."""
    world = scenario.build(scenario.SEED, datetime(2026, 8, 24, tzinfo=UTC))
    times = [world.born_at + day * DAY for day in range(91)]
    points = [Point(at, at, world.nav(name, at)) for at in times]
    true = world.flows(name, times[0], times[-1] - DAY)
    flows = tuple(CashFlow(one.id, minute_start(one.at).replace(hour=0, minute=0) + DAY, one.usd) for one in true)
    instants = {*times, *due(Policy().rebalance, times[0], times[-1])}
    prices = history_of(PricePoint(coin, at, world.market.usd(coin, at)) for at in instants for coin in ("BTC", "ETH"))
    return replay(Facts(Policy(), points, flows, prices)).rows, flows


DEMO = tuple(account.name for account in scenario.build(scenario.SEED, MIDNIGHT).accounts)
WALKS = {
    f"{days} days, {rate:.0%} free of risk": (days, rate)
    for days, rate in ((30, 0.0), (89, 0.0), (90, 0.04), (365, 0.0), (1000, 0.1), (500, 0.02))
}
SAVINGS = {f"{days} days, seed {seed}": (seed, days) for seed, days in enumerate((40, 365, 366, 800, 2000) * 4)}


@cache
def series(name: str) -> Series:
    if name in WALKS:
        return walk(len(name), *WALKS[name])
    rows, _ = demo(name)
    return Series([float(one.nav_index) for one in rows], [float(one.benchmark_index) for one in rows], 0.03)


def payments(name: str) -> Payments:
    return saving(*SAVINGS[name]) if name in SAVINGS else _of_demo(name)


def _of_demo(name: str) -> Payments:
    rows, flows = demo(name)
    paid = [(one.at, float(one.usd)) for one in net_by_instant(flows)]
    entries = [(rows[0].at, float(rows[0].nav_usd)), *paid, (rows[-1].at, -float(rows[-1].nav_usd))]
    return Payments([(at - rows[0].at).days for at, _ in entries], [usd for _, usd in entries])


def ours(one: Series) -> Figures:
    """The whole way from index values to figures."""
    values = zip(one.account, one.benchmark, strict=True)
    rows = tuple(
        row(MIDNIGHT + day * DAY, index=repr(mine), benchmark_index=repr(theirs))
        for day, (mine, theirs) in enumerate(values)
    )
    shown = last(rows, None)
    assert shown is not None
    return figures(rows, shown, Decimal(0), (), Decimal(repr(one.risk_free)))


def our_figure(found: Figures, name: str) -> float | None:
    fall = {"max_drawdown": found.max_drawdown, "benchmark_max_drawdown": found.benchmark_max_drawdown}.get(name)
    return found.risk.values[name] if fall is None else float(fall.depth)


def our_rate(one: Payments) -> MoneyWeighted:
    flows = [
        flow(MIDNIGHT + day * DAY, repr(usd), id_=str(day)) for day, usd in zip(one.days, one.amounts, strict=True)
    ]
    start, *between, end = net_by_instant(flows)
    return money_weighted(start.at, start.usd, end.at, -end.usd, between)


@pytest.fixture(scope="module")
def theirs() -> dict[str, Any]:
    """What the others say to all of it, from one process of theirs."""
    try:
        python = prepared("numbers")
    except NotInstalled as reason:
        pytest.skip(str(reason))
    lines = {name: series(name) for name in (*WALKS, *DEMO)}
    asked = {
        "series": {name: asdict(one) for name, one in lines.items()},
        "payments": {name: asdict(payments(name)) for name in (*SAVINGS, *DEMO)},
    }
    script = Path(__file__).parent / "theirs.py"
    done = subprocess.run([python, script], input=json.dumps(asked), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("name", [*WALKS, *DEMO])
@pytest.mark.parametrize("package", ["empyrical", "quantstats", "pandas"])
def test_statistics_are_theirs(theirs: dict[str, Any], package: str, name: str) -> None:
    found, told = ours(series(name)), theirs["series"][name][package]
    compared = {figure: value for figure, value in told.items() if "compounded" not in figure}
    assert compared
    for figure, value in compared.items():
        assert our_figure(found, figure) == near(value), figure


def test_no_statistic_is_left_uncompared(theirs: dict[str, Any]) -> None:
    told = {figure for book in next(iter(theirs["series"].values())).values() for figure in book}
    assert {*ours(series(DEMO[0])).risk.values, "max_drawdown"} <= told


@pytest.mark.parametrize("name", [*SAVINGS, *DEMO])
def test_the_money_weighted_return_is_theirs(theirs: dict[str, Any], name: str) -> None:
    one, rate = our_rate(payments(name)), theirs["payments"][name]
    days = payments(name).days[-1]
    assert one.period == near((1 + rate) ** (days / 365) - 1)
    assert one.annual == (near(rate) if days >= 365 else None)


# --- where definitions differ


@pytest.mark.parametrize("name", [*WALKS, *DEMO])
def test_their_alpha_compounds_over_the_year_and_ours_does_not(theirs: dict[str, Any], name: str) -> None:
    """With empyrical (1 + daily alpha)^365 - 1; ours is Jensen's: the daily alpha times 365, as in quantstats."""
    alpha = ours(series(name)).risk.values["alpha"]
    assert alpha is not None
    assert (1 + alpha / 365) ** 365 - 1 == near(theirs["series"][name]["empyrical"]["alpha compounded"])


@pytest.mark.parametrize("name", [*WALKS, *DEMO])
def test_their_risk_free_day_compounds_and_ours_does_not(theirs: dict[str, Any], name: str) -> None:
    """With quantstats (1 + rf)^(1/365) - 1 comes off a day, with us rf / 365: what empyrical does with a daily rate."""
    one = series(name)
    values = ours(one).risk.values
    sharpe, volatility = values["sharpe"], values["volatility"]
    assert sharpe is not None
    assert volatility is not None
    more = (one.risk_free / 365 - ((1 + one.risk_free) ** (1 / 365) - 1)) * sqrt(365) / (volatility / sqrt(365))
    assert sharpe + more == near(theirs["series"][name]["quantstats"]["sharpe compounded"])


def test_they_count_returns_for_a_year_and_we_count_the_time() -> None:
    """Their CAGR takes as many days as there are returns. Snapshots at noon give as many; a week's gap does not."""
    rows = tuple(row(MIDNIGHT + day * DAY, index=str(1 + day / 100)) for day in range(120) if not 50 < day < 58)
    shown = last(rows, None)
    assert shown is not None
    found = figures(rows, shown, Decimal(0), ())
    assert found.risk.days == 119 - 7 - 1
    assert found.risk.values["cagr"] == pytest.approx(2.19 ** (365 / 119) - 1)


def test_they_count_whole_days_and_we_count_the_time() -> None:
    """To pyxirr a flow has a date; to us a flow at noon has half a day more to grow."""
    rate = money_weighted(
        MIDNIGHT,
        Decimal(0),
        MIDNIGHT + 2 * DAY,
        Decimal(121),
        net_by_instant([flow(MIDNIGHT + timedelta(hours=36), "110")]),
    )
    assert rate.period == pytest.approx(1.1**4 - 1)
