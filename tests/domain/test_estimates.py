"""The value before the first snapshot: whole days only, at that day's prices, and never after the beginning."""

from datetime import date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.estimates import MOST_COINS, DailyBalance, Estimate, coins, estimate, symbols, together
from tests.builders import amounts, at

BOOK = {"BTCUSDT": Decimal(100), "SOLUSDT": Decimal(2), "USDTTRY": Decimal(40)}
CLOSES = {("BTCUSDT", day): Decimal(price) for day, price in ((date(2026, 1, 5), 90), (date(2026, 1, 6), 110))}
LATER = at("31 00:00")


def day(number: int, part: str = "spot", **quantities: str) -> DailyBalance:
    return DailyBalance(part, at(f"{number} 23:59:59"), amounts(**quantities))


def valued(*days: DailyBalance, before: datetime = LATER) -> list[tuple[int, Decimal]]:
    return [(one.at.day, one.usd) for one in estimate(days, CLOSES, BOOK, before)]


def test_a_day_is_worth_its_coins_at_its_own_prices() -> None:
    assert valued(day(6, BTC="2", USDT="5"), day(5, BTC="2", USDT="5")) == [(5, Decimal(185)), (6, Decimal(225))]


def test_parts_are_summed_up_and_one_that_begins_later_was_empty_before() -> None:
    assert valued(day(5, USDT="5"), day(6, USDT="5"), day(6, "futures", USDT="7")) == [
        (5, Decimal(5)),
        (6, Decimal(12)),
    ]


def test_a_day_of_which_a_part_is_missing_is_left_out() -> None:
    gap = [day(5, USDT="5"), day(6, USDT="5"), day(7, USDT="5")]
    assert valued(*gap, day(5, "futures", USDT="7"), day(7, "futures", USDT="8")) == [
        (5, Decimal(12)),
        (7, Decimal(13)),
    ]
    assert valued(*gap, day(5, "futures", USDT="7"), day(6, "futures", USDT="8")) == [
        (5, Decimal(12)),
        (6, Decimal(13)),
    ]


def test_a_day_without_a_price_it_needs_is_left_out() -> None:
    assert valued(day(5, SOL="1", USDT="5"), day(6, USDT="5")) == [(6, Decimal(5))]


def test_a_coin_that_has_no_market_counts_nothing() -> None:
    assert valued(day(5, XYZ="1", USDT="5")) == [(5, Decimal(5))]


def test_nothing_is_estimated_from_the_beginning_on() -> None:
    days = day(5, USDT="5"), day(6, USDT="6"), day(7, USDT="7")
    assert valued(*days, before=at("6 23:59:59")) == [(5, Decimal(5))]


def test_the_coins_that_matter_most_are_priced_and_their_markets_named() -> None:
    many = {f"C{number}": Decimal(1) for number in range(40)}
    book = {f"C{number}USDT": Decimal(number + 1) for number in range(40)}
    kept = coins([DailyBalance("spot", at("23:00"), many)], book)
    assert kept == tuple(f"C{number}" for number in range(39, 39 - MOST_COINS, -1))
    assert coins([day(5, BTC="0.001", SOL="10"), day(6, BTC="5")], BOOK) == ("BTC", "SOL")
    assert coins([day(5, SOL="-400", BTC="5")], BOOK) == ("SOL", "BTC"), "a debt matters as well"
    assert symbols(["TRY", "BTC", "USDT", "LDBTC"], BOOK) == ("BTCUSDT", "USDTTRY")


@given(st.lists(st.sets(st.integers(1, 28)), min_size=1, max_size=4))
def test_together_are_the_days_that_all_have(owned: list[set[int]]) -> None:
    each = [
        [Estimate(at(f"{number} 23:59:59"), Decimal(place + 1)) for number in sorted(days)]
        for place, days in enumerate(owned)
    ]
    shared = sorted(set.intersection(*owned))
    total = Decimal(sum(range(1, len(owned) + 1)))
    assert together(each) == tuple(Estimate(at(f"{number} 23:59:59"), total) for number in shared)


def test_together_of_nobody_is_nothing() -> None:
    assert together([]) == ()
