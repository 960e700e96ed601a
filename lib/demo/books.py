"""How one event changes an account's books. Amounts keep 8 decimals, so the wire loses nothing."""

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from lib.demo import contracts
from lib.demo.crossings import Crossing
from lib.demo.events import (
    Borrow,
    Deposit,
    Event,
    Funding,
    FuturesTrade,
    Gain,
    Growth,
    Interest,
    OrderLock,
    SpotTrade,
    Transfer,
    Withdrawal,
)
from lib.demo.holdings import ZERO, Books, add, balance, put, rounded
from lib.demo.market import Market
from lib.domain.money import exact

_UNIT = Decimal("0.00000001")
_SPOT_FEE_RATIO = Decimal("0.001")
_BNB_DISCOUNT = Decimal("0.75")


@exact
def apply(books: Books, event: Event, phase: int, market: Market) -> Books:
    """Return the books after the `phase`-th of the event's instants.

    An event the account cannot pay for is refused, as the exchange would, and changes nothing.
    """
    match event:
        case Deposit() | Gain():
            return add(books, event.wallet, event.asset, -event.amount if phase else event.amount)
        case Withdrawal():
            return _withdraw(books, event, phase)
        case Transfer():
            return _transfer(books, event)
        case SpotTrade():
            return _trade_spot(books, event, market)
        case OrderLock():
            return _lock(books, event, phase)
        case FuturesTrade():
            return contracts.trade(books, event, market)
        case Funding():
            return contracts.fund(books, event, market)
        case Crossing():
            return _cross(books, event)
        case Growth():
            grown = rounded(balance(books, event.wallet, event.asset).free * event.ratio)
            return add(books, event.wallet, event.asset, grown)
        case Borrow():
            return _borrow(books, event)
        case Interest():
            held = balance(books, event.wallet, event.asset)
            owed = held.interest + rounded(held.borrowed * event.ratio)
            return put(books, event.wallet, event.asset, replace(held, interest=owed))


def _transfer(books: Books, event: Transfer) -> Books:
    if balance(books, event.source, event.asset).free < event.amount:
        return books
    left = add(books, event.source, event.asset, -event.amount)
    return add(left, event.target, event.asset, event.amount)


def _borrow(books: Books, event: Borrow) -> Books:
    """Borrow or, below 0, pay back, as much as is owed and there is; interest is paid first."""
    held = balance(books, event.wallet, event.asset)
    if event.amount >= 0:
        lent = replace(held, free=held.free + event.amount, borrowed=held.borrowed + event.amount)
        return put(books, event.wallet, event.asset, lent)
    paid = min(-event.amount, held.borrowed + held.interest, held.free)
    on_interest = min(paid, held.interest)
    owed = replace(held, interest=held.interest - on_interest, borrowed=held.borrowed - (paid - on_interest))
    return put(books, event.wallet, event.asset, replace(owed, free=held.free - paid))


def _withdraw(books: Books, event: Withdrawal, phase: int) -> Books:
    held, total = balance(books, event.wallet, event.asset), event.amount + event.fee
    if event.id in books.refused:
        return books
    if phase == 0:
        if held.free < total:
            return replace(books, refused=books.refused | {event.id})
        moved = replace(held, free=held.free - total, withdrawing=held.withdrawing + total)
    elif phase == 1:
        back = total if event.cancelled else ZERO
        moved = replace(held, free=held.free + back, withdrawing=held.withdrawing - total)
    else:
        moved = replace(held, free=held.free + total)
    return put(books, event.wallet, event.asset, moved)


def _cross(books: Books, event: Crossing) -> Books:
    if any(balance(books, move.wallet, move.asset).free + move.quantity < 0 for move in event.moves):
        return replace(books, refused=books.refused | {event.id})
    for move in event.moves:
        books = add(books, move.wallet, move.asset, move.quantity)
    return books


def _lock(books: Books, event: OrderLock, phase: int) -> Books:
    held = balance(books, "spot", event.asset)
    amount = rounded(held.free * event.share) if phase == 0 else -held.locked
    return put(books, "spot", event.asset, replace(held, free=held.free - amount, locked=held.locked + amount))


def _trade_spot(books: Books, event: SpotTrade, market: Market) -> Books:
    wallet = event.wallet
    sold = rounded(balance(books, wallet, event.sell).free * event.share)
    if sold <= 0:
        return books
    proceeds_usd = sold * market.usd(event.sell, event.at)
    fee_usd = proceeds_usd * _SPOT_FEE_RATIO
    fee_bnb = rounded(fee_usd * _BNB_DISCOUNT / market.usd("BNB", event.at))
    books = add(books, wallet, event.sell, -sold)
    if balance(books, wallet, "BNB").free >= fee_bnb:
        books = add(books, wallet, "BNB", -fee_bnb)
    else:
        proceeds_usd -= fee_usd
    bought = (proceeds_usd / market.usd(event.buy, event.at)).quantize(_UNIT, rounding=ROUND_DOWN)
    return add(books, wallet, event.buy, bought)
