"""The income histories: their rows add up to what the world's books say, and are read as the exchange has it."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.demo.clock import WorldClock
from lib.demo.earnings import earnings
from lib.demo.exchange import DemoExchange
from lib.demo.holdings import balance, total
from lib.demo.instants import to_ms
from lib.demo.world import World
from tests.demo.conftest import BORN_AT, Asker, refused

INCOME, COIN_INCOME = "/fapi/v1/income", "/dapi/v1/income"
DAY = timedelta(days=1)
DAY_MS = 86_400_000
KINDS = ("TRANSFER", "REALIZED_PNL", "COMMISSION", "FUNDING_FEE")


def span(start: float, end: float, rest: str = "&limit=1000") -> str:
    """A query for the days `start` to `end` after the world began."""
    return f"startTime={to_ms(BORN_AT + start * DAY)}&endTime={to_ms(BORN_AT + end * DAY)}{rest}"


@pytest.fixture
def later(clock: WorldClock) -> WorldClock:
    clock.set(BORN_AT + 40 * DAY)
    return clock


@settings(max_examples=40, deadline=None)
@given(start=st.integers(-72, 900), length=st.integers(0, 900))
def test_the_rows_of_any_span_add_up_to_the_change_of_the_balance(world: World, start: int, length: int) -> None:
    begin = BORN_AT + timedelta(hours=start)
    end = begin + timedelta(hours=length)
    moment = timedelta(milliseconds=1)
    before, after = (total(balance(world.books("Main", at), "usdm", "USDT")) for at in (begin - moment, end))
    rows = [one.amount for one in earnings(world, "Main", "usdm", begin, end) if one.asset == "USDT"]
    assert sum(rows) == after - before


@pytest.mark.usefixtures("later")
def test_every_kind_is_there_oldest_first_each_with_an_id_of_its_own(ask: Asker) -> None:
    rows = ask.signed("Main", INCOME, span(-3, 38))
    assert {row["incomeType"] for row in rows} == set(KINDS)
    assert all(earlier["time"] <= after["time"] for earlier, after in pairwise(rows))
    assert len({(row["incomeType"], row["tranId"]) for row in rows}) == len(rows)
    assert all(isinstance(row["tranId"], int) and row["tranId"] > 2**53 for row in rows)
    assert all(len(row["income"].split(".")[1]) == 8 for row in rows)
    assert all(bool(row["symbol"]) == (row["incomeType"] != "TRANSFER") for row in rows)


@pytest.mark.usefixtures("later")
def test_both_bounds_are_inclusive_and_a_page_is_cut_at_its_newest_end(ask: Asker) -> None:
    rows = ask.signed("Main", INCOME, span(2, 30))
    first, last = rows[3]["time"], rows[9]["time"]
    found = ask.signed("Main", INCOME, f"startTime={first}&endTime={last}&limit=1000")
    assert found == [row for row in rows if first <= row["time"] <= last]
    assert ask.signed("Main", INCOME, span(2, 30, "&limit=5")) == rows[:5]
    assert len(ask.signed("Main", INCOME, span(2, 30, ""))) == min(len(rows), 100)


@pytest.mark.usefixtures("later")
def test_without_bounds_it_is_the_last_seven_days_and_filters_hold(ask: Asker) -> None:
    week: list[Any] = ask.signed("Main", INCOME, "limit=1000")
    assert week
    assert all(row["time"] >= to_ms(BORN_AT + 33 * DAY) for row in week)
    funding = ask.signed("Main", INCOME, "limit=1000&incomeType=FUNDING_FEE&symbol=BTCUSDT")
    expected = [row for row in week if (row["incomeType"], row["symbol"]) == ("FUNDING_FEE", "BTCUSDT")]
    assert funding == expected != []


def test_what_is_older_than_three_months_is_forgotten(ask: Asker, clock: WorldClock) -> None:
    clock.set(BORN_AT + 120 * DAY)
    rows = ask.signed("Main", INCOME, span(0, 60))
    assert rows
    assert all(row["time"] >= to_ms(BORN_AT + 30 * DAY) for row in rows)


@pytest.mark.usefixtures("later")
def test_bad_bounds_are_refused_and_the_weights_are_counted(ask: Asker, exchange: DemoExchange) -> None:
    assert refused(ask.signed_response("Main", INCOME, span(3, 2))) == (400, -1023)
    assert refused(ask.signed_response("Main", COIN_INCOME, span(3, 2))) == (400, -1023)
    assert refused(ask.signed_response("Main", INCOME, "limit=0")) == (400, -1130)
    assert ask.signed("Main", COIN_INCOME) == []
    assert ask.signed("Spot", INCOME, span(0, 38)) == []
    assert [asked.weight for asked in exchange.requests] == [30, 20, 30, 20, 30]
    used = dict(ask.signed_response("Main", COIN_INCOME).headers)
    assert used["X-MBX-USED-WEIGHT-1M"] == "150"


def test_commission_and_funding_are_what_they_should_be(world: World) -> None:
    found = list(earnings(world, "Main", "usdm", BORN_AT, BORN_AT + 40 * DAY))
    assert all(one.amount < 0 for one in found if one.kind == "COMMISSION")
    fundings = [one for one in found if one.kind == "FUNDING_FEE"]
    assert {(one.at.hour % 8, one.at.minute, one.at.second) for one in fundings} == {(0, 0, 0)}
    assert sum(one.amount for one in found if one.kind == "REALIZED_PNL") != Decimal(0)
