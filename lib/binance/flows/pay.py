"""Payments to and from other users. Source: reference, D.5 (Pay) and F.1."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from lib.binance.endpoints import PAY_HISTORY
from lib.binance.flows.history import History, Slices, unwrapped
from lib.binance.instants import from_ms
from lib.binance.schemas import pay
from lib.binance.schemas.pay import Payment
from lib.domain.flows import Movement, Stage
from lib.domain.money import ZERO, exact
from lib.domain.sources import PAY


def payment(row: Payment) -> Iterator[Movement]:
    """Yield what a payment moved, an asset each; only finished ones are ever listed."""
    at = from_ms(row.transaction_time)
    for asset, quantity in _moved(row).items():
        if quantity:
            id_ = f"pay:{row.transaction_id}:{asset}"
            yield Movement(id_, PAY, asset, quantity, Stage.DONE, at, at, row.order_type or "")


@exact
def _moved(row: Payment) -> dict[str, Decimal]:
    """Return the signed quantity of every asset: the funds that moved say more than the order's own currency."""
    sums: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for funds in row.funds_detail or ():
        sums[funds.currency] += funds.amount if row.amount > 0 else -funds.amount
    return sums if any(sums.values()) else {row.currency: row.amount}


PAY_ROWS = History(
    endpoint=PAY_HISTORY,
    shape=pay.PAYMENTS,
    rows=unwrapped,
    key=lambda row: row.transaction_id,
    stamp_ms=lambda row: row.transaction_time,
    movements=payment,
    widest=timedelta(days=89),
    paging=Slices("limit", 100),
    reach=timedelta(days=540),
)
