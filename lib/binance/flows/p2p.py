"""Coins bought from and sold to other users; they come and go in the Funding wallet. Source: reference, D.5 and F.1."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from lib.binance.endpoints import P2P_HISTORY
from lib.binance.flows.history import History, Pages, unwrapped
from lib.binance.instants import from_ms
from lib.binance.schemas import p2p
from lib.binance.schemas.p2p import Order
from lib.domain.flows import Movement, Stage
from lib.domain.money import ZERO, exact
from lib.domain.sources import P2P

_ENDED: Mapping[str, Stage] = MappingProxyType(
    {"COMPLETED": Stage.DONE, "CANCELLED": Stage.DROPPED, "CANCELLED_BY_SYSTEM": Stage.DROPPED}
)


@exact
def order(row: Order) -> Movement:
    """Return what an order means. The exchange tells when it was made, not when it was completed."""
    at = from_ms(row.create_time)
    own = row.taker_commission if row.advertisement_role == "TAKER" else row.commission
    commission = own or ZERO
    return Movement(
        id=f"c2c:{row.order_number}",
        source=P2P,
        asset=row.asset,
        quantity=row.amount - commission if row.trade_type == "BUY" else -(row.amount + commission),
        stage=_ENDED.get(row.order_status, Stage.PENDING),
        listed_at=at,
        at=at,
        detail=row.trade_type.lower(),
    )


P2P_ROWS = History(
    endpoint=P2P_HISTORY,
    shape=p2p.ORDERS,
    rows=unwrapped,
    key=lambda row: row.order_number,
    stamp_ms=lambda row: row.create_time,
    movements=lambda row: (order(row),),
    widest=timedelta(days=30),
    paging=Pages("page", "rows", 100, first=1, step=1),
    times=("startTimestamp", "endTimestamp"),
    reach=timedelta(days=180),
)
