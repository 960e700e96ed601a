"""The days of a history: a snapshot at midnight is the last of the day that ends."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.days import begins, by_day, day_of
from tests.builders import HOUR, MONDAY, row

MOMENT = timedelta(microseconds=1)


def test_midnight_belongs_to_the_day_that_ends() -> None:
    assert day_of(MONDAY) == date(2026, 1, 4)
    assert day_of(MONDAY + MOMENT) == date(2026, 1, 5)
    rows = [row(at) for at in (MONDAY - HOUR, MONDAY, MONDAY + MOMENT, MONDAY + 24 * HOUR, MONDAY + 72 * HOUR)]
    assert begins(rows) == [0, 2, 4]
    assert by_day(rows) == {date(2026, 1, 4): rows[:2], date(2026, 1, 5): rows[2:4], date(2026, 1, 7): rows[4:]}
    assert by_day([]) == {}


@given(st.sets(st.integers(0, 200)))
def test_each_row_is_in_its_day_and_in_order(hours: set[int]) -> None:
    rows = [row(MONDAY + hour * HOUR) for hour in sorted(hours)]
    found = by_day(rows)
    assert [one for within in found.values() for one in within] == rows
    assert all(day_of(one.at) == day for day, within in found.items() for one in within)
