"""What one look at an account gathered, before anything is decided about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lib.domain.flows import Movement
from lib.domain.income import IncomeReading
from lib.domain.keys import KeyCheck
from lib.domain.levels import Levels
from lib.domain.portfolio import Holding, OpenPosition, PricedHolding, Wallet, WalletReading
from lib.domain.prices import PricePoint
from lib.domain.valuation import Book


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers of one account, and what did not answer.

    `at` is the exchange's time before the first balance was asked for. `totals` None: the exchange's own total
    could not be read; `totals_refused`: it never will. `sources` hold every row listed since the window's start; a
    source that failed is absent, and so is one that was not due. `refused_sources` are not told to this account at
    all. `checked` is what was learned of the key in this run. `closed` are last prices of coins whose markets have
    ended. `seen`: rows that an earlier look of the same run showed turned back, so that these balances are of after.
    `since` and `until`: before the totals were asked for, and when the last balance had answered; None where that is
    `at`. Totals and balances are of any instant between the two.
    """

    at: datetime
    book: Book
    totals: Mapping[Wallet, Decimal] | None
    wallets: Mapping[Wallet, WalletReading]
    failed_wallets: tuple[Wallet, ...] = ()
    sources: Mapping[str, tuple[Movement, ...]] = field(default_factory=dict)
    failed_sources: tuple[str, ...] = ()
    income: tuple[IncomeReading, ...] = ()
    unread_income: Mapping[Wallet, str] = field(default_factory=dict)  # why it was not read
    refused_sources: tuple[str, ...] = ()
    totals_refused: bool = False
    checked: KeyCheck | None = None
    closed: Mapping[str, PricePoint] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return from when to when it was read, as far as balances go."""
        return self.since or self.at, self.until or self.at


@dataclass(frozen=True, slots=True)
class Want:
    """The price of a coin (or of a contract) at the open of the minute that contains `at`."""

    name: str  # "SOL", or the contract "SOLUSDT"
    at: datetime
    contract: bool = False


type Opens = Mapping[Want, Decimal | None]  # None: there was no such candle; absent: it could not be fetched


@dataclass(frozen=True, slots=True)
class Basis:
    """The last whole snapshot before an instant: what the account held then.

    `profits` are the open profits inside of the holdings, and `levels` where the sums stood, as far as they are kept.
    """

    at: datetime
    holdings: tuple[PricedHolding, ...]
    positions: tuple[OpenPosition, ...]
    profits: tuple[Holding, ...] = ()
    levels: Levels | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """A reading with the prices and past holdings that deciding on it needs."""

    slot: datetime
    slot_minutes: int
    reading: Reading
    opens: Opens = field(default_factory=dict)
    bases: Mapping[datetime, Basis | None] = field(default_factory=dict)  # by the instant of a new flow
