"""The demo world: its accounts at any instant, and the truth about them that tests compare with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from lib.demo.contracts import profits
from lib.demo.crossings import Crossing
from lib.demo.events import Deposit, Event, Owned, Withdrawal
from lib.demo.holdings import ZERO, Books, total
from lib.demo.instants import from_ms, to_ms
from lib.demo.journal import Journal, Script, Step
from lib.demo.market import Market, Scenario
from lib.domain.money import exact
from lib.errors import NotFound

WALLETS = (
    *("spot", "funding", "usdm", "coinm", "cross_margin", "isolated_margin", "portfolio_margin"),
    *("earn", "options", "trading_bots", "copy_trading"),
)


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
    email: str = ""
    master: str = ""  # the name of the account this one is a sub-account of


@dataclass(frozen=True, slots=True)
class Holding:
    """A quantity of one asset in one wallet, less what is owed; in a futures wallet open profit is included."""

    wallet: str
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

    def crossings(self, name: str, at: datetime) -> list[Crossing]:
        """Return what else crossed the account's border, as known at `at`, oldest first."""
        return self._journal(name).crossings(_edge(at))

    @exact
    def parts(self, name: str, at: datetime) -> Mapping[tuple[Owned, str], Decimal]:
        """Return what the account holds at `at`, by the part of a wallet and asset; zeros are left out."""
        books = self.books(name, at)
        sums = {place: total(held) for place, held in books.balances.items()}
        for place, profit in profits(books, self.market.prices(at)).items():
            sums[place] = sums.get(place, ZERO) + profit
        return {place: quantity for place, quantity in sums.items() if quantity}

    @exact
    def holdings(self, name: str, at: datetime) -> tuple[Holding, ...]:
        """Return what the account holds at `at`, row by row; rows of 0 are left out."""
        sums: dict[tuple[str, str], Decimal] = {}
        for (part, asset), quantity in self.parts(name, at).items():
            place = wallet_of(part), asset
            sums[place] = sums.get(place, ZERO) + quantity
        rows = [Holding(wallet, asset, quantity) for (wallet, asset), quantity in sums.items() if quantity]
        return tuple(sorted(rows, key=lambda row: (WALLETS.index(row.wallet), row.asset)))

    @exact
    def part_totals(self, name: str, at: datetime) -> Mapping[Owned, Decimal]:
        """Return the exact worth of every part of a wallet that holds something. Units: USDT."""
        sums: dict[Owned, Decimal] = {}
        for (part, asset), quantity in self.parts(name, at).items():
            sums[part] = sums.get(part, ZERO) + quantity * self.market.worth(asset, at)
        return sums

    @exact
    def wallet_totals(self, name: str, at: datetime) -> Mapping[str, Decimal]:
        """Return the exact worth of every wallet at `at`. Units: USDT."""
        totals = dict.fromkeys(WALLETS, ZERO)
        for part, worth in self.part_totals(name, at).items():
            totals[wallet_of(part)] += worth
        return MappingProxyType(totals)

    @exact
    def nav(self, name: str, at: datetime) -> Decimal:
        """Return the exact worth of the account at `at`. Units: USDT."""
        return sum(self.wallet_totals(name, at).values(), ZERO)

    @exact
    def flows(self, name: str, start: datetime, end: datetime) -> tuple[TrueFlow, ...]:
        """Return every flow in (start, end], oldest first. Units: `usd` in USDT, negative for a withdrawal."""
        moved = [movement for movement in self.movements(name, end) if _is_flow(movement)]
        found = [self._flow(movement) for movement in moved]
        found += [self._back(movement, movement.reversed_at) for movement in moved if movement.reversed_at]
        for crossing in self.crossings(name, end):
            found += self._crossed(crossing)
        return tuple(sorted((flow for flow in found if start < flow.at <= _edge(end)), key=lambda flow: flow.at))

    def _flow(self, movement: Deposit | Withdrawal) -> TrueFlow:
        price = self.market.minute_open
        if isinstance(movement, Deposit):
            at, asset, quantity = movement.credited_at, movement.asset, movement.amount
            return TrueFlow(movement.id, at, "deposit", asset, quantity, quantity * price(asset, at))
        at, asset, quantity = movement.ended_at, movement.asset, -(movement.amount + movement.fee)
        return TrueFlow(movement.id, at, "withdrawal", asset, quantity, quantity * price(asset, at))

    def _back(self, movement: Deposit | Withdrawal, at: datetime) -> TrueFlow:
        """Return what a reversal moves: as much the other way, at what it is worth then."""
        way, asset = self._flow(movement), movement.asset
        usd = -way.quantity * self.market.minute_open(asset, at)
        kind: Literal["deposit", "withdrawal"] = "deposit" if usd > 0 else "withdrawal"
        return TrueFlow(f"{movement.id}~2", at, kind, asset, -way.quantity, usd)

    def _crossed(self, crossing: Crossing) -> list[TrueFlow]:
        at, usd = crossing.flowed_at, self.market.minute_open
        return [
            TrueFlow(
                crossing.id, at, "deposit" if quantity > 0 else "withdrawal", asset, quantity, quantity * usd(asset, at)
            )
            for asset, quantity in crossing.flows
        ]


def _edge(at: datetime) -> datetime:
    return from_ms(to_ms(at))  # the exchange's clock has no more than milliseconds


def _is_flow(movement: Deposit | Withdrawal) -> bool:
    return isinstance(movement, Deposit) or not movement.cancelled


def wallet_of(part: Owned) -> str:
    """Return the wallet that a part belongs to."""
    return part.partition(":")[0]
