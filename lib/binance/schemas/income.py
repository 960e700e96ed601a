"""Shape of the futures income histories. Source: reference, D.8 and D.10."""

from pydantic import TypeAdapter

from lib.binance.schemas.row import Amount, InstantMs, Row, Text


class Income(Row):
    """One change of a futures wallet. `tran_id` is a number on one family and text on the other."""

    symbol: str = ""
    income_type: Text
    income: Amount
    asset: Text
    time: InstantMs
    tran_id: Text


INCOMES = TypeAdapter(list[Income])
