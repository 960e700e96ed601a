"""The lives that tests of the page look at: lived once a session, through runs of the product over the demo exchange.

The story of LIVED is that of the demo: Main ahead, Spot behind, Mixed with every wallet there is. In TROUBLED each
account has one thing that can befall an account, and is named after it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from lib.demo.world import World
from lib.domain.benchmark import Policy
from lib.domain.prices import PricePoint
from lib.domain.record import Record
from lib.domain.replay import Point
from lib.domain.state import Truth
from lib.local.postgres import Server
from lib.usecases.restore import restore
from tests.browser import troubles
from tests.database import _fresh, clone
from tests.spine import BORN_AT, Spine, opened, the_world

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
SILENT = BORN_AT + 30 * DAY, BORN_AT + 33 * DAY  # nothing ran in between
LAST = BORN_AT + 84 * DAY
COARSE, FINE = 1440, 60  # minutes of a slot: once a day, and hourly in the end


@dataclass(frozen=True, slots=True)
class Life:
    """How a database came to hold what it does; `read_at` is when a reader comes, after the last run."""

    name: str
    world: Callable[[], World]
    live: Callable[[Spine], Awaitable[None]]
    born_at: datetime = BORN_AT


@dataclass(frozen=True, slots=True)
class Lived:
    """A life that was lived: the database to clone, the world as it became, and the time by its clock."""

    template: str
    world: World
    now: datetime


@dataclass(slots=True)
class Lives:
    """Those of this session, each lived when it is first wanted."""

    server: Server
    migrated: str
    lived: dict[str, Lived] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, life: Life) -> Lived:
        async with self.turn:
            if life.name not in self.lived:
                self.lived[life.name] = await self._live(life)
            return self.lived[life.name]

    @contextmanager
    def copy(self, lived: Lived) -> Iterator[str]:
        """The DSN of a copy to do with what one likes."""
        with contextmanager(_fresh)(self.server, lived.template) as dsn:
            yield dsn

    async def _live(self, life: Life) -> Lived:
        name = f"life_{life.name}"
        dsn = clone(self.server, self.migrated, name)
        async with opened(dsn, life.world(), life.born_at) as spine:
            await life.live(spine)
            return Lived(name, spine.world, spine.now)


async def _collect(spine: Spine, at: datetime, slot_minutes: int) -> None:
    report = await spine.collect(at, slot_minutes=slot_minutes)
    assert report.status == "ok", (at, report)


async def _live_long(spine: Spine) -> None:
    """Live twelve weeks, with two silent days, and hour by hour in the end; then twelve minutes pass.

    Each of these runs takes its time: there are as many as pictures and statistics need, and no more.
    """
    await spine.add_accounts()
    end = LAST - 2 * DAY
    for number in range((end - BORN_AT) // DAY):
        at = BORN_AT + DAY * number
        if not SILENT[0] < at < SILENT[1]:
            await _collect(spine, at, COARSE)
        if at == BORN_AT:
            await _collect(spine, at + 12 * HOUR, COARSE // 2)  # so that the first day, too, has a return
    for number in range(48 + 1):
        await _collect(spine, end + HOUR * number, FINE)
    spine.clock.pass_time(12 * 60)


async def _add(spine: Spine) -> None:
    await spine.add_accounts()


async def _restore(spine: Spine) -> None:
    """Restore sixty days of one bitcoin, hour by hour, from a history file: more rows than a picture has points."""
    hours = [BORN_AT + HOUR * number for number in range(60 * 24)]
    worth = {at: {asset: spine.world.market.usd(asset, at) for asset in ("BTC", "ETH")} for at in hours}
    points = [Point(at, at, prices["BTC"]) for at, prices in worth.items()]
    prices = [PricePoint(asset, at, usd) for at, known in worth.items() for asset, usd in known.items()]
    record = Record("Long", Policy(), Truth(points, (), prices, ()), [FINE] * len(hours))
    spine.clock.set(hours[-1] + 12 * MINUTE)
    await restore(spine.wired.store, spine.clock, record, ())


async def _nothing(spine: Spine) -> None:
    """Nobody is there yet."""


LIVED = Life("lived", cache(the_world), _live_long)
TROUBLED = Life("troubled", troubles.world, troubles.live)
ADDED = Life("added", cache(the_world), _add)
LONG = Life("long", cache(the_world), _restore)
EMPTY = Life("empty", cache(the_world), _nothing)
