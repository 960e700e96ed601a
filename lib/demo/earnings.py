"""What changed a futures wallet of the demo world, row by row: the truth behind the income endpoints."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from lib.demo.books import Books, balance, commission, fundings
from lib.demo.events import Event, Funding, FuturesTrade, Owned, Transfer
from lib.demo.world import World, total
from lib.domain.money import exact

type Kind = Literal["TRANSFER", "REALIZED_PNL", "COMMISSION", "FUNDING_FEE"]

_COIN = "USDT"  # perpetuals settle in it


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
        case FuturesTrade() if wallet == "usdm":
            paid = commission(event, world.market.price(event.symbol, event.at))
            realised = _change(wallet, _COIN, before, after) + paid
            return (("REALIZED_PNL", event.symbol, _COIN, realised), ("COMMISSION", event.symbol, _COIN, -paid))
        case Funding() if wallet == "usdm":
            paid_by = sorted(fundings(before, event.at, world.market).items())
            return tuple(("FUNDING_FEE", symbol, _COIN, -paid) for symbol, paid in paid_by)
        case _:
            return ()


def _change(wallet: Owned, asset: str, before: Books, after: Books) -> Decimal:
    return total(balance(after, wallet, asset)) - total(balance(before, wallet, asset))
