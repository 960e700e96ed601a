"""Estimate what an account was worth in the month before its first snapshot, so that its first chart is not empty.

It costs much and is worth little: one account a run, after all are stored, without waiting for anybody, and once.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

from lib.domain.estimates import Estimate, coins, estimate, symbols
from lib.domain.state import AccountState, Outcome
from lib.domain.valuation import Book
from lib.errors import MonitorError
from lib.ports import Credentials, Exchange, Store, Vault
from lib.records import Account
from lib.usecases import keycheck
from lib.usecases.logbook import Logbook

PATIENCE = timedelta(seconds=15)  # for answers; a pool that rests for longer is left alone

ESTIMATED = "account.estimated"


@dataclass(frozen=True, slots=True)
class Estimating:
    """The ports it takes, and the run it belongs to."""

    exchange: Exchange
    store: Store
    vault: Vault
    run: str


def chosen(accounts: Sequence[Account], slot: datetime) -> Account | None:
    """Return the account whose turn it is in this slot, of those that have begun and were not estimated yet.

    One that fails is tried again, so each slot throws for it anew.
    """
    wanting = [one for one in accounts if one.state.checkpoint is not None and not one.state.estimated]
    return min(wanting, key=lambda one: crc32(f"{slot.isoformat()} {one.id}".encode()), default=None)


async def take(tools: Estimating, account: Account, at: datetime, prices: Book, book: Logbook) -> None:
    """Read, value and store what the exchange remembers of `account` before its inception.

    What cannot be read now is left to a later run, what is refused for good to none. Nothing depends on it, so that
    no failure here is one of the run. Retry: safe.
    """
    try:
        await _take(tools, account.id, at, prices, book)
    except MonitorError as error:
        book.warn(ESTIMATED, f"the month before the start was not estimated, a later run tries again: {error}")


async def _take(tools: Estimating, account_id: str, at: datetime, prices: Book, book: Logbook) -> None:
    account = await tools.store.load(account_id)
    checkpoint = account.state.checkpoint
    if checkpoint is None or account.state.estimated:
        return
    key = keycheck.credentials(tools.vault, account.id, account.sealed_key)
    found: tuple[Estimate, ...] = ()
    try:
        found = await _estimated(tools.exchange, key, at, prices, checkpoint.inception)
        book.tell(ESTIMATED, f"{len(found)} days before the start were estimated")
    except MonitorError as error:
        if error.retryable:
            raise
        book.warn(ESTIMATED, f"what was before the start stays unknown: {error}")
    state = replace(account.state, estimated=True)
    await tools.store.commit(account, tools.run, _outcome(state, found), None, book.take())


async def _estimated(
    exchange: Exchange, key: Credentials, at: datetime, book: Book, before: datetime
) -> tuple[Estimate, ...]:
    days = await exchange.daily_balances(key, at)
    names = symbols(coins(days, book), book)
    answers = await asyncio.gather(*(exchange.daily_closes(symbol, at) for symbol in names))
    closes = {
        (symbol, day): close for symbol, found in zip(names, answers, strict=True) for day, close in found.items()
    }
    return estimate(days, closes, book, before)


def _outcome(state: AccountState, found: tuple[Estimate, ...]) -> Outcome:
    """Return an outcome that stores estimates and nothing else."""
    return Outcome(
        state=state,
        snapshot=None,
        completed=(),
        booked=(),
        revalued=(),
        prices=(),
        rebalances=(),
        rows=(),
        events=(),
        restated_from=None,
        estimates=found,
    )
