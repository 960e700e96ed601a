"""The governor by itself: no pool is filled beyond our share of it, and nobody overtakes."""

import asyncio
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpx import HTTPXMock

from lib.binance.client import BinanceClient
from lib.binance.endpoints import (
    FUTURES_ACCOUNT,
    PRICES,
    SPOT_ASSETS,
    WALLET_TOTALS,
    WITHDRAWAL_HISTORY,
    Endpoint,
    bucket,
)
from lib.binance.errors import RateLimited, TurnNotCome
from lib.binance.governor import Governor, Leave
from lib.demo.clock import WorldClock
from lib.ports import Credentials, Usage
from tests.binance.wire import AT, KEY, TIME, TOTALS, sample, waited_s

FAR = AT + timedelta(hours=1)
TINY = Fraction(1, 100)  # of the totals' 12 000: two calls of 60 fit in


async def leave(governor: Governor, endpoint: Endpoint = PRICES, held: str = "pool") -> Leave:
    return await governor.admit(endpoint, held, FAR)


def test_each_sapi_endpoint_and_each_account_of_the_uid_counted_ones_has_its_own_counter() -> None:
    assert bucket(PRICES, "a") == "api"
    assert bucket(WALLET_TOTALS, "a") == bucket(WALLET_TOTALS, "b") != bucket(SPOT_ASSETS, "a")
    assert bucket(WITHDRAWAL_HISTORY, "a") != bucket(WITHDRAWAL_HISTORY, "b")


@pytest.mark.parametrize(
    ("endpoint", "header"),
    [
        (PRICES, "x-mbx-used-weight-1m"),
        (FUTURES_ACCOUNT, "x-mbx-used-weight-1m"),
        (WALLET_TOTALS, "x-sapi-used-ip-weight-1m"),
        (WITHDRAWAL_HISTORY, "x-sapi-used-uid-weight-1s"),
        (WITHDRAWAL_HISTORY, "x-sapi-used-uid-weight-1m"),
    ],
)
async def test_the_header_says_how_full_a_pool_is_until_its_window_turns(
    clock: WorldClock, endpoint: Endpoint, header: str
) -> None:
    governor = Governor(clock)
    leaves = [await leave(governor, endpoint) for _ in range(3)]
    for one, told in zip(leaves, ("60", "180", "120"), strict=True):  # answers overtake each other
        governor.ended(one, {header: told})
    assert governor.used_weight(endpoint, "pool") == 180
    clock.pass_time(endpoint.window_s)
    assert governor.used_weight(endpoint, "pool") == 0
    governor.ended(await leave(governor, endpoint), {header: "70"})
    assert governor.used_weight(endpoint, "pool") == 70


@pytest.mark.parametrize("headers", [None, {}, {"x-mbx-used-weight-1m": "many"}])
async def test_where_nothing_is_said_our_own_count_counts(clock: WorldClock, headers: dict[str, str] | None) -> None:
    governor = Governor(clock)
    for _ in range(2):
        governor.ended(await leave(governor), headers)
    assert governor.used_weight(PRICES, "pool") == 2 * PRICES.weight


