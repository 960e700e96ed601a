"""Shapes of the portfolio margin account. Source: reference, D.11."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from lib.binance.schemas.row import AmountOrEmpty, Row, Text


class Balance(Row):
    """One asset over cross margin and both kinds of futures. An empty text is zero; a row may be pure debt."""

    asset: Text
    total_wallet_balance: AmountOrEmpty
    cross_margin_borrowed: AmountOrEmpty
    cross_margin_interest: AmountOrEmpty
    um_unrealized: Annotated[AmountOrEmpty, Field(alias="umUnrealizedPNL")]
    cm_unrealized: Annotated[AmountOrEmpty, Field(alias="cmUnrealizedPNL")]


BALANCES = TypeAdapter(list[Balance])
