"""How often something is asked: once a period, spread over the accounts."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.cadence import DAILY, SIX_HOURS, is_due

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
times = st.timedeltas(timedelta(0), timedelta(days=400)).map(lambda passed: NOON + passed)


def test_what_was_never_asked_is_due() -> None:
    assert is_due(None, NOON, DAILY, "main")


@given(times, st.text(max_size=8), st.sampled_from((SIX_HOURS, DAILY)))
def test_asked_every_hour_it_is_asked_once_a_period(start: datetime, who: str, every: timedelta) -> None:
    hours, asked, last = 4 * (every // HOUR), [], start
    for hour in range(1, hours + 1):
        if is_due(last, start + hour * HOUR, every, who):
            last = start + hour * HOUR
            asked.append(last)
    assert len(asked) == 4
    assert {later - earlier for earlier, later in pairwise(asked)} == {every}


@given(times, st.text(max_size=8))
def test_asked_just_now_it_is_not_due_again(at: datetime, who: str) -> None:
    assert not is_due(at, at, SIX_HOURS, who)


def test_many_accounts_spread_over_the_period() -> None:
    hours = [
        next(hour for hour in range(1, 7) if is_due(NOON, NOON + hour * HOUR, SIX_HOURS, f"account-{number}"))
        for number in range(600)
    ]
    assert all(60 < hours.count(hour) < 140 for hour in range(1, 7))
