"""Deposits and withdrawals: every row of a span of time, all windows and pages, each once.

Source: reference, D.4, F.1 and F.4.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from pydantic import TypeAdapter

from lib.binance.endpoints import DEPOSIT_HISTORY, WITHDRAWAL_HISTORY, Endpoint
from lib.binance.errors import MalformedAnswer
from lib.binance.instants import MILLISECOND, from_ms, to_ms
from lib.binance.schemas import capital
from lib.binance.schemas.capital import Deposit, Withdrawal
from lib.binance.signing import encode
from lib.binance.transport import Send
from lib.domain.flows import DEPOSITS, WITHDRAWALS, Movement, Stage
from lib.domain.money import ZERO, exact
from lib.ports import Credentials

WINDOW_MS = timedelta(days=89) // MILLISECOND  # the exchange takes less than 90 days at once
PAGE = 1000

_INTERNAL = 1  # transferType: to or from another account of the exchange
_OUTSTANDING = 1  # travelRuleStatus: the owner has a question to answer before the money counts
_CREDITED = 1

_DEPOSIT_STAGES = {
    0: Stage.PENDING,
    1: Stage.DONE,
    2: Stage.DROPPED,
    6: Stage.DONE,  # in the account, though it cannot leave yet
    7: Stage.DROPPED,
    8: Stage.PENDING,
}
_WITHDRAWAL_STAGES = {
    0: Stage.PENDING,
    1: Stage.DROPPED,
    2: Stage.PENDING,
    3: Stage.DROPPED,
    4: Stage.PENDING,
    5: Stage.DROPPED,
    6: Stage.DONE,
}


@dataclass(frozen=True, slots=True)
class History[Row]:
    """One history of the exchange: where its rows are, and what one of them means."""

    endpoint: Endpoint
    shape: TypeAdapter[list[Row]]
    movement: Callable[[Row], Movement]


def windows(start_ms: int, end_ms: int) -> Iterator[tuple[int, int]]:
    """Cut [start, end] into windows the exchange accepts, both ends inclusive, without overlap, oldest first."""
    while start_ms <= end_ms:
        last_ms = min(start_ms + WINDOW_MS - 1, end_ms)
        yield start_ms, last_ms
        start_ms = last_ms + 1


async def read[Row](
    send: Send, key: Credentials, history: History[Row], start: datetime, end: datetime
) -> tuple[Movement, ...]:
    """Read every row listed in [start, end], oldest first, each once; of a row met twice the later reading counts."""
    found: dict[str, Movement] = {}
    for window in windows(to_ms(start), to_ms(end)):
        await _read_window(send, key, history, window, found)
    return tuple(sorted(found.values(), key=lambda movement: (movement.listed_at, movement.id)))


async def _read_window[Row](
    send: Send, key: Credentials, history: History[Row], window: tuple[int, int], found: dict[str, Movement]
) -> None:
    for page in count():
        span = {"startTime": window[0], "endTime": window[1], "offset": page * PAGE, "limit": PAGE}
        rows = await send(history.endpoint, history.shape, encode(span), key)
        known = len(found)
        found.update((movement.id, movement) for movement in map(history.movement, rows))
        if len(rows) < PAGE:
            return
        if len(found) == known:
            raise MalformedAnswer(history.endpoint.call, 200, "its rows: a full page brought nothing new")


def deposit(row: Deposit) -> Movement:
    """Return what a row of the deposit history means."""
    stage = _DEPOSIT_STAGES[row.status]
    if row.status == _CREDITED and row.travel_rule_status == _OUTSTANDING:
        stage = Stage.PENDING
    listed_at = from_ms(row.insert_time)
    completed = from_ms(row.complete_time) if row.complete_time else listed_at
    return Movement(
        id=f"deposit:{row.id or f'{row.coin}:{row.tx_id}:{row.address}'}",
        source=DEPOSITS,
        asset=row.coin,
        quantity=row.amount,
        stage=stage,
        listed_at=listed_at,
        at=completed if stage is Stage.DONE else listed_at,
        detail=_detail(row.transfer_type, row.network),
    )


@exact
def withdrawal(row: Withdrawal) -> Movement:
    """Return what a row of the withdrawal history means: what the recipient gets and the fee both leave."""
    stage = _WITHDRAWAL_STAGES[row.status]
    return Movement(
        id=f"withdrawal:{row.id}",
        source=WITHDRAWALS,
        asset=row.coin,
        quantity=-(row.amount + (row.transaction_fee or ZERO)),
        stage=stage,
        listed_at=row.apply_time,
        at=(row.complete_time or row.apply_time) if stage is Stage.DONE else row.apply_time,
        detail=_detail(row.transfer_type, row.network),
    )


def _detail(transfer_type: int | None, network: str | None) -> str:
    return "internal" if transfer_type == _INTERNAL else network or ""


DEPOSIT_ROWS = History(DEPOSIT_HISTORY, capital.DEPOSITS, deposit)
WITHDRAWAL_ROWS = History(WITHDRAWAL_HISTORY, capital.WITHDRAWALS, withdrawal)
