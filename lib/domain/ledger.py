"""Booking: which movements are new, what they were worth, and what the account was worth just before them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from lib.domain.flows import CashFlow, Movement, Stage
from lib.domain.money import ONE, ZERO, exact
from lib.domain.portfolio import gained_usd
from lib.domain.prices import MissingPrice, PricePoint
from lib.domain.reading import Basis, Opens, Want
from lib.domain.schedule import MOMENT
from lib.domain.valuation import Book, route, spot_price

type ChangedBy = Callable[[datetime], Iterable[CashFlow]]  # flows whose value before changes by one at that instant
type CountedAt = Callable[[datetime], datetime | None]  # the first whole snapshot that has what moved then


@dataclass(frozen=True, slots=True)
class Booked:
    """What came of the movements of one run. `waiting` lack a candle that could not be fetched."""

    flows: tuple[CashFlow, ...]
    waiting: tuple[Movement, ...]


def fresh(listed: Iterable[Movement], known: Mapping[str, datetime], floor: datetime) -> tuple[Movement, ...]:
    """Return the completed movements later than `floor` that were not booked yet, oldest first, each once."""
    done = {
        movement.id: movement
        for movement in listed
        if movement.stage is Stage.DONE and movement.id not in known and movement.at > floor
    }
    return tuple(sorted(done.values(), key=lambda movement: (movement.at, movement.id)))


def wants_of(
    at: datetime, coins: Iterable[str], basis: Basis | None, between: Iterable[CashFlow], book: Book
) -> frozenset[Want]:
    """Name every price that booking a flow at `at` takes.

    `coins` are its own and the benchmark's; to know the account's value before it, all that was held at `basis` and
    what came in `between` count too.
    """
    names = set(coins)
    wanted: set[Want] = set()
    if basis is not None:
        names.update(priced.holding.asset for priced in basis.holdings)
        names.update(flow.asset for flow in between if basis.at < flow.at < at)
        names.update(position.coin for position in basis.positions if position.coin)
        wanted.update(Want(position.symbol, at, contract=True) for position in basis.positions)
    wanted.update(Want(name, at) for name in names if route(name, book))
    return frozenset(wanted)


def wants_after(movement: Movement, later: Iterable[CashFlow], book: Book) -> frozenset[Want]:
    """Name the prices that tell what `movement` was worth at the `later` flows, whose value before it changes."""
    return frozenset(Want(movement.asset, flow.at) for flow in later if route(movement.asset, book))


@exact
def book_movements(
    movements: Sequence[Movement],
    *,
    opens: Opens,
    bases: Mapping[datetime, Basis | None],
    tracked: Iterable[str],
    book: Book,
    last_prices: Mapping[str, PricePoint],
    earlier: Sequence[CashFlow],
    changed_by: ChangedBy,
    counted_at: CountedAt,
) -> Booked:
    """Book the movements whose prices are there, at the open of their minute, with the account's value before each.

    A coin without a candle then counts at the price of the first snapshot that has it, which may be this run's; one
    without a market at its last price, as in NAV. `bases` has, under the moment after it, that snapshot too where it is
    stored. `earlier` are flows already in the ledger that lie between a basis and a movement.
    Raises: MissingPrice. Source: product, 4.4 and 4.6 (value just before a flow).
    """
    flows: list[CashFlow] = []
    waiting = []
    for movement in sorted(movements, key=lambda each: (each.at, each.id)):
        basis, known = bases.get(movement.at), (*earlier, *flows)
        needed = wants_of(movement.at, (movement.asset, *tracked), basis, known, book)
        needed |= wants_after(movement, changed_by(movement.at), book)
        if not book or not needed <= opens.keys():
            waiting.append(movement)
        else:
            since = counted_at(movement.at)
            counted = None if since is None else bases.get(since + MOMENT)
            usd = movement.quantity * _price(movement, opens, book, counted, last_prices)
            before = None if basis is None else value_before(basis, movement.at, known, opens, book)
            flows.append(_booked(movement, usd, before))
    return Booked(tuple(flows), tuple(waiting))


@exact
def value_before(basis: Basis, at: datetime, flows: Iterable[CashFlow], opens: Opens, book: Book) -> Decimal:
    """Return the account's worth just before `at`: what it held at `basis`, carried through the flows in between.

    Holdings count at the prices of `at`, positions by the change of their contract's price; what has no candle then
    keeps the price it had. Units: USD. Source: product, 4.6, rung 3.
    """
    worth = ZERO
    for priced in basis.holdings:
        price = _open(priced.holding.asset, at, opens, book)
        worth += priced.holding.quantity * (price if price is not None else priced.price_usd or ZERO)
    for position in basis.positions:
        now = opens.get(Want(position.symbol, at, contract=True))
        if now is not None:
            coin_usd = _open(position.coin, at, opens, book) if position.coin else None
            worth += gained_usd(position, now, coin_usd)
    for flow in flows:
        if basis.at < flow.at < at:
            worth += _worth_at(flow, at, opens, book)
    return worth


@exact
def carry(late: CashFlow, later: Iterable[CashFlow], opens: Opens, book: Book) -> tuple[CashFlow, ...]:
    """Return the `later` flows, which no whole snapshot parts from `late`, with its coins in their value before.

    They were booked while `late` was unknown; this is what they would have said had it been known in time.
    """
    changed = []
    for flow in later:
        if flow.value_before_usd is not None:
            gained = _worth_at(late, flow.at, opens, book)
            changed.append(replace(flow, value_before_usd=flow.value_before_usd + gained))
    return tuple(changed)


def _open(asset: str, at: datetime, opens: Opens, book: Book) -> Decimal | None:
    """Return USD per coin at the open of the minute of `at`; None without a market or without a candle then."""
    legs = route(asset, book)
    return ONE if legs == () else opens.get(Want(asset, at))


def _worth_at(flow: CashFlow, at: datetime, opens: Opens, book: Book) -> Decimal:
    """Return what the coins of `flow` are worth later on; without a price then, or without coins, as booked."""
    price = _open(flow.asset, at, opens, book) if flow.quantity else None
    return flow.usd if price is None else flow.quantity * price


def _price(
    movement: Movement, opens: Opens, book: Book, counted: Basis | None, last_prices: Mapping[str, PricePoint]
) -> Decimal:
    asset, last = movement.asset, last_prices.get(movement.asset)
    found = (
        _open(asset, movement.at, opens, book),
        _seen(asset, counted),
        spot_price(asset, book),
        last.usd if last else None,
    )
    for price in found:
        if price is not None:
            return price
    raise MissingPrice(asset, movement.at)


def _seen(asset: str, counted: Basis | None) -> Decimal | None:
    holdings = counted.holdings if counted is not None else ()
    return next((each.price_usd for each in holdings if each.holding.asset == asset), None)


def _booked(movement: Movement, usd: Decimal, before: Decimal | None) -> CashFlow:
    return CashFlow(
        id=movement.id,
        at=movement.at,
        usd=usd,
        value_before_usd=before,
        asset=movement.asset,
        quantity=movement.quantity,
        source=movement.source,
        detail=movement.detail,
    )