async def test_a_pool_is_filled_to_four_fifths_and_then_its_turn_is_waited_for(clock: WorldClock) -> None:
    governor = Governor(clock)
    clock.pass_time(11)
    for _ in range(12_000 * 4 // 5 // 60):
        await leave(governor, WALLET_TOTALS)
        assert waited_s(clock) == 11
    await leave(governor, SPOT_ASSETS, "another")
    assert waited_s(clock) == 11
    with pytest.raises(TurnNotCome, match=r"^GET /sapi/v1/asset/wallet/balance: its turn would come in 49 s$"):
        await governor.admit(WALLET_TOTALS, "pool", AT + timedelta(seconds=59))
    assert waited_s(clock) == 11


async def test_calls_under_way_at_the_turn_count_in_the_new_window_too(clock: WorldClock) -> None:
    """They may arrive after it: the exchange then counts them there."""
    governor = Governor(clock, TINY)
    first, second = [await leave(governor, WALLET_TOTALS) for _ in range(2)]
    clock.pass_time(60)
    with pytest.raises(TurnNotCome):
        await governor.admit(WALLET_TOTALS, "pool", clock.now())
    governor.ended(first, {"x-sapi-used-ip-weight-1m": "120"})  # said in the window before: it is of the past
    with pytest.raises(TurnNotCome):
        await governor.admit(WALLET_TOTALS, "pool", clock.now())
    governor.ended(second, None)
    assert governor.used_weight(WALLET_TOTALS, "pool") == 120
    clock.pass_time(60)
    await governor.admit(WALLET_TOTALS, "pool", clock.now())


async def test_what_others_behind_this_address_spend_is_theirs_to_have(clock: WorldClock) -> None:
    governor = Governor(clock)
    governor.ended(await leave(governor, WALLET_TOTALS), {"x-sapi-used-ip-weight-1m": "9541"})
    await leave(governor, WALLET_TOTALS)
    assert waited_s(clock) == 60


async def test_the_windows_are_those_of_the_exchanges_clock(clock: WorldClock) -> None:
    governor = Governor(clock, TINY)
    governor.offset = timedelta(seconds=-20)
    for _ in range(3):
        governor.ended(await leave(governor, WALLET_TOTALS), None)
    assert waited_s(clock) == 20


async def test_who_comes_first_leaves_first_and_who_cannot_in_time_is_told_at_once(clock: WorldClock) -> None:
    governor, left, sent_away = Governor(clock, TINY), [], []

    async def ask(number: int) -> None:
        try:
            governor.ended(await governor.admit(WALLET_TOTALS, "pool", AT + timedelta(seconds=130)), None)
            left.append((number, waited_s(clock)))
        except TurnNotCome:
            sent_away.append((number, waited_s(clock)))

    await asyncio.gather(*(ask(number) for number in range(9)))
    assert left == [(0, 0), (1, 0), (2, 60), (3, 60), (4, 120), (5, 120)]
    assert sent_away == [(6, 0), (7, 0), (8, 0)]


async def test_an_account_that_is_in_its_own_way_is_not_told_to_wait_for_its_turn(clock: WorldClock) -> None:
    """Nobody else is counted there: deferred, it would find the same the next time."""
    governor = Governor(clock)
    for _ in range(8):
        await leave(governor, WITHDRAWAL_HISTORY)
    with pytest.raises(RateLimited) as caught:
        await governor.admit(WITHDRAWAL_HISTORY, "pool", AT)
    assert caught.value.code == "rate_limited"


async def test_a_call_too_big_for_our_share_leaves_when_it_is_alone(clock: WorldClock) -> None:
    governor = Governor(clock, Fraction(1, 1000))
    for _ in range(2):
        governor.ended(await leave(governor, WALLET_TOTALS), None)
    assert waited_s(clock) == 60


@given(
    st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=40),
    st.sampled_from([Fraction(1, 100), Fraction(1, 40), Fraction(4, 5)]),
)
async def test_whatever_comes_when_no_window_is_filled_beyond_our_share(
    arrivals: list[tuple[int, bool]], share: Fraction
) -> None:
    """A call arrives in the window it leaves in, or in a later one; the exchange never counts more than our share."""
    clock = WorldClock(AT)
    governor, counted = Governor(clock, share), [0] * 200
    under_way: list[Leave] = []

    def arrive(one: Leave) -> None:
        window = int(waited_s(clock)) // 60
        counted[window] += one.endpoint.weight
        governor.ended(one, {"x-sapi-used-ip-weight-1m": str(counted[window])})

    for pause_s, late in arrivals:
        clock.pass_time(pause_s)
        one = await governor.admit(WALLET_TOTALS, "pool", AT + timedelta(days=1))
        for other in under_way:
            arrive(other)
        under_way = [one] if late else []
        if not late:
            arrive(one)
    for other in under_way:
        arrive(other)
    assert max(counted) <= 12_000 * share


async def test_calls_refused_together_are_one_strike(clock: WorldClock) -> None:
    governor = Governor(clock)
    for one in [await leave(governor) for _ in range(10)]:
        governor.rest(one, None)
        governor.ended(one, None)
    await leave(governor)
    assert waited_s(clock) == 15


async def test_strikes_in_a_row_make_longer_rests_and_a_success_forgets_them(clock: WorldClock) -> None:
    governor, ends = Governor(clock), []
    one = await leave(governor)
    for _ in range(5):
        governor.rest(one, None)
        one = await leave(governor)
        ends.append(waited_s(clock))
    assert ends == [15, 45, 105, 165, 225]
    governor.succeeded(one)
    governor.rest(one, None)
    await leave(governor)
    assert waited_s(clock) == 240


async def test_a_shorter_rest_never_ends_a_longer_one(clock: WorldClock) -> None:
    governor = Governor(clock)
    one = await leave(governor)
    governor.rest(one, 40.0)
    governor.rest(one, 5.0)
    await leave(governor)
    assert waited_s(clock) == 40


async def test_all_who_wait_for_a_rest_go_on_together(clock: WorldClock) -> None:
    governor = Governor(clock)
    governor.rest(await leave(governor), 40.0)
    await asyncio.gather(*(leave(governor) for _ in range(5)))
    assert waited_s(clock) == 40


async def test_usage_counts_every_request_that_left_at_its_documented_weight(
    binance: BinanceClient, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TIME, content=sample("time"), is_reusable=True)
    httpx_mock.add_response(url=TOTALS, status_code=500)
    httpx_mock.add_response(url=TOTALS, content=sample("wallet_balance"))
    httpx_mock.add_response(content=b"[]", is_reusable=True)
    await binance.time()
    await binance.totals(KEY)
    await binance.movements(KEY, "withdrawals", AT, AT)
    other = Credentials("other", KEY.api_key, KEY.secret)
    await binance.before(FAR).movements(other, "withdrawals", AT, AT)
    assert binance.usage() == Usage(5, {"api": 1, "sapi": 120, "sapi_uid": 36_000})
