"""Fetch prices of past minutes: each candle once, and where a coin has none by the next way to dollars."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from lib.domain.reading import Opens, Want
from lib.domain.schedule import minute_start
from lib.domain.valuation import Book, Leg, along, ways
from lib.errors import MonitorError
from lib.ports import Exchange

type _Candles = dict[tuple[str, datetime], Decimal | None]  # by symbol and minute; None: there was none


async def read_opens(exchange: Exchange, wanted: Iterable[Want], book: Book) -> Opens:
    """Fetch the minute's open for every want, each candle once; what could not be fetched is absent.

    A coin that had no candle on the way taken now, for its market was not open yet, is priced by the next one.
    Source: product, 4.4; reference, E.3.
    """
    wanted = tuple(wanted)
    contracts = {(want.name, minute_start(want.at)) for want in wanted if want.contract}
    spot, usdm = await asyncio.gather(
        _spot(exchange, [want for want in wanted if not want.contract], book),
        _fetch({key: exchange.contract_open(*key) for key in contracts}),
    )
    asked = {want: (want.name, minute_start(want.at)) for want in wanted if want.contract}
    return {**spot, **{want: usdm[key] for want, key in asked.items() if key in usdm}}


async def _spot(exchange: Exchange, wanted: Iterable[Want], book: Book) -> Opens:
    opens: dict[Want, Decimal | None] = {}
    candles: _Candles = {}
    left = {want: found for want in wanted if (found := [*ways(want.name, book)])}
    while left:
        keys = {(leg.symbol, minute_start(want.at)) for want, there in left.items() for leg in there[0]}
        candles |= await _fetch({key: exchange.candle_open(*key) for key in keys - candles.keys()})
        later: dict[Want, list[tuple[Leg, ...]]] = {}
        for want, (legs, *others) in left.items():
            prices = _along(legs, minute_start(want.at), candles)
            if prices is None:
                continue
            known = {symbol: price for symbol, price in prices.items() if price is not None}
            if len(known) < len(prices) and others:
                later[want] = others
            else:
                opens[want] = along(legs, known) if len(known) == len(prices) else None
        left = later
    return opens


def _along(legs: Iterable[Leg], minute: datetime, candles: _Candles) -> Mapping[str, Decimal | None] | None:
    """Return the opens of a way's markets, None where one of them could not be fetched."""
    keys = [(leg.symbol, minute) for leg in legs]
    return {key[0]: candles[key] for key in keys} if all(key in candles for key in keys) else None


async def _fetch[K](calls: Mapping[K, Awaitable[Decimal | None]]) -> dict[K, Decimal | None]:
    """Await all; a call that failed leaves its key out."""
    answers = await asyncio.gather(*calls.values(), return_exceptions=True)
    found: dict[K, Decimal | None] = {}
    for key, answer in zip(calls, answers, strict=True):
        if isinstance(answer, MonitorError):
            continue
        if isinstance(answer, BaseException):
            raise answer
        found[key] = answer
    return found
