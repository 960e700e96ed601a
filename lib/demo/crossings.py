"""Money that crosses an account's border otherwise than by deposit and withdrawal, as dated values.

Each says what it does to the balances and when, what of it is a flow and at which instant, and what its list shows.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from lib.domain.money import exact

type Wallet = Literal["spot", "funding", "usdm"]


class Move(NamedTuple):
    """A signed quantity of one asset that comes into a wallet or leaves it."""

    wallet: Wallet
    asset: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class PayRow:
    """What the Pay history shows: the order's own currency and amount, signed, and the funds that moved."""

    order_type: str
    currency: str
    amount: Decimal
    funds: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class P2pRow:
    """What the P2P history shows; `ended` is the last status of the order."""

    trade_type: Literal["BUY", "SELL"]
    asset: str
    amount: Decimal
    commission: Decimal
    fiat: str
    unit_price: Decimal
    ended: str


@dataclass(frozen=True, slots=True)
class FiatOrderRow:
    """What the fiat orders show: money from (0) or to (1) a bank, net and gross of the fee."""

    kind: Literal[0, 1]
    currency: str
    amount: Decimal
    fee: Decimal
    ended: str


@dataclass(frozen=True, slots=True)
class FiatPaymentRow:
    """What the fiat payments show: coins bought (0) or sold (1)."""

    kind: Literal[0, 1]
    source: Decimal
    fiat: str
    obtained: Decimal
    crypto: str
    fee: Decimal
    price: Decimal
    method: str  # "" for a sale
    ended: str


@dataclass(frozen=True, slots=True)
class SubRow:
    """What the transfer lists show; `family` says which of the master's three lists have it."""

    asset: str
    quantity: Decimal  # signed, as this account sees it
    sender: str
    receiver: str
    families: frozenset[Literal["spot", "universal", "usdm", "coinm"]]
    ended: str = "SUCCESS"


type Shown = PayRow | P2pRow | FiatOrderRow | FiatPaymentRow | SubRow | None  # None: no list has it


@dataclass(frozen=True, slots=True)
class Crossing:
    """One such event: listed from `at` on, its `moves` done and `flows` true at theirs; without moves it failed."""

    id: str
    at: datetime
    moved_at: datetime
    flowed_at: datetime
    moves: tuple[Move, ...]
    flows: tuple[tuple[str, Decimal], ...]
    shown: Shown


def paid(
    id_: str, at: datetime, asset: str, quantity: Decimal, wallet: Wallet = "funding", order_type: str = "C2C"
) -> Crossing:
    """Return a payment from (quantity above 0) or to another user."""
    shown = PayRow(order_type, asset, quantity, ((asset, abs(quantity)),))
    return Crossing(id_, at, at, at, (Move(wallet, asset, quantity),), ((asset, quantity),), shown)


def paid_with(
    id_: str, at: datetime, currency: str, amount: Decimal, funds: tuple[tuple[str, Decimal], ...]
) -> Crossing:
    """Return a payment whose price was in one currency and which took several others out of Funding."""
    moves = tuple(Move("funding", asset, -size) for asset, size in funds)
    flows = tuple((move.asset, move.quantity) for move in moves)
    return Crossing(id_, at, at, at, moves, flows, PayRow("PAY", currency, -amount, funds))


@exact
def traded(id_: str, at: datetime, done_at: datetime, shown: P2pRow) -> Crossing:
    """Return a P2P order. Its list tells when it was made, so that is when it counts."""
    came = shown.amount - shown.commission if shown.trade_type == "BUY" else -(shown.amount + shown.commission)
    moves = (Move("funding", shown.asset, came),) if shown.ended == "COMPLETED" else ()
    flows = ((shown.asset, came),) if moves else ()
    return Crossing(id_, at, done_at, at, moves, flows, shown)


@exact
def banked(id_: str, at: datetime, done_at: datetime, shown: FiatOrderRow) -> Crossing:
    """Return a bank transfer: what comes counts when credited, what goes when it was asked for, fee included."""
    came = shown.amount if shown.kind == 0 else -(shown.amount + shown.fee)
    is_done = shown.ended in ("Successful", "Finished")
    moves = (Move("spot", shown.currency, came),) if is_done else ()
    acts_at = done_at if shown.kind == 0 else at
    return Crossing(id_, at, acts_at, acts_at, moves, ((shown.currency, came),) if moves else (), shown)


@exact
def exchanged(id_: str, at: datetime, done_at: datetime, shown: FiatPaymentRow) -> Crossing:
    """Return coins bought or sold for fiat money: bought by card they come from outside, else they only change."""
    moves: tuple[Move, ...] = ()
    flows: tuple[tuple[str, Decimal], ...] = ()
    if shown.ended == "Completed" and shown.kind == 0 and shown.method == "Cash Balance":
        moves = (Move("spot", shown.fiat, -shown.source), Move("spot", shown.crypto, shown.obtained))
    elif shown.ended == "Completed" and shown.kind == 0:
        moves, flows = (Move("spot", shown.crypto, shown.obtained),), ((shown.crypto, shown.obtained),)
    elif shown.ended == "Completed":
        moves = (Move("spot", shown.crypto, -shown.source), Move("spot", shown.fiat, shown.obtained))
    return Crossing(id_, at, done_at, done_at, moves, flows, shown)


def transferred(id_: str, at: datetime, shown: SubRow, wallet: Wallet = "spot") -> Crossing:
    """Return a transfer between two accounts of one owner, as one of the two sees it."""
    moves = (Move(wallet, shown.asset, shown.quantity),) if shown.ended == "SUCCESS" else ()
    flows = tuple((move.asset, move.quantity) for move in moves)
    return Crossing(id_, at, at, at, moves, flows, shown)


def gifted(id_: str, at: datetime, asset: str, quantity: Decimal) -> Crossing:
    """Return a gift card that was redeemed, or made (quantity below 0): the exchange lists it nowhere."""
    return Crossing(id_, at, at, at, (Move("funding", asset, quantity),), ((asset, quantity),), None)
