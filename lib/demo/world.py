"""The demo world: its accounts at any instant, and the truth about them that tests compare with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from lib.demo.books import ZERO, Balance, Books, Position, unrealised
from lib.demo.events import Deposit, Event, Owned, Withdrawal
from lib.demo.instants import from_ms, to_ms
from lib.demo.journal import Journal, Script, Step
from lib.demo.market import Market, Scenario
from lib.domain.money import exact
from lib.errors import NotFound

WALLETS: tuple[Owned, ...] = ("spot", "funding", "usdm")


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the demo exchange; `extra` are events on top of its script."""

    name: str
    uid: int
    kind: str
    api_key: str
    api_secret: str = field(repr=False)
    script: Script = field(repr=False)
    extra: tuple[Event, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Holding:
    """A quantity of one asset in one wallet; on usdm it is the margin balance, open profit included."""

    wallet: Owned
    asset: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class TrueFlow:
    """Money that crossed the account's boundary at `at`: the fee included, valued at the open of that minute."""

    id: str
    at: datetime
    kind: Literal["deposit", "withdrawal"]
    asset: str
    quantity: Decimal
    usd: Decimal


class World:
    """Accounts and market together; immutable, save for what it remembers of its own computing."""

    def __init__(self, seed: int, born_at: datetime, market: Market, accounts: tuple[Account, ...]) -> None:
        self.seed, self.born_at, self.market, self.accounts = seed, born_at, market, accounts
        self._journals = {account.name: Journal(born_at, account.script, market, account.extra) for account in accounts}

    def then(self, at: datetime, scenario: Scenario) -> "World":
        """Return the world in which `scenario` reigns from `at` on; its past is the same."""
        return World(self.seed, self.born_at, self.market.then(at, scenario), self.accounts)

    def adding(self, name: str, *events: Event) -> "World":
        """Return the world in which `events` happen to the account, too. Raises: NotFound."""
        changed = self.account(name)
        changed = replace(changed, extra=(*changed.extra, *events))
        accounts = tuple(changed if account.name == name else account for account in self.accounts)
        return World(self.seed, self.born_at, self.market, accounts)

    def account(self, name: str) -> Account:
        """Return the account of that name. Raises: NotFound."""
        for account in self.accounts:
            if account.name == name:
                return account
        raise NotFound(f"the demo world has no account {name!r}")

    def _journal(self, name: str) -> Journal:
        return self._journals[self.account(name).name]

    def books(self, name: str, at: datetime) -> Books:
        """Return balances and positions at `at`."""
        return self._journal(name).books(_edge(at))

    def movements(self, name: str, at: datetime) -> list[Deposit | Withdrawal]:
        """Return the deposits and withdrawals known at `at`, oldest first."""
        return self._journal(name).movements(_edge(at))

    def turns(self, name: str, start: datetime, end: datetime) -> Iterator[tuple[Step, Books, Books]]:
        """Yield what happened in [start, end] with the books before and after it, in order."""
        return self._journal(name).turns(start, _edge(end))

    @exact
    def holdings(self, name: str, at: datetime) -> tuple[Holding, ...]:
        """Return what the account holds at `at`, row by row; rows of 0 are left out."""
        books, prices = self.books(name, at), self.market.prices(at)
        rows = [
            Holding(wallet, asset, quantity)
            for (wallet, asset), held in books.balances.items()
            if (quantity := total(held) + (open_profit(books, prices) if (wallet, asset) == _MARGIN else ZERO))
        ]
        return tuple(sorted(rows, key=lambda row: (WALLETS.index(row.wallet), row.asset)))

    @exact
    def wallet_totals(self, name: str, at: datetime) -> Mapping[Owned, Decimal]:
        """Return the exact worth of every wallet at `at`. Units: USDT."""
        totals = dict.fromkeys(WALLETS, ZERO)
        for row in self.holdings(name, at):
            totals[row.wallet] += row.quantity * self.market.usd(row.asset, at)
        return MappingProxyType(totals)

    @exact
    def nav(self, name: str, at: datetime) -> Decimal:
        """Return the exact worth of the account at `at`. Units: USDT."""
        return sum(self.wallet_totals(name, at).values(), ZERO)

    @exact
    def flows(self, name: str, start: datetime, end: datetime) -> tuple[TrueFlow, ...]:
        """Return every flow in (start, end], oldest first. Units: `usd` in USDT, negative for a withdrawal."""
        found = [self._flow(movement) for movement in self.movements(name, end) if _is_flow(movement)]
        return tuple(sorted((flow for flow in found if start < flow.at <= _edge(end)), key=lambda flow: flow.at))

    def _flow(self, movement: Deposit | Withdrawal) -> TrueFlow:
        price = self.market.minute_open
        if isinstance(movement, Deposit):
            at, asset, quantity = movement.credited_at, movement.asset, movement.amount
            return TrueFlow(movement.id, at, "deposit", asset, quantity, quantity * price(asset, at))
        at, asset, quantity = movement.ended_at, movement.asset, -(movement.amount + movement.fee)
        return TrueFlow(movement.id, at, "withdrawal", asset, quantity, quantity * price(asset, at))


_MARGIN = ("usdm", "USDT")


def _edge(at: datetime) -> datetime:
    return from_ms(to_ms(at))  # the exchange's clock has no more than milliseconds


def _is_flow(movement: Deposit | Withdrawal) -> bool:
    return isinstance(movement, Deposit) or not movement.cancelled


def total(held: Balance) -> Decimal:
    """Return all of a balance, whatever state it is in."""
    return held.free + held.locked + held.withdrawing


def open_profit(books: Books, prices: Mapping[str, Decimal]) -> Decimal:
    """Return the open profit of all positions. Units: USDT."""
    return sum((unrealised(position, prices[symbol]) for symbol, position in books.positions.items()), ZERO)


def notional(position: Position, mark: Decimal) -> Decimal:
    """Return the signed worth of a position at the mark price. Units: USDT."""
    return position.quantity * mark
