"""Whatever the exchange answers: an error that names the place, or what is true; never a crash or a made-up number."""

import asyncio
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.binance.client import BinanceClient
from lib.binance.errors import MalformedAnswer
from lib.demo.clock import WorldClock
from lib.errors import MonitorError
from tests.binance.wire import AT, KEY, sample

# By the end of its path: the sample of every answer a wallet is read from. Totals and the key's check come with them.
SAMPLES = {
    "wallet/balance": "wallet_balance",
    "getUserAsset": "user_asset",
    "get-funding-asset": "funding_asset",
    "fapi/v3/account": "futures_account",
    "fapi/v3/positionRisk": "futures_positions",
    "dapi/v1/account": "coin_account",
    "dapi/v1/positionRisk": "coin_positions",
    "isolated/account": "isolated_margin",
    "margin/account": "cross_margin",
    "flexible/position": "flexible_positions",
    "locked/position": "locked_positions",
    "eapi/v1/marginAccount": "options_account",
    "papi/v1/balance": "portfolio_balance",
    "um/positionRisk": "portfolio_positions",
    "cm/positionRisk": "portfolio_coin_positions",
    "apiRestrictions": "api_restrictions",
    "account/info": "account_info",
}
NUMBERS = {  # what a figure is made of; whatever else is told may be anything
    *("balance", "free", "locked", "freeze", "withdrawing", "marginBalance", "positionAmt", "notional", "netAsset"),
    *("markPrice", "entryPrice", "notionalValue", "unRealizedProfit", "totalAmount", "amount", "redeemingAmt", "total"),
    *("equity", "totalWalletBalance", "crossMarginBorrowed", "crossMarginInterest", "umUnrealizedPNL"),
    "cmUnrealizedPNL",
}
MARK = "Geheimnis"
ENDPOINTS = sorted(SAMPLES)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.just(MARK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def calls(binance: BinanceClient) -> dict[str, Callable[[], Any]]:
    readers: dict[str, Callable[[], Any]] = {
        wallet: partial(binance.wallet, KEY, wallet) for wallet in binance.readable
    }
    return {
        **readers,
        "totals": partial(binance.totals, KEY),
        "terms": partial(binance.usdm_terms, KEY),
        "check": partial(binance.check, KEY, AT),
    }


def readings(endpoint: str = "", body: bytes = b"") -> dict[str, Any]:
    """Everything that is read of an account whose `endpoint` answers `body`, errors in place of values."""

    def answer(request: httpx.Request) -> httpx.Response:
        found = next(path for path in SAMPLES if request.url.path.endswith(path))
        return httpx.Response(200, content=body if found == endpoint else sample(SAMPLES[found]))

    async def read() -> dict[str, Any]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            binance = BinanceClient(http, WorldClock(AT))
            asked = calls(binance)
            told = await asyncio.gather(*(ask() for ask in asked.values()), return_exceptions=True)
        return dict(zip(asked, told, strict=True))

    return asyncio.run(read())


TRUE = readings()


def changed(endpoint: str, body: bytes) -> tuple[list[Any], dict[str, Any]]:
    """What is no longer read as it was; every error is one of ours and does not repeat the body."""
    found = readings(endpoint, body)
    errors = [told for told in found.values() if isinstance(told, BaseException)]
    for error in errors:
        assert isinstance(error, MonitorError), repr(error)
        assert MARK not in str(error)
        assert len(str(error)) < 300
    return errors, {name: told for name, told in found.items() if told != TRUE[name] and told not in errors}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield (*path, name)
        yield from places(part, (*path, name))


def with_value(body: Any, path: tuple[Any, ...], value: Any) -> bytes:
    copy = json.loads(json.dumps(body))
    place = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(copy).encode()


def figures(endpoint: str) -> list[tuple[Any, ...]]:
    """The places of `endpoint`'s sample that figures are made of."""
    found = [path for path in places(json.loads(sample(SAMPLES[endpoint]))) if path[-1] in NUMBERS]
    if endpoint == "fapi/v3/account":  # its positions' notional counts, its assets' margin balance, its totals never
        found = [path for path in found if path[0] in ("assets", "positions")]
    if endpoint == "dapi/v1/account":  # its positions are read elsewhere
        found = [path for path in found if path[0] == "assets"]
    if endpoint in ("isolated/account", "margin/account"):
        found = [path for path in found if path[-1] == "netAsset"]
    if endpoint in ("fapi/v3/positionRisk", "um/positionRisk"):  # a linear contract's size is told in coins
        found = [path for path in found if path[-1] != "notional"]
    return found if endpoint != "eapi/v1/marginAccount" else [path for path in found if path[-1] == "equity"]


def test_the_samples_are_read_without_an_error() -> None:
    assert [told for told in TRUE.values() if isinstance(told, BaseException)] == []


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(ENDPOINTS), junk)
def test_json_of_another_shape_is_an_error_or_nothing(endpoint: str, value: Any) -> None:
    _, others = changed(endpoint, json.dumps(value).encode())
    for told in others.values():  # an empty list of rows is empty, and no product told of is none closed
        assert value in ([], {}) or not getattr(told, "holdings", ()), (endpoint, value, told)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(ENDPOINTS), st.data())
def test_a_body_that_is_cut_off_is_never_read(endpoint: str, data: st.DataObject) -> None:
    whole = sample(SAMPLES[endpoint]).rstrip()
    errors, others = changed(endpoint, whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert errors
    assert others == {}


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from([endpoint for endpoint in ENDPOINTS if figures(endpoint)]),
    st.data(),
    st.one_of(
        st.sampled_from(
            [MARK, None, True, [], {}, [MARK], {MARK: "1"}, "NaN", "Infinity", "-1e31", "1e9999", "1,5", "0x1"]
        ),
        st.integers(min_value=10**30),
        st.floats(min_value=1e31, allow_infinity=False),
    ),
)
def test_a_figure_that_is_none_or_beyond_all_bounds_is_an_error(endpoint: str, data: st.DataObject, value: Any) -> None:
    path = data.draw(st.sampled_from(figures(endpoint)))
    errors, others = changed(endpoint, with_value(json.loads(sample(SAMPLES[endpoint])), path, value))
    assert errors, (endpoint, path, value)
    assert others == {}
    assert all(isinstance(error, MalformedAnswer) for error in errors)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(ENDPOINTS), st.data(), st.text("abcXYZ", min_size=3, max_size=9), junk)
def test_fields_nobody_knows_change_nothing(endpoint: str, data: st.DataObject, name: str, value: Any) -> None:
    body = json.loads(sample(SAMPLES[endpoint]))
    objects = [path for path in [(), *places(body)] if isinstance(at(body, path), dict)]
    path = data.draw(st.sampled_from(objects))
    assert changed(endpoint, with_value(body, (*path, name), value)) == ([], {})


def at(body: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        body = body[step]
    return body


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_row_given_nested_without_end_or_as_a_page_is_an_error(endpoint: str) -> None:
    for body in (b"[" * 100_000, b"<html>" + MARK.encode() + b"</html>", b'"' + MARK.encode() * 5000 + b'"', b""):
        errors, others = changed(endpoint, body)
        assert errors
        assert others == {}
