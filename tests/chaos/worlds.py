"""Eight small worlds, each a pure value of its number: demo accounts with much more money on its way than usual."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from lib.demo.crossings import Crossing, PayRow
from lib.demo.events import Deposit, Event, Withdrawal
from lib.demo.world import World
from tests.chaos import ways
from tests.chaos.ways import HOUR, MINUTE, SECOND
from tests.spine import BORN_AT, the_world

COUNT = 8
# No snapshot is of the very instant of a flow, save on the hour: of an instant there is one price, the first that is
# stored, and at another second the open of the minute is not the snapshot's price.
ODD = timedelta(milliseconds=137)
_CASTS = (("Spot",), ("Main", "Spot"), ("Mixed",), ("Spot", "Mixed"), ("Main",), ("Main", "Mixed"))
_SPANS = (7, 9, 14, 26, 32)  # hours in which things go wrong
NAMES = ("Main", "Spot", "Mixed")
# Whole seconds are the exchange's: at another instant a person's act falls together with nothing else.
ASKED = timedelta(milliseconds=411)
MASTER_AND_SUB = ("master@example.com", "sub@example.com")


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when histories happen: the first run is at `start`, the last trouble before `end`."""

    number: int
    world: World
    start: datetime
    hours: int
    acts: tuple[datetime, ...]  # when a person asks for a rebalance now

    @property
    def end(self) -> datetime:
        return self.start + self.hours * HOUR

    @property
    def instants(self) -> tuple[datetime, ...]:
        """When a clean run collects: every hour, at every act, and twice so late that every list was due again."""
        hourly = (self.start + number * HOUR for number in range(self.hours + 1))
        return (*sorted((*hourly, *self.acts)), *self.quiet)

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
        more = _more(random.Random(f"more {number} {account.name}"), account.name, 100 * first, start, hours)
        begin = ways.floats(account.name, start - 25 * HOUR)
        world = world.adding(account.name, *begin, *_turned(f"{number} {account.name}", money, start, hours), *more)
    if len(world.accounts) > 1:
        world = _family(random.Random(f"family {number}"), world, start, hours)
    return Place(number, world, start, hours, _acts(random.Random(f"acts {number}"), start, hours))


def _money(dice: random.Random, name: str, first: int, start: datetime, hours: int) -> list[Event]:
    found: list[Event] = []
    for number in range(dice.randint(3, 7)):
        at = _moment(dice, start, hours)
        make = dice.choice(ways.OUTSIDE)
        found.append(make(dice, name, f"{first + number}", at))
    return found


def _more(dice: random.Random, name: str, first: int, start: datetime, hours: int) -> list[Event]:
    """Return what goes over banks, cards and other users, and what changes its place or its kind in the account."""
    has_euros = dice.random() < 0.6
    kinds = (*ways.BESIDE, *ways.WITH_EUROS) if has_euros else ways.BESIDE
    outside = [dice.choice(kinds) for _ in range(dice.randint(2, 4))]
    inside = [dice.choice(ways.INSIDE) for _ in range(dice.randint(1, 3))]
    made = [
        way(dice, name, f"{first + number}", _moment(dice, start, hours))
        for number, way in enumerate((*outside, *inside), start=1)
    ]
    return [*([ways.euros(name, start - 24 * HOUR)] if has_euros else []), *made]


def _family(dice: random.Random, world: World, start: datetime, hours: int) -> World:
    """Make the second account the first one's sub-account, and let money go to and fro that both can pay."""
    master, sub = (
        replace(account, email=email, master=of)
        for account, email, of in zip(world.accounts, MASTER_AND_SUB, ("", world.accounts[0].name), strict=True)
    )
    world = World(world.seed, world.born_at, world.market, (master, sub))
    for number in range(1, dice.randint(3, 5)):
        id_ = f"92233720368547{number:05}"
        of_master, of_sub = ways.handed(dice, id_, _moment(dice, start, hours), MASTER_AND_SUB)
        both = world.adding(master.name, of_master).adding(sub.name, of_sub)
        later = start + 2 * hours * HOUR
        if not any(_refuses_transfers(both, account.name, later) for account in both.accounts):
            world = both
    return world


def _refuses_transfers(world: World, name: str, at: datetime) -> bool:
    return any(id_.startswith("9223372036854") for id_ in world.books(name, at).refused)


def _acts(dice: random.Random, start: datetime, hours: int) -> tuple[datetime, ...]:
    """Return when a person asks for a rebalance: not in the slot of the first snapshot, whose time would be another."""
    count = dice.choice((1, 1, 2))
    found = (start + timedelta(seconds=dice.randrange(3_700, hours * 3600)) for _ in range(count))
    return tuple(sorted(at + ASKED for at in found))


def rare(place: Place, name: str) -> frozenset[str]:
    """Return the ids of money in lists that not every run asks for."""
    crossings: Iterable[Crossing] = place.world.crossings(name, place.quiet[-1])
    return frozenset(one.id for one in crossings if not isinstance(one.shown, PayRow))


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
