"""A process that dies at any of its calls leaves all or nothing of an account, and the next run repairs."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from lib.demo.events import Deposit
from lib.demo.exchange import DemoExchange, keys_of
from lib.demo.transport import DemoTransport
from lib.demo.world import World
from tests.scenarios import killed
from tests.spine import BORN_AT, ENCRYPTION_KEY, TABLES, Spine, hours, the_world
from tests.usecases.conftest import OpenSpine
from tests.wires import Death, Edit, Killed, without_rows

ROOT = Path(__file__).parents[2]
HOUR = timedelta(hours=1)
DEPOSITS = "/sapi/v1/capital/deposit/hisrec"
LATE = "77"
SAVED = (
    "accounts",
    "snapshots",
    "snapshot_details",
    "flows",
    "prices",
    "rebalances",
    "benchmark_events",
    "income",
    "estimates",
    "days",
    "logs",
    "chores",
)


def deposit(id_: str, hours_on: float, asset: str = "USDT", amount: str = "1500") -> Deposit:
    at = BORN_AT + timedelta(hours=hours_on)
    return Deposit(id_, asset, Decimal(amount), "spot", "N", "a", "t", at - timedelta(minutes=9), at, at)


def quiet() -> World:
    return the_world("Spot", "Mixed")


def with_money() -> World:
    """Two accounts with new money in the last hour, noon of a Monday (and so a rebalance) in it, too.

    For one there is money whose row shows four hours late: three snapshots are restated.
    """
    world = quiet().adding("Spot", deposit("1", 5.6, "SOL", "9"), deposit("2", 5.8))
    return world.adding("Mixed", deposit(LATE, 2.4, "ETH", "0.7"), deposit("3", 5.7, "BTC", "0.02"))


def save(spine: Spine) -> None:
    spine.sql("create schema saved")
    for table in SAVED:
        spine.sql(f"create table saved.{table} as table public.{table}")


def restore(spine: Spine) -> None:
    """Bring the database back to what was saved, in one transaction."""
    with spine.database.transaction():
        spine.sql(f"truncate {', '.join(SAVED)} cascade")
        for table in SAVED:
            spine.sql(f"insert into {table} overriding system value table saved.{table}")


async def prepared(spine: Spine, edits: list[Edit]) -> None:
    """Five quiet hours, up to the run that shall be killed."""
    spine.to_exchange.edits += edits
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 4)])
    spine.to_exchange.edits.clear()
    spine.clock.set(BORN_AT + 6 * HOUR)


def another_process(spine: Spine) -> None:
    """Go on as a process that remembers nothing, at an exchange that has begun to count anew."""
    spine.restart()
    spine.to_exchange.inner = DemoTransport(DemoExchange(spine.world, spine.clock, keys_of(spine.world)))


async def killed_run(spine: Spine) -> bool:
    """Run until a `Death` on the wires; tell whether it came. What the run left behind dies at its next call."""
    before = asyncio.all_tasks()
    try:
        await spine.collect()
    except Killed:
        if left := asyncio.all_tasks() - before:
            await asyncio.wait(left)
        return True
    return False


@pytest.mark.parametrize("answered", [False, True], ids=["before it leaves", "before its answer"])
@pytest.mark.parametrize("world", [quiet, with_money], ids=["nothing new", "money and restating"])
async def test_killed_at_any_call_the_next_run_repairs(
    open_spine: OpenSpine, world: Callable[[], World], answered: bool
) -> None:
    late = [without_rows(DEPOSITS, LATE)]
    twin, spine = await open_spine(world()), await open_spine(world())
    await prepared(twin, late)
    await twin.collect()
    true = twin.stored()
    assert len(true["flows"]) == (0 if world is quiet else 4)
    await prepared(spine, late)
    save(spine)
    number, came = 0, True
    while came:
        number += 1
        restore(spine)
        another_process(spine)
        Death(number, answered).hang(spine.to_exchange, spine.to_store)
        came = await killed_run(spine)
        spine.to_exchange.clear()
        spine.to_store.clear()
        await spine.assert_sound()
        half = spine.stored()
        for table in ("snapshots", "flows", "benchmark_events"):
            assert set(map(str, half[table])) <= {*map(str, true[table])} | set(saved(spine, table))
        if came:
            spine.expire_leases()
            another_process(spine)
            await spine.collect()
        assert spine.stored() == true
        await spine.assert_sound()
    assert number > 15 + 2  # every call of the run was the last one once


def saved(spine: Spine, table: str) -> list[str]:
    return [str(row) for row in spine.sql(f"select {TABLES[table]} from saved.{table}")]


async def start(spine: Spine, at: str, committed: int) -> asyncio.subprocess.Process:
    """Start a process that collects, and wait until it is in the middle."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.scenarios.killed", spine.dsn, at, str(committed)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "TEST_ENCRYPTION_KEY": ENCRYPTION_KEY},
    )
    assert process.stdout is not None
    line = await process.stdout.readline()
    assert line.decode().strip() == killed.IN_THE_MIDDLE
    return process


@pytest.mark.parametrize("committed", [0, 2])
async def test_a_process_that_is_really_killed_between_two_commits(open_spine: OpenSpine, committed: int) -> None:
    spine, twin = await open_spine(), await open_spine()
    await spine.collect_at([BORN_AT])
    await twin.collect_at([BORN_AT, BORN_AT + HOUR])
    process = await start(spine, (BORN_AT + HOUR).isoformat(), committed)
    process.kill()
    assert await process.wait() == -signal.SIGKILL
    await spine.assert_sound()
    assert spine.sql("select count(*) from snapshots") == [(3 + committed,)]
    assert (await spine.collect(BORN_AT + HOUR)).status == "nothing_due"  # its leases hold
    spine.expire_leases()
    assert len((await spine.collect()).accounts) == 3 - committed
    assert spine.stored() == twin.stored()
    await spine.assert_sound()
