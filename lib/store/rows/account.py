"""Accounts: as a run needs them, as they are added, and as the list shows them."""

from collections.abc import Mapping
from typing import Any

from lib.domain.policies import from_words, in_words
from lib.domain.state import AccountState
from lib.records import Account, AccountSummary, Attempt, LatestSnapshot, NewAccount, Status
from lib.store.rows.alerts import decode_episodes, decode_limits
from lib.store.rows.benchmark import decode_benchmark
from lib.store.rows.scalars import instant, maybe_instant, stamp
from lib.store.rows.snapshot import decode_checks, decode_holdings, decode_row
from lib.store.rows.state import decode_state, encode_state


def decode_account(row: Mapping[str, Any]) -> Account:
    """Read an account."""
    return Account(
        id=row["id"],
        name=row["name"],
        version=row["version"],
        policy=from_words(row["policy"]),
        state=decode_state(row["state"]),
        sealed_key=row["sealed_key"] or "",
        in_trouble=row.get("status_code") == "needs_attention",
    )


def encode_new(account: NewAccount) -> dict[str, Any]:
    """Write a new account as the arguments of the function that adds it."""
    return {
        "p_id": account.id,
        "p_name": account.name,
        "p_uid": account.uid,
        "p_sealed_key": account.sealed_key,
        "p_policy": in_words(account.policy),
        "p_state": encode_state(AccountState()),
        "p_created_at": stamp(account.created_at),
    }


def decode_summary(row: Mapping[str, Any]) -> AccountSummary:
    """Read an account of the list."""
    latest, tried, held = row["latest"], row["last_try"], row["benchmark"]
    return AccountSummary(
        id=row["id"],
        name=row["name"],
        state=row["state"],
        created_at=instant(row["created_at"]),
        inception=maybe_instant(row["inception"]),
        status=Status(row["status"]["code"], row["status"]["detail"], row["status"]["cause"]),
        latest=None if latest is None else _decode_latest(latest),
        last_try=None if tried is None else _decode_attempt(tried),
        benchmark=None if held is None else decode_benchmark(held),
        wiped_out=row["wiped_out"],
        limits=decode_limits(row["alerts"]),
        episodes=decode_episodes(row["episodes"]),
    )


def _decode_attempt(row: Mapping[str, Any]) -> Attempt:
    return Attempt(instant(row["at"]), tuple(row["missing"]), tuple(sorted(row["wallets"])))


def _decode_latest(row: Mapping[str, Any]) -> LatestSnapshot:
    at = instant(row["at"])
    return LatestSnapshot(
        row=decode_row(row, at, instant(row["slot"])),
        slot_minutes=row["slot_minutes"],
        holdings=decode_holdings(row["holdings"], at),
        checks=decode_checks(row["checks"]),
    )
