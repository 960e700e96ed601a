"""Futures contracts of the demo exchange: linear ones pay in USDT, inverse ones in their coin.

A contract's price is its coin's spot price in USDT.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from lib.demo import chance
from lib.demo.events import Funding, FuturesTrade, Owned
from lib.demo.holdings import ZERO, Books, Position, add, rounded
from lib.demo.instants import to_ms
from lib.demo.market import Market
from lib.domain.money import exact

_COMMISSION_RATIO = Decimal("0.0005")
_EIGHT_HOURS_MS = 8 * 3_600_000


@dataclass(frozen=True, slots=True)
class Inverse:
    """A contract of so many dollars of a coin."""

    coin: str
    size_usd: Decimal


INVERSE = {
    "BTCUSD_PERP": Inverse("BTC", Decimal(100)),
    "ETHUSD_PERP": Inverse("ETH", Decimal(10)),
    "BNBUSD_PERP": Inverse("BNB", Decimal(10)),
}


def settles_in(symbol: str) -> str:
    """Return the asset a contract pays in."""
    return INVERSE[symbol].coin if symbol in INVERSE else "USDT"


def spot_symbol(symbol: str) -> str:
    """Return the market whose price is the contract's."""
    return f"{INVERSE[symbol].coin}USDT" if symbol in INVERSE else symbol


@exact
def profit(symbol: str, position: Position, mark: Decimal) -> Decimal:
    """Return the open profit of a position at the mark price. Units: the asset it settles in."""
    if symbol in INVERSE:
        return rounded(position.quantity * INVERSE[symbol].size_usd * (1 / position.entry - 1 / mark))
    return unrealised(position, mark)


@exact
def unrealised(position: Position, mark: Decimal) -> Decimal:
    """Return the open profit of a linear position at the mark price. Units: USDT."""
    return rounded(position.quantity * (mark - position.entry))


@exact
def notional(symbol: str, position: Position, mark: Decimal) -> Decimal:
    """Return the signed size of a position. Units: the asset it settles in."""
    if symbol in INVERSE:
        return position.quantity * INVERSE[symbol].size_usd / mark
    return position.quantity * mark


def profits(books: Books, prices: Mapping[str, Decimal]) -> dict[tuple[Owned, str], Decimal]:
    """Return the open profit of all positions, by the wallet and the asset it belongs to."""
    found: dict[tuple[Owned, str], Decimal] = {}
    for symbol, position in books.positions.items():
        place = position.wallet, settles_in(symbol)
        found[place] = found.get(place, ZERO) + profit(symbol, position, prices[spot_symbol(symbol)])
    return found


def trade(books: Books, event: FuturesTrade, market: Market) -> Books:
    """Return the books after a contract was bought or sold at the market's price."""
    price = market.price(spot_symbol(event.symbol), event.at)
    held = books.positions.get(event.symbol, Position(ZERO, price, event.wallet))
    after = held.quantity + event.quantity
    closed, entry = ZERO, price
    if held.quantity * event.quantity < 0:  # reduced, closed or turned round
        closed = held.quantity if held.quantity * after <= 0 else -event.quantity
        entry = price if held.quantity * after <= 0 else held.entry
    elif held.quantity:
        entry = rounded(_average(event, held, price))
    realised = profit(event.symbol, replace(held, quantity=closed), price)
    positions = {symbol: position for symbol, position in books.positions.items() if symbol != event.symbol}
    if after:
        positions[event.symbol] = Position(after, entry, held.wallet)
    paid = realised - commission(event, price)
    return add(replace(books, positions=positions), held.wallet, settles_in(event.symbol), paid)


@exact
def commission(event: FuturesTrade, price: Decimal) -> Decimal:
    """Return what a trade costs at that price. Units: the asset the contract settles in."""
    return rounded(notional(event.symbol, Position(abs(event.quantity), price), price) * _COMMISSION_RATIO)


def _average(event: FuturesTrade, held: Position, price: Decimal) -> Decimal:
    """Return the average price of what is held with what comes: of dollars for coins, of coins for dollars."""
    after = held.quantity + event.quantity
    if event.symbol in INVERSE:
        return after / (held.quantity / held.entry + event.quantity / price)
    return (held.quantity * held.entry + event.quantity * price) / after


@exact
def fundings(books: Books, at: datetime, market: Market) -> dict[str, Decimal]:
    """Return what each open position pays for the eight hours that end at `at`, below 0 where it receives.

    Units: the asset its contract settles in.
    """
    paid = {}
    for symbol, position in books.positions.items():
        mark, rate = market.price(spot_symbol(symbol), at), funding_rate(market.seed, spot_symbol(symbol), at)
        paid[symbol] = rounded(notional(symbol, position, mark) * rate)
    return paid


def fund(books: Books, event: Funding, market: Market) -> Books:
    """Return the books after all positions paid or received the funding of eight hours."""
    paid: dict[tuple[Owned, str], Decimal] = {}
    for symbol, amount in fundings(books, event.at, market).items():
        place = books.positions[symbol].wallet, settles_in(symbol)
        paid[place] = paid.get(place, ZERO) + amount
    for (wallet, asset), amount in paid.items():
        books = add(books, wallet, asset, -amount) if amount else books
    return books


def funding_rate(seed: int, symbol: str, at: datetime) -> Decimal:
    """Return what longs pay shorts for the eight hours that end at `at`. Units: a ratio of the notional."""
    slot = to_ms(at) // _EIGHT_HOURS_MS
    return Decimal(f"{chance.between(seed, -0.00004, 0.00012, 'funding', symbol, slot):.8f}")
