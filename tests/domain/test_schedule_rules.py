"""When a rebalance is due: in (after, until], by the calendar, in UTC."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.schedule import Band, Daily, Monthly, Rule, Weekly, due

HOUR = timedelta(hours=1)


def when(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def dates(rule: Rule, after: str, until: str) -> list[str]:
    return [at.strftime("%Y-%m-%d %H:%M") for at in due(rule, when(after), when(until))]


@pytest.mark.parametrize(
    ("rule", "after", "until", "expected"),
    [
        pytest.param(Daily(6), "2026-01-05", "2026-01-07", ["2026-01-05 06:00", "2026-01-06 06:00"], id="daily"),
        pytest.param(Daily(0), "2026-01-05", "2026-01-06", ["2026-01-06 00:00"], id="daily at midnight"),
        pytest.param(Weekly(), "2026-01-01", "2026-01-12T12:00", ["2026-01-05 12:00", "2026-01-12 12:00"], id="weekly"),
        pytest.param(Weekly(6, 23), "2026-01-05", "2026-01-12", ["2026-01-11 23:00"], id="Sunday"),
        pytest.param(Weekly(3, 0), "1969-12-31", "1970-01-01", ["1970-01-01 00:00"], id="the epoch was a Thursday"),
        pytest.param(Weekly(0, 0), "1969-12-22", "1969-12-30", ["1969-12-29 00:00"], id="before the epoch"),
        pytest.param(Monthly(1, 0), "2025-12-31", "2026-01-31", ["2026-01-01 00:00"], id="over the end of a year"),
        pytest.param(
            Monthly(31, 12),
            "2026-01-01",
            "2026-05-01",
            ["2026-01-31 12:00", "2026-02-28 12:00", "2026-03-31 12:00", "2026-04-30 12:00"],
            id="the 31st is the last day of a shorter month",
        ),
        pytest.param(Monthly(30, 0), "2028-02-01", "2028-03-01", ["2028-02-29 00:00"], id="a leap year"),
        pytest.param(Monthly(15, 6), "2026-01-15T06:00", "2026-02-15T05:59:59", [], id="strictly between two"),
        pytest.param(Band(Decimal("0.05")), "2026-01-01", "2027-01-01", [], id="a band has no dates"),
        pytest.param(None, "2026-01-01", "2027-01-01", [], id="never"),
    ],
)
def test_the_dates_of_a_rule(rule: Rule, after: str, until: str, expected: list[str]) -> None:
    assert dates(rule, after, until) == expected


@pytest.mark.parametrize(
    ("rule", "at"),
    [(Daily(12), "2026-01-05T12:00"), (Weekly(), "2026-01-05T12:00"), (Monthly(5, 12), "2026-01-05T12:00")],
)
def test_an_instant_at_the_end_is_due_and_one_at_the_beginning_is_not(rule: Rule, at: str) -> None:
    second = timedelta(seconds=1)
    assert due(rule, when(at) - second, when(at)) == (when(at),)
    assert due(rule, when(at), when(at) + second) == ()
    assert due(rule, when(at), when(at)) == ()


RULES = st.one_of(
    st.builds(Daily, st.integers(0, 23)),
    st.builds(Weekly, st.integers(0, 6), st.integers(0, 23)),
    st.builds(Monthly, st.integers(1, 31), st.integers(0, 23)),
)
INSTANTS = st.datetimes(datetime(2023, 12, 1), datetime(2024, 4, 30), timezones=st.just(UTC))  # noqa: DTZ001


def falls(rule: Rule, at: datetime) -> bool:
    """The calendar, asked naively."""
    match rule:
        case Daily(hour):
            return at.hour == hour
        case Weekly(weekday, hour):
            return (at.weekday(), at.hour) == (weekday, hour)
        case Monthly(day, hour):
            return (at.day, at.hour) == (min(day, monthrange(at.year, at.month)[1]), hour)
        case _:
            return False


@given(RULES, INSTANTS, INSTANTS)
def test_the_dates_are_those_of_the_calendar(rule: Rule, one: datetime, other: datetime) -> None:
    after, until = sorted((one, other))
    hour = after.replace(minute=0, second=0, microsecond=0)
    naive = []
    while (hour := hour + HOUR) <= until:
        if falls(rule, hour):
            naive.append(hour)
    assert list(due(rule, after, until)) == naive


@given(RULES, INSTANTS, INSTANTS, INSTANTS)
def test_a_time_cut_in_two_has_the_dates_of_the_whole(
    rule: Rule, one: datetime, other: datetime, third: datetime
) -> None:
    after, cut, until = sorted((one, other, third))
    assert due(rule, after, cut) + due(rule, cut, until) == due(rule, after, until)
