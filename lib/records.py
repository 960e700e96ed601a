"""What the store keeps and answers with, as values, and how it refuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from lib.domain.alerts import Episode, Limits
from lib.domain.benchmark import Benchmark, Policy
from lib.domain.estimates import Estimate
from lib.domain.flows import CashFlow, Movement
from lib.domain.portfolio import PricedHolding
from lib.domain.prices import PriceHistory
from lib.domain.replay import Event, Row
from lib.domain.snapshot import WalletCheck
from lib.domain.state import AccountState, Decision
from lib.domain.worth import Worth
from lib.errors import InvalidInput, MonitorError, NotFound

_NAMED = 10  # accounts, where an id is wrong


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that a run has to tell. `level` is debug, info, warning or error; nothing in it is secret."""

    at: datetime
    level: str
    event: str  # words joined by dots, from the general to the particular: "account.stored"
    message: str
    account: str | None
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class StoredLog:
    """A log entry as it is kept. `id` rises with the time of writing."""

    id: int
    run: str
    entry: LogEntry


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """An entry of the ledger; without a decision it is in force."""

    flow: CashFlow
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class AccountFlows:
    """An account's ledger, newest first, and what is not in it yet: on its way, or waiting for a price."""

    account: str
    entries: tuple[LedgerEntry, ...]
    pending: tuple[Movement, ...]
    waiting: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class LogLimits:
    """How much is kept of the log."""

    days: int = 30
    entries: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Share:
    """A link that shows percentages of one account, or (None) of all."""

    id: str
    account: str | None
    created_at: datetime
    last_opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TryLimits:
    """How many wrong tries to log in are let through within a while, of one caller and of all together."""

    within: timedelta = timedelta(minutes=15)
    of_caller: int = 5
    of_all: int = 50


class UnknownAccount(NotFound):
    """No account has this id; the message names those there are, by id and name."""

    def __init__(self, account_id: str, known: Sequence[tuple[str, str]]) -> None:
        named = [f"{id_} ({name})" for id_, name in known[:_NAMED]]
        more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
        there = f"those there are: {', '.join(named)}{more}" if named else "none was added yet"
        super().__init__(f"there is no account {account_id!r}; {there}")


class VersionMoved(MonitorError):
    """Somebody else stored this account's outcome in between; decide again on its new state."""

    code = "version_moved"
    retryable = True


class PricesDiffer(MonitorError):
    """A price to be stored is there already as another one."""

    code = "prices_differ"


class AccountClosed(MonitorError):
    """A closed account can be neither paused nor taken up again."""

    code = "account_closed"


class AccountExists(MonitorError):
    """An account of this id, name or exchange uid is there already; `field` says which value is taken."""

    code = "account_exists"

    def __init__(self, message: str, field: str = "name") -> None:
        super().__init__(message)
        self.field = field

    @property
    def facts(self) -> Mapping[str, object]:
        """Return the name of the value that is taken."""
        return {"field": self.field}


class OtherOwner(MonitorError):
    """A new key belongs to another account of the exchange than the one it is for."""

    code = "other_owner"


class OtherName(InvalidInput):
    """The name that was typed to erase an account is not its own."""

    code = "other_name"


NO_KEY = "no_key"


@dataclass(frozen=True, slots=True)
class Status:
    """How an account is, for its owner: new, ok, partial, needs_attention, error; and why.

    `cause` is the code of the error behind it, where a run failed; no_key where there was nothing to try.
    """

    code: str
    detail: str | None = None
    cause: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a run needs it. `version` guards the commit; `sealed_key` opens with the vault, "" is none.

    `in_trouble`: its key needed its owner's attention when it was last tried.
    """

    id: str
    name: str
    version: int
    policy: Policy
    state: AccountState
    sealed_key: str = field(repr=False)
    in_trouble: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What a run got: the accounts it leased, longest untried first, and until when an earlier run was banned."""

    accounts: tuple[Account, ...]
    banned_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be added. `uid` is the exchange's own identity of it.

    `risky` are the rights its key has beyond reading: told to who adds it, not stored.
    """

    id: str
    name: str
    uid: str
    created_at: datetime
    policy: Policy
    sealed_key: str = field(repr=False)
    risky: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LatestSnapshot:
    """The newest complete snapshot of an account with its detail."""

    row: Row
    slot_minutes: int
    holdings: tuple[PricedHolding, ...]
    checks: tuple[WalletCheck, ...] | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """The newest snapshot of any kind: when, what was missing, and which wallets were read that hold something."""

    at: datetime
    missing: tuple[str, ...]
    wallets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """An account as the list shows it. `state` is active, paused or closed."""

    id: str
    name: str
    state: str
    created_at: datetime
    inception: datetime | None
    status: Status
    latest: LatestSnapshot | None
    last_try: Attempt | None
    benchmark: Benchmark | None  # as of the latest complete snapshot
    wiped_out: bool = False  # at any time since the start
    limits: Limits = field(default_factory=Limits)
    episodes: tuple[Episode, ...] = ()  # what is the matter with it, as far as somebody is told


@dataclass(frozen=True, slots=True)
class PartialSnapshot:
    """An hour of which only a part is known. It is shown as a gap, never as a value."""

    at: datetime
    slot: datetime
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A change of value up to `at` that prices, holdings and flows do not explain. Units: USD."""

    at: datetime
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Drawn:
    """Which of some rows are to be drawn, and where neighbours among all rows of the range lie too far apart."""

    positions: tuple[int, ...]
    apart: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class AccountPart:
    """All that is stored of one account over time, oldest first, as a part of all. `slot_minutes` has one entry a row.

    `prices` are those of the policy's assets where they were asked for; of several parts, one has those of all.
    """

    id: str
    name: str
    policy: Policy
    inception: datetime | None
    rows: tuple[Worth, ...]
    slot_minutes: tuple[int, ...]
    partials: tuple[PartialSnapshot, ...]
    events: tuple[Event, ...]
    flows: tuple[CashFlow, ...]
    prices: PriceHistory
    benchmark: Benchmark | None
    edition: str  # two that are equal stand for the same history
    estimates: tuple[Estimate, ...] = ()  # of days before the inception
    rebalances: tuple[datetime, ...] = ()  # those a person asked for
    unexplained: tuple[Unexplained, ...] = ()
    restated: tuple[LogEntry, ...] = ()  # the newest times that it was computed anew
    paused_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountHistory(AccountPart):
    """The same with its own indices and flows in each row.

    Where `drawn` is there, only the rows are that a request needs: its figures are those of all rows.
    """

    rows: tuple[Row, ...]
    drawn: Drawn | None = None  # None: every row is there
