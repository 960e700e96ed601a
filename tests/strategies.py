"""Hypothesis strategies for the values of the domain: money in cents, prices in cents, instants on whole minutes."""

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from lib.domain.benchmark import Benchmark, Policy
from lib.domain.flows import CashFlow
from lib.domain.prices import PricePoint, Prices, history_of
from lib.domain.replay import Facts, Point
from lib.domain.schedule import Weekly, due, slot_start
from tests.builders import DAY, MINUTE, MONDAY

COINS = ("BTC", "ETH", "SOL")


def cents(least: str, most: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(least), Decimal(most), places=2, allow_nan=False, allow_infinity=False)


positive_usd = cents("0.01", "1000000")
signed_usd = cents("-50000", "50000").filter(bool)
coin_prices = cents("0.01", "200000")


def instants(hours: int = 24 * 9) -> st.SearchStrategy[datetime]:
    """Whole minutes of the days before and after the first Monday."""
    return st.integers(-60, hours * 60).map(lambda minutes: MONDAY + minutes * MINUTE)


@st.composite
def flows(draw: st.DrawFn, hours: int = 24) -> CashFlow:
    """Flows that often share an instant; an id is of one flow."""
    when, usd = draw(instants(hours)), draw(signed_usd)
    return CashFlow(f"{when.isoformat()} {usd} {draw(st.integers(0, 10**9))}", when, usd)


@st.composite
def weights(draw: st.DrawFn) -> dict[str, Decimal]:
    """Two or three weights in thousandths that make 1."""
    parts = draw(st.lists(st.integers(1, 300), min_size=1, max_size=2))
    shares = [*parts, 1000 - sum(parts)]
    return {coin: Decimal(share) / 1000 for coin, share in zip(COINS, shares, strict=False)}


@st.composite
def benchmarks(draw: st.DrawFn) -> Benchmark:
    """Some with units far from their weights, some that hold nothing."""
    chosen = draw(weights())
    amounts = st.just(Decimal(0)) | st.decimals(Decimal("0.00000001"), Decimal(1000), places=8)
    empty = draw(st.booleans()) and draw(st.booleans())
    return Benchmark(chosen, {coin: Decimal(0) if empty else draw(amounts) for coin in chosen})


prices = st.builds(
    lambda found: Prices(MONDAY, dict(zip(COINS, found, strict=True))), st.tuples(coin_prices, coin_prices, coin_prices)
)
lengths = st.integers(1, 600).map(lambda minutes: timedelta(minutes=minutes))


def _wave(coin: str, when: datetime) -> Decimal:
    minute = int((when - MONDAY) / MINUTE)
    return Decimal(100 + (minute * (7 + COINS.index(coin)) + 5) % 61) / 4


@st.composite
def facts(draw: st.DrawFn, weekly: bool | None = None) -> Facts:
    """Nine days of one account with prices of every instant that counts: points, flows, rebalances."""
    instants_of_points = draw(st.lists(instants(), min_size=1, max_size=10, unique=True))
    points = [Point(when, slot_start(when, 1), draw(cents("-50", "5000"))) for when in instants_of_points]
    moved = draw(st.lists(flows(24 * 9), max_size=8))
    asked = draw(st.lists(instants(), max_size=2))
    turns = draw(st.booleans()) if weekly is None else weekly
    policy = Policy(draw(weights()), Weekly() if turns else None)
    noons = due(policy.rebalance, MONDAY - DAY, MONDAY + 10 * DAY)
    times = {*instants_of_points, *(flow.at for flow in moved), *asked, *noons}
    known = [PricePoint(coin, when, _wave(coin, when)) for when in times for coin in COINS]
    return Facts(policy, points, moved, history_of(known), asked)
