"""What Mixed does beside deposits and withdrawals: Pay, P2P, bank and card; thirteen weeks that come round again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from lib.demo import chance
from lib.demo.crossings import (
    Crossing,
    FiatOrderRow,
    FiatPaymentRow,
    P2pRow,
    banked,
    exchanged,
    paid,
    traded,
)
from lib.demo.payments import ROUND_WEEKS, Payer

_P2P_USDT_IN_EUR = Decimal("0.87")
_TAKERS_SHARE = Decimal("0.001")
_CARD_FEE_SHARE = Decimal("0.018")
_BANK_FEE_EUR = Decimal("1")


def errands(payer: Payer, week: int) -> tuple[Crossing, ...]:
    """Return what crosses the border in one week after the birth, or changes within it through the bank."""
    turn = week % ROUND_WEEKS
    return tuple(make(payer, week, day) for due, day, make in _TABLE if due == turn)


def _at(payer: Payer, week: int, day: int, name: str) -> datetime:
    second = int(chance.between(payer.seed, 7_300, 79_000, payer.name, name, week))
    return payer.born_at + timedelta(weeks=week, days=day, seconds=second, milliseconds=219)


def _id(payer: Payer, week: int, name: str, digits: int) -> str:
    return chance.digits(payer.seed, digits, payer.name, name, week, "id")


def _pay(usdt: str) -> Callable[[Payer, int, int], Crossing]:
    def make(payer: Payer, week: int, day: int) -> Crossing:
        return paid("P_" + _id(payer, week, "pay", 16), _at(payer, week, day, "pay"), "USDT", Decimal(usdt))

    return make


def _p2p(usdt: str, ended: str = "COMPLETED") -> Callable[[Payer, int, int], Crossing]:
    def make(payer: Payer, week: int, day: int) -> Crossing:
        size, at = abs(Decimal(usdt)), _at(payer, week, day, "p2p")
        side: Literal["BUY", "SELL"] = "BUY" if Decimal(usdt) > 0 else "SELL"
        shown = P2pRow(side, "USDT", size, size * _TAKERS_SHARE, "EUR", _P2P_USDT_IN_EUR, ended)
        return traded("20" + _id(payer, week, "p2p", 18), at, at + timedelta(minutes=11), shown)

    return make


def _bank(eur: str) -> Callable[[Payer, int, int], Crossing]:
    def make(payer: Payer, week: int, day: int) -> Crossing:
        at = _at(payer, week, day, "bank")
        shown = FiatOrderRow(0, "EUR", Decimal(eur), _BANK_FEE_EUR, "Successful")
        return banked("demo-" + _id(payer, week, "bank", 27), at, at + timedelta(hours=19, minutes=4), shown)

    return make


def _buy(asset: str, eur: str, method: str) -> Callable[[Payer, int, int], Crossing]:
    def make(payer: Payer, week: int, day: int) -> Crossing:
        at, spent = _at(payer, week, day, "buy"), Decimal(eur)
        fee = spent * _CARD_FEE_SHARE if method == "Credit Card" else Decimal(0)
        price = (payer.market.usd(asset, at) / payer.market.usd("EUR", at)).quantize(Decimal("0.01"))
        obtained = ((spent - fee) / price).quantize(Decimal("0.00001"), rounding=ROUND_DOWN)
        shown = FiatPaymentRow(0, spent, "EUR", obtained, asset, fee, price, method, "Completed")
        return exchanged("demo" + _id(payer, week, "buy", 28), at, at + timedelta(minutes=2, seconds=9), shown)

    return make


_TABLE: tuple[tuple[int, int, Callable[[Payer, int, int], Crossing]], ...] = (
    (2, 1, _p2p("420")),
    (5, 3, _pay("120")),
    (6, 5, _p2p("-200", "CANCELLED")),
    (7, 2, _pay("-75")),
    (9, 0, _bank("600")),
    (9, 3, _buy("ETH", "400", "Cash Balance")),
    (10, 5, _buy("BTC", "250", "Credit Card")),
    (12, 2, _p2p("-150")),
)
