"""What one account's next run must remember, and what a run hands over to be stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lib.domain.benchmark import Policy
from lib.domain.estimates import Estimate
from lib.domain.flows import CashFlow, Movement
from lib.domain.income import Earned, IncomeMark
from lib.domain.portfolio import Wallet
from lib.domain.prices import PricePoint
from lib.domain.reading import Basis
from lib.domain.replay import Checkpoint, Event, Point, Row
from lib.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Held:
    """A whole snapshot that is stored as partial until the flows or candles it lacks have been read."""

    at: datetime
    slot: datetime
    nav_usd: Decimal
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountState:
    """The memory of one account between runs.

    `watermarks`: how far each flow source was read. `known`: ids that the next reading will list again and that are
    settled, by the time the exchange lists them at. `ahead`, `prices` and `rebalances` lie after the checkpoint.
    `totals` None: the exchange's own total was never read. `basis`: what the last whole snapshot was made of.
    """

    watermarks: Mapping[str, datetime] = field(default_factory=dict)
    known: Mapping[str, datetime] = field(default_factory=dict)
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
    estimated_at: datetime | None = None  # when what was before the inception was estimated, once for good


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

    `completed` are slots of held snapshots that are complete now. `revalued` are booked flows whose value before
    changed. Rows and events replace all that was derived for later than `restated_from`, or are appended (None).
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
