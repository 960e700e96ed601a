import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from lib.demo.clock import WorldClock
from lib.errors import InvalidInput

AT = datetime(2026, 8, 24, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


async def test_it_stands_until_it_is_set_or_slept_on() -> None:
    clock = WorldClock(AT)
    assert clock.now() == clock.now() == AT
    clock.set(AT + seconds(5))
    clock.pass_time(2)
    await clock.sleep(3)
    await clock.sleep(-1)
    assert clock.now() == AT + seconds(10)


async def test_it_runs_ahead_of_its_wall() -> None:
    wall = [datetime(2020, 1, 1, tzinfo=UTC)]
    clock = WorldClock(AT, wall=lambda: wall[0])
    assert clock.now() == AT
    wall[0] += seconds(7)
    assert clock.now() == AT + seconds(7)
    clock.pass_time(60)
    await clock.sleep(3)
    assert clock.now() == AT + seconds(70)
    assert clock.shift == clock.now() - wall[0]


async def test_a_wall_that_moves_between_two_looks_once_took_it_back() -> None:
    """It refused to go on by nothing, or to end a wait, for it was a moment later by then."""
    looks = [datetime(2020, 1, 1, tzinfo=UTC)]

    def wall() -> datetime:
        looks.append(looks[-1] + timedelta(microseconds=1))
        return looks[-1]

    clock = WorldClock(AT, wall=wall)
    clock.pass_time(0)
    await clock.sleep(0.000002)
    assert AT < clock.now() < AT + seconds(1)


async def test_waits_that_begin_together_end_together_and_in_order() -> None:
    clock, woke = WorldClock(AT), []

    async def wait(count: float) -> None:
        await clock.sleep(count)
        woke.append((count, clock.now() - AT))

    await asyncio.gather(wait(5), wait(1), wait(3), wait(1))
    assert woke == [(1, seconds(1)), (1, seconds(1)), (3, seconds(3)), (5, seconds(5))]


async def test_a_cancelled_wait_holds_nobody_up() -> None:
    clock = WorldClock(AT)
    waiting = asyncio.create_task(clock.sleep(1))
    await asyncio.sleep(0)
    waiting.cancel()
    await clock.sleep(2)
    assert clock.now() == AT + seconds(2)
    assert waiting.cancelled()


def test_there_is_no_way_back() -> None:
    clock = WorldClock(AT)
    with pytest.raises(InvalidInput, match=r"1\.000 s before"):
        clock.set(AT - seconds(1))
    with pytest.raises(InvalidInput, match="seconds"):
        clock.pass_time(-1)
    with pytest.raises(InvalidInput, match="zone"):
        WorldClock(datetime(2026, 8, 24))  # noqa: DTZ001
