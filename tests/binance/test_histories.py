"""However a list is cut into windows, pages and slices: every row is read once, and reading comes to an end."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.binance import flows
from lib.binance.client import BinanceClient
from lib.binance.errors import MalformedAnswer
from lib.binance.flows import capital, fiat, p2p, pay, subaccounts
from lib.binance.flows.history import History, Pages, windows
from lib.demo.clock import WorldClock
from lib.domain import sources
from lib.domain.flows import DEPOSITS, Movement
from tests.binance.wire import AT, AT_MS, KEY, answering, sent

DAY_MS = 86_400_000
SPAN = timedelta(days=170)

type Make = Callable[[int, int], dict[str, Any]]


def _deposit(number: int, at_ms: int) -> dict[str, Any]:
    return {"id": str(number), "coin": "USDT", "amount": "10", "insertTime": at_ms, "status": 1}


def _payment(number: int, at_ms: int) -> dict[str, Any]:
    return {"transactionId": str(number), "transactionTime": at_ms, "amount": "10", "currency": "USDT"}


def _p2p(number: int, at_ms: int) -> dict[str, Any]:
    base = {"tradeType": "BUY", "asset": "USDT", "amount": "5", "orderStatus": "COMPLETED"}
    return {**base, "orderNumber": str(number), "createTime": at_ms}


def _order(number: int, at_ms: int) -> dict[str, Any]:
    times = {"createTime": at_ms, "updateTime": at_ms}
    return {"orderNo": str(number), "fiatCurrency": "EUR", "amount": "5", "status": "Successful", **times}


def _transfer(number: int, at_ms: int) -> dict[str, Any]:
    return {"tranId": number, "type": 1, "asset": "BTC", "qty": "1", "status": "SUCCESS", "time": at_ms}


def _bare(rows: list[dict[str, Any]]) -> object:
    return rows


def _wrapped(rows: list[dict[str, Any]]) -> object:
    return {"code": "000000", "success": True, "data": rows} if rows else {"code": "000000", "success": True}


LISTS: dict[str, tuple[History[Any, Any], Make, str, Callable[[list[dict[str, Any]]], object], int]] = {
    DEPOSITS: (capital.DEPOSIT_ROWS, _deposit, "insertTime", _bare, 89),
    sources.PAY: (pay.PAY_ROWS, _payment, "transactionTime", _wrapped, 89),
    sources.P2P: (p2p.P2P_ROWS, _p2p, "createTime", _wrapped, 30),
    sources.FIAT_DEPOSITS: (fiat.DEPOSIT_ROWS, _order, "createTime", _wrapped, 366),
    sources.SUB_TRANSFERS_IN: (subaccounts.IN_ROWS, _transfer, "time", _bare, 31),
}


class Exchange:
    """A list that keeps the exchange's rules; rows may come in at its front while it is being read."""

    def __init__(
        self, source: str, times_ms: list[int], size: int, late: int = 0, *, oldest_first: bool = False
    ) -> None:
        self.history, self.make, self.time, self.wrap, self.widest = LISTS[source]
        paging = self.history.paging
        changed = replace(paging, size=size)
        if isinstance(changed, Pages) and changed.step > 1:
            changed = replace(changed, step=size)
        self.changed = replace(self.history, paging=changed)
        self.answered: Callable[[httpx.Request], httpx.Response] = self.answer
        self.rows = [self.make(number, at_ms) for number, at_ms in enumerate(times_ms)]
        self.size, self.late, self.oldest_first, self.asked = size, late, oldest_first, 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        asked = sent(request)
        first_ms, last_ms = (int(asked[name]) for name in self.history.times)
        assert 0 <= last_ms - first_ms < self.widest * DAY_MS
        inside = [row for row in self.rows if first_ms <= row[self.time] <= last_ms]
        ordered = sorted(inside, key=lambda row: int(row[self.time]), reverse=not self.oldest_first)
        if self.late and ordered:
            self.late -= 1
            self.rows.append(self.make(1000 + self.late, ordered[0][self.time]))
        return httpx.Response(200, content=json.dumps(self.wrap(ordered[self._skipped(asked) :][: self.size])).encode())

    def _skipped(self, asked: dict[str, str]) -> int:
        paging = self.changed.paging
        assert asked[paging.size_name] == str(self.size)
        if not isinstance(paging, Pages):
            return 0
        place = int(asked[paging.name])
        return place if paging.first == 0 else (place - 1) * self.size

    async def read(self) -> tuple[Movement, ...]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(flows, "SOURCES", {"list": partial(flows._read, self.changed)})
            async with httpx.AsyncClient(transport=httpx.MockTransport(self.answered)) as http:
                return await BinanceClient(http, WorldClock(AT)).movements(KEY, "list", AT - SPAN, AT)


