"""What goes wrong on the wire, beneath the real client: the table of the product's section 5, row by row."""

import asyncio
import re
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
from pytest_httpx import HTTPXMock

from lib.binance.client import BinanceClient
from lib.binance.errors import (
    Banned,
    BinanceError,
    ClockSkewed,
    ExchangeTrouble,
    Firewalled,
    KeyRefused,
    LocationRefused,
    MalformedAnswer,
    ProxyRefused,
    RateLimited,
    Unreachable,
)
from lib.demo.clock import WorldClock
from lib.errors import MonitorError
from lib.ports import Credentials
from tests.binance.wire import (
    AT,
    AT_MS,
    FUNDING,
    FUTURES,
    FUTURES_TIME,
    KEY,
    PRICES,
    SPOT,
    TIME,
    TOTALS,
    sample,
    sent,
    waited_s,
)

ELSEWHERE = (
    '{"code":0,"msg":"Service unavailable from a restricted location according to \'b. Eligibility\' in '
    "https://www.binance.com/en/terms. Please contact customer service if you believe you received this message in "
    'error."}'
)
TOO_MANY = '{"code":-1003,"msg":"Too many requests queued."}'
TOO_OLD = '{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}'


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("refused"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        httpx.ReadError("reset"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_dropped_call_is_sent_again_with_a_fresh_signature(
    binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock, error: httpx.TransportError
) -> None:
    httpx_mock.add_exception(error, url=TOTALS)
    httpx_mock.add_exception(error, url=TOTALS)
    httpx_mock.add_response(url=TOTALS, content=sample("wallet_balance"))
    assert (await binance.totals(KEY))["spot"] == Decimal("54321.12345678")
    tries = [sent(request) for request in httpx_mock.get_requests()]
    assert [int(each["timestamp"]) - AT_MS for each in tries] == [0, 500, 2500]
    assert len({each["signature"] for each in tries}) == 3
    assert waited_s(clock) == 2.5


async def test_three_tries_are_enough(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_exception(httpx.ReadTimeout("slow"), url=SPOT, is_reusable=True)
    with pytest.raises(Unreachable, match=r"^POST /sapi/v3/asset/getUserAsset: no answer \(ReadTimeout\)$"):
        await binance.wallet(KEY, "spot")
    assert len(httpx_mock.get_requests()) == 3


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, '{"code":-1000,"msg":"An unknown error occurred while processing the request."}'),
        (400, '{"code":-1001,"msg":"Internal error; unable to process your request. Please try again."}'),
        (400, '{"code":-1006,"msg":"An unexpected response was received from the message bus."}'),
        (504, '{"code":-1007,"msg":"Timeout waiting for response from backend server."}'),
        (503, '{"code":-1008,"msg":"Server is currently overloaded with other requests."}'),
        (502, "<html><body>Bad Gateway</body></html>"),
        (503, '{"239999":"The system is under maintenance, please try again later."}'),
        (200, '{"code":-1001,"msg":"Internal error; unable to process your request. Please try again."}'),
    ],
)
async def test_trouble_on_their_side_is_tried_again_then_told(
    binance: BinanceClient, httpx_mock: HTTPXMock, status: int, body: str
) -> None:
    httpx_mock.add_response(url=TOTALS, status_code=status, text=body, is_reusable=True)
    with pytest.raises(ExchangeTrouble) as caught:
        await binance.totals(KEY)
    assert caught.value.retryable
    assert len(httpx_mock.get_requests()) == 3


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        pytest.param({"Retry-After": "7"}, 7, id="told"),
        pytest.param({"Retry-After": "0"}, 15, id="zero"),
        pytest.param({}, 15, id="absent"),
        pytest.param({"Retry-After": "Thu, 01 Jan 2026 00:00:45 GMT"}, 15, id="a date"),
    ],
)
async def test_a_429_lets_the_pool_rest_and_then_goes_on(
    binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock, headers: dict[str, str], wait_s: int
) -> None:
    httpx_mock.add_response(url=PRICES, status_code=429, text=TOO_MANY, headers=headers)
    httpx_mock.add_response(url=PRICES, content=sample("ticker_price"))
    assert len(await binance.prices()) == 2
    assert waited_s(clock) == wait_s


