"""The scheduler of a local server: at the start of every slot, and within five minutes again while something is due."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import pytest

from lib.demo.faults import Fault
from lib.demo.transport import DemoTransport
from lib.local import scheduler
from lib.local.demo import Demo
from lib.local.diary import Diary
from lib.local.server import until_acted
from tests.spine import BORN_AT, Spine, opened, the_world

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DEPOSITS = Fault("/sapi/v1/capital/deposit/hisrec", status=400)
TRIED_S = 2.5  # what the pauses between the tries of a call that fails take


class Enough(Exception):
    """The scheduler has waited as often as a test wants to see."""


@pytest.fixture
async def spine(database: str) -> AsyncIterator[Spine]:
    async with opened(database, the_world("Spot")) as found:
        await found.add_accounts()
        yield found


async def waits(spine: Spine, count: int, between: Callable[[int], None] = lambda _: None) -> list[float]:
    """The seconds of its first waits, which pass at once; `between` is told how many are over."""
    told: list[float] = []

    async def wait(seconds: float) -> None:
        told.append(seconds)
        if len(told) == count:
            raise Enough
        spine.clock.pass_time(seconds)
        between(len(told))

    with pytest.raises(Enough):
        await scheduler.run(spine.wired, wait)
    return told


def slots(spine: Spine) -> list[tuple[object, bool]]:
    return [(slot, complete) for slot, complete in spine.sql("select slot, complete from snapshots order by slot")]


async def test_a_slot_is_collected_at_its_start(spine: Spine) -> None:
    spine.clock.set(BORN_AT + 10 * MINUTE)
    assert await waits(spine, 3) == [3000, 3600, 3600]
    assert slots(spine) == [(BORN_AT + hour * HOUR, True) for hour in range(3)]


async def test_what_is_due_is_tried_again_every_five_minutes(spine: Spine) -> None:
    spine.exchange.faults = [DEPOSITS]

    def mend(over: int) -> None:
        if over == 2:
            spine.exchange.faults = []

    assert await waits(spine, 4, mend) == [300, 300, 3000 - 2 * TRIED_S, 3600]
    assert slots(spine) == [(BORN_AT, True), (BORN_AT + HOUR, True)]


async def test_the_next_slot_does_not_wait_for_another_try_in_the_last_one(spine: Spine) -> None:
    spine.clock.set(BORN_AT + 58 * MINUTE)
    spine.exchange.faults = [DEPOSITS]
    assert await waits(spine, 2) == [120 - TRIED_S, 300]
    assert slots(spine) == [(BORN_AT, False), (BORN_AT + HOUR, False)]


@pytest.mark.parametrize("failure", [httpx.ConnectError("no database"), RuntimeError("a mistake of ours")])
async def test_a_run_that_fails_is_not_the_last_one(spine: Spine, failure: Exception) -> None:
    async def broken(_: httpx.Request) -> None:
        raise failure

    spine.to_store.before.append(broken)
    assert await waits(spine, 2, lambda _: spine.to_store.clear()) == [300, 3300]
    assert slots(spine) == [(BORN_AT, True)]


async def test_what_another_run_holds_is_looked_after_again(spine: Spine) -> None:
    """That run may have been killed: nobody else would collect what it held."""
    await spine.wired.store.claim("another", BORN_AT, lease_s=3600, limit=1)
    assert await waits(spine, 2, lambda _: spine.expire_leases()) == [300, 3300]
    assert slots(spine) == [(BORN_AT, True)]


async def test_a_wait_ends_when_something_was_done_to_the_demo_and_never_in_the_middle_of_it(spine: Spine) -> None:
    """Runs of another slot length came in between while time passed, and left gaps."""
    demo = Demo(DemoTransport(spine.exchange), spine.clock, lambda: spine.now, Diary(spine.dsn))
    async with demo.turn:
        waiting = asyncio.create_task(until_acted(demo)(3600))
        demo.acted.set()
        for _ in range(10):
            await asyncio.sleep(0)
        assert not waiting.done()
    await waiting
    assert not demo.acted.is_set()
    await until_acted(demo)(0.001)
