"""The demo's history: built run by run, and the same however often its building was cut off."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import httpx
import psycopg
import pytest

from lib.demo.faults import Fault
from lib.document.reading import read
from lib.document.shape import FORMAT
from lib.local import data_api
from lib.local.demo import HISTORY, Demo, build_history, open_demo, planned
from lib.local.diary import Diary
from lib.local.postgres import Server
from lib.usecases.collect import collect
from lib.usecases.restore import restore
from lib.wiring import StoreHome, Wired
from tests.database import _fresh
from tests.spine import BORN_AT, Spine, the_settings
from tests.wires import Death, Killed, Wire

WALL = BORN_AT + HISTORY + timedelta(minutes=17)  # when the demo is first opened
RUNS = 9


def wall() -> datetime:
    return WALL


@dataclass(slots=True)
class House:
    """One database, opened by one process after the other."""

    dsn: str

    @asynccontextmanager
    async def opened(self, *turns: Callable[[Wire], None]) -> AsyncIterator[tuple[Demo, Wired, Spine]]:
        """A process that opens the demo; `turns` hang on its way to the store."""
        async with data_api.connected(self.dsn, connections=4) as transport:
            with psycopg.connect(self.dsn, autocommit=True) as database:
                wire = Wire(transport)
                for turn in turns:
                    turn(wire)
                home = StoreHome(data_api.URL, data_api.SECRET_KEY, wire)
                demo, wired = await open_demo(the_settings(), home, wall, Diary(self.dsn))
                yield (
                    demo,
                    wired,
                    Spine(demo.world, demo.clock, demo.exchange, wire, wire, wired, self.dsn, database),
                )

    async def build(self, until: int, *turns: Callable[[Wire], None]) -> Spine:
        """Open, build until so many runs are done, and go; what is returned may still be asked what is stored."""
        async with self.opened(*turns) as (demo, wired, spine):
            building = build_history(demo, wired)
            async for progress in building:
                if progress.done == until:
                    break
            await building.aclose()
        return spine

    def sql(self, query: str) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(query.encode())

    async def stored(self) -> dict[str, list[tuple[object, ...]]]:
        async with self.opened() as (_, _, spine):
            await spine.assert_sound()
            return spine.stored()


type NewHouse = Callable[[], House]


@pytest.fixture
def new_house(postgres_server: Server, database_template: str) -> Iterator[NewHouse]:
    with ExitStack() as stack:
        yield lambda: House(stack.enter_context(contextmanager(_fresh)(postgres_server, database_template)))


def test_the_plan_is_six_hourly_then_hourly_and_ends_at_the_ninetieth_day() -> None:
    plan = planned(BORN_AT)
    instants = [at for at, _ in plan]
    assert (instants[0], instants[-1]) == (BORN_AT, BORN_AT + HISTORY)
    assert 480 < len(plan) < 520
    assert all(later - earlier == timedelta(minutes=minutes) for (earlier, minutes), (later, _) in pairwise(plan))
    assert {minutes for _, minutes in plan} == {360, 60}
    assert sum(minutes == 60 for _, minutes in plan) == 7 * 24 + 1


async def test_a_new_world_was_born_ninety_days_ago_and_stands_still(new_house: NewHouse) -> None:
    async with new_house().opened() as (demo, wired, _):
        assert demo.world.born_at == BORN_AT == demo.clock.now()
        assert (demo.progress.done, demo.progress.total) == (0, len(planned(BORN_AT)))
        assert [one.name for one in await wired.store.accounts()] == ["Main", "Spot", "Mixed"]


async def test_building_that_was_told_to_stop_goes_on_where_it_was(new_house: NewHouse) -> None:
    whole, cut = new_house(), new_house()
    await whole.build(RUNS)
    for until in (1, 4, 5, RUNS):
        async with cut.opened() as (demo, _, _):
            assert demo.progress.done == {1: 0, 4: 1, 5: 4, RUNS: 5}[until]
        await cut.build(until)
    assert await cut.stored() == await whole.stored()


@pytest.mark.parametrize("answered", [False, True], ids=["before it leaves", "before its answer"])
async def test_building_that_was_killed_at_any_call_of_the_store_leaves_no_run_out(
    new_house: NewHouse, answered: bool
) -> None:
    """An instant that only some accounts had counted as done, and the first one though nothing was stored."""
    whole = new_house()
    await whole.build(3)
    true = await whole.stored()
    for number in range(1, 14, 2) if answered else range(2, 15, 2):
        house = new_house()
        before = asyncio.all_tasks()
        with pytest.raises(Killed):
            await house.build(3, Death(number, answered).hang)
        if left := asyncio.all_tasks() - before:
            await asyncio.wait(left)
        house.sql("update accounts set leased_until = clock_timestamp() where lease_run is not null")
        await house.build(3)
        assert await house.stored() == true, number


async def test_the_leases_of_a_builder_that_was_killed_are_waited_for(new_house: NewHouse) -> None:
    whole, house = new_house(), new_house()
    await whole.build(2)
    await house.build(1)
    house.sql("update accounts set lease_run = 'dead', leased_until = 'infinity' where name = 'Spot'")
    claims = 0

    def release_at_third_claim(wire: Wire) -> None:
        async def turn(request: httpx.Request) -> None:
            nonlocal claims
            claims += request.url.path.endswith("claim_accounts")
            if claims == 3:
                house.sql("update accounts set leased_until = '-infinity' where lease_run = 'dead'")

        wire.before.append(turn)

    await house.build(2, release_at_third_claim)
    assert claims == 3
    assert await house.stored() == await whole.stored()


async def test_a_later_start_keeps_the_data_and_takes_no_history(new_house: NewHouse) -> None:
    house = new_house()
    async with house.opened() as (demo, wired, spine):
        demo.clock.set(BORN_AT + HISTORY)
        await collect(wired.collector)
        before = spine.stored()
    async with house.opened() as (demo, wired, spine):
        assert not demo.progress.building
        assert [progress async for progress in build_history(demo, wired)] == []
        assert spine.stored() == before
        assert demo.clock.now() == WALL
        assert (await collect(wired.collector_for(1))).status == "ok"


async def test_a_later_start_never_takes_the_world_back_behind_what_it_stored(new_house: NewHouse) -> None:
    """One account that lagged behind took the clock back to its newest snapshot: all others were ahead of it."""
    house = new_house()
    async with house.opened() as (demo, wired, _):
        demo.clock.set(BORN_AT + HISTORY)
        await collect(wired.collector)
        demo.clock.set(WALL + timedelta(days=2))  # somebody let time pass
        demo.exchange.faults = [Fault("/sapi", status=400, account="Main")]
        assert (await collect(wired.collector)).status == "partial"
    async with house.opened() as (demo, wired, spine):
        assert [progress async for progress in build_history(demo, wired)] == []
        assert demo.clock.now() == WALL + timedelta(days=2)
        assert (await collect(wired.collector)).status == "ok"
        await spine.assert_sound()


async def test_a_start_after_an_account_was_renamed_once_failed(new_house: NewHouse) -> None:
    house = new_house()
    await house.build(1)
    house.sql("update accounts set name = 'Mine' where name = 'Main'")
    async with house.opened() as (_, wired, _):
        assert [one.name for one in await wired.store.accounts()] == ["Mine", "Spot", "Mixed"]


@pytest.mark.parametrize("days", [-400, 400], ids=["older than the world", "ahead of it"])
async def test_an_account_that_was_imported_once_kept_the_demo_from_opening(new_house: NewHouse, days: int) -> None:
    """Its last snapshot was taken for the time that the world has reached."""
    at = (BORN_AT + timedelta(days)).isoformat()
    policy, snapshots = '{"weights": {"USD": "1"}}', f'[{{"at": "{at}", "nav": "10"}}]'
    file = f'{{"format": "{FORMAT}", "account": {{"name": "Old"}}, "policy": {policy}, "snapshots": {snapshots}}}'
    house = new_house()
    async with house.opened() as (demo, wired, _):
        demo.clock.set(BORN_AT + HISTORY)
        await collect(wired.collector)
        await restore(wired.store, wired.clock, read(file, "old.json")[0], ())
    async with house.opened() as (demo, wired, _):
        assert demo.clock.now() == BORN_AT + HISTORY
        assert [progress async for progress in build_history(demo, wired)] == []
        assert demo.clock.now() == WALL
        assert (await collect(wired.collector_for(1))).status == "ok"


async def test_an_account_that_is_paused_is_not_waited_for(new_house: NewHouse) -> None:
    house = new_house()
    await house.build(1)
    house.sql("update accounts set paused_at = created_at where name = 'Spot'")
    spine = await house.build(2)
    assert spine.clock.now() == BORN_AT + timedelta(hours=6)
