from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from math import log
from statistics import pstdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.demo.listing import ASSETS, BY_SYMBOL, MARKETS
from lib.demo.market import SCENARIOS, Market, Scenario
from lib.errors import InvalidInput, NotFound

EPOCH = datetime(2026, 8, 24, tzinfo=UTC)
MARKET = Market(5, EPOCH, ((EPOCH + timedelta(days=10), "bull"), (EPOCH + timedelta(days=20), "bear")))
instants = st.integers(-30 * 86_400_000, 120 * 86_400_000).map(lambda ms: EPOCH + timedelta(milliseconds=ms))


def test_at_the_epoch_every_price_is_its_level() -> None:
    for asset in ASSETS:
        if asset.name != "TRY":
            assert MARKET.usd(asset.name, EPOCH) == Decimal(str(asset.level))


@settings(deadline=None)
@given(st.lists(instants, min_size=1, max_size=5))
def test_the_order_of_asking_does_not_matter(asked: list[datetime]) -> None:
    fresh = Market(MARKET.seed, MARKET.epoch, MARKET.timeline)
    backwards = {at: fresh.prices(at) for at in reversed(asked)}
    assert all(MARKET.prices(at) == backwards[at] for at in asked)


@settings(deadline=None)
@given(instants, st.integers(0, 30 * 86_400_000), st.sampled_from(SCENARIOS))
def test_a_scenario_never_changes_the_past(at: datetime, before_ms: int, scenario: Scenario) -> None:
    past = at - timedelta(milliseconds=before_ms)
    assert MARKET.then(at, scenario).prices(past) == MARKET.prices(past)


@settings(deadline=None)
@given(instants, st.sampled_from(SCENARIOS))
def test_a_scenario_begins_without_a_jump(at: datetime, scenario: Scenario) -> None:
    before, after = MARKET.price("BTCUSDT", at), MARKET.then(at, scenario).price("BTCUSDT", at + timedelta(seconds=1))
    assert abs(after / before - 1) < Decimal("0.001")


@pytest.mark.parametrize(("scenario", "least", "most"), [("bull", 1.05, 2), ("bear", 0.5, 0.95), ("crash", 0.5, 0.85)])
def test_a_scenario_does_what_it_is_called_after(scenario: Scenario, least: float, most: float) -> None:
    start = EPOCH + timedelta(days=30)
    calm, then = (MARKET.then(start, "flat"), MARKET.then(start, scenario))
    end = start + timedelta(days=30)
    assert least < float(then.price("BTCUSDT", end) / calm.price("BTCUSDT", end)) < most


def test_a_crash_falls_within_a_day() -> None:
    start = EPOCH + timedelta(days=30)
    crashed = MARKET.then(start, "crash")
    assert crashed.price("BTCUSDT", start + timedelta(days=1)) < Decimal("0.85") * crashed.price("BTCUSDT", start)


@settings(deadline=None)
@given(instants)
def test_prices_lie_on_their_tick_and_crosses_agree_with_their_legs(at: datetime) -> None:
    prices = MARKET.prices(at)
    for market in MARKETS:
        price = prices[market.symbol]
        assert price > 0
        assert price == round(price, market.digits)
    for coin in ("ETH", "BNB"):
        legs = prices[f"{coin}USDT"] / prices["BTCUSDT"]
        assert abs(prices[f"{coin}BTC"] - legs) <= Decimal(1).scaleb(-BY_SYMBOL[f"{coin}BTC"].digits) / 2


def test_it_moves_as_a_market_does() -> None:
    """Some percent a day for bitcoin, something within every minute, next to nothing for a dollar token."""
    days = [float(MARKET.price("BTCUSDT", EPOCH + timedelta(days=n))) for n in range(91)]
    assert 0.015 < pstdev([log(b / a) for a, b in pairwise(days)]) < 0.05
    minutes = [MARKET.price("BTCUSDT", EPOCH + timedelta(minutes=n)) for n in range(200)]
    assert len(set(minutes)) > 190
    assert all(abs(MARKET.usd("USDC", EPOCH + timedelta(days=n)) - 1) < Decimal("0.005") for n in range(91))


def test_a_minute_opens_with_the_price_at_its_start() -> None:
    at = datetime(2026, 9, 1, 12, 34, 56, 789_000, tzinfo=UTC)
    assert MARKET.minute_open("ETH", at) == MARKET.price("ETHUSDT", at.replace(second=0, microsecond=0))
    assert MARKET.minute_open("USDT", at) == 1


def test_the_seed_tells_the_same_story_from_any_epoch() -> None:
    later = Market(5, EPOCH + timedelta(days=3, seconds=11))
    assert later.price("BTCUSDT", later.epoch + timedelta(days=9)) == Market(5, EPOCH).price(
        "BTCUSDT", EPOCH + timedelta(days=9)
    )
    assert Market(6, EPOCH).price("BTCUSDT", EPOCH + timedelta(days=9)) != MARKET.price(
        "BTCUSDT", EPOCH + timedelta(days=9)
    )


def test_what_is_not_listed_has_no_price() -> None:
    with pytest.raises(NotFound, match="NOPEUSDT"):
        MARKET.usd("NOPE", EPOCH)


def test_a_timeline_must_rise_and_name_scenarios() -> None:
    with pytest.raises(InvalidInput, match="timeline"):
        Market(1, EPOCH, ((EPOCH, "bull"), (EPOCH, "bear")))
    with pytest.raises(InvalidInput, match="scenario"):
        MARKET.then(EPOCH, "moon")  # type: ignore[arg-type]
