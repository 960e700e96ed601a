"""Shape of the Pay history. Source: reference, D.5."""

from pydantic import TypeAdapter

from lib.binance.schemas.envelope import Envelope
from lib.binance.schemas.row import Amount, InstantMs, Row, Size, Text


class Funds(Row):
    """How much of one asset a payment took or brought; the payment says in which direction."""

    currency: Text
    amount: Size


class Payment(Row):
    """One payment. `amount` is signed: above 0 was received; `funds_detail` is what really moved."""

    transaction_id: Text
    transaction_time: InstantMs
    amount: Amount
    currency: Text
    order_type: str | None = None
    funds_detail: list[Funds] | None = None


PAYMENTS = TypeAdapter(Envelope[Payment])
