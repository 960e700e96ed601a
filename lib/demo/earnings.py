"""What changed a futures wallet of the demo world, row by row: the truth behind the income endpoints."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from lib.demo.contracts import commission, fundings, settles_in, spot_symbol
from lib.demo.events import Event, Funding, FuturesTrade, Owned, Transfer
from lib.demo.holdings import Books, balance, total
from lib.demo.world import World
from lib.domain.money import exact

type Kind = Literal["TRANSFER", "REALIZED_PNL", "COMMISSION", "FUNDING_FEE"]


@dataclass(frozen=True, slots=True)
class Earning:
    """One change of a futures wallet's balance; `place` tells those of one instant apart. Units: coins of `asset`."""

    at: datetime
    kind: Kind
    symbol: str  # "" for a transfer
    asset: str
    amount: Decimal
    place: int


def earnings(world: World, name: str, wallet: Owned, start: datetime, end: datetime) -> Iterator[Earning]:
    """Yield what changed the balance of `wallet` in [start, end], oldest first. Its sum is the balance's change."""
    at, place = start, 0
    for step, before, after in world.turns(name, start, end):
        place = place if step.at == at else 0
        at = step.at
        for kind, symbol, asset, amount in _changes(world, wallet, step.event, before, after):
            if amount:
                yield Earning(at, kind, symbol, asset, amount, place)
                place += 1


@exact
def _changes(
    world: World, wallet: Owned, event: Event, before: Books, after: Books
) -> tuple[tuple[Kind, str, str, Decimal], ...]:
    """Return the parts of one event; what it could not pay for changes nothing."""
    match event:
        case Transfer() if wallet in (event.source, event.target):
            return (("TRANSFER", "", event.asset, _change(wallet, event.asset, before, after)),)
        case FuturesTrade() if _pays_into(event.symbol, before, after) == wallet:
            coin, price = settles_in(event.symbol), world.market.price(spot_symbol(event.symbol), event.at)
            paid = commission(event, price)
            realised = _change(wallet, coin, before, after) + paid
            return (("REALIZED_PNL", event.symbol, coin, realised), ("COMMISSION", event.symbol, coin, -paid))
        case Funding():
            paid_by = sorted(fundings(before, event.at, world.market).items())
            return tuple(
                ("FUNDING_FEE", symbol, settles_in(symbol), -paid)
                for symbol, paid in paid_by
                if before.positions[symbol].wallet == wallet
            )
        case _:
            return ()


def _pays_into(symbol: str, before: Books, after: Books) -> Owned | None:
    """Return the wallet of a position that was traded."""
    held = before.positions.get(symbol) or after.positions.get(symbol)
    return held.wallet if held is not None else None


def _change(wallet: Owned, asset: str, before: Books, after: Books) -> Decimal:
    return total(balance(after, wallet, asset)) - total(balance(before, wallet, asset))
