"""Gather one account: totals, the wallets they show non-empty, then flows and what the futures wallets earned."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from lib.domain import asking
from lib.domain.cadence import DAILY, LOOK_AT_KEY, is_due
from lib.domain.income import IncomeReading
from lib.domain.keys import KeyCheck
from lib.domain.portfolio import Wallet, WalletReading
from lib.domain.reading import Reading
from lib.domain.sources import due
from lib.domain.state import AccountState
from lib.domain.valuation import Book
from lib.errors import MonitorError
from lib.ports import Clock, Credentials, Exchange
from lib.usecases.attempts import or_none
from lib.usecases.closed_markets import read_closed
from lib.usecases.flow_reading import read_lists, with_lists
from lib.usecases.income import read_income
from lib.usecases.positions import read_terms, told

# What is said to the first call and would be said to all others.
_NOTHING_TO_READ = frozenset(
    {"key_refused", "turn_not_come", "banned", "firewalled", "location_refused", "proxy_refused"}
)


type Market = Callable[[], Awaitable[tuple[datetime, Book]]]  # tells the exchange's time, and its prices then


async def read_market(exchange: Exchange) -> tuple[datetime, Book]:
    """Return the exchange's time and its price list, asked for together; no list is an empty one."""
    at, book = await asyncio.gather(exchange.time(), or_none(exchange.prices))
    return at, book or {}


async def read_account(
    exchange: Exchange, key: Credentials, state: AccountState, market: Market, clock: Clock
) -> Reading:
    """Ask for everything of one account that is due; what does not answer is named in the reading.

    Its time is taken after the first call, which may have waited long for its turn, and before any balance.

    Raises: what refuses the very first call and would refuse all, so that a bad key costs one request.
    """
    since = clock.now() + exchange.clock_offset
    totals, refused = await _totals(exchange, key)
    at, book = await market()
    # Without the totals it is the check that decides who is asked, so it has to be of now.
    checked = await or_none(exchange.check, key, at) if state.checked is None or totals is None else None
    asked = asking.wallets(exchange.readable, totals, checked or state.checked, state.basis, fresh=checked is not None)
    wallets, again = await asyncio.gather(
        _answers(exchange, key, asked),
        _check_again(exchange, key, state, at) if checked is None else _none(),
    )
    until = clock.now() + exchange.clock_offset
    failed = tuple(wallet for wallet in asked if wallet not in wallets)
    lists, terms, closed, income = await asyncio.gather(
        read_lists(exchange, key, state, at, due(exchange.sources, state, at, key.account_id)),
        read_terms(exchange, key, wallets),
        read_closed(exchange, wallets.values(), state, book, at, key.account_id),
        read_income(exchange, key, state, Reading(at, book, totals, wallets, failed)),
    )
    reading = Reading(
        at=at,
        book=book,
        totals=totals,
        wallets=told(wallets, terms),
        failed_wallets=failed,
        totals_refused=refused,
        checked=again or checked,
        closed=closed,
        income=tuple(answer for answer in income.values() if isinstance(answer, IncomeReading)),
        since=since if since < at else None,
        until=until if until > at else None,
        unread_income={wallet: str(error) for wallet, error in income.items() if isinstance(error, MonitorError)},
    )
    return with_lists(reading, lists)


async def _totals(exchange: Exchange, key: Credentials) -> tuple[Mapping[Wallet, Decimal] | None, bool]:
    """Return the totals, and where there are none whether that is for good."""
    try:
        return await exchange.totals(key), False
    except MonitorError as error:
        if error.code in _NOTHING_TO_READ:
            raise
        return None, error.code == "not_permitted"


async def _check_again(exchange: Exchange, key: Credentials, state: AccountState, at: datetime) -> KeyCheck | None:
    """Ask about the key once a day, beside the wallets: what is learned counts from the next run on."""
    if state.checked is None or not is_due(state.checked.at, at, DAILY, key.account_id, LOOK_AT_KEY):
        return None
    return await or_none(exchange.check, key, at)


async def _none() -> None:
    """Stand in for what need not be asked."""


async def _answers(exchange: Exchange, key: Credentials, asked: Iterable[Wallet]) -> dict[Wallet, WalletReading]:
    """Read the wallets at once; one that did not answer is absent."""
    asked = tuple(asked)
    answers = await asyncio.gather(*(or_none(exchange.wallet, key, wallet) for wallet in asked))
    return {wallet: answer for wallet, answer in zip(asked, answers, strict=True) if answer is not None}
