"""What was learned of an account's key."""

from collections.abc import Mapping
from typing import Any

from lib.domain.keys import KeyCheck
from lib.store.rows.scalars import stamp, time


def encode_check(check: KeyCheck) -> dict[str, Any]:
    """Write a check."""
    return {
        "at": stamp(check.at),
        "risky": list(check.risky),
        "ip_restricted": check.ip_restricted,
        "portfolio_margin": check.portfolio_margin,
        "unopened": list(check.unopened),
    }


def decode_check(row: Mapping[str, Any] | None) -> KeyCheck | None:
    """Read a check, None where there was none yet."""
    if row is None:
        return None
    return KeyCheck(
        at=time(row["at"]),
        risky=tuple(row["risky"]),
        ip_restricted=row["ip_restricted"],
        portfolio_margin=row["portfolio_margin"],
        unopened=tuple(row["unopened"]),
    )
