from decimal import Decimal

import pytest
from pytest_httpx import HTTPXMock

from lib.binance.client import BinanceClient
from lib.binance.errors import BinanceError, LocationRefused, MalformedAnswer
from lib.demo.clock import WorldClock
from tests.binance.wire import AT, AT_MS, answering, sample, sent


async def test_all_prices_of_trading_symbols_come_in_one_request(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(content=sample("ticker_price"))
    assert await binance.prices() == {"BTCUSDT": Decimal("91234.56"), "ETHUSDT": Decimal("3012.34")}
    (request,) = httpx_mock.get_requests()
    assert str(request.url) == "https://api.binance.com/api/v3/ticker/price?symbolStatus=TRADING"
    assert "x-mbx-apikey" not in request.headers


async def test_a_symbol_that_never_traded_has_no_price_rather_than_zero() -> None:
    async with answering(b'[{"symbol":"NEWUSDT","price":"0.00000000"},{"symbol":"PEPEUSDT","price":7e-8}]') as binance:
        assert await binance.prices() == {"PEPEUSDT": Decimal("0.00000007")}


async def test_a_price_that_is_none_is_named() -> None:
    async with answering(b'[{"symbol":"BTCUSDT","price":"1"},{"symbol":"ETHUSDT","price":"Infinity"}]') as binance:
        with pytest.raises(MalformedAnswer, match=r"\[1\]\.price"):
            await binance.prices()


async def test_a_candle_gives_the_open_of_the_minute(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(content=sample("klines"), is_reusable=True)
    assert await binance.candle_open("BTCUSDT", AT) == Decimal(91000)
    assert await binance.contract_open("BTCUSDT", AT) == Decimal(91000)
    spot, contract = httpx_mock.get_requests()
    assert (spot.url.host, spot.url.path) == ("api.binance.com", "/api/v3/klines")
    assert (contract.url.host, contract.url.path) == ("fapi.binance.com", "/fapi/v1/klines")
    wanted = {"symbol": "BTCUSDT", "interval": "1m", "startTime": str(AT_MS), "limit": "1"}
    assert sent(spot) == sent(contract) == wanted


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[]", id="nothing since"),
        pytest.param(f'[[{AT_MS + 60_000},"91000.00","91300.00"]]'.encode(), id="a later minute"),
    ],
)
async def test_a_minute_without_trade_has_no_open(body: bytes) -> None:
    async with answering(body) as binance:
        assert await binance.candle_open("BTCUSDT", AT) is None


async def test_a_symbol_that_does_not_exist_did_not_trade(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=400, json={"code": -1121, "msg": "Invalid symbol."}, is_reusable=True)
    assert await binance.candle_open("NOUSDT", AT) is None
    assert await binance.contract_open("NOUSDT", AT) is None


@pytest.mark.parametrize("body", [f'[[{AT_MS},"0"]]', f"[[{AT_MS}]]", '[["x","1"]]', "[5]"])
async def test_a_candle_that_is_none_is_refused(body: str) -> None:
    async with answering(body.encode()) as binance:
        with pytest.raises(MalformedAnswer, match=r"GET /api/v3/klines: unexpected answer at \[0\]"):
            await binance.candle_open("BTCUSDT", AT)


async def test_where_the_location_is_refused_the_public_data_host_serves_prices(
    binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock
) -> None:
    def answer(name: str) -> None:
        httpx_mock.add_response(status_code=451, json={"code": 0, "msg": "restricted"})
        httpx_mock.add_response(content=sample(name))

    answer("ticker_price")
    assert len(await binance.prices()) == 2
    clock.pass_time(240)  # so long the refusal is remembered
    answer("klines")
    assert await binance.candle_open("BTCUSDT", AT) == Decimal(91000)
    hosts = [request.url.host for request in httpx_mock.get_requests()]
    assert hosts == ["api.binance.com", "data-api.binance.vision"] * 2


async def test_contracts_have_no_public_data_host(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=451, json={"code": 0, "msg": "restricted"})
    with pytest.raises(LocationRefused):
        await binance.contract_open("BTCUSDT", AT)


async def test_an_unknown_path_is_a_plain_refusal(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=404, html="<h2>404 Not found</h2>")
    with pytest.raises(BinanceError, match=r"^GET /api/v3/klines: 404$"):
        await binance.candle_open("BTCUSDT", AT)
