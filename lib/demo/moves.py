"""Money that a person moves in or out of an account of the demo world: of any asset, by any of the ways there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, get_args

from lib.demo import chance
from lib.demo.crossings import (
    Crossing,
    FiatOrderRow,
    FiatPaymentRow,
    P2pRow,
    Wallet,
    banked,
    exchanged,
    gifted,
    paid,
    traded,
)
from lib.demo.events import Deposit, Event, Transfer, Withdrawal
from lib.demo.holdings import ZERO, balance
from lib.demo.instants import to_ms
from lib.demo.listing import BY_SYMBOL
from lib.demo.payments import NETWORKS, Network, on_network
from lib.demo.world import World
from lib.domain.money import exact
from lib.errors import InvalidInput

type Way = Literal["deposit", "withdrawal"]
type Kind = Literal["network", "internal", "pay", "p2p", "bank", "card", "gift"]
KINDS: tuple[Kind, ...] = get_args(Kind.__value__)

TRANSIT = timedelta(seconds=6)  # how long coins are on their way, over the chain or from user to user
_FIAT = frozenset({"EUR", "TRY"})
_SLOW_KINDS = frozenset({"network", "internal"})
_WALLET: Mapping[Kind, Wallet] = {"pay": "funding", "p2p": "funding", "gift": "funding"}  # the others: spot
_SOURCES: tuple[Wallet, ...] = ("spot", "funding", "usdm")
_CHEAP = Network("BSC", ZERO, 8)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Move:
    """One such move. `fetched` is what came from other wallets of the account just before, to be paid out."""

    at: datetime
    way: Way
    account: str
    asset: str
    amount: Decimal
    kind: Kind
    fetched: tuple[tuple[str, Decimal], ...] = ()


@exact
def move(world: World, at: datetime, way: Way, account: str, asset: str, amount: Decimal, kind: Kind) -> Move:
    """Return the move that is wanted at `at`; what is paid out is fetched from where it lies.

    Raises: InvalidInput naming what cannot be; NotFound for an unknown account.
    """
    if kind == "card" and way == "withdrawal":
        raise InvalidInput("kind", "card only pays in: coins are bought with it")
    if (kind == "bank") != (asset in _FIAT):
        raise InvalidInput("asset", f"a bank moves {' or '.join(sorted(_FIAT))}, and they come and go by bank alone")
    if kind in ("card", "p2p") and f"{asset}USDT" not in BY_SYMBOL and asset != "USDT":
        raise InvalidInput("asset", f"{asset} is not for sale here")
    if f"{asset}USDT" not in BY_SYMBOL and f"{asset.removeprefix('LD')}USDT" in BY_SYMBOL:
        raise InvalidInput("asset", f"{asset} is a receipt of Earn, and receipts stay where they are")
    fetched = _fetched(world, at, account, asset, amount, kind) if way == "withdrawal" else ()
    return Move(at, way, account, asset, amount, kind, fetched)


def settles_at(wanted: Move) -> datetime:
    """Return when the money has come or gone for good."""
    return wanted.at + TRANSIT if wanted.kind in _SLOW_KINDS else wanted.at


def _fetched(
    world: World, at: datetime, account: str, asset: str, amount: Decimal, kind: Kind
) -> tuple[tuple[str, Decimal], ...]:
    """Return what has to come from which wallets. Raises: InvalidInput where all of them have too little."""
    books, own = world.books(account, at), _wallet(kind)
    there = {wallet: balance(books, wallet, asset).free for wallet in _SOURCES}
    if books.positions:
        there["usdm"] = (there["usdm"] / 2).quantize(_CENT)  # the rest is margin
    fee = _fee(asset) if kind == "network" else ZERO
    most = sum(there.values(), ZERO) - fee
    if amount > most:
        raise InvalidInput("amount", f"{account} can pay out {max(most, ZERO):f} {asset} at most")
    lacks, found = amount + fee - there[own], []
    for wallet in _SOURCES:
        taken = min(there[wallet], lacks)
        if wallet != own and taken > 0:
            found.append((wallet, taken))
            lacks -= taken
    return tuple(found)


def _wallet(kind: Kind) -> Wallet:
    return _WALLET.get(kind, "spot")


def _fee(asset: str) -> Decimal:
    return NETWORKS.get(asset, _CHEAP).fee


def events(world: World, made: Move) -> tuple[Event, ...]:
    """Return what happens to the account. Its ids follow from seed and instant."""
    own = _wallet(made.kind)
    fetches = (Transfer(made.at, made.asset, amount, wallet, own) for wallet, amount in made.fetched)
    return (*fetches, _crossed(world, made) if made.kind not in _SLOW_KINDS else _carried(world, made))


def _carried(world: World, made: Move) -> Deposit | Withdrawal:
    """Return coins that travel, over the chain or from user to user."""
    names = (made.account, "moved", to_ms(made.at))
    network, is_internal = NETWORKS.get(made.asset, _CHEAP), made.kind == "internal"
    address, transaction = on_network(world.seed, network.name, *names)
    tx_id = f"Off-chain transfer {chance.digits(world.seed, 12, *names)}" if is_internal else transaction
    pay_id = "P_" + chance.digits(world.seed, 16, *names, "pay") if is_internal else ""
    wallet, ends_at = _wallet(made.kind), made.at + TRANSIT
    if made.way == "deposit":
        id_ = "46" + chance.digits(world.seed, 17, *names, "id")
        return Deposit(
            id_, made.asset, made.amount, wallet, network.name, address, tx_id, made.at, ends_at, ends_at, is_internal,
            pay_id,
        )  # fmt: skip
    id_, fee = chance.hexadecimal(world.seed, 32, *names, "id"), ZERO if is_internal else network.fee
    return Withdrawal(
        id_, made.asset, made.amount, fee, wallet, network.name, address, tx_id, made.at, ends_at,
        internal=is_internal, pay_id=pay_id,
    )  # fmt: skip


@exact
def _crossed(world: World, made: Move) -> Crossing:
    """Return money that comes or goes at once."""
    is_in, at, asset, amount = made.way == "deposit", made.at, made.asset, made.amount
    number = chance.digits(world.seed, 18, made.account, "moved", to_ms(at))
    signed = amount if is_in else -amount
    if made.kind == "pay":
        return paid("P_" + number, at, asset, signed)
    if made.kind == "gift":
        return gifted("G_" + number, at, asset, signed)
    if made.kind == "bank":
        shown = FiatOrderRow(0 if is_in else 1, asset, amount, ZERO, "Successful" if is_in else "Finished")
        return banked("demo-" + number, at, at, shown)
    price = world.market.usd(asset, at) / world.market.usd("EUR", at)
    if made.kind == "p2p":
        row = P2pRow("BUY" if is_in else "SELL", asset, amount, ZERO, "EUR", price.quantize(_CENT), "COMPLETED")
        return traded("20" + number, at, at, row)
    spent = (amount * price).quantize(_CENT)
    bought = FiatPaymentRow(0, spent, "EUR", amount, asset, ZERO, price.quantize(_CENT), "Credit Card", "Completed")
    return exchanged("demo" + number, at, at, bought)
