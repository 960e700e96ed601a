"""The shape of a history file, portfolio-history/1. Unknown keys are ignored. Source: product, 8."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from lib.document.scalars import instant, number

FORMAT = "portfolio-history/1"

_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"}]}
_INSTANT = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "number", "description": "epoch seconds"}]}


def _whole(least: int, most: int, default: int, meaning: str) -> dict[str, Any]:
    kinds = [{"type": "integer", "minimum": least, "maximum": most}, {"type": "string", "pattern": r"^\d+$"}]
    return {"anyOf": kinds, "default": default, "description": meaning}


_HOUR = _whole(0, 23, 12, "UTC")
_EVERY: dict[str, dict[str, Any]] = {
    "day": {},
    "week": {"weekday": _whole(0, 6, 0, "0 is Monday")},
    "month": {"day": _whole(1, 31, 1, "the last day in shorter months")},
}
_REBALANCE = {
    "description": "null: never",
    "default": {"every": "week", "weekday": 0, "hour": 12},
    "anyOf": [
        {"type": "null"},
        {"type": "object", "required": ["band"], "properties": {"band": _NUMBER}},
        *(
            {"type": "object", "properties": {"every": {"const": every}, **more, "hour": _HOUR}}
            for every, more in _EVERY.items()
        ),
    ],
}
_POLICY = {
    "type": "object",
    "description": "what the benchmark is; an absent key has its default",
    "properties": {
        "weights": {
            "type": "object",
            "description": "positive, adding up to 1",
            "minProperties": 1,
            "additionalProperties": _NUMBER,
            "default": {"BTC": "0.5", "ETH": "0.5"},
        },
        "deposits": {"enum": ["target_weights", "proportional"], "default": "target_weights"},
        "withdrawals": {"enum": ["dollar_matched", "fraction_matched"], "default": "dollar_matched"},
        "rebalance": _REBALANCE,
        "cost_bp": {**_NUMBER, "default": "0", "description": "basis points of what a rebalance buys and sells"},
        "risk_free": {**_NUMBER, "default": "0", "description": "a yearly ratio"},
    },
}
_PRICES = {
    "type": "object",
    "description": "USD per coin, above 0, by the coin's name in upper case",
    "required": ["at"],
    "properties": {"at": _INSTANT},
    "patternProperties": {"^[^a-z]+$": _NUMBER},
}

type Number = Annotated[Decimal, PlainValidator(number), WithJsonSchema(_NUMBER)]
type Instant = Annotated[datetime, PlainValidator(instant), WithJsonSchema(_INSTANT)]
type Minutes = Annotated[int, Field(strict=True, ge=1, le=10_080)]
type Words = Annotated[dict[str, Any], WithJsonSchema(_POLICY)]
type PriceRow = Annotated[dict[str, Any], WithJsonSchema(_PRICES)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class AccountShape(_Shape):
    """Whose history it is."""

    name: str = Field(min_length=1, max_length=60)
    closed_at: Instant | None = None
    """when the account was left; it counts in the total up to its last snapshot"""


class SnapshotShape(_Shape):
    """The account's value at one instant, in USD. Those that are not complete are ignored."""

    at: Instant
    nav: Number | None = None
    complete: bool = Field(default=True, strict=True)
    slot: Instant | None = None
    """the start of the hour it belongs to; absent: `at` floored to `slot_minutes`"""
    slot_minutes: Minutes | None = None
    """the length of its slot where that is not the document's"""


class FlowShape(_Shape):
    """Money that came in (above 0) or left (below 0), in USD."""

    id: str = Field(min_length=1, strict=True)
    at: Instant
    usd: Number
    value_before: Number | None = None
    """what the account was worth just before that instant"""


class RebalanceShape(_Shape):
    """A rebalance that a person asked for."""

    at: Instant


class DocumentShape(_Shape):
    """The history of one account: all that its figures follow from."""

    format: Literal["portfolio-history/1"]
    account: AccountShape
    policy: Words = Field(default_factory=dict)
    slot_minutes: Minutes = 60
    snapshots: list[SnapshotShape]
    flows: list[FlowShape] = Field(default_factory=list)
    rebalances: list[RebalanceShape] = Field(default_factory=list)
    prices: list[PriceRow] = Field(default_factory=list)
