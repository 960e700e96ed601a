"""What a run decided, as the one argument of the function that stores it."""

from collections.abc import Sequence
from typing import Any

from lib.domain.policies import in_words
from lib.domain.state import Outcome
from lib.records import LogEntry, Status
from lib.store.rows.benchmark import encode_event
from lib.store.rows.changes import encode_earned
from lib.store.rows.ledger import encode_decision, encode_flow, encode_jump, encode_price
from lib.store.rows.logs import encode_log
from lib.store.rows.scalars import maybe_stamp, stamp
from lib.store.rows.snapshot import encode_row, encode_snapshot
from lib.store.rows.state import encode_state


def encode_restored(outcome: Outcome, status: Status, slot_minutes: Sequence[int]) -> dict[str, Any]:
    """Write an outcome whose rows are snapshots of which nothing else is known."""
    rows = zip(outcome.rows, slot_minutes, strict=True)
    return {
        **encode_outcome(outcome, status),
        "rows": [{**encode_row(row), "slot_minutes": minutes} for row, minutes in rows],
    }


def encode_outcome(outcome: Outcome, status: Status | None, logs: Sequence[LogEntry] = ()) -> dict[str, Any]:
    """Write an outcome, how the account is after it, and what there is to tell of it."""
    return {
        "state": encode_state(outcome.state),
        "status": None if status is None else {"code": status.code, "detail": status.detail},
        "snapshot": None if outcome.snapshot is None else encode_snapshot(outcome.snapshot),
        "completed": [stamp(slot) for slot in outcome.completed],
        "given_up": [stamp(slot) for slot in outcome.given_up],
        "booked": [encode_flow(flow) for flow in outcome.booked],
        "revalued": [encode_flow(flow) for flow in outcome.revalued],
        "prices": [encode_price(point) for point in outcome.prices],
        "rebalances": [stamp(at) for at in outcome.rebalances],
        "rows": [encode_row(row) for row in outcome.rows],
        "events": [encode_event(event) for event in outcome.events],
        "restated_from": maybe_stamp(outcome.restated_from),
        "decisions": [encode_decision(decision) for decision in outcome.decisions],
        "policy": None if outcome.policy is None else in_words(outcome.policy),
        "decided_at": maybe_stamp(outcome.decided_at),
        "earned": [encode_earned(earned) for earned in outcome.earned],
        "estimates": [{"at": stamp(one.at), "usd": str(one.usd)} for one in outcome.estimates],
        "jumps": [encode_jump(jump) for jump in outcome.jumps],
        "logs": [encode_log(entry) for entry in logs],
    }
