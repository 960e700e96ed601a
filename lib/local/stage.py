"""What a person does to the demo while it runs: it is written down, the world changes, and the product collects."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from lib import log
from lib.demo import acts
from lib.demo.acts import Act, Broke, Passed, Turn
from lib.demo.breakages import WHOLE, Broken, breakage
from lib.demo.instants import from_ms, to_ms
from lib.demo.market import Scenario
from lib.demo.moves import Kind, Way, move, settles_at
from lib.demo.world import World
from lib.domain.requests import CollectOrder
from lib.domain.schedule import slot_start
from lib.errors import MonitorError, Unavailable
from lib.local.demo import Demo, misbehave
from lib.usecases.collect import collect
from lib.usecases.runs import RunReport
from lib.wiring import Wired

_BEAT_S = 1.0  # passes with every act: what was read before it and what is read after lie apart
_TRIES, _AGAIN_S = 40, 0.25  # while another run holds the accounts


@dataclass(frozen=True, slots=True)
class Leap:
    """So many runs, one after another, each a slot of so many minutes later."""

    runs: int
    slot_minutes: int


LEAPS = {"1h": Leap(12, 5), "1d": Leap(24, 60), "1w": Leap(7 * 24, 60)}


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act: how the run after it went, and of a move whether that run booked it, or which slot will."""

    run: str | None = None
    booked: bool | None = None
    books_at: datetime | None = None  # None: it has come or gone already


class Busy(Unavailable):
    """Time passes already, or the demo's past is not built yet."""


async def turn(demo: Demo, wired: Wired, scenario: Scenario) -> Done:
    """Let another scenario reign from now on. Raises: Busy."""
    async with demo.turn:
        _require_rest(demo)
        await _do(demo, Turn(_now(demo), scenario))
        return Done((await _collected(demo, wired)).status)


async def move_money(demo: Demo, wired: Wired, wanted: tuple[Way, str, str, Decimal, Kind]) -> Done:
    """Move money in or out of an account. Raises: Busy; InvalidInput; NotFound."""
    async with demo.turn:
        _require_rest(demo)
        made = move(demo.world, _whole_second(demo), *wanted)
        await _do(demo, made)
        report, minutes = await _collected(demo, wired), wired.settings.collect_every_minutes
        booked = any(one.flows for one in report.accounts if one.name == made.account)
        settled = settles_at(made)
        later = slot_start(settled, minutes) + timedelta(minutes=minutes) if settled > made.at else None
        return Done(report.status, booked, later)


async def break_it(demo: Demo, wired: Wired, what: Broken) -> Done:
    """Break the exchange in one way, instead of any other, at the next slot. Raises: Busy.

    In the current one a run that fails would be no news: what is complete stays so.
    """
    async with demo.turn:
        _require_rest(demo)
        minutes = wired.settings.collect_every_minutes
        await _pass(demo, slot_start(demo.clock.now(), minutes) + timedelta(minutes=minutes))
        await demo.diary.write(Broke(demo.clock.now(), what))
        misbehave(demo, breakage(what, demo.clock.now()))
        return Done((await _collected(demo, wired)).status)


async def mend(demo: Demo, wired: Wired) -> Done:
    """Mend what is broken. Raises: Busy."""
    async with demo.turn:
        _require_rest(demo)
        demo.clock.pass_time(demo.exchange.skew.total_seconds())  # the exchange's clock never goes back
        await demo.diary.write(Broke(demo.clock.now(), None))
        misbehave(demo, WHOLE)
        return Done((await _collected(demo, wired)).status)


def leap(demo: Demo, wired: Wired, far: Leap) -> Done:
    """Begin to let time pass, run by run; `demo.passing` tells how far it is. Raises: Busy."""
    _require_rest(demo)
    demo.passing.done, demo.passing.total = 0, far.runs
    task = asyncio.create_task(_leap(demo, wired, far))
    demo.tasks.add(task)
    task.add_done_callback(demo.tasks.discard)
    return Done()


async def _leap(demo: Demo, wired: Wired, far: Leap) -> None:
    step = timedelta(minutes=far.slot_minutes)
    try:
        async with demo.turn:
            began = demo.clock.now()
            for number in range(1, far.runs + 1):
                await _pass(demo, began + number * step)
                with log.quiet():
                    await _collected(demo, wired, far.slot_minutes)
                demo.passing.done = number
    except MonitorError as error:
        log.error("passing time failed", error)
    finally:
        demo.passing.done = demo.passing.total = 0
        demo.acted.set()


async def _pass(demo: Demo, until: datetime) -> None:
    """Let time pass until then; a run that had to wait may have been there before."""
    ahead_s = (until - demo.clock.now()).total_seconds()
    if ahead_s > 0:
        demo.clock.pass_time(ahead_s)
        await demo.diary.write(Passed(demo.clock.now(), Decimal(str(ahead_s))))


async def _do(demo: Demo, act: Act) -> None:
    """Change the world once it is written down that it changes."""
    world = acts.after(demo.world, act)
    await asyncio.to_thread(_warm, demo, world)
    await demo.diary.write(act)
    demo.exchange.world = world


def _warm(demo: Demo, world: World) -> None:
    """Fold the accounts' lives anew, aside: it takes half a second, and the page is not to wait for it."""
    now = demo.clock.now()
    for account in world.accounts:
        world.nav(account.name, now)


async def _collected(demo: Demo, wired: Wired, slot_minutes: int | None = None) -> RunReport:
    """Take the current slot anew, and return what the run reports; wait for another run that holds the accounts."""
    demo.clock.pass_time(_BEAT_S)
    collector = wired.collector_for(slot_minutes) if slot_minutes else wired.collector
    order, tries = CollectOrder(retake="force"), _TRIES
    while not (report := await collect(collector, order)).accounts and tries:
        tries -= 1
        await asyncio.sleep(_AGAIN_S)
    demo.acted.set()
    return report


def broken(demo: Demo) -> Broken | None:
    """Return what is broken now."""
    found = demo.health.breakage
    return None if found.until is not None and found.until <= demo.clock.now() else found.what


def _require_rest(demo: Demo) -> None:
    for what, progress in (("the demo's past is built", demo.progress), ("time passes", demo.passing)):
        if progress.building:
            raise Busy(f"{what}: {progress.done} of {progress.total} runs; try again when it is done")


def _now(demo: Demo) -> datetime:
    return from_ms(to_ms(demo.clock.now()))


def _whole_second(demo: Demo) -> datetime:
    """Return the next whole second, after which the run comes: the list of withdrawals knows no parts of one."""
    now = demo.clock.now()
    return (now + timedelta(seconds=1)).replace(microsecond=0) if now.microsecond else now