async def test_a_429_without_end_is_told_after_three_tries_with_longer_rests(
    binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TOTALS, status_code=429, text=TOO_MANY, is_reusable=True)
    with pytest.raises(RateLimited):
        await binance.totals(KEY)
    assert len(httpx_mock.get_requests()) == 3
    assert waited_s(clock) == 15 + 30


async def test_a_resting_pool_holds_back_no_other(
    binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock
) -> None:
    """The sapi counts every endpoint apart; the rest lasts for this one alone."""
    httpx_mock.add_response(url=TOTALS, status_code=429, text=TOO_MANY, headers={"Retry-After": "600"})
    httpx_mock.add_response(url=FUNDING, content=sample("funding_asset"))
    with pytest.raises(RateLimited, match="its pool rests for 600 s"):
        await binance.totals(KEY)
    await binance.wallet(KEY, "funding")
    with pytest.raises(RateLimited):
        await binance.totals(KEY)
    assert len(httpx_mock.get_requests()) == 2
    assert waited_s(clock) == 0


@pytest.mark.parametrize(
    ("headers", "text", "ban_s"),
    [
        pytest.param({"Retry-After": "120"}, "banned", 120, id="told"),
        pytest.param(
            {}, f"Way too much request weight used; IP banned until {AT_MS + 400_000}.", 400, id="in the text"
        ),
        pytest.param(
            {"Retry-After": "0"},
            f"Way too many requests; IP(203.0.113.7) banned until {AT_MS + 300_000}. Please use the websocket.",
            300,
            id="zero, and in the text",
        ),
        pytest.param({}, "no more", 120, id="nowhere: the shortest ban there is"),
    ],
)
async def test_a_ban_stops_every_call_until_it_ends(
    binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock, headers: dict[str, str], text: str, ban_s: int
) -> None:
    httpx_mock.add_response(url=FUTURES, status_code=418, json={"code": -1003, "msg": text}, headers=headers)
    with pytest.raises(Banned) as caught:
        await binance.wallet(KEY, "usdm")
    assert caught.value.until == AT + timedelta(seconds=ban_s)
    clock.pass_time(ban_s - 1)
    for call in (binance.time, binance.prices, lambda: binance.totals(KEY)):
        with pytest.raises(Banned):
            await call()
    assert len(httpx_mock.get_requests()) == 1
    clock.pass_time(1)
    httpx_mock.add_response(url=TIME, content=sample("time"))
    await binance.time()


async def test_a_page_of_the_firewall_keeps_us_away_for_a_while(
    binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TOTALS, status_code=403, html="<html><h1>403 ERROR</h1></html>")
    with pytest.raises(Firewalled, match="before 2026-01-01T00:05:00Z"):
        await binance.totals(KEY)
    with pytest.raises(Firewalled, match="GET /api/v3/time"):
        await binance.time()
    clock.pass_time(300)
    httpx_mock.add_response(url=TIME, content=sample("time"))
    await binance.time()


async def test_a_refused_location_is_not_data_and_its_host_not_asked_again_for_a_while(
    binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock
) -> None:
    """Its body has code 0, which is not negative."""
    httpx_mock.add_response(url=TOTALS, status_code=451, text=ELSEWHERE)
    for _ in range(2):
        with pytest.raises(LocationRefused, match="BINANCE_PROXY_URL") as caught:
            await binance.totals(KEY)
        assert not caught.value.retryable
    assert len(httpx_mock.get_requests()) == 1
    httpx_mock.add_response(url=FUTURES, content=sample("futures_account"))
    await binance.wallet(KEY, "usdm")  # another host may answer
    clock.pass_time(240)
    httpx_mock.add_response(url=TOTALS, content=sample("wallet_balance"))
    await binance.totals(KEY)


