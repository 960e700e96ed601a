"""Changes of value that prices, holdings and flows do not explain.

What was held at the last whole snapshot is taken to the prices of now, its open positions' profit and what came and
went since are added. What is left over is unexplained once it is more than trading in between can have made of it.
Source: product, 4.4 and 5 (order); reference, F.4 (an unexplained jump with no price cause).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from lib.domain.flows import CashFlow
from lib.domain.ledger import value_before
from lib.domain.money import ONE, ZERO, exact
from lib.domain.portfolio import OpenPosition, PricedHolding, signed_quantity, value_usd
from lib.domain.prices import USD
from lib.domain.reading import Basis, Opens, Want
from lib.domain.schedule import MOMENT
from lib.domain.valuation import Book, spot_price

LEAST_USD = Decimal(10)
QUIET = Decimal("0.002")  # of all that is held and open: fees, funding, interest
TRADED = Decimal("0.02")  # of all that was bought and sold, for an hour; it grows with the root of time
SWING = Decimal("1.5")  # times the largest change of a price, where that is more
TOTAL_ONLY = Decimal("0.05")  # of wallets known only by their total, for an hour: they live on prices we do not see
SLACK = timedelta(days=1)  # some lists tell when a flow was begun, not when its money moved
KEPT = 20

_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Jump:
    """A change of value since the snapshot of `since` that nothing explains; 0 once something does. Units: USD."""

    slot: datetime
    at: datetime
    since: datetime
    usd: Decimal
    tolerance_usd: Decimal


@dataclass(frozen=True, slots=True)
class Sight:
    """What an account is seen to hold at one instant, with the price list of then."""

    at: datetime
    slot: datetime
    holdings: Sequence[PricedHolding]
    positions: Sequence[OpenPosition]
    book: Book


@exact
def find(basis: Basis, seen: Sight, flows: Sequence[CashFlow]) -> Jump | None:
    """Return what is unexplained in `seen`, None where all is. `flows` are those known, wherever they lie."""
    if basis.at >= seen.at:
        return None
    nav_usd = sum((value_usd(priced) for priced in seen.holdings), ZERO)
    opens, after = _opens(basis, seen, flows), seen.at + MOMENT
    usd = nav_usd - value_before(basis, after, flows, opens, seen.book)
    begun = [
        value_before(Basis(flow.at - MOMENT, (), ()), after, (flow,), opens, seen.book)
        for flow in flows
        if basis.at - SLACK < flow.at <= basis.at
    ]
    tolerance_usd = _tolerance_usd(basis, seen)
    if abs(_less(usd, begun)) <= tolerance_usd:
        return None
    return Jump(seen.slot, seen.at, basis.at, usd, tolerance_usd)


@exact
def explain(jumps: Iterable[Jump], flows: Iterable[CashFlow], known: Iterable[CashFlow] = ()) -> tuple[Jump, ...]:
    """Return the jumps that newly booked `flows` make another, with what is left of each: 0 within tolerance.

    What came and went in between counts as if it had been known: it may make a jump larger until the next of them is
    known. What was begun before a jump's time, `known` or new, explains all that is left or nothing: it mostly moved
    when it was begun, and then a part of the jump would be told that is none.
    """
    new, changed = tuple(flows), []
    every = (*known, *new)
    for jump in jumps:
        left = jump.usd - sum((flow.usd for flow in new if jump.since < flow.at <= jump.at), ZERO)
        begun = (flow.usd for flow in every if jump.since - SLACK < flow.at <= jump.since)
        if min(abs(left), abs(_less(left, begun))) <= jump.tolerance_usd:
            left = ZERO
        if left != jump.usd:
            changed.append(replace(jump, usd=left))
    return tuple(changed)


def _less(usd: Decimal, worths: Iterable[Decimal]) -> Decimal:
    """Return what is left of a change when what makes it smaller is taken off."""
    for worth in worths:
        usd = min(usd, usd - worth, key=abs)
    return usd


def remembered(jumps: Iterable[Jump], changed: Iterable[Jump]) -> tuple[Jump, ...]:
    """Return the newest jumps that are still unexplained."""
    left = {jump.slot: jump for jump in (*jumps, *changed)}
    return tuple(sorted((jump for jump in left.values() if jump.usd), key=lambda jump: jump.at)[-KEPT:])


def _opens(basis: Basis, seen: Sight, flows: Iterable[CashFlow]) -> Opens:
    """Return the prices of now as if they were candles: what has none keeps the price it had."""
    after = seen.at + MOMENT
    coins = {*(priced.holding.asset for priced in basis.holdings), *(flow.asset for flow in flows)}
    opens: dict[Want, Decimal | None] = {Want(coin, after): spot_price(coin, seen.book) for coin in coins}
    marks = {position.symbol: position.price_usd for position in seen.positions}
    for position in basis.positions:
        mark = marks.get(position.symbol, seen.book.get(position.symbol))
        opens[Want(position.symbol, after, contract=True)] = mark
    return opens


def _tolerance_usd(basis: Basis, seen: Sight) -> Decimal:
    hours = Decimal((seen.at - basis.at) // timedelta(seconds=1)) / _HOUR_S
    grown = max(hours, ONE / 60).sqrt()
    before, now = _quantities(basis.holdings, basis.positions), _quantities(seen.holdings, seen.positions)
    prices = {**_prices(basis.holdings, basis.positions), **_prices(seen.holdings, seen.positions)}
    sizes = {name: abs(now.get(name, ZERO) - before.get(name, ZERO)) * prices[name] for name in {*before, *now}}
    blind = abs(before.get(USD, ZERO)) + abs(now.get(USD, ZERO))
    traded = sum(sizes.values(), ZERO) - sizes.get(USD, ZERO)
    held = sum((abs(quantity) * prices[name] for name, quantity in before.items()), ZERO)
    rate = max(TRADED * grown, SWING * _largest_change(basis, seen))
    return max(LEAST_USD, QUIET * held) + rate * traded + TOTAL_ONLY * grown * blind


def _quantities(holdings: Iterable[PricedHolding], positions: Iterable[OpenPosition]) -> dict[str, Decimal]:
    """Sum up what is held by asset, and what is open by contract, under a name no asset has."""
    sums: dict[str, Decimal] = {}
    for priced in holdings:
        sums[priced.holding.asset] = sums.get(priced.holding.asset, ZERO) + priced.holding.quantity
    for position in positions:
        name = f" {position.symbol}"
        sums[name] = sums.get(name, ZERO) + signed_quantity(position)
    return sums


def _prices(holdings: Iterable[PricedHolding], positions: Iterable[OpenPosition]) -> dict[str, Decimal]:
    prices = {priced.holding.asset: priced.price_usd or ZERO for priced in holdings}
    return {**prices, **{f" {position.symbol}": position.price_usd for position in positions}}


def _largest_change(basis: Basis, seen: Sight) -> Decimal:
    before: Mapping[str, Decimal] = _prices(basis.holdings, basis.positions)
    now = _prices(seen.holdings, seen.positions)
    shared = [name for name in before if before[name] and name in now]
    return max((abs(now[name] / before[name] - 1) for name in shared), default=ZERO)
