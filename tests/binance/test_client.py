import json
from datetime import timedelta

import httpx
import pytest
from pytest_httpx import HTTPXMock

from lib.binance.client import BinanceClient
from lib.binance.errors import MalformedAnswer
from lib.demo.clock import WorldClock
from lib.ports import Exchange, KeyRights
from tests.binance.wire import AT, AT_MS, FUTURES, KEY, SPOT, TIME, TOTALS, sample, sent


async def test_the_client_is_the_exchange_of_the_use_cases(binance: BinanceClient) -> None:
    exchange: Exchange = binance
    futures, margin = ("usdm", "coinm"), ("cross_margin", "isolated_margin")
    assert set(exchange.readable) == {"spot", "funding", *futures, *margin, "earn", "options", "portfolio_margin"}
    assert exchange.sources[:3] == ("deposits", "withdrawals", "pay")


async def test_time_is_theirs_and_later_calls_are_stamped_by_it(
    binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TIME, json={"serverTime": AT_MS - 4321})
    httpx_mock.add_response(url=TOTALS, content=sample("wallet_balance"))
    assert await binance.time() == AT - timedelta(milliseconds=4321)
    assert binance.clock_offset == timedelta(milliseconds=-4321)
    clock.pass_time(60)
    await binance.totals(KEY)
    assert sent(httpx_mock.get_requests()[-1])["timestamp"] == str(AT_MS - 4321 + 60_000)


async def test_a_slow_answer_never_makes_our_timestamps_early(httpx_mock: HTTPXMock, clock: WorldClock) -> None:
    """The exchange forgives ten seconds of lateness and one of being early."""

    def slow(_request: httpx.Request) -> httpx.Response:
        server_ms = AT_MS + 100
        clock.pass_time(9)
        return httpx.Response(200, json={"serverTime": server_ms})

    httpx_mock.add_callback(slow)
    async with httpx.AsyncClient() as http:
        binance = BinanceClient(http, clock)
        await binance.time()
    assert timedelta(seconds=-10) < binance.clock_offset <= timedelta(milliseconds=100)


async def test_what_a_signed_call_looks_like(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TOTALS, content=sample("wallet_balance"))
    httpx_mock.add_response(url=SPOT, content=sample("user_asset"))
    httpx_mock.add_response(url=FUTURES, content=sample("futures_account"))
    await binance.totals(KEY)
    await binance.wallet(KEY, "spot")
    await binance.wallet(KEY, "usdm")
    totals, spot, _ = httpx_mock.get_requests()
    assert list(sent(totals)) == ["quoteAsset", "recvWindow", "timestamp", "signature"]
    assert (spot.method, spot.content, list(sent(spot))) == ("POST", b"", ["recvWindow", "timestamp", "signature"])
    assert all(request.headers["X-MBX-APIKEY"] == KEY.api_key for request in httpx_mock.get_requests())


async def test_other_addresses_take_the_place_of_the_exchange(clock: WorldClock, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url="http://127.0.0.1:9000/api/v3/time", content=sample("time"))
    async with httpx.AsyncClient() as http:
        await BinanceClient(http, clock, api_url="http://127.0.0.1:9000/").time()


@pytest.mark.parametrize(
    ("changed", "may_read", "risky"),
    [
        pytest.param({}, True, (), id="as it should be"),
        pytest.param({"enableReading": False}, False, (), id="cannot read"),
        pytest.param(
            {"enableWithdrawals": True, "enableSpotAndMarginTrading": True},
            True,
            ("enableSpotAndMarginTrading", "enableWithdrawals"),
            id="can trade and withdraw",
        ),
        pytest.param({"enableFutures": True}, True, ("enableFutures",), id="futures"),
        pytest.param({"enableFutureLoanTrade": True, "enableNews": True}, True, ("enableFutureLoanTrade",), id="new"),
        pytest.param({"tradingAuthorityExpirationTime": 1628985600000}, True, (), id="a time is no right"),
    ],
)
async def test_the_rights_of_a_key(
    binance: BinanceClient, httpx_mock: HTTPXMock, changed: dict[str, object], may_read: bool, risky: tuple[str, ...]
) -> None:
    httpx_mock.add_response(json=json.loads(sample("api_restrictions")) | changed)
    httpx_mock.add_response(content=sample("account"))
    assert await binance.rights(KEY) == KeyRights("354900001", may_read, risky)
    restrictions, account = httpx_mock.get_requests()
    assert restrictions.url.path == "/sapi/v1/account/apiRestrictions"
    assert (account.url.path, sent(account)["omitZeroBalances"]) == ("/api/v3/account", "true")


async def test_rights_that_do_not_say_whether_the_key_may_read_are_refused(
    binance: BinanceClient, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(json={"ipRestrict": True})
    with pytest.raises(MalformedAnswer, match="enableReading"):
        await binance.rights(KEY)


@pytest.mark.parametrize("body", ['{"serverTime":-1}', '{"serverTime":"soon"}', "[]", "{}"])
async def test_a_time_that_is_none_leaves_the_clock_alone(
    binance: BinanceClient, httpx_mock: HTTPXMock, body: str
) -> None:
    httpx_mock.add_response(text=body)
    with pytest.raises(MalformedAnswer):
        await binance.time()
    assert binance.clock_offset == timedelta()
