"""What changed an account's value: futures income and levels, on their way to the database and back."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from lib.domain.attribution import Stretch
from lib.domain.income import Earned, IncomeMark
from lib.domain.levels import Levels
from lib.domain.portfolio import Wallet
from lib.store.rows.scalars import instant, stamp, time


def encode_earned(earned: Earned) -> dict[str, str]:
    """Write what was earned at one instant."""
    return {"at": stamp(earned.at), "kind": earned.kind, "usd": str(earned.usd)}


def encode_levels(levels: Levels | None) -> dict[str, str | None]:
    """Write levels as the columns of a snapshot; without any both are null."""
    if levels is None:
        return {"unrealised_usd": None, "revalued_usd": None}
    return {"unrealised_usd": str(levels.unrealised_usd), "revalued_usd": str(levels.revalued_usd)}


def decode_levels(row: Mapping[str, Any] | None) -> Levels | None:
    """Read levels, None where they are not known."""
    if row is None or row.get("revalued_usd") is None:
        return None
    return Levels(Decimal(row["unrealised_usd"]), Decimal(row["revalued_usd"]))


def encode_marks(marks: Mapping[Wallet, IncomeMark]) -> dict[str, Any]:
    """Write how far the income of each wallet was read."""
    return {
        wallet: {
            "asked_at": stamp(mark.asked_at),
            "through": stamp(mark.through),
            "keys": list(mark.keys),
            "unfinished": mark.unfinished,
        }
        for wallet, mark in marks.items()
    }


def decode_marks(rows: Mapping[str, Any]) -> dict[Wallet, IncomeMark]:
    """Read what `encode_marks` wrote."""
    return {
        wallet: IncomeMark(time(row["asked_at"]), time(row["through"]), tuple(row["keys"]), row["unfinished"])
        for wallet, row in rows.items()
    }


def decode_stretch(row: Mapping[str, Any]) -> Stretch:
    """Read what is stored of one period."""
    begin, marks = row["begin"], decode_marks(row["marks"])
    known: datetime | None = None if begin is None else instant(begin["at"])
    return Stretch(
        begin=decode_levels(begin),
        end=decode_levels(row["end"]),
        income={kind: Decimal(usd) for kind, usd in row["income"].items()},
        moved_usd=Decimal(row["moved_usd"]),
        known_at=known,
        income_until=min((mark.through for mark in marks.values()), default=None),
    )
