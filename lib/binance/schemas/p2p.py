"""Shape of the P2P history. Source: reference, D.5."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, TypeAdapter

from lib.binance.schemas.envelope import Envelope
from lib.binance.schemas.row import InstantMs, Row, Size, Text, given


class Order(Row):
    """One P2P order. `trade_type` is from the user's side; a maker pays `commission`, a taker `taker_commission`."""

    order_number: Text
    trade_type: Literal["BUY", "SELL"]
    asset: Text
    amount: Size
    order_status: Literal[
        "PENDING",
        "TRADING",
        "BUYER_PAYED",
        "DISTRIBUTING",
        "COMPLETED",
        "IN_APPEAL",
        "CANCELLED",
        "CANCELLED_BY_SYSTEM",
    ]
    create_time: InstantMs
    commission: Annotated[Size | None, BeforeValidator(given)] = None
    taker_commission: Annotated[Size | None, BeforeValidator(given)] = None
    advertisement_role: str | None = None


ORDERS = TypeAdapter(Envelope[Order])
