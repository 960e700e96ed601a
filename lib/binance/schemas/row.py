"""What every shape shares: camel-cased names on the wire, and amounts that were never a float."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

LIMIT = Decimal("1e30")  # no amount or price is near it: past it a figure is nonsense, and sums could overflow

# A string or a number on the wire. A size cannot be negative.
type Amount = Annotated[Decimal, Field(allow_inf_nan=False, gt=-LIMIT, lt=LIMIT)]
type Size = Annotated[Decimal, Field(allow_inf_nan=False, ge=0, lt=LIMIT)]


def _given(value: object) -> object:
    """Read an empty text as nothing told."""
    return None if value == "" else value


def _or_zero(value: object) -> object:
    """Read an empty text as zero."""
    return "0" if value == "" else value


type MaybeAmount = Annotated[Amount | None, BeforeValidator(_given)]
type AmountOrEmpty = Annotated[Amount, BeforeValidator(_or_zero)]
type PositionSide = Literal["BOTH", "LONG", "SHORT"]
type Text = Annotated[str, Field(min_length=1)]
type InstantMs = Annotated[int, Field(ge=0, lt=253_402_300_800_000)]  # what a datetime can hold


def given(value: object) -> object:
    """Read the exchange's ways of saying "not yet" or "none" as nothing."""
    return value or None


class Row(BaseModel):
    """One JSON object of an answer. An identifier may come as a number and is kept as text."""

    model_config = ConfigDict(alias_generator=to_camel, coerce_numbers_to_str=True, extra="ignore", frozen=True)
