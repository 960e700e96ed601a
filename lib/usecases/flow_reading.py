"""Gather what came and went: the lists that are due, and all the others where the value jumped or reading took long."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lib.domain import pairs
from lib.domain import survey as surveying
from lib.domain.benchmark import Policy
from lib.domain.flows import Movement
from lib.domain.reading import Reading
from lib.domain.sources import PAY
from lib.domain.state import AccountState
from lib.domain.survey import window_start
from lib.errors import MonitorError
from lib.ports import Credentials, Exchange

# Rows listed while the account is being read must show, so that they can be told from those before the snapshot.
_LOOK_AHEAD = timedelta(minutes=10)
_LONG = timedelta(seconds=8)  # and no reading takes that shares its time with others, so mostly nothing more is asked
_REFUSED = "source_refused"


@dataclass(frozen=True, slots=True)
class Lists:
    """What the asked sources answered, by name."""

    rows: Mapping[str, tuple[Movement, ...]]
    failed: tuple[str, ...]
    refused: tuple[str, ...]


async def read_lists(
    exchange: Exchange, key: Credentials, state: AccountState, at: datetime, sources: Iterable[str]
) -> Lists:
    """Ask all `sources` at once, each from where its last reading leaves off."""
    asked = tuple(sources)
    answers = await asyncio.gather(*(_read(exchange, key, state, at, source) for source in asked))
    told = dict(zip(asked, answers, strict=True))
    rows = {source: answer for source, answer in told.items() if not isinstance(answer, str)}
    failed = tuple(source for source, answer in told.items() if isinstance(answer, str) and answer != _REFUSED)
    if _must_wait(rows.get(PAY, ()), state, failed):
        del rows[PAY]
        failed = (*failed, PAY)
    return Lists(rows, failed, refused=tuple(source for source, answer in told.items() if answer == _REFUSED))


def _must_wait(payments: Iterable[Movement], state: AccountState, failed: Collection[str]) -> bool:
    """Tell whether payments count as unread: new ones, while deposits or withdrawals that may have them failed.

    Of money in both lists that entry is to stay, and which list failed must not change the ledger.
    """
    return not pairs.CAPITAL.isdisjoint(failed) and any(payment.id not in state.known for payment in payments)


def with_lists(reading: Reading, lists: Lists) -> Reading:
    """Return the reading with what the lists told.

    A refusal says something of a list only where the key is otherwise good: something else was answered with it.
    """
    rows = {**reading.sources, **lists.rows}
    is_good = reading.totals is not None or bool(rows) or any(answer.exists for answer in reading.wallets.values())
    failed, refused = lists.failed, lists.refused
    if not is_good:
        failed, refused = (*failed, *refused), ()
    return replace(
        reading,
        sources=rows,
        failed_sources=(*reading.failed_sources, *failed),
        refused_sources=(*reading.refused_sources, *refused),
    )


def with_rows_of(first: Reading, again: Reading) -> Reading:
    """Return the second reading with the lists that only the first one asked, seconds before: what they told holds."""
    asked = _asked(again)
    earlier = {source: rows for source, rows in first.sources.items() if source not in asked}
    return replace(again, sources=earlier | dict(again.sources))


async def widened(
    exchange: Exchange, key: Credentials, state: AccountState, policy: Policy, reading: Reading, slot: datetime
) -> Reading:
    """Return the reading with every list, if some were not due and its value jumped, or reading took long.

    In a long time money may move of which only a list tells that is not due: it would be in the value and no flow.
    Source: product, 5 (order).
    """
    rest = [source for source in exchange.sources if source not in _asked(reading)]
    if not rest or reading.failed_sources:
        return reading
    took_long = reading.span[1] - reading.span[0] > _LONG
    if not took_long and not _jumped(state, policy, reading, slot, exchange.readable):
        return reading
    return with_lists(reading, await read_lists(exchange, key, state, reading.at, rest))


def _asked(reading: Reading) -> frozenset[str]:
    return frozenset((*reading.sources, *reading.failed_sources, *reading.refused_sources))


def _jumped(state: AccountState, policy: Policy, reading: Reading, slot: datetime, readable: Collection[str]) -> bool:
    found = surveying.survey(state, policy, reading, slot)
    return surveying.unexplained(state, reading, found, readable, slot) is not None


async def _read(
    exchange: Exchange, key: Credentials, state: AccountState, at: datetime, source: str
) -> tuple[Movement, ...] | str:
    """Return the rows of a source, or the code of the error that came instead."""
    try:
        return await exchange.movements(key, source, window_start(state, source, at), at + _LOOK_AHEAD)
    except MonitorError as error:
        return error.code
