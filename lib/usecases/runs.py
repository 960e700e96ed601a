"""What a run reports: one line an account, one for the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.domain.money import money_text
from lib.domain.sources import TRANSFERS
from lib.domain.state import Outcome
from lib.errors import MonitorError
from lib.records import Account, Status

STORED, FRESH, BUSY, PARTIAL, DEFERRED, ERROR = "stored", "fresh", "busy", "partial", "deferred", "error"
OK, NOTHING_DUE, FAILED = "ok", "nothing_due", "failed"
_FOR_THE_OWNER = frozenset({"key_refused", "key_too_powerful"})
_OF_THE_ADDRESS = frozenset({"banned", "firewalled", "location_refused", "proxy_refused"})  # these explain the others
_REASONS = 2  # that a status repeats; the log has them all


@dataclass(frozen=True, slots=True)
class AccountReport:
    """What one run did for one account. Units: USD."""

    id: str
    name: str
    status: str
    slot: datetime
    nav_usd: Decimal | None = None
    benchmark_usd: Decimal | None = None
    flows: int = 0
    rebalances: int = 0
    missing: tuple[str, ...] = ()
    failure: Status | None = None


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one run did. `weight` is by pool of the exchange."""

    run: str
    status: str  # ok, partial, nothing_due, failed
    started_at: datetime
    duration_ms: int
    requests: int
    weight: Mapping[str, int]
    accounts: tuple[AccountReport, ...]


def stored(account: Account, slot: datetime, outcome: Outcome) -> AccountReport:
    """Report an outcome that was committed."""
    snapshot, before = outcome.snapshot, account.state.checkpoint
    since = before.last.at if before else None
    complete = snapshot is not None and snapshot.complete
    return AccountReport(
        id=account.id,
        name=account.name,
        status=STORED if complete else PARTIAL,
        slot=slot,
        nav_usd=snapshot.nav_usd if snapshot is not None and complete else None,
        benchmark_usd=outcome.rows[-1].benchmark_usd if complete else None,
        flows=len(outcome.booked),
        rebalances=sum(event.kind == "rebalance" and (since is None or event.at > since) for event in outcome.events),
        missing=outcome.lacked,
    )


def failed(account: Account, slot: datetime, error: MonitorError) -> AccountReport:
    """Report an account that nothing was stored for; a key that does not do needs its owner."""
    code = "needs_attention" if error.code in _FOR_THE_OWNER else "error"
    return AccountReport(account.id, account.name, ERROR, slot, failure=Status(code, str(error), error.code))


def deferred(account: Account, slot: datetime) -> AccountReport:
    """Report an account whose turn did not come in this run."""
    return AccountReport(account.id, account.name, DEFERRED, slot)


def status_of(outcome: Outcome, heard: Sequence[MonitorError] = ()) -> Status:
    """Say how an account is after an outcome was stored, why what failed did so, and what is never told to it."""
    untold = [source for source in sorted(outcome.state.refused) if source not in TRANSFERS]
    never = [f"not told to this account: {', '.join(untold)}"] if untold else []
    if outcome.snapshot is None or outcome.snapshot.complete:
        return Status("ok", "; ".join(never) or None)
    ordered = sorted(heard, key=lambda error: error.code not in _OF_THE_ADDRESS)
    reasons = list(dict.fromkeys(str(error) for error in ordered))[:_REASONS]
    return Status("partial", "; ".join(("not read: " + ", ".join(outcome.snapshot.missing), *reasons, *never)))


def overall(accounts: tuple[AccountReport, ...]) -> str:
    """Say how a run went as a whole."""
    if not accounts:
        return NOTHING_DUE
    failed = [report for report in accounts if report.status == ERROR]
    if len(failed) == len(accounts):
        return FAILED
    settled = all(report.status in (STORED, FRESH) for report in accounts)
    return OK if settled else PARTIAL


def answer(report: RunReport) -> dict[str, object]:
    """Tell a run in the shape of product 6."""
    return {
        "run": report.run,
        "status": report.status,
        "started_at": report.started_at,
        "duration_ms": report.duration_ms,
        "binance": {"requests": report.requests, "weight": dict(report.weight)},
        "accounts": [
            {
                "id": one.id,
                "name": one.name,
                "status": one.status,
                "slot": one.slot,
                "nav": None if one.nav_usd is None else money_text(one.nav_usd),
                "benchmark": None if one.benchmark_usd is None else money_text(one.benchmark_usd),
                "flows": one.flows,
                "rebalances": one.rebalances,
                "missing": one.missing,
                "error": one.failure.detail if one.failure else None,
            }
            for one in report.accounts
        ],
    }
