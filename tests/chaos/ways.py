"""Every way in which money comes to an account of these worlds, leaves it, or changes its place and its kind in it."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from lib.demo.crossings import (
    FiatOrderRow,
    FiatPaymentRow,
    P2pRow,
    SubRow,
    banked,
    exchanged,
    paid,
    paid_with,
    traded,
    transferred,
)
from lib.demo.events import Deposit, Event, Gain, OrderLock, SpotTrade, Transfer, Withdrawal

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)
_USD = {"Main": 96_000, "Spot": 22_000, "Mixed": 45_000}  # about what they are worth
_PRICES = {"USDT": 1, "BTC": 91_000, "ETH": 3_020, "SOL": 138, "BNB": 880}  # about; amounts are what counts
_DIGITS = {"USDT": 2, "BTC": 5, "ETH": 4, "SOL": 3, "BNB": 3}
_EUR_IN_USD = Decimal("1.15")  # about
BLACK_BOX = "trading_bots"  # known by its total alone

type Way = Callable[[random.Random, str, str, datetime], Event]


def _amount(dice: random.Random, name: str, asset: str) -> Decimal:
    """Return 3 to 8 % of what the account is worth: more than any price does within a run."""
    usd = _USD[name] * dice.uniform(0.03, 0.08)
    return round(Decimal(usd) / _PRICES[asset], _DIGITS[asset])


def _euros(dice: random.Random, name: str) -> Decimal:
    return (_amount(dice, name, "USDT") / _EUR_IN_USD).quantize(Decimal("0.01"))


def came(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    asset = dice.choice(tuple(_PRICES))
    seen = at - dice.choice((SECOND, 9 * MINUTE, 3 * HOUR))
    free = at + dice.choice((timedelta(), 9 * MINUTE, 2 * HOUR))
    wallet = dice.choice(("spot", "spot", "funding"))
    return Deposit(number, asset, _amount(dice, name, asset), wallet, "N", "a", f"t{number}", seen, at, free)


def left(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    gone = at.replace(microsecond=0) + (13 * SECOND if at.second else timedelta())
    applied = gone - dice.choice((30 * SECOND, 50 * MINUTE, 4 * HOUR))
    ids = (number, "USDT", _amount(dice, name, "USDT"), Decimal(1), "spot", "TRX", "a", f"t{number}")
    return Withdrawal(*ids, applied, gone, cancelled=dice.random() < 0.2)


def sent(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    """Money from another user: two lists tell of it, the second of them of a moment before it is there."""
    at += 3 * MINUTE if at.second < 10 else timedelta()
    text, amount = f"Off-chain transfer {number}", _amount(dice, name, "SOL")
    before = at - MINUTE
    return Deposit(number, "SOL", amount, "spot", "SOL", "a", text, before, at, at, internal=True, pay_id=f"P_{number}")


def sent_out(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    """Money to another user, of which two lists tell as well."""
    at += 3 * MINUTE if at.second < 10 else timedelta()
    gone, amount = at.replace(microsecond=0), _amount(dice, name, "USDT")
    ids = (number, "USDT", amount, Decimal(0), "spot", "TRX", "a", f"Off-chain transfer {number}")
    return Withdrawal(*ids, gone - MINUTE, gone, internal=True, pay_id=f"P_{number}")


def p2p(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    ended = "CANCELLED" if dice.random() < 0.2 else "COMPLETED"
    row = P2pRow("BUY", "USDT", _amount(dice, name, "USDT"), Decimal("0.9"), "EUR", Decimal("0.87"), ended)
    return traded(f"200000000000000000{number}", at, at, row)


def pay(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    return paid(f"P_9{number}", at, "USDT", _amount(dice, name, "USDT"))


def bought_with(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    """Pay a price in euros with two coins out of Funding."""
    funds = (("USDT", _amount(dice, name, "USDT")), ("BTC", Decimal("0.012")))
    return paid_with(f"P_8{number}", at, "EUR", _euros(dice, name), funds)


def bank_in(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    ended = "Failed" if dice.random() < 0.15 else "Successful"
    row = FiatOrderRow(0, "EUR", _euros(dice, name), Decimal(1), ended)
    asked = at - dice.choice((SECOND, 40 * MINUTE, 5 * HOUR))
    return banked(f"bank-{number}", asked, at, row)


def bank_out(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    ended = "Failed" if dice.random() < 0.15 else "Finished"
    row = FiatOrderRow(1, "EUR", _euros(dice, name), Decimal(1), ended)
    return banked(f"bank-{number}", at, at + dice.choice((SECOND, 2 * HOUR, 9 * HOUR)), row)


def by_card(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    """Coins bought with a card: they come from outside."""
    asset = dice.choice(("BTC", "ETH"))
    return _bought(number, at, asset, _amount(dice, name, asset), ("Credit Card", dice.random() < 0.15))


def from_balance(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    """Coins bought for euros that the account had: nothing crosses its border, whatever the list shows."""
    return _bought(number, at, "ETH", _amount(dice, name, "ETH") / 2, ("Cash Balance", False))


def _bought(number: str, at: datetime, asset: str, amount: Decimal, how: tuple[str, bool]) -> Event:
    method, failed = how
    price = (_PRICES[asset] / _EUR_IN_USD).quantize(Decimal("0.01"))
    spent = (amount * price).quantize(Decimal("0.01"))
    ended = "Failed" if failed else "Completed"
    row = FiatPaymentRow(0, spent, "EUR", amount, asset, Decimal(0), price, method, ended)
    return exchanged(f"card-{number}", at - MINUTE, at, row)


def sold(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    """Coins sold for euros that stay in the account."""
    amount = _amount(dice, name, "USDT")
    obtained = (amount / _EUR_IN_USD).quantize(Decimal("0.01"))
    price = (1 / _EUR_IN_USD).quantize(Decimal("0.000001"))
    row = FiatPaymentRow(1, amount, "EUR", obtained, "USDT", Decimal(0), price, "", "Completed")
    return exchanged(f"sale-{number}", at - MINUTE, at, row)


def euros(name: str, at: datetime) -> Event:
    """What an account that deals in euros had of them all along: a fifth of its worth."""
    return Gain(at, "spot", "EUR", Decimal(_USD[name] // 5))


def floats(name: str, at: datetime) -> tuple[Event, ...]:
    """What an account has beside, so that it can pay what these worlds ask of it."""
    return (
        Gain(at, "spot", "USDT", Decimal(_USD[name] // 4)),
        Gain(at, "spot", "SOL", Decimal(30)),
        Gain(at, "funding", "USDT", Decimal(_USD[name] // 8)),
        Gain(at, "funding", "BTC", Decimal("0.03")),
    )


def converted(dice: random.Random, _name: str, _number: str, at: datetime) -> Event:
    """Some of a coin becomes another one."""
    sell, buy = dice.choice((("SOL", "USDT"), ("SOL", "BTC"), ("USDT", "ETH"), ("BNB", "USDT"), ("USDT", "SOL")))
    return SpotTrade(at, sell, buy, Decimal(str(dice.choice((0.2, 0.5, 0.9)))))


def ordered(dice: random.Random, _name: str, _number: str, at: datetime) -> Event:
    """Some of a coin lies in an open order for hours."""
    return OrderLock(at, at + dice.choice((20 * MINUTE, 3 * HOUR)), dice.choice(("USDT", "SOL")), Decimal("0.5"))


def moved(dice: random.Random, name: str, _number: str, at: datetime) -> Event:
    """Money goes from one own wallet to another."""
    source, target = dice.choice((("spot", "funding"), ("funding", "spot")))
    return Transfer(at, "USDT", _amount(dice, name, "USDT"), source, target)


def botted(dice: random.Random, name: str, _number: str, at: datetime) -> Event:
    """A bot is given money, and it tells no more than its total: more than any flow, so that none makes up for it."""
    return Transfer(at, "USDT", Decimal(_USD[name] * dice.randint(14, 20) // 100), "spot", BLACK_BOX)


def unbotted(dice: random.Random, name: str, _number: str, at: datetime) -> Event:
    """A bot gives money back, where it has as much."""
    share = Decimal("0.008") if name == "Mixed" else Decimal("0.12")
    return Transfer(at, "USDT", Decimal(_USD[name]) * share, BLACK_BOX, "spot")


OUTSIDE: tuple[Way, ...] = (came, came, left, left, sent, p2p, pay)
BESIDE: tuple[Way, ...] = (bank_in, bank_in, by_card, by_card, sent_out, bought_with, pay)
WITH_EUROS: tuple[Way, ...] = (bank_out, bank_out, sold, from_balance)  # for who holds some all along
INSIDE: tuple[Way, ...] = (converted, converted, ordered, moved, botted, botted, unbotted)


def handed(dice: random.Random, number: str, at: datetime, emails: tuple[str, str]) -> tuple[Event, Event]:
    """Return what a master (the first of `emails`) and its sub-account see of money that goes to and fro."""
    asset = dice.choice(("USDT", "USDT", "SOL"))
    size = _amount(dice, "Spot", asset)
    families = dice.choice((("spot", "universal"), ("universal",), ("spot",), ("usdm",)))
    to_sub: Literal[1, -1] = dice.choice((1, 1, -1))
    sender, receiver = emails if to_sub > 0 else emails[::-1]
    ended = "FAILURE" if dice.random() < 0.1 and families != ("usdm",) else "SUCCESS"
    of_sub = SubRow(asset, to_sub * size, sender, receiver, frozenset(families), ended)  # type: ignore[arg-type]
    of_master = replace(of_sub, quantity=-of_sub.quantity)
    return transferred(number, at, of_master), transferred(number, at, of_sub)