async def test_where_the_location_is_refused_the_public_data_host_tells_the_time(
    binance: BinanceClient, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TIME, status_code=451, text=ELSEWHERE)
    httpx_mock.add_response(url="https://data-api.binance.vision/api/v3/time", json={"serverTime": AT_MS + 1000})
    assert await binance.time() == AT + timedelta(seconds=1)


async def test_an_address_that_is_answered_again_is_banned_no_more(
    binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock
) -> None:
    """On a serverless platform addresses change: the ban was another one's."""
    ping = "https://api.binance.com/api/v3/ping"
    httpx_mock.add_response(url=TIME, status_code=418, text="{}", headers={"Retry-After": "600"})
    with pytest.raises(Banned):
        await binance.time()
    assert binance.banned_until == AT + timedelta(seconds=600)
    clock.pass_time(100)
    httpx_mock.add_response(url=ping, status_code=418, text="{}", headers={"Retry-After": "700"})
    with pytest.raises(Banned):
        await binance.ping()
    assert binance.banned_until == AT + timedelta(seconds=800)
    httpx_mock.add_exception(httpx.ReadTimeout("slow"), url=ping)
    with pytest.raises(Unreachable):
        await binance.ping()
    with pytest.raises(Banned):
        await binance.time()
    httpx_mock.add_response(url=ping, json={})
    await binance.ping()
    httpx_mock.add_response(url=TIME, content=sample("time"))
    await binance.time()
    assert not any("signature" in str(request.url) for request in httpx_mock.get_requests())


async def test_what_listens_hears_of_every_call_that_failed(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=SPOT, status_code=400, text="{}")
    httpx_mock.add_response(url=FUNDING, content=sample("funding_asset"))
    heard: list[MonitorError] = []
    listened = binance.heard_by(heard.append)
    with pytest.raises(BinanceError) as caught:
        await listened.wallet(KEY, "spot")
    await listened.wallet(KEY, "funding")
    assert heard == [caught.value]


