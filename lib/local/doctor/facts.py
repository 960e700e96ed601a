"""What the checks look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from lib.errors import MonitorError
from lib.ports import Credentials
from lib.records import Status
from lib.settings import Settings
from lib.store.sql_files import SqlFile


class Outcome(Enum):
    """What came of trying a way into the database."""

    OPEN = "open"
    EMPTY = "empty"  # nothing was made there yet
    AWAY = "away"  # no answer
    REFUSED = "refused"  # an answer, and it was no


@dataclass(frozen=True, slots=True)
class Door:
    """One way into the database, by the setting that leads there."""

    name: str
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A right that the code needs, as `sql/` grants it. `column` is empty where it is on the whole object."""

    kind: str  # schema, table, sequence, function
    target: str  # "public.flows"; of a function the name alone
    right: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """A need that is not met; `exists` is False where there is nothing to have a right to."""

    need: Need
    exists: bool


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody has who should have nothing."""

    kind: str  # schema, table, sequence, function
    target: str  # as SQL names it, a function with its arguments
    role: str
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the database says of its schema, over a direct connection."""

    recorded: Mapping[int, tuple[str, str]] | None  # name and checksum by number; None: no migration ever ran
    reapplied: str | None  # checksum of functions and policies
    unguarded: tuple[str, ...]  # tables without row level security
    many_rows: tuple[str, ...]  # functions whose answer is rows, and so may be cut
    grants: tuple[Grant, ...]
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """What this release's `sql/` holds."""

    migrations: tuple[SqlFile, ...]
    reapplied: str


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One account. `sealed_wrong` says why its stored secret cannot be opened; None where it was not tried."""

    id: str
    name: str
    state: str
    created_at: datetime
    status: Status
    newest_at: datetime | None
    missing: tuple[str, ...]  # in the newest try
    unpriced: tuple[str, ...] = ()  # coins of the newest complete snapshot that never had a price
    keyless: bool = False  # it was restored from a history file, and nobody gave it a key
    sealed_wrong: str | None = None
    sealed_formerly: bool = False  # it opens with one of the former keys
    key: Credentials | None = field(default=None, repr=False)  # once opened


@dataclass(frozen=True, slots=True)
class HostFacts:
    """One host of the exchange: why it does not answer, or how far its clock is ahead of ours."""

    name: str
    address: str
    error: MonitorError | None = None
    ahead: timedelta | None = None


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """An account's key: why it is not accepted, or what it may do and which wallets it cannot read."""

    name: str  # of the account
    error: MonitorError | None = None
    may_read: bool = True
    risky: tuple[str, ...] = ()
    bound_to_addresses: bool = False
    unreadable: tuple[tuple[str, MonitorError], ...] = ()


@dataclass(frozen=True, slots=True)
class ExchangeFacts:
    """What the exchange says to this machine."""

    hosts: tuple[HostFacts, ...]
    keys: tuple[KeyFacts, ...] = ()
    by_proxy: bool = False
    imitated: bool = False  # in demo mode nobody asks Binance
    allow_trading: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was found. What could not be asked is None."""

    at: datetime
    settings: Settings
    release: Release
    doors: tuple[Door, ...]
    catalogue: Catalogue | None = None
    is_behind: bool | None = None  # as the claim says, over the Data API
    accounts: tuple[AccountFacts, ...] | None = None
