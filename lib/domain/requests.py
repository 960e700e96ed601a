"""What callers ask for, as values: parsed by the web or the command line, understood by the use cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

RANGES: dict[str, timedelta | None] = {
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
    "1y": timedelta(days=365),
    "all": None,
}
ALL_ACCOUNTS = "all"
LEVELS = ("debug", "info", "warning", "error")
DEFAULT_POINTS = 800
DEFAULT_LOGS = 100


@dataclass(frozen=True, slots=True)
class CollectOrder:
    """What is asked of a run: one account or all that are due.

    `retake` takes the current slot anew though it is complete; `rebalance` brings the benchmark to its weights at
    once, as an entry of the ledger, and needs a snapshot of that instant.
    """

    account: str | None = None
    retake: Literal["no", "force", "rebalance"] = "no"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Another benchmark to look at, which changes nothing: these weights, or (None) what was held on day one."""

    weights: Mapping[str, Decimal] | None


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """Which history is asked for. `length` counts back from the last snapshot unless `since` or `until` are given."""

    account: str  # an account's id, or ALL_ACCOUNTS
    length: timedelta | None = None  # None: all of it
    since: datetime | None = None
    until: datetime | None = None
    points: int = DEFAULT_POINTS
    benchmark: WhatIf | None = None  # None: the account's own
    form: Literal["json", "csv"] = "json"  # a CSV has every snapshot, whatever `points` says


@dataclass(frozen=True, slots=True)
class LogRequest:
    """Which log entries are asked for: newest first, or those next after one of them."""

    limit: int = DEFAULT_LOGS
    level: str | None = None  # this one and the graver ones
    account: str | None = None
    event: str | None = None  # itself, or what it begins: "account" finds "account.stored"
    run: str | None = None
    text: str | None = None
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class HoldingsRequest:
    """Which snapshot is asked for: the last whole one at or before `at` (None: the newest), or a partial one at it."""

    account: str  # an account's id, or ALL_ACCOUNTS
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FlowsRequest:
    """Which part of the ledger is asked for: the entries in (since, until]."""

    account: str  # an account's id, or ALL_ACCOUNTS
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """What a person says of a flow. Units: `quantity` signed coins of `asset`; USD is an asset of price 1."""

    at: datetime
    quantity: Decimal
    asset: str
    reason: str


@dataclass(frozen=True, slots=True)
class FlowChange:
    """What a person wants of the ledger: add, void, correct or internal; of a new entry, or of one that is there."""

    account: str
    action: Literal["add", "void", "correct", "internal"]
    reason: str
    flow_id: str | None = None
    entry: FlowEntry | None = None


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A key of the exchange with its secret; nothing of it shows."""

    api_key: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account to be added."""

    name: str
    key: KeyPair


@dataclass(frozen=True, slots=True)
class AccountChange:
    """One thing that is to change of an account: the one that is not None."""

    account: str
    name: str | None = None
    key: KeyPair | None = None
    policy: Mapping[str, object] | None = None  # the parts that change, in words
    state: Literal["active", "paused"] | None = None
    alerts: Mapping[str, str | None] | None = None  # the parts that change


@dataclass(frozen=True, slots=True)
class AccountRemoval:
    """An account to be closed, or where its name was typed erased."""

    account: str
    erase: str | None = None
