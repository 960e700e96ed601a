"""The dated events of one account in order, and its books after each: folded once, answered for any instant."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from lib.demo.books import apply
from lib.demo.crossings import Crossing
from lib.demo.events import Deposit, Event, Withdrawal, acts_at, starts_at
from lib.demo.holdings import EMPTY, Books
from lib.demo.market import Market

WEEK = timedelta(weeks=1)

# The events first seen in the n-th week after the world's birth; week -1 is all time before it. Pure.
type Script = Callable[[int], tuple[Event, ...]]


class Step(NamedTuple):
    """One instant at which one event changes the books."""

    at: datetime
    event: Event
    phase: int


def steps(events: Iterable[Event]) -> list[Step]:
    """Return the instants at which the events act, in order; at one instant, what began first, then as given."""
    found = [Step(at, event, phase) for event in events for phase, at in enumerate(acts_at(event))]
    return sorted(found, key=_order)


def _order(step: Step) -> tuple[datetime, datetime]:
    return step.at, starts_at(step.event)


def fold(found: Iterable[Step], market: Market, books: Books = EMPTY) -> Books:
    """Return the books after all `found` steps, from scratch."""
    for step in found:
        books = apply(books, step.event, step.phase, market)
    return books


class Journal:
    """What happened to one account; grows week by week as later instants are asked for.

    The answer depends on the instant alone, never on what was asked before.
    """

    def __init__(self, born_at: datetime, script: Script, market: Market, extra: tuple[Event, ...] = ()) -> None:
        self._script, self._market = script, market
        self._horizon, self._week = born_at - WEEK, -2
        self._born_at = born_at
        self._pending = list(extra)  # whole events first, their late steps after
        self._late: list[Step] = []
        self._steps: list[Step] = []
        self._books: list[Books] = [EMPTY]
        self._movements: list[Deposit | Withdrawal] = []
        self._crossings: list[Crossing] = []

    def books(self, at: datetime) -> Books:
        """Return the books with everything that happened up to and at `at`."""
        self._reach(at)
        count = bisect_right(self._steps, at, key=attrgetter("at"))
        while len(self._books) <= count:
            step = self._steps[len(self._books) - 1]
            self._books.append(apply(self._books[-1], step.event, step.phase, self._market))
        return self._books[count]

    def movements(self, at: datetime) -> list[Deposit | Withdrawal]:
        """Return the deposits and withdrawals first seen up to and at `at`, oldest first, refused ones left out."""
        refused = self.books(at).refused
        count = bisect_right(self._movements, at, key=starts_at)
        return [movement for movement in self._movements[:count] if movement.id not in refused]

    def crossings(self, at: datetime) -> list[Crossing]:
        """Return what else crossed the border, first seen up to and at `at`, oldest first, refused ones left out."""
        refused = self.books(at).refused
        count = bisect_right(self._crossings, at, key=starts_at)
        return [crossing for crossing in self._crossings[:count] if crossing.id not in refused]

    def steps(self, at: datetime) -> list[Step]:
        """Return every step up to and at `at`, in order."""
        self._reach(at)
        return self._steps[: bisect_right(self._steps, at, key=attrgetter("at"))]

    def turns(self, start: datetime, end: datetime) -> Iterator[tuple[Step, Books, Books]]:
        """Yield every step in [start, end] with the books before and after it, in order."""
        self.books(end)
        first = bisect_left(self._steps, start, key=attrgetter("at"))
        for place in range(first, bisect_right(self._steps, end, key=attrgetter("at"))):
            yield self._steps[place], self._books[place], self._books[place + 1]

    def _reach(self, at: datetime) -> None:
        while self._horizon <= at:
            self._week += 1
            self._horizon = self._born_at + WEEK * (self._week + 1)
            events = [*self._pending, *self._script(self._week)]
            self._pending = [event for event in events if starts_at(event) >= self._horizon]
            begun = [event for event in events if starts_at(event) < self._horizon]
            found = sorted([*self._late, *steps(begun)], key=_order)
            self._late = [step for step in found if step.at >= self._horizon]
            self._steps += [step for step in found if step.at < self._horizon]
            moved = [event for event in begun if isinstance(event, Deposit | Withdrawal)]
            self._movements += sorted(moved, key=starts_at)
            crossed = [event for event in begun if isinstance(event, Crossing)]
            self._crossings += sorted(crossed, key=starts_at)
