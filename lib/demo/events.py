"""What can happen to an account of the demo world: dated values, of which its state is a fold."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from lib.demo.crossings import Crossing

type Owned = Literal["spot", "funding", "usdm"]


@dataclass(frozen=True, slots=True)
class Deposit:
    """Coins from outside: seen at `inserted_at`, in the balance from `credited_at`, withdrawable from `unlocked_at`."""

    id: str
    asset: str
    amount: Decimal
    wallet: Owned
    network: str
    address: str
    tx_id: str
    inserted_at: datetime
    credited_at: datetime
    unlocked_at: datetime
    internal: bool = False  # from another account of the exchange
    pay_id: str = ""  # under which the Pay history shows it, too


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Coins on their way out: `amount` is what arrives, `fee` comes on top.

    Between `applied_at` and `ended_at` (whole seconds, both) they are withdrawing; a cancelled one gives them back.
    """

    id: str
    asset: str
    amount: Decimal
    fee: Decimal
    wallet: Owned
    network: str
    address: str
    tx_id: str
    applied_at: datetime
    ended_at: datetime
    cancelled: bool = False
    internal: bool = False  # to another account of the exchange
    pay_id: str = ""  # under which the Pay history shows it, too


@dataclass(frozen=True, slots=True)
class Transfer:
    """Coins from one own wallet to another."""

    at: datetime
    asset: str
    amount: Decimal
    source: Owned
    target: Owned


@dataclass(frozen=True, slots=True)
class SpotTrade:
    """`share` of the free `sell` in the spot wallet becomes `buy`, through USDT, at the market's prices."""

    at: datetime
    sell: str
    buy: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class OrderLock:
    """`share` of the free `asset` in the spot wallet lies in an open order from `at` to `until`."""

    at: datetime
    until: datetime
    asset: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class FuturesTrade:
    """A USD-M perpetual is bought (quantity above 0) or sold at the market's price."""

    at: datetime
    symbol: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Funding:
    """Open positions pay or receive the funding of eight hours."""

    at: datetime


type Event = Deposit | Withdrawal | Transfer | SpotTrade | OrderLock | FuturesTrade | Funding | Crossing


def starts_at(event: Event) -> datetime:
    """Return when the event is first seen."""
    match event:
        case Deposit():
            return event.inserted_at
        case Withdrawal():
            return event.applied_at
        case _:
            return event.at


def acts_at(event: Event) -> tuple[datetime, ...]:
    """Return the instants at which the event changes balances, in order."""
    match event:
        case Deposit():
            return (event.credited_at,)
        case Withdrawal():
            return (event.applied_at, event.ended_at)
        case OrderLock():
            return (event.at, event.until)
        case Crossing():
            return (event.moved_at,)
        case _:
            return (event.at,)
