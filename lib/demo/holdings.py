"""What an account of the demo world has at one instant: balances, debts and open positions, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from lib.demo.events import Owned

ZERO = Decimal(0)
_UNIT = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Balance:
    """One asset in one wallet; what is borrowed lies in `free` too, and is owed with its interest."""

    free: Decimal = ZERO
    locked: Decimal = ZERO
    withdrawing: Decimal = ZERO
    borrowed: Decimal = ZERO
    interest: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Position:
    """One open futures position: `quantity` (coins, or contracts of an inverse one) below 0 is short.

    `entry` is the average price; `wallet` the one it pays into.
    """

    quantity: Decimal
    entry: Decimal
    wallet: Owned = "usdm"


@dataclass(frozen=True, slots=True)
class Books:
    """Balances and positions of an account at one instant; `refused` names the withdrawals it could not pay for."""

    balances: Mapping[tuple[Owned, str], Balance]
    positions: Mapping[str, Position]
    refused: frozenset[str] = frozenset()


EMPTY = Books({}, {})


def rounded(amount: Decimal) -> Decimal:
    """Round to the exchange's 8 decimals, half even."""
    return amount.quantize(_UNIT)


def balance(books: Books, wallet: Owned, asset: str) -> Balance:
    """Return what the wallet holds of the asset."""
    return books.balances.get((wallet, asset), Balance())


def put(books: Books, wallet: Owned, asset: str, held: Balance) -> Books:
    """Return the books with another balance in that place."""
    return replace(books, balances={**books.balances, (wallet, asset): held})


def add(books: Books, wallet: Owned, asset: str, amount: Decimal) -> Books:
    """Return the books with so much more, or less, that is free."""
    held = balance(books, wallet, asset)
    return put(books, wallet, asset, replace(held, free=held.free + amount))


def total(held: Balance) -> Decimal:
    """Return all of a balance, whatever state it is in, less what is owed."""
    return held.free + held.locked + held.withdrawing - held.borrowed - held.interest