async def test_a_proxy_that_does_not_let_us_through_is_no_answer_of_the_exchange(
    binance: BinanceClient, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_exception(httpx.ProxyError("407 for http://me:hunter2@proxy.example"), url=TOTALS)
    httpx_mock.add_response(url=TOTALS, status_code=407, html="<h1>Proxy Authentication Required</h1>")
    for _ in range(2):
        with pytest.raises(ProxyRefused) as caught:
            await binance.totals(KEY)
        assert "hunter2" not in str(caught.value)
    assert len(httpx_mock.get_requests()) == 2


@pytest.mark.parametrize("path", [FUTURES, SPOT])
async def test_a_wallet_the_key_cannot_read_is_told_with_both_cures(
    binance: BinanceClient, httpx_mock: HTTPXMock, path: str
) -> None:
    httpx_mock.add_response(url=path, status_code=401, json={"code": -2015, "msg": "Invalid API-key."})
    with pytest.raises(KeyRefused) as caught:
        await binance.wallet(KEY, "usdm" if path == FUTURES else "spot")
    cures = ("make a new one", "Enable Futures")
    assert [cure in str(caught.value) for cure in cures] == [path == FUTURES] * 2


@pytest.mark.parametrize(
    ("wallet", "clock_url", "path"),
    [("spot", TIME, SPOT), ("usdm", FUTURES_TIME, FUTURES)],
)
async def test_a_wrong_clock_is_measured_and_the_call_repeated_once(
    binance: BinanceClient, httpx_mock: HTTPXMock, wallet: str, clock_url: str, path: str
) -> None:
    body = sample("user_asset" if wallet == "spot" else "futures_account")
    httpx_mock.add_response(url=path, status_code=400, text=TOO_OLD)
    httpx_mock.add_response(url=clock_url, json={"serverTime": AT_MS + 65_000})
    httpx_mock.add_response(url=path, content=body)
    await binance.wallet(KEY, wallet)
    first, _, second = httpx_mock.get_requests()
    assert int(sent(second)["timestamp"]) - int(sent(first)["timestamp"]) == 65_000
    assert sent(first)["signature"] != sent(second)["signature"]
    assert binance.clock_offset == timedelta(seconds=65)


async def test_a_clock_that_stays_wrong_is_told(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=SPOT, status_code=400, text=TOO_OLD, is_reusable=True)
    httpx_mock.add_response(url=TIME, json={"serverTime": AT_MS})
    with pytest.raises(ClockSkewed):
        await binance.wallet(KEY, "spot")
    assert len(httpx_mock.get_requests(url=SPOT)) == 2


async def test_an_exchange_that_refuses_even_the_question_for_its_time_is_told(
    binance: BinanceClient, httpx_mock: HTTPXMock
) -> None:
    """Measuring to mend the measuring waited for itself without end."""
    httpx_mock.add_response(status_code=400, text=TOO_OLD, is_reusable=True)
    with pytest.raises(ClockSkewed, match="GET /api/v3/time"):
        await binance.totals(KEY)
    assert len(httpx_mock.get_requests()) == 2


async def test_calls_that_find_the_clock_wrong_together_measure_it_once(
    binance: BinanceClient, httpx_mock: HTTPXMock
) -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)  # let the others leave, too
        late = int(sent(request)["timestamp"]) < AT_MS + 60_000
        return httpx.Response(400, text=TOO_OLD) if late else httpx.Response(200, content=b"[]")

    httpx_mock.add_response(url=TIME, json={"serverTime": AT_MS + 65_000})
    httpx_mock.add_callback(answer, is_reusable=True)
    await asyncio.gather(*(binance.wallet(KEY, wallet) for wallet in ("spot", "funding", "spot", "funding")))
    assert len(httpx_mock.get_requests()) == 9


@pytest.mark.parametrize(
    ("status", "reason", "text"),
    [
        (400, -1022, "Signature for this request is not valid."),
        (401, -2014, "API-key format invalid."),
        (401, -2015, "Invalid API-key, IP, or permissions for action, request ip: 203.0.113.7"),
        (400, -2008, "Invalid Api-Key ID."),
    ],
)
async def test_a_refused_key_is_asked_once_and_told_with_the_likely_cause(
    binance: BinanceClient, httpx_mock: HTTPXMock, status: int, reason: int, text: str
) -> None:
    httpx_mock.add_response(status_code=status, json={"code": reason, "msg": text})
    told = re.escape(f"GET /sapi/v1/asset/wallet/balance: {reason} {text.removesuffix('.')}. Likely: ")
    with pytest.raises(KeyRefused, match=told) as caught:
        await binance.totals(KEY)
    assert (caught.value.code, caught.value.retryable, caught.value.reason) == ("key_refused", False, reason)


@pytest.mark.parametrize("api_key", ["abc\r\nX-Evil: 1", "schlüssel"])
async def test_a_key_no_header_can_carry_is_refused_before_it_is_sent(binance: BinanceClient, api_key: str) -> None:
    with pytest.raises(KeyRefused) as caught:
        await binance.totals(Credentials("acc", api_key, "secret"))
    assert api_key not in str(caught.value)


async def test_any_other_no_is_told_as_it_is(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=400, json={"code": -1100, "msg": "Illegal characters found in parameter 'x'."})
    with pytest.raises(BinanceError, match=r"^GET /sapi/v1/asset/wallet/balance: -1100 Illegal characters"):
        await binance.totals(KEY)


