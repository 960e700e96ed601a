"""Shapes of the deposit and withdrawal histories. Source: reference, D.4."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, TypeAdapter

from lib.binance.schemas.row import InstantMs, Row, Size, Text, given


def _in_utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


type UtcText = Annotated[datetime, AfterValidator(_in_utc)]  # "2026-01-01 09:34:41", the zone unsaid


class Deposit(Row):
    """One row of the deposit history. Old rows lack `id` and `complete_time`."""

    id: Annotated[str | None, BeforeValidator(given)] = None
    coin: Text
    amount: Size
    status: Literal[0, 1, 2, 6, 7, 8]
    insert_time: InstantMs
    complete_time: Annotated[InstantMs | None, BeforeValidator(given)] = None
    network: str | None = None
    address: str | None = None
    tx_id: str | None = None
    transfer_type: int | None = None
    travel_rule_status: int | None = None


class Withdrawal(Row):
    """One row of the withdrawal history: `amount` is what the recipient gets, the fee comes on top."""

    id: Text
    coin: Text
    amount: Size
    transaction_fee: Annotated[Size | None, BeforeValidator(given)] = None
    status: Literal[0, 1, 2, 3, 4, 5, 6]
    apply_time: UtcText
    complete_time: Annotated[UtcText | None, BeforeValidator(given)] = None
    network: str | None = None
    transfer_type: int | None = None


DEPOSITS = TypeAdapter(list[Deposit])
WITHDRAWALS = TypeAdapter(list[Withdrawal])
