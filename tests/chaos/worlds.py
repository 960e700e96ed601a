"""Eight small worlds, each a pure value of its number: demo accounts with much more money on its way than usual."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from lib.demo.crossings import P2pRow, paid, traded
from lib.demo.events import Deposit, Event, Withdrawal
from lib.demo.world import World
from tests.spine import BORN_AT, the_world

COUNT = 8
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
# No snapshot is of the very instant of a flow, save on the hour: of an instant there is one price, the first that is
# stored, and at another second the open of the minute is not the snapshot's price.
ODD = timedelta(milliseconds=137)
_CASTS = (("Spot",), ("Main", "Spot"), ("Mixed",), ("Spot", "Mixed"), ("Main",), ("Main", "Mixed"))
_SPANS = (7, 9, 14, 26, 32)  # hours in which things go wrong
NAMES = ("Main", "Spot", "Mixed")
_USD = {"Main": 96_000, "Spot": 22_000, "Mixed": 45_000}  # about what they are worth
_PRICES = {"USDT": 1, "BTC": 91_000, "ETH": 3_020, "SOL": 138, "BNB": 880}  # about; amounts are what counts
_DIGITS = {"USDT": 2, "BTC": 5, "ETH": 4, "SOL": 3, "BNB": 3}


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when histories happen: the first run is at `start`, the last trouble before `end`."""

    number: int
    world: World
    start: datetime
    hours: int

    @property
    def end(self) -> datetime:
        return self.start + self.hours * HOUR

    @property
    def instants(self) -> tuple[datetime, ...]:
        """When a clean run collects: every hour, and then twice so late that every list was due again."""
        hourly = (self.start + number * HOUR for number in range(self.hours + 1))
        return (*hourly, *self.quiet)

    @property
    def quiet(self) -> tuple[datetime, ...]:
        return (self.end + 26 * HOUR, self.end + 27 * HOUR)


@cache
def place(number: int) -> Place:
    """Return the world of that number."""
    dice = random.Random(f"world {number}")
    hours = _SPANS[number % len(_SPANS)]
    # A Monday's noon lies within most of them.
    start = BORN_AT + timedelta(
        days=7 * dice.randrange(2), hours=dice.randrange(-1, 5) + 1, minutes=dice.choice((0, 7))
    )
    world = the_world(*_CASTS[number % len(_CASTS)])
    for first, account in enumerate(world.accounts, start=1):
        money = _money(dice, account.name, 10 * first, start, hours)
        world = world.adding(account.name, *_turned(f"{number} {account.name}", money, start, hours))
    return Place(number, world, start, hours)


def _money(dice: random.Random, name: str, first: int, start: datetime, hours: int) -> list[Event]:
    found: list[Event] = []
    for number in range(dice.randint(3, 7)):
        at = _moment(dice, start, hours)
        make = dice.choice((_came, _came, _left, _left, _sent, _p2p, _paid))
        found.append(make(dice, name, f"{first + number}", at))
    return found


def _turned(seed: str, money: list[Event], start: datetime, hours: int) -> list[Event]:
    """Let some of it turn back hours after it was there, and one more deposit come right after another."""
    dice, end = random.Random(f"turned {seed}"), start + (hours - 1) * HOUR
    found: list[Event] = []
    for one in money:
        at = None
        if isinstance(one, Deposit | Withdrawal) and not one.internal and dice.random() < 0.4:
            at = credited_at(one) + dice.choice((50 * MINUTE, 2 * HOUR, 5 * HOUR)) + dice.randrange(1200) * SECOND
        is_kept = at is None or at > end or (isinstance(one, Withdrawal) and one.cancelled)
        found.append(one if is_kept else replace(one, reversed_at=at))  # type: ignore[arg-type]
    came = [one for one in found if isinstance(one, Deposit) and one.credited_at.microsecond]
    for one in came[:1]:
        at = one.credited_at + 20 * SECOND
        again = replace(one, id=f"{one.id}9", tx_id=f"{one.tx_id}9", internal=False, pay_id="", reversed_at=None)
        found.append(replace(again, credited_at=at, unlocked_at=at))
    return found


def credited_at(one: Deposit | Withdrawal) -> datetime:
    """Return when its money came or went."""
    return one.credited_at if isinstance(one, Deposit) else one.ended_at


def _moment(dice: random.Random, start: datetime, hours: int) -> datetime:
    """Return an instant: odd, or so that it falls together with a run or the rebalance, or comes just after one."""
    at = start + timedelta(seconds=dice.randrange(60, hours * 3600))
    hour = at.replace(minute=start.minute, second=0, microsecond=0)
    match dice.randrange(5):
        case 0:
            return max(hour, start + SECOND)
        case 1:
            return hour + dice.choice((1, 2, 13)) * SECOND + ODD if hour >= start else at
        case _:
            return at + ODD


def _amount(dice: random.Random, name: str, asset: str) -> Decimal:
    """Return 3 to 8 % of what the account is worth: more than any price does within a run."""
    usd = _USD[name] * dice.uniform(0.03, 0.08)
    return round(Decimal(usd) / _PRICES[asset], _DIGITS[asset])


def _came(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    asset = dice.choice(tuple(_PRICES))
    seen = at - dice.choice((SECOND, 9 * MINUTE, 3 * HOUR))
    free = at + dice.choice((timedelta(), 9 * MINUTE, 2 * HOUR))
    wallet = dice.choice(("spot", "spot", "funding"))
    return Deposit(number, asset, _amount(dice, name, asset), wallet, "N", "a", f"t{number}", seen, at, free)


def _left(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    gone = at.replace(microsecond=0) + (13 * SECOND if at.second else timedelta())
    applied = gone - dice.choice((30 * SECOND, 50 * MINUTE, 4 * HOUR))
    ids = (number, "USDT", _amount(dice, name, "USDT"), Decimal(1), "spot", "TRX", "a", f"t{number}")
    return Withdrawal(*ids, applied, gone, cancelled=dice.random() < 0.2)


def _sent(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    """Money from another user: two lists tell of it, the second of them of a moment before it is there."""
    at += 3 * MINUTE if at.second < 10 else timedelta()
    text, amount = f"Off-chain transfer {number}", _amount(dice, name, "SOL")
    before = at - MINUTE
    return Deposit(number, "SOL", amount, "spot", "SOL", "a", text, before, at, at, internal=True, pay_id=f"P_{number}")


def _p2p(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    ended = "CANCELLED" if dice.random() < 0.2 else "COMPLETED"
    row = P2pRow("BUY", "USDT", _amount(dice, name, "USDT"), Decimal("0.9"), "EUR", Decimal("0.87"), ended)
    return traded(f"200000000000000000{number}", at, at, row)


def _paid(dice: random.Random, name: str, number: str, at: datetime) -> Event:
    return paid(f"P_9{number}", at, "USDT", _amount(dice, name, "USDT"))
