"""Futures income: each row once however the pages fall, its kind by the exchange's name, transfers left out."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.binance import income
from lib.binance.client import BinanceClient
from lib.binance.errors import MalformedAnswer
from lib.binance.instants import from_ms
from lib.demo.clock import WorldClock
from lib.domain.income import IncomeReading, IncomeRow
from tests.binance.wire import AT, AT_MS, KEY, answering, sample, sent

WEEK = timedelta(days=7)
ROW: dict[str, Any] = {
    "symbol": "BTCUSDT",
    "incomeType": "REALIZED_PNL",
    "income": "12.5",
    "asset": "USDT",
    "info": "",
    "time": AT_MS,
    "tranId": 9_689_322_392_001_000_123,
    "tradeId": "7",
}


async def _read(*rows: dict[str, Any], wallet: str = "usdm") -> IncomeReading:
    async with answering(json.dumps(rows).encode()) as binance:
        return await binance.income(KEY, wallet, AT - WEEK, AT)


async def test_the_sample_is_a_transfer_and_so_no_income() -> None:
    async with answering(sample("income")) as binance:
        assert await binance.income(KEY, "usdm", AT - WEEK, AT) == IncomeReading("usdm", AT, ())


async def test_a_row_keeps_all_digits_of_its_id_and_its_sign() -> None:
    assert (await _read(ROW | {"income": "-0.00000001"})).rows == (
        IncomeRow(
            "REALIZED_PNL:9689322392001000123:BTCUSDT:USDT",
            "realised",
            "REALIZED_PNL",
            "USDT",
            Decimal("-0.00000001"),
            AT,
        ),
    )


async def test_the_coin_family_is_another_host_and_its_ids_are_text() -> None:
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        row = ROW | {"symbol": "BTCUSD_PERP", "asset": "BTC", "tranId": "9689322392001000123"}
        return httpx.Response(200, content=json.dumps([row]).encode())

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        binance = BinanceClient(http, WorldClock(AT))
        (row,) = (await binance.income(KEY, "coinm", AT - WEEK, AT)).rows
        assert binance.usage().weight == {"futures": 20}
    assert (row.asset, row.key) == ("BTC", "REALIZED_PNL:9689322392001000123:BTCUSD_PERP:BTC")
    assert [(url.host, url.path) for url in asked] == [("dapi.binance.com", "/dapi/v1/income")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("REALIZED_PNL", "realised"),
        ("DELIVERED_SETTELMENT", "realised"),
        ("FUNDING_FEE", "funding"),
        ("SPECIAL_FUNDING_FEE", "funding"),
        ("COMMISSION", "commission"),
        ("FEE_RETURN", "commission"),
        ("REFERRAL_KICKBACK", "rewards"),
        ("BFUSD_REWARD", "rewards"),
        ("INSURANCE_CLEAR", "other"),
        ("SOMETHING_NEW", None),
    ],
)
async def test_what_kind_of_income_a_row_is(name: str, kind: str | None) -> None:
    (row,) = (await _read(ROW | {"incomeType": name})).rows
    assert (row.kind, row.name) == (kind, name)


@pytest.mark.parametrize(
    "name",
    [
        "TRANSFER",
        "INTERNAL_TRANSFER",
        "CROSS_COLLATERAL_TRANSFER",
        "COIN_SWAP_DEPOSIT",
        "COIN_SWAP_WITHDRAW",
        "STRATEGY_UMFUTURES_TRANSFER",
        "AUTO_EXCHANGE",
    ],
)
async def test_what_moves_between_own_wallets_or_coins_is_no_income(name: str) -> None:
    assert (await _read(ROW | {"incomeType": name})).rows == ()


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (ROW | {"income": "much"}, "income"),
        (ROW | {"income": "1e31"}, "income"),
        (ROW | {"asset": ""}, "asset"),
        (ROW | {"time": -1}, "time"),
        (ROW | {"tranId": None}, "tranId"),
    ],
)
async def test_a_row_we_do_not_understand_is_never_passed_over(row: dict[str, Any], field: str) -> None:
    with pytest.raises(MalformedAnswer, match=rf"GET /fapi/v1/income: unexpected answer at \[0\]\.{field}$"):
        await _read(row)


class History:
    """An income history that keeps the exchange's rules: oldest first, both ends inclusive, cut at the newest end."""

    def __init__(self, times_ms: list[int], page: int) -> None:
        self.rows = [ROW | {"tranId": number, "time": at} for number, at in enumerate(times_ms)]
        self.page, self.calls = page, 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        asked = {name: int(value) for name, value in sent(request).items() if name != "signature"}
        assert asked["limit"] == self.page
        assert "page" not in asked
        inside = [row for row in self.rows if asked["startTime"] <= row["time"] <= asked["endTime"]]
        oldest_first = sorted(inside, key=lambda row: int(row["time"]))
        return httpx.Response(200, content=json.dumps(oldest_first[: self.page]).encode())


async def _walk(history: History, start_ms: int, most: int) -> IncomeReading:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(income, "PAGE", history.page)
        patch.setattr(income, "MOST_PAGES", most)
        async with httpx.AsyncClient(transport=httpx.MockTransport(history.answer)) as http:
            return await BinanceClient(http, WorldClock(AT)).income(KEY, "usdm", from_ms(start_ms), AT)


@settings(max_examples=80, deadline=None)
@given(
    ages=st.lists(st.integers(0, 30), max_size=25),
    page=st.integers(2, 9),
    most=st.integers(1, 4),
)
async def test_every_row_is_read_however_the_pages_fall_and_a_walk_cut_short_goes_on_where_it_stopped(
    ages: list[int], page: int, most: int
) -> None:
    history = History([AT_MS - age for age in ages], page)
    crowded = max((ages.count(age) for age in ages), default=0) >= page
    seen: dict[str, IncomeRow] = {}
    start_ms = AT_MS - 31
    for _ in range(60):
        before = history.calls
        try:
            reading = await _walk(history, start_ms, most)
        except MalformedAnswer:
            assert crowded, "a full page of one instant is the only thing that cannot be passed"
            return
        assert history.calls - before <= most
        assert [row.at for row in reading.rows] == sorted(row.at for row in reading.rows)
        seen |= {row.key: row for row in reading.rows}
        if not reading.unfinished:
            assert reading.through == AT
            assert len(seen) == len(ages)
            return
        moved_ms = round(reading.through.timestamp() * 1000)
        if moved_ms == start_ms:
            assert crowded
            return
        start_ms = moved_ms
    raise AssertionError("the walk never ends")
