"""Income and daily snapshots of the wrong shape: an error that names the place, never a crash nor a made-up number."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.binance.client import BinanceClient
from lib.binance.errors import BinanceError
from lib.demo.clock import WorldClock
from tests.binance.wire import AT, KEY, sample

MARK = "Geheimnis"
PAID = {"symbol": "BTCUSDT", "incomeType": "FUNDING_FEE", "income": "1.5", "asset": "USDT", "time": 1, "tranId": 2}
CANDLE = [1_767_139_200_000, "1", "2", "0.5", "1.5", "9", 1_767_225_599_999, "1", 3, "1", "1", "0"]
SAMPLES: dict[str, list[Any]] = {
    "income": [[PAID], json.loads(sample("income"))],
    "days": [json.loads(sample(f"snapshot_{kind}")) for kind in ("spot", "margin", "futures")],
    "closes": [[CANDLE]],
}
# Every figure that an answer may tell, whatever became of its neighbours.
TRUE = {"1.5", "0.09905021", "1.89109409", "0.10890591", "2.00000000", "1.00000000", "118.99782335"}
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(MARK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
bodies = st.sampled_from([body for bodies in SAMPLES.values() for body in bodies])


@st.composite
def changed(draw: st.DrawFn) -> bytes:
    """A sample with one place of it replaced, taken away or joined by something unknown; or cut short; or no sample."""
    whole = json.loads(json.dumps(draw(bodies)))
    how = draw(st.sampled_from(["replace", "remove", "add", "cut", "huge", "other"]))
    if how == "other":
        return json.dumps(draw(junk)).encode()
    if how == "cut":
        text = json.dumps(whole)
        return text[: draw(st.integers(0, len(text) - 1))].encode()
    places = list(_places(whole))
    holder, name = draw(st.sampled_from(places))
    if how == "replace":
        holder[name] = draw(junk)
    elif how == "huge":
        holder[name] = draw(st.sampled_from(["1e400", "-1e31", "NaN", "Infinity", 10**40, "9" * 5000]))
    elif how == "add" and isinstance(holder, dict):
        holder[draw(st.text(max_size=6))] = draw(junk)
    else:
        del holder[name]
    return json.dumps(whole).encode()


def _places(value: Any) -> Any:
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, name
            yield from _places(inner)


async def _ask(body: bytes, call: str) -> list[str]:
    """The figures that an answer tells, as text."""
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=body))
    async with httpx.AsyncClient(transport=transport) as http:
        binance = BinanceClient(http, WorldClock(AT))
        if call == "income":
            return [str(row.amount) for row in (await binance.income(KEY, "usdm", AT, AT)).rows]
        if call == "days":
            days = await binance.daily_balances(KEY, AT)
            return [str(quantity) for day in days for quantity in day.quantities.values()]
        return [str(close) for close in (await binance.daily_closes("BTCUSDT", AT)).values()]


@pytest.mark.parametrize("call", sorted(SAMPLES))
@settings(max_examples=250, deadline=None)
@given(data=st.data())
async def test_it_is_refused_by_its_place_or_read_as_it_is(call: str, data: st.DataObject) -> None:
    body = data.draw(changed())
    figures, refused = await _tried(body, call)
    assert MARK not in refused, "a body is never told whole"
    assert len(refused) < 300
    if figures:
        told = set(_texts(json.loads(body)))
        assert all(figure in TRUE or figure in told for figure in figures), "no figure that nobody told"


async def _tried(body: bytes, call: str) -> tuple[list[str], str]:
    """What an answer tells, or what is said of it where it is refused."""
    try:
        return await _ask(body, call), ""
    except BinanceError as error:
        return [], str(error)


def _texts(value: Any) -> Any:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
    else:
        yield str(value)


@pytest.mark.parametrize("call", ["income", "closes"])
async def test_the_samples_themselves_are_read(call: str) -> None:
    assert await _ask(json.dumps(SAMPLES[call][0]).encode(), call) == ["1.5"]
