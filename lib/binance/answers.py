"""From an answer of the exchange to JSON, to a shape, or to the error it stands for: the HTTP status decides first.

Source: reference, A.1, B.2, C.2, C.3, H.1; product, the table of section 5.
"""

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal

import httpx
from pydantic import TypeAdapter, ValidationError

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
    UnknownSymbol,
)
from lib.binance.instants import from_ms

FIREWALL_REST = timedelta(minutes=5)  # how long it lasts is not documented
SHORTEST_BAN = timedelta(minutes=2)

ELSEWHERE = (
    "Binance does not serve the place this address is in: run it in another region, or set BINANCE_PROXY_URL to a "
    "proxy that is elsewhere"
)
_OK = 200
_TEAPOT, _TOO_MANY, _FORBIDDEN, _UNAUTHORIZED, _OTHER_PLACE, _SERVER = 418, 429, 403, 401, 451, 500
_PROXY = 407  # no answer of the exchange: a proxy wants to know who asks
_TOO_MANY_REQUESTS, _BAD_TIME, _NO_SYMBOL = -1003, -1021, -1121
_TROUBLE = frozenset({-1000, -1001, -1006, -1007, -1008, -1016})
_KEY = frozenset({-1022, -2008, -2014, -2015})
_BAN_END = re.compile(r"banned until (\d{13})\b")


def _not_a_number(name: str) -> object:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_not_a_number)


def content(call: str, response: httpx.Response, now: datetime) -> object:
    """Return the JSON of a good answer, its fractions as decimals. Raises: what the answer stands for."""
    try:
        body = _DECODER.decode(response.content.decode())
    except (ValueError, ArithmeticError, RecursionError):  # torn, a figure beyond all bounds, nested without end
        if response.status_code == _OK:
            raise MalformedAnswer(call, _OK, "its start: not JSON") from None
        body = None
    reason, text = _complaint(body)
    if response.status_code != _OK or (reason is not None and reason < 0):
        raise _refusal(call, response, reason, text, now)
    return body


def shaped[T](call: str, shape: TypeAdapter[T], body: object) -> T:
    """Return `body` as `shape` has it. Raises: MalformedAnswer, which names the first field that is not so."""
    try:
        return shape.validate_python(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"])
    raise MalformedAnswer(call, _OK, place.removeprefix(".") or "its start")


def _complaint(body: object) -> tuple[int | None, str]:
    if not isinstance(body, dict):
        return None, ""
    code, text = body.get("code"), body.get("msg") or body.get("message")
    if isinstance(code, str) and code.isascii() and code.isdecimal() and len(code) < 12:  # noqa: PLR2004
        code = int(code)  # Pay, fiat and P2P: digits in a text
    return code if isinstance(code, int) else None, text if isinstance(text, str) else ""


def _refusal(call: str, response: httpx.Response, reason: int | None, text: str, now: datetime) -> BinanceError:
    status = response.status_code
    if status == _OTHER_PLACE:
        return LocationRefused(call, status, reason, ELSEWHERE)
    if status == _PROXY:
        return ProxyRefused(call, "the proxy wants another name or password")
    if status == _TEAPOT:
        return Banned(call, status, reason, _ban_end(response, text, now))
    if status == _TOO_MANY or reason == _TOO_MANY_REQUESTS:
        return RateLimited(call, status, reason, text, retry_after_s(response))
    if status == _FORBIDDEN and reason is None:
        return Firewalled(call, status, reason, now + FIREWALL_REST)
    return _kind(status, reason)(call, status, reason, text)


def _kind(status: int, reason: int | None) -> type[BinanceError]:
    if reason in _KEY:
        return KeyRefused
    if reason == _BAD_TIME:
        return ClockSkewed
    if reason == _NO_SYMBOL:
        return UnknownSymbol
    if reason in _TROUBLE or status >= _SERVER:
        return ExchangeTrouble
    return KeyRefused if status == _UNAUTHORIZED else BinanceError


def retry_after_s(response: httpx.Response) -> float | None:
    """Return the seconds the exchange asks us to wait; None where it says nothing of use."""
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isdecimal() and len(told) < 7 and int(told) > 0 else None  # noqa: PLR2004


def _ban_end(response: httpx.Response, text: str, now: datetime) -> datetime:
    if (wait_s := retry_after_s(response)) is not None:
        return now + timedelta(seconds=wait_s)
    told = _BAN_END.search(text)
    return max(from_ms(int(told[1])), now) if told else now + SHORTEST_BAN
