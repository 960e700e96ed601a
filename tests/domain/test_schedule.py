"""Slots and weekly instants, beside a count of every minute."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.schedule import Weekly, due, minute_start, slot_start
from tests.builders import MINUTE, MONDAY, at


@pytest.mark.parametrize(
    ("after", "until", "instants"),
    [
        pytest.param("4 00:00", "12 11:59:59", ["12:00"], id="one Monday"),
        pytest.param("11:59:59", "12:00", ["12:00"], id="until counts"),
        pytest.param("12:00", "19 12:00", ["12 12:00", "19 12:00"], id="after does not, missed ones come one by one"),
        pytest.param("12:00", "12 11:59", [], id="none"),
        pytest.param("12 12:00", "5 12:00", [], id="backwards"),
    ],
)
def test_mondays_at_noon(after: str, until: str, instants: list[str]) -> None:
    assert due(Weekly(), at(after), at(until)) == tuple(at(instant) for instant in instants)


@pytest.mark.parametrize(
    ("weekday", "hour", "first"),
    [(6, 23, "11 23:00"), (0, 0, "12 00:00"), (3, 0, "8 00:00"), (0, 1, "5 01:00")],
)
def test_around_midnight_and_the_end_of_the_week(weekday: int, hour: int, first: str) -> None:
    assert due(Weekly(weekday, hour), at("5 00:00"), at("12 00:00")) == (at(first),)


def test_without_a_rule_nothing_is_due() -> None:
    assert due(None, at("5 00:00"), at("30 00:00")) == ()


@given(
    st.integers(0, 6),
    st.integers(0, 23),
    st.integers(-40_000, 40_000),
    st.integers(0, 30_000),
    st.timedeltas(timedelta(0), timedelta(seconds=59)),
)
def test_due_finds_what_a_scan_of_every_minute_finds(
    weekday: int, hour: int, start: int, length: int, odd: timedelta
) -> None:
    after = MONDAY + start * MINUTE + odd
    until = after + length * MINUTE
    minutes = (minute_start(after) + number * MINUTE for number in range(length + 2))
    scanned = [
        one for one in minutes if after < one <= until and (one.weekday(), one.hour, one.minute) == (weekday, hour, 0)
    ]
    assert due(Weekly(weekday, hour), after, until) == tuple(scanned)


@pytest.mark.parametrize(
    ("moment", "minutes", "slot"),
    [
        ("10:59:59", 60, "10:00"),
        ("11:00", 60, "11:00"),
        ("6 00:00", 60, "6 00:00"),
        ("13:20", 360, "12:00"),
        ("10:07:30", 1, "10:07"),
        ("10:07:30", 5, "10:05"),
    ],
)
def test_a_slot_begins_at_its_multiple_since_the_epoch(moment: str, minutes: int, slot: str) -> None:
    assert slot_start(at(moment), minutes) == at(slot)


@given(st.datetimes(min_value=datetime(2017, 1, 1), max_value=datetime(2090, 1, 1)), st.integers(1, 1440))  # noqa: DTZ001
def test_an_instant_lies_in_its_slot(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=MONDAY.tzinfo)
    start = slot_start(moment, minutes)
    assert start <= moment < start + minutes * MINUTE
    assert slot_start(start, minutes) == start
