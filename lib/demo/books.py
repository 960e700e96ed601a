"""An account's state, and how one event changes it. Amounts keep 8 decimals, so the wire loses nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from lib.demo import chance
from lib.demo.events import Deposit, Event, Funding, FuturesTrade, OrderLock, Owned, SpotTrade, Transfer, Withdrawal
from lib.demo.instants import to_ms
from lib.demo.market import Market
from lib.domain.money import exact

ZERO = Decimal(0)
_UNIT = Decimal("0.00000001")
_SPOT_FEE_RATIO = Decimal("0.001")
_BNB_DISCOUNT = Decimal("0.75")
_COMMISSION_RATIO = Decimal("0.0005")


@dataclass(frozen=True, slots=True)
class Balance:
    """One asset in one wallet."""

    free: Decimal = ZERO
    locked: Decimal = ZERO
    withdrawing: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Position:
    """One open USD-M position: `quantity` below 0 is short, `entry` the average price."""

    quantity: Decimal
    entry: Decimal


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


@exact
def apply(books: Books, event: Event, phase: int, market: Market) -> Books:
    """Return the books after the `phase`-th of the event's instants.

    An event the account cannot pay for is refused, as the exchange would, and changes nothing.
    """
    match event:
        case Deposit():
            return _add(books, event.wallet, event.asset, event.amount)
        case Withdrawal():
            return _withdraw(books, event, phase)
        case Transfer():
            if balance(books, event.source, event.asset).free < event.amount:
                return books
            left = _add(books, event.source, event.asset, -event.amount)
            return _add(left, event.target, event.asset, event.amount)
        case SpotTrade():
            return _trade_spot(books, event, market)
        case OrderLock():
            return _lock(books, event, phase)
        case FuturesTrade():
            return _trade_futures(books, event, market)
        case Funding():
            return _fund(books, event, market)


def _put(books: Books, wallet: Owned, asset: str, held: Balance) -> Books:
    return replace(books, balances={**books.balances, (wallet, asset): held})


def _add(books: Books, wallet: Owned, asset: str, amount: Decimal) -> Books:
    held = balance(books, wallet, asset)
    return _put(books, wallet, asset, replace(held, free=held.free + amount))


def _withdraw(books: Books, event: Withdrawal, phase: int) -> Books:
    held, total = balance(books, event.wallet, event.asset), event.amount + event.fee
    if event.id in books.refused:
        return books
    if phase == 0:
        if held.free < total:
            return replace(books, refused=books.refused | {event.id})
        moved = replace(held, free=held.free - total, withdrawing=held.withdrawing + total)
    else:
        back = total if event.cancelled else ZERO
        moved = replace(held, free=held.free + back, withdrawing=held.withdrawing - total)
    return _put(books, event.wallet, event.asset, moved)


def _lock(books: Books, event: OrderLock, phase: int) -> Books:
    held = balance(books, "spot", event.asset)
    amount = rounded(held.free * event.share) if phase == 0 else -held.locked
    return _put(books, "spot", event.asset, replace(held, free=held.free - amount, locked=held.locked + amount))


def _trade_spot(books: Books, event: SpotTrade, market: Market) -> Books:
    sold = rounded(balance(books, "spot", event.sell).free * event.share)
    if sold <= 0:
        return books
    proceeds_usd = sold * market.usd(event.sell, event.at)
    fee_usd = proceeds_usd * _SPOT_FEE_RATIO
    fee_bnb = rounded(fee_usd * _BNB_DISCOUNT / market.usd("BNB", event.at))
    books = _add(books, "spot", event.sell, -sold)
    if balance(books, "spot", "BNB").free >= fee_bnb:
        books = _add(books, "spot", "BNB", -fee_bnb)
    else:
        proceeds_usd -= fee_usd
    bought = (proceeds_usd / market.usd(event.buy, event.at)).quantize(_UNIT, rounding=ROUND_DOWN)
    return _add(books, "spot", event.buy, bought)


def _trade_futures(books: Books, event: FuturesTrade, market: Market) -> Books:
    price = market.price(event.symbol, event.at)
    held = books.positions.get(event.symbol, Position(ZERO, ZERO))
    after = held.quantity + event.quantity
    paid = commission(event, price)
    closed, entry = ZERO, price
    if held.quantity * event.quantity < 0:  # reduced, closed or turned round
        closed = held.quantity if held.quantity * after <= 0 else -event.quantity
        entry = price if held.quantity * after <= 0 else held.entry
    elif held.quantity:
        entry = rounded((held.quantity * held.entry + event.quantity * price) / after)
    realised = rounded(closed * (price - held.entry))
    positions = {symbol: position for symbol, position in books.positions.items() if symbol != event.symbol}
    if after:
        positions[event.symbol] = Position(after, entry)
    return _add(replace(books, positions=positions), "usdm", "USDT", realised - paid)


@exact
def commission(event: FuturesTrade, price: Decimal) -> Decimal:
    """Return what a trade in perpetuals costs. Units: USDT."""
    return rounded(abs(event.quantity) * price * _COMMISSION_RATIO)


@exact
def fundings(books: Books, at: datetime, market: Market) -> dict[str, Decimal]:
    """Return what each open position pays for the eight hours that end at `at`, below 0 where it receives."""
    return {
        symbol: rounded(position.quantity * market.price(symbol, at) * funding_rate(market.seed, symbol, at))
        for symbol, position in books.positions.items()
    }


def _fund(books: Books, event: Funding, market: Market) -> Books:
    paid = sum(fundings(books, event.at, market).values(), ZERO)
    return _add(books, "usdm", "USDT", -paid) if paid else books


def funding_rate(seed: int, symbol: str, at: datetime) -> Decimal:
    """Return what longs pay shorts for the eight hours that end at `at`. Units: a ratio of the notional."""
    slot = to_ms(at) // (8 * 3_600_000)
    return Decimal(f"{chance.between(seed, -0.00004, 0.00012, 'funding', symbol, slot):.8f}")


@exact
def unrealised(position: Position, mark: Decimal) -> Decimal:
    """Return the open profit of a position at the mark price. Units: USDT."""
    return rounded(position.quantity * (mark - position.entry))
