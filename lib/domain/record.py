"""One account as a history file carries it: all that its figures follow from, and no secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lib.domain.benchmark import Policy
from lib.domain.prices import history_of
from lib.domain.replay import Facts
from lib.domain.state import Truth


@dataclass(frozen=True, slots=True)
class Record:
    """The truth of one account with its name and policy.

    `truth.points` are oldest first, one an instant; `slot_minutes` has one entry a point. `closed_at`: when it was
    left.
    """

    name: str
    policy: Policy
    truth: Truth
    slot_minutes: Sequence[int]
    closed_at: datetime | None = None


def facts_of(record: Record) -> Facts:
    """Return what a replay of `record` takes."""
    truth = record.truth
    return Facts(record.policy, truth.points, truth.flows, history_of(truth.prices), truth.rebalances)
