"""What a coin is worth: the reference's search order, step by step, and prices grown old."""

from decimal import Decimal

import pytest

from lib.domain.portfolio import Holding
from lib.domain.prices import PricePoint
from lib.domain.valuation import Leg, along, is_earn_receipt, price_holding, route, spot_price
from tests.builders import amounts, at

DOLLARS = ("USDCUSDT", "FDUSDUSDT", "USD1USDT", "TUSDUSDT")
CROSSES = ("BTCUSDT", "ETHUSDT", "BNBUSDT")


@pytest.mark.parametrize("pegged", ["USD", "USDT", "BNFCR", "BFUSD", "RWUSD"])
def test_a_peg_is_one_dollar_before_any_look_up(pegged: str) -> None:
    assert route(pegged, {f"{pegged}USDT", f"{pegged}BTC", "BTCUSDT"}) == ()


@pytest.mark.parametrize(
    ("listed", "legs"),
    [
        pytest.param(["XUSDT", "XUSDC", "USDTX", "XBTC", "BTCX"], ["XUSDT"], id="direct before all"),
        pytest.param(["XUSDC", "XFDUSD", "USDTX", "XBTC"], ["XUSDC", "USDCUSDT"], id="another dollar, by its price"),
        pytest.param(["XFDUSD", "XTUSD", "USDTX"], ["XFDUSD", "FDUSDUSDT"], id="the next dollar"),
        pytest.param(["XUSD1", "XTUSD"], ["XUSD1", "USD1USDT"], id="the one after"),
        pytest.param(["XTUSD", "USDTX"], ["XTUSD", "TUSDUSDT"], id="the last dollar"),
        pytest.param(["USDTX", "XBTC", "BTCX"], ["/USDTX"], id="inverse, as lira"),
        pytest.param(["XBTC", "XETH", "BTCX"], ["XBTC", "BTCUSDT"], id="through bitcoin"),
        pytest.param(["XETH", "XBNB", "BTCX"], ["XETH", "ETHUSDT"], id="through ether"),
        pytest.param(["XBNB", "BTCX"], ["XBNB", "BNBUSDT"], id="through BNB"),
        pytest.param(["BTCX"], ["BTCUSDT", "/BTCX"], id="bitcoin bought with it"),
        pytest.param([], None, id="no way"),
    ],
)
def test_the_first_way_that_is_listed_is_taken(listed: list[str], legs: list[str] | None) -> None:
    expected = None if legs is None else tuple(Leg(leg.lstrip("/"), inverse=leg[0] == "/") for leg in legs)
    assert route("X", {*listed, *DOLLARS, *CROSSES}) == expected


@pytest.mark.parametrize("listed", [["XUSDC"], ["XBTC"], ["XETH"], ["BTCX"]])
def test_a_market_whose_other_side_has_no_price_leads_nowhere(listed: list[str]) -> None:
    assert route("X", set(listed)) is None


@pytest.mark.parametrize(
    ("asset", "usd"),
    [
        ("BTC", "100000"),
        ("TRY", "0.025"),  # 1 / 40
        ("XYZ", "50"),  # 0.0005 of 100000
        ("ARS", "0.001"),  # 100000 / 100000000
        ("USDC", "0.5"),  # a depeg shows
        ("PYUSD", "0.45"),  # 0.9 of half a dollar
        ("LDBTC", "100000"),
        ("LDUSDT", "1"),
        ("NONE", None),
    ],
)
def test_prices_multiply_along_the_way(asset: str, usd: str | None) -> None:
    book = amounts(BTCUSDT="100000", USDTTRY="40", XYZBTC="0.0005", BTCARS="100000000", USDCUSDT="0.5", PYUSDUSDC="0.9")
    assert spot_price(asset, book) == (None if usd is None else Decimal(usd))


def test_an_inverse_price_has_fifty_digits() -> None:
    assert str(along((Leg("USDTX", inverse=True),), amounts(USDTX="3"))) == "0." + "3" * 50


@pytest.mark.parametrize(
    ("asset", "listed", "mirror"),
    [
        ("LDBTC", {"BTCUSDT"}, True),
        ("LDUSDT", set(), True),
        ("LDO", {"LDOUSDT"}, False),
        ("LDO", {"LDOUSDC", "USDCUSDT"}, False),
        ("LDO", {"LDOUSDT", "OUSDT"}, False),
        ("LD", {"BTCUSDT"}, False),
        ("BTC", {"BTCUSDT"}, False),
        ("LDNONE", {"BTCUSDT"}, False),
    ],
)
def test_a_mirror_of_earn_is_told_from_a_coin_whose_name_begins_alike(
    asset: str, listed: set[str], mirror: bool
) -> None:
    assert is_earn_receipt(asset, listed) is mirror


def test_a_coin_whose_dollar_market_paused_is_not_taken_for_a_mirror() -> None:
    """LDO without LDOUSDT counted as a receipt of Earn and fell out of NAV."""
    assert not is_earn_receipt("LDO", {"LDOBTC", "BTCUSDT"})
    assert not is_earn_receipt("LDO", {"BTCUSDT"})
    assert route("LDO", {"LDOBTC", "BTCUSDT"}) == (Leg("LDOBTC"), Leg("BTCUSDT"))


def test_a_coin_counts_at_its_price_now_else_at_its_last_one_with_that_ones_age_else_not_at_all() -> None:
    coin, now, then = Holding("spot", "X", Decimal(2)), at("10:00"), at("09:00")
    last = {"X": PricePoint("X", then, Decimal(3))}
    fresh = price_holding(coin, now, amounts(XUSDT="5"), last)
    stale = price_holding(coin, now, amounts(BTCUSDT="5"), last)
    unpriced = price_holding(coin, now, amounts(BTCUSDT="5"), {})
    assert (fresh.price_usd, fresh.priced_at) == (Decimal(5), now)
    assert (stale.price_usd, stale.priced_at) == (Decimal(3), then)
    assert (unpriced.price_usd, unpriced.priced_at) == (None, None)