async def test_a_redirect_is_not_followed_with_a_signature(clock: WorldClock, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=302, headers={"Location": "https://elsewhere.example/"})
    async with httpx.AsyncClient(follow_redirects=True) as http:
        with pytest.raises(BinanceError, match="302"):
            await BinanceClient(http, clock).totals(KEY)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param(sample("wallet_balance")[:100], "its start: not JSON", id="torn"),
        pytest.param(b"<html>hello</html>", "its start: not JSON", id="a page"),
        pytest.param(b"\xff\xfe", "its start: not JSON", id="not even text"),
        pytest.param(b"[" * 100_000, "its start: not JSON", id="nested without end"),
        pytest.param(
            b'[{"walletName":"Spot","balance":1e99999999999999999999}]', "its start: not JSON", id="boundless"
        ),
        pytest.param(b'[{"walletName":"Spot","balance":NaN}]', "its start: not JSON", id="not a number"),
        pytest.param(b"null", "its start", id="nothing"),
        pytest.param(b"{}", "its start", id="an object for a list"),
        pytest.param(b'[{"walletName":"Spot"}]', r"\[0\]\.balance", id="a field is absent"),
        pytest.param(b'[{"walletName":"Spot","balance":"NaN"}]', r"\[0\]\.balance", id="NaN as text"),
        pytest.param(b'[{"walletName":"Spot","balance":"1e31"}]', r"\[0\]\.balance", id="beyond reason"),
        pytest.param(b'[{"walletName":"Spot","balance":"s3cret"}]', r"\[0\]\.balance", id="a word"),
        pytest.param(b'[{"walletName":"Spot","balance":null}]', r"\[0\]\.balance", id="null"),
    ],
)
async def test_an_unexpected_body_is_named_by_endpoint_and_field_and_never_shown(
    binance: BinanceClient, httpx_mock: HTTPXMock, body: bytes, field: str
) -> None:
    httpx_mock.add_response(url=TOTALS, content=body)
    expected = rf"^GET /sapi/v1/asset/wallet/balance: unexpected answer at {field}$"
    with pytest.raises(MalformedAnswer, match=expected) as caught:
        await binance.totals(KEY)
    assert "s3cret" not in repr(caught.value) + repr(caught.value.__cause__)
    assert len(httpx_mock.get_requests()) == 1


async def test_a_broken_encoding_is_an_unexpected_body(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TOTALS, content=b"not gzip", headers={"Content-Encoding": "gzip"})
    with pytest.raises(MalformedAnswer, match="its encoding"):
        await binance.totals(KEY)


async def test_no_retry_goes_past_the_deadline(
    binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=TOTALS, status_code=500, text="", is_reusable=True)
    with pytest.raises(ExchangeTrouble):
        await binance.before(AT + timedelta(seconds=2)).totals(KEY)
    assert len(httpx_mock.get_requests()) == 2
    assert waited_s(clock) == 0.5


async def test_no_rest_goes_past_the_deadline(binance: BinanceClient, clock: WorldClock, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TOTALS, status_code=429, text=TOO_MANY, headers={"Retry-After": "30"})
    with pytest.raises(RateLimited, match="its pool rests for 30 s"):
        await binance.before(AT + timedelta(seconds=20)).totals(KEY)
    assert waited_s(clock) == 0


async def test_a_call_takes_no_longer_than_its_run_has_left(binance: BinanceClient, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TIME, content=sample("time"), is_reusable=True)
    await binance.time()
    await binance.before(AT + timedelta(seconds=3)).time()
    waits = [request.extensions["timeout"] for request in httpx_mock.get_requests()]
    assert [(wait["connect"], wait["read"]) for wait in waits] == [(5, 10), (3, 3)]


async def test_after_the_deadline_nothing_is_sent(binance: BinanceClient) -> None:
    with pytest.raises(Unreachable, match="no time left"):
        await binance.before(AT).time()
    assert binance.usage().requests == 0


def test_every_error_has_a_code_of_its_own() -> None:
    def below(kind: type[MonitorError]) -> list[type[MonitorError]]:
        return [kind, *(deeper for child in kind.__subclasses__() for deeper in below(child))]

    kinds = below(BinanceError)
    assert len({kind.code for kind in kinds}) == len(kinds) > 12
