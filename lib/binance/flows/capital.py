"""Deposits and withdrawals. Source: reference, D.4, F.1 and F.4."""

from datetime import timedelta

from lib.binance.endpoints import DEPOSIT_HISTORY, WITHDRAWAL_HISTORY
from lib.binance.flows.history import History, Pages, plain_rows
from lib.binance.instants import from_ms, to_ms
from lib.binance.schemas import capital
from lib.binance.schemas.capital import Deposit, Withdrawal
from lib.domain.flows import DEPOSITS, INTERNAL, WITHDRAWALS, Movement, Stage
from lib.domain.money import ZERO, exact

_WIDEST = timedelta(days=89)  # the exchange takes less than 90 days at once
_PAGES = Pages("offset", "limit", 1000, first=0, step=1000)

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


def deposit(row: Deposit) -> Movement:
    """Return what a row of the deposit history means."""
    stage = _DEPOSIT_STAGES[row.status]
    if stage is Stage.DROPPED and row.complete_time:
        stage = Stage.REVERSED
    if row.status == _CREDITED and row.travel_rule_status == _OUTSTANDING:
        stage = Stage.PENDING
    listed_at = from_ms(row.insert_time)
    completed = from_ms(row.complete_time) if row.complete_time else listed_at
    return Movement(
        id=f"deposit:{_deposit_key(row)}",
        source=DEPOSITS,
        asset=row.coin,
        quantity=row.amount,
        stage=stage,
        listed_at=listed_at,
        at=completed if stage in (Stage.DONE, Stage.REVERSED) else listed_at,
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
        fee=row.transaction_fee or ZERO,
    )


def _deposit_key(row: Deposit) -> str:
    return row.id or f"{row.coin}:{row.tx_id}:{row.address}"


def _detail(transfer_type: int | None, network: str | None) -> str:
    return INTERNAL if transfer_type == _INTERNAL else network or ""


DEPOSIT_ROWS = History(
    endpoint=DEPOSIT_HISTORY,
    shape=capital.DEPOSITS,
    rows=plain_rows,
    key=_deposit_key,
    stamp_ms=lambda row: row.insert_time,
    movements=lambda row: (deposit(row),),
    widest=_WIDEST,
    paging=_PAGES,
)
WITHDRAWAL_ROWS = History(
    endpoint=WITHDRAWAL_HISTORY,
    shape=capital.WITHDRAWALS,
    rows=plain_rows,
    key=lambda row: row.id,
    stamp_ms=lambda row: to_ms(row.apply_time),
    movements=lambda row: (withdrawal(row),),
    widest=_WIDEST,
    paging=_PAGES,
)
