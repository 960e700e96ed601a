"""Nothing of a key, a secret or a signed query in any text we make, whatever the exchange answers."""

import logging
import traceback
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pytest_httpx import HTTPXMock

from lib.binance.client import BinanceClient
from lib.binance.errors import BinanceError, told
from lib.domain.flows import DEPOSITS
from tests.binance.wire import AT, KEY, sample

ECHO = "Path /sapi?x=1&signature=abc of vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A\r\n<b>"


def _faults() -> list[httpx.Response | httpx.TransportError]:
    codes = [(400, -1022), (401, -2015), (400, -1021), (429, -1003), (418, -1003), (451, 0), (500, -1000), (400, -1100)]
    return [
        *(httpx.Response(status, json={"code": code, "msg": ECHO}) for status, code in codes),
        httpx.Response(200, text=f'[{{"id":"{KEY.secret}"}}]'),
        httpx.Response(200, text=f"[{KEY.secret}"),
        httpx.Response(403, html=ECHO),
        httpx.ReadTimeout(f"timeout of {KEY.secret}"),
        httpx.LocalProtocolError(f"Illegal header value {KEY.api_key}"),
    ]


@pytest.mark.parametrize("fault", _faults(), ids=str)
async def test_no_error_tells_a_secret(
    binance: BinanceClient, httpx_mock: HTTPXMock, fault: httpx.Response | httpx.TransportError
) -> None:
    queries = []

    def answer(request: httpx.Request) -> httpx.Response:
        queries.append(urlsplit(str(request.url)).query)
        if isinstance(fault, httpx.TransportError):
            raise fault
        return httpx.Response(fault.status_code, headers=fault.headers, content=fault.content)

    httpx_mock.add_callback(answer, is_reusable=True)
    with pytest.raises(BinanceError) as caught:
        await binance.movements(KEY, DEPOSITS, AT, AT)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(caught.value.args)
    signatures = [parse_qs(query)["signature"][0] for query in queries if "signature" in query]
    assert signatures
    for secret in (KEY.secret, KEY.api_key, "signature=", "startTime=", "recvWindow", *signatures, *queries):
        assert secret == "" or secret not in shown


async def test_the_log_of_httpx_keeps_signed_addresses_out(
    binance: BinanceClient, httpx_mock: HTTPXMock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    httpx_mock.add_response(content=sample("wallet_balance"))
    await binance.totals(KEY)
    assert "signature" not in caplog.text
    assert "timestamp=" not in caplog.text


def test_a_key_does_not_show_in_its_repr() -> None:
    assert KEY.secret not in repr(KEY)
    assert KEY.api_key not in repr(KEY)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Invalid symbol.", "Invalid symbol."),
        ("Mandatory parameter 'timestamp' was not sent.", "Mandatory parameter 'timestamp' was not sent."),
        ("request ip: 203.0.113.7", "request ip: 203.0.113.7"),
        ("see https://x.example/a?signature=12 or", "see … or"),
        ("two\nlines\x1b[31m", "two lines [31m"),
        ("key " + "a1" * 32 + ".", "key …."),
        ("word " * 100, ("word " * 40).strip()),
    ],
)
def test_a_message_of_the_exchange_is_shown_without_what_may_be_secret(text: str, shown: str) -> None:
    assert told(text) == shown