@settings(deadline=None)
@given(
    source=st.sampled_from(sorted(LISTS)),
    times=st.lists(st.integers(AT_MS - 170 * DAY_MS, AT_MS), max_size=25, unique=True),
    size=st.integers(2, 9),
    late=st.integers(0, 2),
    oldest_first=st.booleans(),
)
async def test_every_row_is_read_once_and_in_order_however_the_pages_fall(
    source: str, times: list[int], size: int, late: int, oldest_first: bool
) -> None:
    """Which of too many rows a list without pages leaves out is not documented: either way none is lost."""
    pages = isinstance(LISTS[source][0].paging, Pages)
    exchange = Exchange(source, times, size, late if pages else 0, oldest_first=oldest_first and not pages)
    read = await exchange.read()
    ids = [movement.id.split(":")[1] for movement in read]
    assert len(set(ids)) == len(ids)
    assert set(ids) >= {str(number) for number in range(len(times))}
    assert [movement.listed_at for movement in read] == sorted(movement.listed_at for movement in read)


@pytest.mark.parametrize("source", [DEPOSITS, sources.PAY, sources.P2P, sources.FIAT_DEPOSITS])
async def test_a_list_that_gives_the_same_full_page_for_ever_is_refused(source: str) -> None:
    exchange = Exchange(source, [AT_MS - number for number in range(9)], 9)
    rows = json.dumps(exchange.wrap(exchange.rows)).encode()

    def same(_request: httpx.Request) -> httpx.Response:
        exchange.asked += 1
        return httpx.Response(200, content=rows)

    exchange.answered = same
    with pytest.raises(MalformedAnswer, match="a full page brought nothing new"):
        await exchange.read()
    assert exchange.asked < 60


async def test_more_payments_in_one_millisecond_than_fit_are_refused() -> None:
    exchange = Exchange(sources.PAY, [AT_MS - 5] * 4, 3)
    with pytest.raises(MalformedAnswer, match="a full page brought nothing new"):
        await exchange.read()


async def test_no_list_is_asked_for_what_it_no_longer_tells() -> None:
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(int(sent(request)["startTimestamp"]))
        return httpx.Response(200, json={"code": "000000", "success": True, "data": []})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        binance = BinanceClient(http, WorldClock(AT))
        await binance.movements(KEY, sources.P2P, AT - timedelta(days=700), AT)
    assert min(asked) == AT_MS - 180 * DAY_MS


@pytest.mark.parametrize("source", [DEPOSITS, sources.PAY])
async def test_nothing_is_asked_of_a_span_that_ends_before_it_begins(source: str) -> None:
    async with answering(b"torn") as binance:
        assert await binance.movements(KEY, source, AT, AT - timedelta(seconds=1)) == ()
        assert binance.usage().requests == 0


@given(st.integers(0, 10**13), st.integers(-1, 3000 * DAY_MS), st.integers(DAY_MS, 400 * DAY_MS))
def test_windows_cover_a_span_without_gap_or_overlap(start_ms: int, length_ms: int, width_ms: int) -> None:
    end_ms = start_ms + length_ms
    cut = list(windows(start_ms, end_ms, width_ms))
    if length_ms < 0:
        assert cut == []
        return
    assert (cut[0][0], cut[-1][1]) == (start_ms, end_ms)
    assert all(first <= last and last - first < width_ms for first, last in cut)
    assert all(later[0] == earlier[1] + 1 for earlier, later in pairwise(cut))
