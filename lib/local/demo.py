"""The demo as a whole: the world and its exchange beneath the product, and 90 days of history built through it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce

from lib import log
from lib.demo import acts, scenario
from lib.demo.breakages import WHOLE, Breakage
from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, keys_of
from lib.demo.transport import DemoTransport
from lib.demo.world import World
from lib.domain.schedule import slot_start
from lib.errors import Unavailable
from lib.local.diary import Diary
from lib.ports import Store
from lib.records import AccountExists, AccountSummary
from lib.settings import Settings
from lib.usecases import accounts
from lib.usecases.collect import collect
from lib.usecases.runs import FAILED, RunReport
from lib.wiring import StoreHome, Wired, build

HISTORY = timedelta(days=90)
_RECENT = timedelta(days=7)
_COARSE_MINUTES, _FINE_MINUTES = 360, 60
_LEASE_S, _AGAIN_S = 5, 0.1  # a run takes a few hundredths of a second; who was killed should not be waited for longer


@dataclass(slots=True)
class Progress:
    """How much of the history is built."""

    done: int = 0
    total: int = 0

    @property
    def building(self) -> bool:
        return self.done < self.total


@dataclass(slots=True)
class Health:
    """How the exchange misbehaves at the moment."""

    breakage: Breakage = WHOLE


@dataclass(frozen=True, slots=True)
class Demo:
    """The exchange with its world, its clock and diary, how far its history is, and what is under way."""

    transport: DemoTransport
    clock: WorldClock
    wall: Callable[[], datetime]
    diary: Diary
    passed: timedelta = timedelta()  # how far the clock was taken ahead of the wall before this start
    progress: Progress = field(default_factory=Progress)
    passing: Progress = field(default_factory=Progress)
    health: Health = field(default_factory=Health)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # one act at a time
    acted: asyncio.Event = field(default_factory=asyncio.Event)  # the clock was taken ahead
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def exchange(self) -> DemoExchange:
        """The exchange behind the transport."""
        return self.transport.exchange

    @property
    def world(self) -> World:
        """The world as it is by now."""
        return self.exchange.world

    async def close(self) -> None:
        """Stop what is under way."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def open_demo(
    settings: Settings, store: StoreHome, wall: Callable[[], datetime], diary: Diary
) -> tuple[Demo, Wired]:
    """Open the world that this database knows, with all that was done to it, or a new one that was born 90 days ago.

    The world stands still where every account has its snapshot until `build_history` has let it catch up with `wall`.
    """
    born_at = slot_start(wall(), _FINE_MINUTES) - HISTORY
    known = await build(settings, store=store).store.accounts()
    if known:
        born_at = min(account.created_at for account in known)
    else:
        await diary.clear()
    done = await diary.read()
    world = reduce(acts.after, done, scenario.build(scenario.SEED, born_at))
    clock = WorldClock(born_at)
    transport = DemoTransport(DemoExchange(world, clock, keys_of(world)))
    wired = build(settings, store=store, exchange=transport, clock=clock)
    names = {account.name for account in known}
    for account in world.accounts:
        if account.name not in names:
            with suppress(AccountExists):  # under another name: somebody renamed it
                await accounts.add(wired.collector, account.name, account.api_key, account.api_secret)
    own = await _own(wired.store, born_at)
    reached = _reached(own)
    clock.set(reached or born_at)
    demo = Demo(transport, clock, wall, diary, acts.passed(done))
    demo.progress.total = len(planned(born_at))
    demo.progress.done = sum(at <= reached for at, _ in planned(born_at)) if reached else 0
    if not demo.progress.building:  # an account may lag behind by now, and the world has no way back
        acted_at = max((act.at for act in done), default=born_at)
        newest = max((one.latest.row.at for one in own if one.latest is not None), default=born_at)
        clock.set(max(clock.now(), newest, acted_at))
        misbehave(demo, acts.broken(done))
    return demo, wired


def misbehave(demo: Demo, found: Breakage) -> None:
    """Let the exchange be broken in this way and no other."""
    demo.exchange.faults[:] = found.faults
    demo.exchange.skew = found.skew
    demo.transport.latency_s = found.latency_s
    demo.health.breakage = found


def planned(born_at: datetime) -> tuple[tuple[datetime, int], ...]:
    """Return the instants at which the history is collected, with the length of their slots in minutes."""
    recent, end = born_at + HISTORY - _RECENT, born_at + HISTORY
    coarse = _every(born_at, recent, timedelta(minutes=_COARSE_MINUTES))
    fine = _every(recent, end + timedelta(minutes=1), timedelta(minutes=_FINE_MINUTES))
    return (*((at, _COARSE_MINUTES) for at in coarse), *((at, _FINE_MINUTES) for at in fine))


async def build_history(demo: Demo, wired: Wired) -> AsyncGenerator[Progress]:
    """Collect the history through the product's own code, run by run, then let the world's clock run.

    Interrupted, it goes on where it was; beside another process that builds, both leave no run out.
    Raises: Unavailable if a run stores nothing.
    """
    plan = planned(demo.world.born_at)
    for at, slot_minutes in plan[demo.progress.done :]:
        if at > demo.clock.now():
            demo.clock.set(at)
        with log.quiet():
            report = await _collected(wired, at, slot_minutes, demo.world)
        if report.status == FAILED:
            raise Unavailable(f"the demo's history could not be built at {at.isoformat()}")
        demo.progress.done += 1
        yield demo.progress
    demo.clock.set(max(demo.clock.now(), demo.wall() + demo.passed))
    demo.clock.run(demo.wall)


async def _collected(wired: Wired, at: datetime, slot_minutes: int, world: World) -> RunReport:
    """Run until no account is left out: another run, or one that was killed, may hold some for a while."""
    collector = replace(wired.collector_for(slot_minutes), lease_s=_LEASE_S)
    while True:
        report = await collect(collector)
        if report.status == FAILED or len(report.accounts) >= len(world.accounts):
            return report
        reached = _reached(await _own(wired.store, world.born_at))
        if reached is not None and reached >= at:
            return report
        await asyncio.sleep(_AGAIN_S)


async def _own(store: Store, born_at: datetime) -> list[AccountSummary]:
    """Return the world's own accounts, which are as old as it is: what somebody imported tells nothing of its time."""
    return [account for account in await store.accounts() if account.created_at == born_at]


def _reached(own: Sequence[AccountSummary]) -> datetime | None:
    """Return the time up to which every active account has its snapshots; None where one has none.

    Where none is active all of them count: what was collected once is not collected again.
    """
    accounts = [account for account in own if account.state == "active"] or own
    latest = [account.latest.row.at for account in accounts if account.latest is not None]
    return min(latest) if accounts and len(latest) == len(accounts) else None


def _every(start: datetime, end: datetime, step: timedelta) -> list[datetime]:
    return [start + number * step for number in range(-(-(end - start) // step))]
