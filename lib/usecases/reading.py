"""Gather one account: totals, the wallets they show non-empty, then flows and what the futures wallets earned."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from lib.domain.flows import Movement
from lib.domain.income import IncomeReading
from lib.domain.portfolio import Wallet
from lib.domain.reading import Opens, Reading, Want
from lib.domain.schedule import minute_start
from lib.domain.state import AccountState
from lib.domain.survey import window_start
from lib.domain.valuation import Book, along, route
from lib.errors import MonitorError
from lib.ports import Credentials, Exchange
from lib.usecases.income import read_income

# Rows listed while the account is being read must show, so that they can be told from those before the snapshot.
_LOOK_AHEAD = timedelta(minutes=10)


async def read_market(exchange: Exchange) -> tuple[datetime, Book]:
    """Return the exchange's time and its price list, asked for together; no list is an empty one."""
    at, book = await asyncio.gather(exchange.time(), _or_none(exchange.prices))
    return at, book or {}


async def read_account(exchange: Exchange, key: Credentials, state: AccountState, at: datetime, book: Book) -> Reading:
    """Ask for everything of one account; what does not answer is named in the reading.

    Raises: KeyRefused if the very first call is refused, so that a bad key costs one request.
    """
    totals = await _totals(exchange, key)
    asked = [wallet for wallet in exchange.readable if totals is None or totals.get(wallet)]
    answers = await asyncio.gather(*(_or_none(exchange.wallet, key, wallet) for wallet in asked))
    wallets = dict(zip(asked, answers, strict=True))
    reading = Reading(
        at=at,
        book=book,
        totals=totals,
        wallets={wallet: answer for wallet, answer in wallets.items() if answer is not None},
        failed_wallets=tuple(wallet for wallet, answer in wallets.items() if answer is None),
    )
    flows, income = await asyncio.gather(
        asyncio.gather(*(_or_none(_listed, exchange, key, state, source, at) for source in exchange.sources)),
        read_income(exchange, key, state, reading),
    )
    sources = dict(zip(exchange.sources, flows, strict=True))
    return replace(
        reading,
        sources={source: rows for source, rows in sources.items() if rows is not None},
        failed_sources=tuple(source for source, rows in sources.items() if rows is None),
        income=tuple(answer for answer in income.values() if isinstance(answer, IncomeReading)),
        unread_income={wallet: str(error) for wallet, error in income.items() if isinstance(error, MonitorError)},
    )


async def read_opens(exchange: Exchange, wanted: Iterable[Want], book: Book) -> Opens:
    """Fetch the minute's open for every want, each candle once; what could not be fetched is absent."""
    wanted = tuple(wanted)
    candles = {
        (leg.symbol, minute_start(want.at))
        for want in wanted
        if not want.contract
        for leg in route(want.name, book) or ()
    }
    contracts = {(want.name, minute_start(want.at)) for want in wanted if want.contract}
    spot, usdm = await asyncio.gather(
        _fetch({key: exchange.candle_open(*key) for key in candles}),
        _fetch({key: exchange.contract_open(*key) for key in contracts}),
    )
    opens: dict[Want, Decimal | None] = {}
    for want in wanted:
        minute = minute_start(want.at)
        if want.contract:
            if (want.name, minute) in usdm:
                opens[want] = usdm[want.name, minute]
            continue
        legs = route(want.name, book) or ()
        prices = {leg.symbol: spot[leg.symbol, minute] for leg in legs if (leg.symbol, minute) in spot}
        if len(prices) == len(legs):
            known = {symbol: price for symbol, price in prices.items() if price is not None}
            opens[want] = along(legs, known) if len(known) == len(legs) else None
    return opens


async def _totals(exchange: Exchange, key: Credentials) -> Mapping[Wallet, Decimal] | None:
    try:
        return await exchange.totals(key)
    except MonitorError as error:
        if error.code == "key_refused":
            raise
        return None


async def _listed(
    exchange: Exchange, key: Credentials, state: AccountState, source: str, at: datetime
) -> tuple[Movement, ...]:
    return await exchange.movements(key, source, window_start(state, source, at), at + _LOOK_AHEAD)


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


async def _or_none[T, **P](call: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Return what `call` gives, None where the exchange did not give it: a missing part, never an empty one."""
    try:
        return await call(*args, **kwargs)
    except MonitorError:
        return None
