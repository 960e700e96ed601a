import asyncio
from datetime import timedelta

import pytest
from pytest_httpx import HTTPXMock

from lib.binance.client import BinanceClient
from lib.binance.endpoints import PRICES, SPOT_ASSETS, WALLET_TOTALS, WITHDRAWAL_HISTORY, Endpoint, bucket
from lib.binance.governor import Governor
from lib.demo.clock import WorldClock
from lib.ports import Credentials, Usage
from tests.binance.wire import AT, KEY, TIME, TOTALS, sample, waited_s

FAR = AT + timedelta(hours=1)


def test_each_sapi_endpoint_and_each_account_of_the_uid_counted_ones_has_its_own_counter() -> None:
    assert bucket(PRICES, "a") == "api"
    assert bucket(WALLET_TOTALS, "a") == bucket(WALLET_TOTALS, "b") != bucket(SPOT_ASSETS, "a")
    assert bucket(WITHDRAWAL_HISTORY, "a") != bucket(WITHDRAWAL_HISTORY, "b")


@pytest.mark.parametrize(
    ("endpoint", "header"),
    [
        (PRICES, "x-mbx-used-weight-1m"),
        (WALLET_TOTALS, "x-sapi-used-ip-weight-1m"),
        (WITHDRAWAL_HISTORY, "x-sapi-used-uid-weight-1s"),
        (WITHDRAWAL_HISTORY, "x-sapi-used-uid-weight-1m"),
    ],
)
def test_the_header_says_how_full_a_pool_is_until_its_window_turns(
    clock: WorldClock, endpoint: Endpoint, header: str
) -> None:
    governor = Governor(clock)
    for told in ("60", "180", "120"):  # answers overtake each other
        governor.answered(endpoint, "pool", {header: told})
    assert governor.used_weight(endpoint, "pool") == 180
    clock.pass_time(endpoint.window_s)
    assert governor.used_weight(endpoint, "pool") == 0
    governor.answered(endpoint, "pool", {header: "60"})
    assert governor.used_weight(endpoint, "pool") == 60


@pytest.mark.parametrize("headers", [{}, {"x-mbx-used-weight-1m": "many"}])
def test_a_pool_nothing_is_said_of_counts_as_empty(clock: WorldClock, headers: dict[str, str]) -> None:
    governor = Governor(clock)
    governor.answered(PRICES, "api", headers)
    assert governor.used_weight(PRICES, "api") == 0


async def test_calls_refused_together_are_one_strike(clock: WorldClock) -> None:
    governor = Governor(clock)
    for _ in range(10):
        governor.rest("api", None)
    await governor.admit(PRICES, "api", FAR)
    assert waited_s(clock) == 15


async def test_strikes_in_a_row_make_longer_rests_and_a_success_forgets_them(clock: WorldClock) -> None:
    governor, ends = Governor(clock), []
    for _ in range(5):
        governor.rest("api", None)
        await governor.admit(PRICES, "api", FAR)
        ends.append(waited_s(clock))
    assert ends == [15, 45, 105, 165, 225]
    governor.succeeded("api")
    governor.rest("api", None)
    await governor.admit(PRICES, "api", FAR)
    assert waited_s(clock) == 240


async def test_a_shorter_rest_never_ends_a_longer_one(clock: WorldClock) -> None:
    governor = Governor(clock)
    governor.rest("api", 40.0)
    governor.rest("api", 5.0)
    await governor.admit(PRICES, "api", FAR)
    assert waited_s(clock) == 40


async def test_all_who_wait_go_on_together(clock: WorldClock) -> None:
    governor = Governor(clock)
    governor.rest("api", 40.0)
    await asyncio.gather(*(governor.admit(PRICES, "api", FAR) for _ in range(5)))
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
