"""Futures income: what the exchange says a futures wallet earned and paid, and how far that was read."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.domain.portfolio import Wallet

REALISED, FUNDING, COMMISSION, REWARDS, OTHER = KINDS = ("realised", "funding", "commission", "rewards", "other")


@dataclass(frozen=True, slots=True)
class IncomeRow:
    """One row of a futures income history that is no transfer between own wallets.

    `kind` is one of `KINDS`, None where the exchange's `name` of it is not known here. Units: coins of `asset`.
    """

    key: str  # unique per account and wallet, made of the exchange's own id
    kind: str | None
    name: str
    asset: str
    amount: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class IncomeReading:
    """The rows of one wallet from where the last reading ended, oldest first.

    All up to `through` were read; an unfinished one stopped there with more to come, perhaps of that very instant.
    """

    wallet: Wallet
    through: datetime
    rows: tuple[IncomeRow, ...]
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class IncomeMark:
    """How far a wallet's income was read. `keys` are the rows of the last instant, which the next reading lists again.

    `asked_at` is when it was last asked for.
    """

    asked_at: datetime
    through: datetime
    keys: tuple[str, ...] = ()
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Earned:
    """What was earned, or paid (below 0), at one instant, all rows of one kind together. Units: USD."""

    at: datetime
    kind: str
    usd: Decimal
