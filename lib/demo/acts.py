"""What a person did to the demo world, as dated values, and the world that follows from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from lib.demo.breakages import WHOLE, Breakage, Broken, breakage
from lib.demo.market import Scenario
from lib.demo.moves import Move, events
from lib.demo.world import World


@dataclass(frozen=True, slots=True)
class Turn:
    """From `at` on another scenario reigns."""

    at: datetime
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Passed:
    """At `at` so many seconds passed at once."""

    at: datetime
    seconds: Decimal


@dataclass(frozen=True, slots=True)
class Broke:
    """From `at` on the exchange is broken in one way, or (None) whole: its accounts live on as they did."""

    at: datetime
    what: Broken | None


type Act = Turn | Move | Passed | Broke


def after(world: World, act: Act) -> World:
    """Return the world after the act; its past is the same."""
    match act:
        case Turn():
            return world.then(act.at, act.scenario)
        case Move():
            return world.adding(act.account, *events(world, act))
        case Passed() | Broke():
            return world


def passed(acts: Iterable[Act]) -> timedelta:
    """Return how far they took the world's clock ahead, all in all."""
    return timedelta(seconds=float(sum(act.seconds for act in acts if isinstance(act, Passed))))


def broken(acts: Iterable[Act]) -> Breakage:
    """Return how the exchange misbehaves after them."""
    last = next((act for act in reversed(tuple(acts)) if isinstance(act, Broke)), None)
    return WHOLE if last is None or last.what is None else breakage(last.what, last.at)
