"""The exchange's own daily snapshots, and daily prices: three heavy calls, none with a wider span than is taken."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from lib.binance.client import BinanceClient
from lib.binance.errors import MalformedAnswer
from lib.binance.instants import from_ms
from lib.demo.clock import WorldClock
from lib.domain.estimates import DailyBalance
from tests.binance.wire import AT, AT_MS, KEY, answering, sample, sent

ENDED = from_ms(1_576_281_599_000)
DAY_MS = 86_400_000


@asynccontextmanager
async def telling(asked: list[dict[str, str]], **changed: bytes) -> AsyncIterator[BinanceClient]:
    """A client whose exchange has the samples, or what is given for one type."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(sent(request))
        kind = asked[-1]["type"].lower()
        return httpx.Response(200, content=changed.get(kind) or sample(f"snapshot_{kind}"))

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        yield BinanceClient(http, WorldClock(AT))


async def test_the_samples_net_of_debt_and_with_open_profit() -> None:
    async with telling([]) as binance:
        assert await binance.daily_balances(KEY, AT) == (
            DailyBalance("spot", ENDED, {"BTC": Decimal("0.09905021"), "USDT": Decimal(2)}),
            DailyBalance("margin", ENDED, {"XRP": Decimal(1)}),
            DailyBalance("futures", ENDED, {"USDT": Decimal("118.99782335")}),
        )
        assert binance.usage().weight == {"sapi": 7200}


async def test_the_span_is_the_widest_that_is_taken() -> None:
    asked: list[dict[str, str]] = []
    async with telling(asked) as binance:
        await binance.daily_balances(KEY, AT)
    assert {one["type"] for one in asked} == {"SPOT", "MARGIN", "FUTURES"}
    for one in asked:
        assert (int(one["endTime"]), one["limit"]) == (AT_MS, "30")
        assert 29 * DAY_MS < int(one["endTime"]) - int(one["startTime"]) < 30 * DAY_MS


@pytest.mark.parametrize(
    "body",
    [
        {"code": 201, "msg": "", "snapshotVos": []},
        {"code": 200, "msg": ""},
        {"code": 200, "snapshotVos": [{"updateTime": AT_MS, "data": {}}]},
        {"code": 200, "snapshotVos": [{"updateTime": "soon", "data": {"balances": []}}]},
        {"code": 200, "snapshotVos": [{"updateTime": AT_MS, "data": {"balances": [{"asset": "BTC", "free": "x"}]}}]},
        [],
    ],
)
async def test_an_answer_of_another_shape_is_refused(body: Any) -> None:
    async with telling([], spot=json.dumps(body).encode()) as binance:
        with pytest.raises(MalformedAnswer, match="GET /sapi/v1/accountSnapshot"):
            await binance.daily_balances(KEY, AT)


async def test_daily_closes_are_by_the_day_that_they_end() -> None:
    candles = [
        [AT_MS - DAY_MS, "1", "9", "1", "87.5", "3", AT_MS - 1, "4", 7, "1", "1", "0"],
        [AT_MS, "87.5", "9", "1", "88", "3", AT_MS + DAY_MS - 1, "4", 7, "1", "1", "0"],
    ]
    async with answering(json.dumps(candles).encode()) as binance:
        found = await binance.daily_closes("BTCUSDT", AT + timedelta(hours=3))
    assert found == {date(2025, 12, 31): Decimal("87.5"), date(2026, 1, 1): Decimal(88)}


@pytest.mark.parametrize("candle", [[AT_MS, "1", "9", "1", "0"], [AT_MS, "1"], "candle", [AT_MS, "1", "9", "1", None]])
async def test_a_candle_that_is_none_is_refused(candle: Any) -> None:
    async with answering(json.dumps([candle]).encode()) as binance:
        with pytest.raises(MalformedAnswer, match="GET /api/v3/klines"):
            await binance.daily_closes("BTCUSDT", AT)


async def test_a_symbol_that_is_not_listed_has_no_closes() -> None:
    refusal = httpx.Response(400, content=b'{"code":-1121,"msg":"Invalid symbol."}')
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _request: refusal)) as http:
        assert await BinanceClient(http, WorldClock(AT)).daily_closes("XYZUSDT", AT) == {}
