"""Transfers between the accounts of one owner, as a sub-account and as its master see them.

Source: reference, D.5 and F.1.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from types import MappingProxyType

from lib.binance.endpoints import (
    SUB_ACCOUNTS,
    SUB_FUTURES_TRANSFERS,
    SUB_OWN_TRANSFERS,
    SUB_SPOT_TRANSFERS,
    SUB_UNIVERSAL_TRANSFERS,
)
from lib.binance.errors import MalformedAnswer
from lib.binance.flows.history import History, Pages, Slices, in_order, plain_rows, read
from lib.binance.instants import from_ms
from lib.binance.schemas import subaccounts
from lib.binance.schemas.subaccounts import (
    FuturesTransfer,
    FuturesTransfers,
    OwnTransfer,
    SpotTransfer,
    UniversalTransfer,
    UniversalTransfers,
)
from lib.binance.signing import encode
from lib.binance.transport import Send
from lib.domain.flows import Movement, Stage
from lib.domain.sources import MASTER_TRANSFERS, SUB_TRANSFERS_IN, SUB_TRANSFERS_OUT
from lib.ports import Credentials

_CAME_IN, _WENT_OUT = 1, 2
_STAGES: Mapping[str, Stage] = MappingProxyType(
    {"PROCESS": Stage.PENDING, "SUCCESS": Stage.DONE, "FAILURE": Stage.DROPPED}
)
_PAGE, _LISTED = 500, 200
_MONTH, _WEEK = timedelta(days=30), timedelta(days=7)
_NO_LIMIT_TOLD = timedelta(days=31)
_PAGES = Pages("page", "limit", _PAGE, first=1, step=1)
_FUTURES = (1, 2)  # USD-M and COIN-M

type Meaning[Row] = Callable[[Row], Iterator[Movement]]


def own(row: OwnTransfer) -> Movement:
    """Return what a transfer means to the sub-account itself."""
    came = row.type == _CAME_IN
    source = SUB_TRANSFERS_IN if came else SUB_TRANSFERS_OUT
    return _movement(source, row.tran_id, row.asset, row.qty if came else -row.qty, row.status, row.time)


def _own_rows(type_: int) -> History[list[OwnTransfer], OwnTransfer]:
    return History(
        endpoint=SUB_OWN_TRANSFERS,
        shape=subaccounts.OWN_TRANSFERS,
        rows=plain_rows,
        key=lambda row: row.tran_id,
        stamp_ms=lambda row: row.time,
        movements=lambda row: (own(row),),
        widest=_NO_LIMIT_TOLD,
        paging=Slices("limit", _PAGE),
        asks={"type": type_},
    )


IN_ROWS, OUT_ROWS = _own_rows(_CAME_IN), _own_rows(_WENT_OUT)


async def of_master(send: Send, key: Credentials, start: datetime, end: datetime) -> tuple[Movement, ...]:
    """Read what moved between a master and its sub-accounts; one transfer may be in several of the lists.

    The lists tell who sent it by address. They give what one address sent, by default the master's, which is never
    told otherwise: it is the one that no sub-account has.
    """
    subs = await _subs(send, key)
    if not subs:
        return ()
    spot, universal, futures = _spot_rows(subs), _universal_rows(subs), _futures_rows(subs)
    asked: list[Mapping[str, str | int]] = [{}, *({"fromEmail": email} for email in sorted(subs))]
    found: list[Movement] = []
    for asks in asked:
        found += await read(send, key, replace(spot, asks=asks), start, end)
        found += await read(send, key, replace(universal, asks=asks), start, end)
    for email in sorted(subs):
        for kind in _FUTURES:
            found += await read(send, key, replace(futures, asks={"email": email, "futuresType": kind}), start, end)
    return in_order(found)


async def _subs(send: Send, key: Credentials) -> frozenset[str]:
    """Return the addresses of the sub-accounts; none for an account that is no master."""
    found: set[str] = set()
    for page in count(1):
        asked = encode({"page": page, "limit": _LISTED})
        listed = (await send(SUB_ACCOUNTS, subaccounts.SUB_ACCOUNTS, asked, key)).sub_accounts
        known = len(found)
        found |= {sub.email for sub in listed}
        if len(listed) < _LISTED:
            break
        if len(found) == known:
            raise MalformedAnswer(SUB_ACCOUNTS.call, 200, "subAccounts: a full page brought nothing new")
    return frozenset(found)


def _spot_rows(subs: frozenset[str]) -> History[list[SpotTransfer], SpotTransfer]:
    def means(row: SpotTransfer) -> Iterator[Movement]:
        return _seen(subs, (row.sender, row.receiver), row.tran_id, row.asset, row.qty, row.status, row.time)

    return History(
        endpoint=SUB_SPOT_TRANSFERS,
        shape=subaccounts.SPOT_TRANSFERS,
        rows=plain_rows,
        key=lambda row: row.tran_id,
        stamp_ms=lambda row: row.time,
        movements=means,
        widest=_MONTH,
        paging=_PAGES,
    )


def _universal_rows(subs: frozenset[str]) -> History[UniversalTransfers, UniversalTransfer]:
    def means(row: UniversalTransfer) -> Iterator[Movement]:
        ends = (row.from_email, row.to_email)
        return _seen(subs, ends, row.tran_id, row.asset, row.amount, row.status, row.create_time_stamp)

    return History(
        endpoint=SUB_UNIVERSAL_TRANSFERS,
        shape=subaccounts.UNIVERSAL_TRANSFERS,
        rows=lambda _call, answer: answer.result,
        key=lambda row: row.tran_id,
        stamp_ms=lambda row: row.create_time_stamp,
        movements=means,
        widest=_WEEK,
        paging=_PAGES,
    )


def _futures_rows(subs: frozenset[str]) -> History[FuturesTransfers, FuturesTransfer]:
    def means(row: FuturesTransfer) -> Iterator[Movement]:
        return _seen(subs, (row.sender, row.receiver), row.tran_id, row.asset, row.qty, "SUCCESS", row.time)

    return History(
        endpoint=SUB_FUTURES_TRANSFERS,
        shape=subaccounts.FUTURES_TRANSFERS,
        rows=lambda _call, answer: answer.transfers,
        key=lambda row: row.tran_id,
        stamp_ms=lambda row: row.time,
        movements=means,
        widest=_MONTH,
        paging=_PAGES,
        reach=_MONTH,
    )


def _seen(
    subs: frozenset[str], ends: tuple[str, str], tran_id: str, asset: str, size: Decimal, status: str, at_ms: int
) -> Iterator[Movement]:
    """Yield a transfer from or to the master itself; what sub-accounts send each other is none of its flows."""
    sent, received = (end not in subs for end in ends)
    if sent != received:
        yield _movement(MASTER_TRANSFERS, tran_id, asset, size if received else -size, status, at_ms)


def _movement(source: str, tran_id: str, asset: str, quantity: Decimal, status: str, at_ms: int) -> Movement:
    at = from_ms(at_ms)
    return Movement(f"sub:{tran_id}", source, asset, quantity, _STAGES[status], at, at, "sub-account")
