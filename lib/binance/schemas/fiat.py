"""Shapes of money that came from or went to a bank, and of coins bought and sold for it. Source: reference, D.5."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, TypeAdapter

from lib.binance.schemas.envelope import Envelope
from lib.binance.schemas.row import InstantMs, Row, Size, Text, given

type MaybeSize = Annotated[Size | None, BeforeValidator(given)]


class Order(Row):
    """One bank transfer: `amount` is net of the fee, `indicated_amount` gross."""

    order_no: Text
    fiat_currency: Text
    amount: Size
    indicated_amount: MaybeSize = None
    total_fee: MaybeSize = None
    method: str | None = None
    status: Literal[
        "Processing",
        "Failed",
        "Successful",
        "Finished",
        "Refunding",
        "Refunded",
        "Refund Failed",
        "Order Partial credit Stopped",
        "Expired",
    ]
    create_time: InstantMs
    update_time: InstantMs


class Payment(Row):
    """One purchase or sale of coins for fiat money; a sale names no method."""

    order_no: Text
    source_amount: Size
    fiat_currency: Text
    obtain_amount: Size
    crypto_currency: Text
    price: MaybeSize = None
    status: Literal["Processing", "Completed", "Failed", "Refunded"]
    payment_method: str | None = None
    create_time: InstantMs
    update_time: InstantMs


ORDERS = TypeAdapter(Envelope[Order])
PAYMENTS = TypeAdapter(Envelope[Payment])
