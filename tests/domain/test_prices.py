"""Looking up a price: the latest at or before an instant, each asset for itself."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.prices import MissingPrice, PricePoint, history_of, together
from tests.builders import amounts, at, history, prices

MINUTE = timedelta(minutes=1)

HISTORY = history(("10:00", {"BTC": "100", "ETH": "10"}), ("11:00", {"BTC": "110"}))


@pytest.mark.parametrize(
    ("when", "btc", "eth"),
    [("10:00", "100", "10"), ("10:59:59", "100", "10"), ("11:00", "110", "10"), ("6 00:00", "110", "10")],
)
def test_each_asset_has_its_latest_price_at_or_before(when: str, btc: str, eth: str) -> None:
    assert HISTORY.at(at(when), ["BTC", "ETH", "USD"]).usd == amounts(BTC=btc, ETH=eth, USD="1")


@pytest.mark.parametrize(("asset", "when"), [("BTC", "09:59:59"), ("SOL", "12:00")])
def test_a_price_that_is_not_there_is_named(asset: str, when: str) -> None:
    with pytest.raises(MissingPrice, match=f"no price of {asset} at or before 2026-01-05T") as caught:
        HISTORY.at(at(when), [asset])
    assert (caught.value.asset, caught.value.at) == (asset, at(when))


def test_the_prices_of_an_instant_know_the_dollar_and_name_what_they_lack() -> None:
    assert prices(BTC="100").of("USD") == 1
    assert prices(BTC="100").of("BTC") == 100
    with pytest.raises(MissingPrice, match="SOL"):
        prices(BTC="100").of("SOL")


def test_of_two_prices_at_one_instant_the_last_given_wins_in_any_order_of_time() -> None:
    points = [PricePoint("BTC", at(when), price) for when, price in ((("11:00"), amounts(x="3")["x"]),)]
    points += [PricePoint("BTC", at("10:00"), amounts(x=text)["x"]) for text in ("1", "2")]
    found = history_of(points)
    assert found.at(at("10:30"), ["BTC"]).usd == amounts(BTC="2")
    assert found.at(at("11:30"), ["BTC"]).usd == amounts(BTC="3")


def test_it_tells_whether_an_instant_has_a_price_of_its_own() -> None:
    assert HISTORY.has("BTC", at("11:00"))
    assert not HISTORY.has("BTC", at("11:30"))
    assert not HISTORY.has("BTC", at("09:00"))
    assert not HISTORY.has("SOL", at("11:00"))
    assert HISTORY.has("USD", at("09:00"))


MINUTES = st.lists(st.integers(0, 40), max_size=12, unique=True).map(sorted)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=12), MINUTES)
def test_along_instants_each_price_is_the_one_at_each(stored: list[tuple[int, int]], minutes: list[int]) -> None:
    found = history_of(PricePoint("BTC", at("10:00") + minute * MINUTE, Decimal(usd)) for minute, usd in stored)
    instants = [at("10:00") + minute * MINUTE for minute in minutes]

    def each(when: Sequence[datetime]) -> list[Mapping[str, Decimal]]:
        return [found.at(instant, ["BTC", "USD"]).usd for instant in when]

    def at_once(when: Sequence[datetime]) -> list[Mapping[str, Decimal]]:
        along = found.along(when, ["BTC", "USD"])
        return [{asset: column[place] for asset, column in along.items()} for place in range(len(when))]

    assert looked_up(at_once, instants) == looked_up(each, instants)


type _LookUp = Callable[[Sequence[datetime]], list[Mapping[str, Decimal]]]


def looked_up(how: _LookUp, when: Sequence[datetime]) -> object:
    """What is found, or what is said to be missing."""
    try:
        return how(when)
    except MissingPrice as missing:
        return missing.asset, missing.at


def test_histories_together_have_the_prices_of_each() -> None:
    other = history(("09:00", {"BTC": "90"}), ("11:00", {"BTC": "110"}), ("12:00", {"SOL": "7"}))
    both = together([HISTORY, other, HISTORY])
    assert both.columns["ETH"] == HISTORY.columns["ETH"]
    assert both.columns["SOL"] == other.columns["SOL"]
    assert both.columns["BTC"] == (
        (at("09:00"), at("10:00"), at("11:00")),
        (Decimal(90), Decimal(100), Decimal(110)),
    )
    assert together([]).columns == {}
