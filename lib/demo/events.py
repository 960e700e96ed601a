"""What can happen to an account of the demo world: dated values, of which its state is a fold."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.demo.crossings import Crossing

# A wallet, and after a colon the part of it that is told apart: "earn:flexible", "isolated_margin:ETHUSDT".
type Owned = str


@dataclass(frozen=True, slots=True)
class Deposit:
    """Coins from outside: seen at `inserted_at`, in the balance from `credited_at`, withdrawable from `unlocked_at`.

    At `reversed_at` the exchange takes them back.
    """

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
    reversed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Coins on their way out: `amount` is what arrives, `fee` comes on top.

    Between `applied_at` and `ended_at` (whole seconds, both) they are withdrawing; a cancelled one gives them back.
    One that was completed may fail all the same: at `reversed_at` the coins are there again.
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
    reversed_at: datetime | None = None


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
    """`share` of the free `sell` in a wallet becomes `buy`, through USDT, at the market's prices."""

    at: datetime
    sell: str
    buy: str
    share: Decimal
    wallet: Owned = "spot"


@dataclass(frozen=True, slots=True)
class OrderLock:
    """`share` of the free `asset` in the spot wallet lies in an open order from `at` to `until`."""

    at: datetime
    until: datetime
    asset: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class FuturesTrade:
    """A perpetual is bought (quantity above 0; coins, or contracts of an inverse one) or sold at the market's price."""

    at: datetime
    symbol: str
    quantity: Decimal
    wallet: Owned = "usdm"


@dataclass(frozen=True, slots=True)
class Funding:
    """Open positions pay or receive the funding of eight hours."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Gain:
    """What a product earned or, below 0, cost: rewards, fees, the worth of open options."""

    at: datetime
    wallet: Owned
    asset: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Growth:
    """What is free of an asset grows by `ratio`, or shrinks below 0: interest of Earn, the luck of a bot."""

    at: datetime
    wallet: Owned
    asset: str
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class Borrow:
    """Margin is borrowed, or paid back below 0."""

    at: datetime
    wallet: Owned
    asset: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Interest:
    """What is borrowed costs `ratio` of itself."""

    at: datetime
    wallet: Owned
    asset: str
    ratio: Decimal


type Movement = Deposit | Withdrawal | Transfer
type Trade = SpotTrade | OrderLock | FuturesTrade | Funding
type Event = Movement | Crossing | Trade | Gain | Growth | Borrow | Interest


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
            return (event.credited_at, *_maybe(event.reversed_at))
        case Withdrawal():
            return (event.applied_at, event.ended_at, *_maybe(event.reversed_at))
        case OrderLock():
            return (event.at, event.until)
        case Crossing():
            return (event.moved_at,)
        case _:
            return (event.at,)


def _maybe(at: datetime | None) -> tuple[datetime, ...]:
    return () if at is None else (at,)


def is_reversed(event: Deposit | Withdrawal, at: datetime) -> bool:
    """Tell whether the money has gone back by `at`."""
    return event.reversed_at is not None and event.reversed_at <= at
