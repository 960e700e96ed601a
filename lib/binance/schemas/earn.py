"""Shapes of Simple Earn positions. Source: reference, D.6."""

from typing import Annotated, Self

from pydantic import Field, TypeAdapter, model_validator

from lib.binance.schemas.row import Amount, AmountOrEmpty, Row, Text
from lib.domain.money import ZERO

_MOST = 100_000


class Flexible(Row):
    """One flexible position, its accrued interest inside."""

    asset: Text
    total_amount: Amount


class Locked(Row):
    """One locked position; what is being redeemed may be told beside its amount or in place of it."""

    asset: Text
    amount: Amount
    redeeming_amt: AmountOrEmpty = ZERO


class Page[R](Row):
    """One page of positions; without any the rows may be absent."""

    total: Annotated[int, Field(ge=0, le=_MOST)]
    rows: list[R] | None = None

    @model_validator(mode="after")
    def _has_its_rows(self) -> Self:
        if self.rows is None and self.total:
            raise ValueError("rows are missing")
        return self


FLEXIBLE = TypeAdapter(Page[Flexible])
LOCKED = TypeAdapter(Page[Locked])
