"""When each list is asked."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.cadence import DAILY, LOOK_AT_KEY, SIX_HOURS, is_due
from lib.domain.flows import DEPOSITS, WITHDRAWALS
from lib.domain.sources import (
    FIAT_BUYS,
    FIAT_DEPOSITS,
    FIAT_SELLS,
    FIAT_WITHDRAWALS,
    MASTER_TRANSFERS,
    P2P,
    PAY,
    SIX_HOURLY,
    SUB_TRANSFERS_IN,
    SUB_TRANSFERS_OUT,
    TRANSFERS,
    TWICE_A_DAY,
    due,
)
from lib.domain.state import AccountState
from tests.builders import HOUR, MONDAY

ALWAYS = (DEPOSITS, WITHDRAWALS, PAY)
RARE, RARER = (P2P, FIAT_DEPOSITS, FIAT_WITHDRAWALS), (FIAT_BUYS, FIAT_SELLS)
ALL = (*ALWAYS, SUB_TRANSFERS_IN, SUB_TRANSFERS_OUT, MASTER_TRANSFERS, *RARE, *RARER)
starts = st.integers(0, 10**6).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


def read(state: AccountState, at: datetime, who: str) -> tuple[AccountState, tuple[str, ...]]:
    asked = due(ALL, state, at, who)
    return replace(state, watermarks={**state.watermarks, **dict.fromkeys(asked, at)}), asked


def test_the_first_run_asks_every_list() -> None:
    assert set(due(ALL, AccountState(), MONDAY, "main")) == {*ALWAYS, *TRANSFERS, *SIX_HOURLY, *TWICE_A_DAY} == set(ALL)


@given(starts, st.text(max_size=8))
def test_asked_hourly_a_day_has_each_list_as_often_as_it_should_and_never_two_rare_ones_at_once(
    start: datetime, who: str
) -> None:
    state, _ = read(AccountState(), start, who)
    days: list[tuple[str, ...]] = []
    for hour in range(1, 49):
        state, asked = read(state, start + hour * HOUR, who)
        days.append(asked)
    second = [source for asked in days[24:] for source in asked]
    assert {source: second.count(source) for source in ALL} == {
        **dict.fromkeys(ALWAYS, 24),
        **dict.fromkeys(RARE, 4),
        **dict.fromkeys(RARER, 2),
        **dict.fromkeys(TRANSFERS, 1),
    }
    assert all(len(asked) <= len(ALWAYS) + 1 for asked in days)
    income = next(hour for hour in range(1, 7) if is_due(start, start + hour * HOUR, SIX_HOURS, who))
    look = next(hour for hour in range(1, 25) if is_due(start, start + hour * HOUR, DAILY, who, LOOK_AT_KEY))
    incomes, looks = {*range(income, 49, 6)}, {look, look + 24}
    assert not incomes & looks
    assert {days[hour - 1] for hour in incomes | looks} == {ALWAYS}  # left to what else is asked so rarely


def test_transfers_are_asked_with_every_run_once_there_was_one() -> None:
    state = AccountState(watermarks=dict.fromkeys(ALL, MONDAY), used=frozenset({SUB_TRANSFERS_IN}))
    assert due(ALL, state, MONDAY, "main") == (*ALWAYS, SUB_TRANSFERS_IN)


@pytest.mark.parametrize(("source", "times"), [(PAY, 2), (DEPOSITS, 2), (P2P, 2), (MASTER_TRANSFERS, 0)])
def test_what_is_refused_is_tried_once_a_day_and_what_an_account_is_not_never(source: str, times: int) -> None:
    """An account that is no master is asked again only where its value jumps."""
    state, asked = AccountState(watermarks=dict.fromkeys(ALL, MONDAY), refused={source: MONDAY}), 0
    for hour in range(1, 49):
        at = MONDAY + hour * HOUR
        if source in due(ALL, state, at, "main"):
            asked += 1
            state = replace(state, refused={source: at})
    assert asked == times
