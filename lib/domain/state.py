"""What one account's next run must remember, and what a run hands over to be stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lib.domain.benchmark import Policy
from lib.domain.estimates import Estimate
from lib.domain.flows import CashFlow, Movement
from lib.domain.income import Earned, IncomeMark
from lib.domain.jump import Jump
from lib.domain.keys import KeyCheck
from lib.domain.portfolio import Wallet
from lib.domain.prices import PricePoint
from lib.domain.reading import Basis
from lib.domain.replay import Checkpoint, Event, Point, Row
from lib.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Held:
    """A whole snapshot that is stored as partial until the flows or candles it lacks have been read.

    `since` and `until`: from when to when its totals and balances were read; None where that is `at`.
    """

    at: datetime
    slot: datetime
    nav_usd: Decimal
    missing: tuple[str, ...]
    since: datetime | None = None
    until: datetime | None = None

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return from when to when it was taken."""
        return self.since or self.at, self.until or self.at


@dataclass(frozen=True, slots=True)
class AccountState:
    """The memory of one account between runs.

    `watermarks`: how far each flow source was read. `known`: ids that the next reading will list again and that are
    settled, by the time the exchange lists them at. `turns`: how many entries those of them have led to that turned
    back, or 0 for those that never counted; one is the rule, and not kept.
    `ahead`, `prices` and `rebalances` lie after the checkpoint.
    `totals` None: the exchange's own total was never read. `basis`: what the last whole snapshot was made of.
    `checked`: what was last learned of the key.
    `refused`: sources the exchange does not tell this account, by when it last said so. `used`: sources of transfers
    that ever listed one. `twins`: counted movements that another list may show too, `aliases` those other ids, each
    with the id that counts. `jumps`: the newest changes of value that nothing explains. `retaken`: when those whole
    snapshots were taken whose slot was taken anew: flows after them were valued with what had come before.
    """

    watermarks: Mapping[str, datetime] = field(default_factory=dict)
    known: Mapping[str, datetime] = field(default_factory=dict)
    turns: Mapping[str, int] = field(default_factory=dict)
    pending: tuple[Movement, ...] = ()
    waiting: tuple[Movement, ...] = ()
    unpriced: tuple[Movement, ...] = ()
    held: tuple[Held, ...] = ()
    ahead: tuple[CashFlow, ...] = ()
    prices: tuple[PricePoint, ...] = ()
    rebalances: tuple[datetime, ...] = ()
    checkpoint: Checkpoint | None = None
    last_prices: Mapping[str, PricePoint] = field(default_factory=dict)
    day_one: tuple[str, ...] = ()
    totals: Mapping[Wallet, Decimal] | None = None
    basis: Basis | None = None
    income: Mapping[Wallet, IncomeMark] = field(default_factory=dict)  # how far futures income was read
    estimated: bool = False  # what was before the inception, once for good
    checked: KeyCheck | None = None
    refused: Mapping[str, datetime] = field(default_factory=dict)
    used: frozenset[str] = frozenset()
    twins: tuple[Movement, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    jumps: tuple[Jump, ...] = ()
    retaken: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """All that the figures of one account follow from, as it is stored."""

    points: Sequence[Point]  # complete snapshots
    flows: Sequence[CashFlow]
    prices: Sequence[PricePoint]
    rebalances: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about an entry of the ledger: void, internal, or superseded by another entry."""

    flow_id: str
    decision: str
    reason: str
    decided_at: datetime
    by_flow_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run, or one person, decided for one account; stored in one transaction.

    `completed` are slots of held snapshots that are complete now, `given_up` those that can never be.
    `revalued` are booked flows whose value before changed. `aliases`: movements not booked because another list has
    them, by the id that counts. `inside`: sales of coins taken for an exchange of own assets. `jumps`: changes of value
    found to be unexplained, and those that are explained now (0). Rows and events replace all that was derived for
    later than `restated_from`, or are appended (None).
    """

    state: AccountState
    snapshot: Snapshot | None
    completed: tuple[datetime, ...]
    booked: tuple[CashFlow, ...]
    revalued: tuple[CashFlow, ...]
    prices: tuple[PricePoint, ...]
    rebalances: tuple[datetime, ...]
    rows: tuple[Row, ...]
    events: tuple[Event, ...]
    restated_from: datetime | None
    lacked: tuple[str, ...] = ()  # what this run's own reading lacked, though its snapshot is not stored
    decisions: tuple[Decision, ...] = ()
    policy: Policy | None = None  # a new one, from `decided_at` on in force for the whole history
    decided_at: datetime | None = None
    earned: tuple[Earned, ...] = ()  # futures income that was not counted before
    estimates: tuple[Estimate, ...] = ()  # of the days before the inception
    uncounted: tuple[str, ...] = ()  # what of it cannot be counted
    aliases: Mapping[str, str] = field(default_factory=dict)
    inside: tuple[Movement, ...] = ()
    given_up: tuple[datetime, ...] = ()
    jumps: tuple[Jump, ...] = ()
