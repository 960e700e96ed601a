"""What an account held, and how its snapshots compare with the exchange's own total."""

from collections.abc import Mapping
from typing import Any

from lib.domain.holdings import AccountHoldings, Compared
from lib.store.rows.scalars import instant, maybe_instant
from lib.store.rows.snapshot import decode_checks, decode_snapshot


def decode_holdings_of(row: Mapping[str, Any]) -> AccountHoldings:
    """Read one account's."""
    return AccountHoldings(
        account=row["id"],
        inception=maybe_instant(row["inception"]),
        left_at=maybe_instant(row["left_at"]),
        snapshot=None if row["snapshot"] is None else decode_snapshot(row["snapshot"]),
        before=tuple(map(_decode_compared, row["before"])),
    )


def _decode_compared(row: Mapping[str, Any]) -> Compared:
    return Compared(instant(row["at"]), instant(row["slot"]), decode_checks(row["checks"]))
