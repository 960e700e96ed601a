"""Which day or week a digest tells of: each once, the newest where some were missed, none before it was wanted."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.alerts import Digest
from lib.domain.digest import due
from tests.builders import DAY, HOUR, MONDAY, at


@pytest.mark.parametrize(
    ("digest", "told", "now", "found"),
    [
        pytest.param("daily", "5 12:00", "5 23:59", None, id="the day is not over"),
        pytest.param("daily", "5 12:00", "6 00:00", ("5 00:00", "6 00:00"), id="it is"),
        pytest.param("daily", "6 00:00", "6 23:00", None, id="told already"),
        pytest.param("daily", "6 00:00", "9 10:00", ("8 00:00", "9 00:00"), id="the newest of three"),
        pytest.param("weekly", "5 12:00", "11 23:59", None, id="the week is not over"),
        pytest.param("weekly", "5 12:00", "12 00:02", ("5 00:00", "12 00:00"), id="from Monday to Monday"),
        pytest.param("off", "5 12:00", "12 00:02", None, id="nobody wants to hear"),
    ],
)
def test_the_newest_period_that_has_ended(digest: Digest, told: str, now: str, found: tuple[str, str] | None) -> None:
    period = due(digest, at(told), at(now))
    assert (None if period is None else (period.start, period.end)) == (found and (at(found[0]), at(found[1])))


@given(st.sampled_from(["daily", "weekly"]), st.lists(st.timedeltas(timedelta(), 3 * DAY), max_size=60))
def test_however_runs_come_each_period_is_told_once_and_in_order(digest: Digest, steps: list[timedelta]) -> None:
    length = DAY if digest == "daily" else 7 * DAY
    now = told = MONDAY + 11 * HOUR
    ends: list[datetime] = []
    for step in steps:
        now += step
        if period := due(digest, told, now):
            told = period.end
            ends.append(period.end)
            assert now - length < period.end <= now
            assert (period.end - MONDAY) % length == timedelta()
        assert due(digest, told, now) is None
    assert ends == sorted(set(ends))
