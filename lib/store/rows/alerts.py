"""Alerts: what an owner wants to be told of, what there is to judge, what is the matter and what is to be sent."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from lib.alert_records import Notice, Watched, WatchedAccount
from lib.domain.alerts import Episode, Limits, Newest, Sight
from lib.store.rows.ledger import decode_jump
from lib.store.rows.scalars import instant, maybe_instant, maybe_number, stamp


def decode_watched(row: Mapping[str, Any] | None) -> Watched | None:
    """Read what there is to judge, None where nobody asked for it."""
    return None if row is None else Watched(tuple(_decode_account(one) for one in row["accounts"]), row["waiting"])


def decode_limits(row: Mapping[str, Any]) -> Limits:
    """Read what an owner wants to be told of."""
    return Limits(maybe_number(row["behind"]), maybe_number(row["drawdown"]), row["digest"])


def decode_episodes(rows: Iterable[Mapping[str, Any]]) -> tuple[Episode, ...]:
    """Read what is the matter with an account."""
    return tuple(Episode(row["kind"], row["subject"], instant(row["since"]), row["detail"]) for row in rows)


def encode_notice(notice: Notice) -> dict[str, Any]:
    """Write what is to be kept and told."""
    return {**asdict(notice), "at": stamp(notice.at)}


def _decode_account(row: Mapping[str, Any]) -> WatchedAccount:
    return WatchedAccount(
        id=row["id"],
        name=row["name"],
        sight=_decode_sight(row),
        limits=decode_limits(row),
        digest_until=maybe_instant(row["digest_until"]),
        episodes=decode_episodes(row["episodes"]),
    )


def _decode_sight(row: Mapping[str, Any]) -> Sight:
    status, latest, tried = row["status"], row["latest"], row["last_try"]
    return Sight(
        since=instant(row["since"]),
        code=status["code"],
        detail=status["detail"],
        cause=status["cause"],
        latest=None if latest is None else _decode_newest(latest),
        tried_at=None if tried is None else instant(tried["at"]),
        missing=() if tried is None else tuple(tried["missing"]),
        peak_index=maybe_number(row["peak_index"]),
        jumps=tuple(decode_jump(jump) for jump in row["jumps"]),
    )


def _decode_newest(row: Mapping[str, Any]) -> Newest:
    return Newest(
        at=instant(row["at"]),
        nav_index=Decimal(row["nav_index"]),
        benchmark_index=Decimal(row["benchmark_index"]),
        wiped_out=bool(row["wiped_out"]),
    )
