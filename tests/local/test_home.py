"""What a command opens: the demo's own home, the embedded database, another Postgres, or nothing without a key."""

import asyncio
import os
import signal
import stat
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

import psycopg
import pytest

from lib import settings
from lib.demo.faults import Fault
from lib.domain.requests import CollectOrder
from lib.errors import ConfigurationError, Unavailable
from lib.local import binaries, data_api, identity, locks
from lib.local.cluster import Files
from lib.local.data_api import DataApiTransport
from lib.local.demo import HISTORY, Demo, build_history, open_demo, planned
from lib.local.diary import Diary
from lib.local.home import opened
from lib.store.errors import MigrationsBehind
from lib.usecases.collect import collect
from lib.vault import generate_key
from lib.wiring import StoreHome, Wired
from tests.spine import BORN_AT, the_settings
from tests.spine import opened as opened_spine
from tests.wires import at_call

KEY = generate_key()
NOW = BORN_AT + HISTORY + timedelta(minutes=31)


def wall() -> datetime:
    return NOW


def named(dsn: str) -> str:
    """The connection string with a host, as a setting must have one; the socket's folder in its query wins."""
    return dsn.replace("@/", "@localhost/")


def entries(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_the_demo_has_a_home_and_a_key_of_its_own_beside_the_real_one(tmp_path: Path) -> None:
    told = {"ALERT_URLS": "json://localhost"}
    async with opened(settings.read(told), tmp_path) as home:
        assert home.demo is not None
        assert home.demo.progress.building
        assert home.wired.alerting is None, "what befalls invented accounts is nobody's alarm"
        assert [one.name for one in await home.wired.store.accounts()] == ["Main", "Spot", "Mixed"]
        assert home.wired.clock.now() < datetime.now(UTC) - timedelta(days=89)
    key = tmp_path / "demo.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "postgres" not in entries(tmp_path)

    async with opened(settings.read({"ENCRYPTION_KEY": KEY} | told), tmp_path) as home:
        assert home.demo is None
        assert home.wired.alerting is not None
        assert await home.wired.store.accounts() == (), "demo accounts are not in the real database"

    first = key.read_text()
    async with opened(settings.read({"DEMO_MODE": "true", "ENCRYPTION_KEY": KEY}), tmp_path) as home:
        assert home.demo is not None
        assert len(await home.wired.store.accounts()) == 3
    assert key.read_text() == first


async def test_an_embedded_server_that_was_killed_stayed_away_for_as_long_as_its_process_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib.local.home._LOOK_S", 0.05)
    async with opened(settings.read({"ENCRYPTION_KEY": KEY}), tmp_path) as home:
        assert await home.wired.store.accounts() == ()
        files = Files(identity.settle(tmp_path / "postgres", binaries.find(binaries.NEWEST)).folder)
        killed = int(files.pid_file.read_text().split()[0])
        os.kill(killed, signal.SIGKILL)
        async with asyncio.timeout(60):
            while not await answers(home.wired):
                pass
        assert int(files.pid_file.read_text().split()[0]) != killed
    assert locks.is_free(files.alive), "the last one still stops it"


async def answers(wired: Wired) -> bool:
    try:
        return await wired.store.accounts() == ()
    except Unavailable:
        return False


async def test_another_postgres_is_used_as_it_is(database: str, tmp_path: Path) -> None:
    async with opened(settings.read({"ENCRYPTION_KEY": KEY, "DATABASE_URL": named(database)}), tmp_path) as home:
        assert await home.wired.store.accounts() == ()
    assert entries(tmp_path) == set()


async def test_a_demo_leaves_the_postgres_of_ones_own_alone(empty_database: str, tmp_path: Path) -> None:
    own = {"ENCRYPTION_KEY": KEY, "DATABASE_URL": named(empty_database)}
    async with opened(settings.read({**own, "DEMO_MODE": "true"}), tmp_path) as home:
        assert len(await home.wired.store.accounts()) == 3
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("select to_regclass('public.accounts')").fetchone() == (None,)
    assert entries(tmp_path) == {"demo", "demo.key"}


async def test_another_postgres_without_the_schema_says_what_to_do(empty_database: str, tmp_path: Path) -> None:
    async with opened(settings.read({"ENCRYPTION_KEY": KEY, "DATABASE_URL": named(empty_database)}), tmp_path) as home:
        with pytest.raises(MigrationsBehind, match=r"run \./monitor migrate"):
            await home.wired.store.accounts()


@pytest.mark.parametrize("environ", [{"DEMO_MODE": "false"}, {"DATABASE_URL": "postgresql://db/x"}])
async def test_without_a_key_nothing_is_opened(environ: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ENCRYPTION_KEY is not set"):
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(opened(settings.read(environ), tmp_path))
    assert entries(tmp_path) == set()


def test_the_plan_is_every_six_hours_then_hourly_for_seven_days() -> None:
    plan = planned(BORN_AT)
    assert (plan[0], plan[-1]) == ((BORN_AT, 360), (BORN_AT + HISTORY, 60))
    assert len(plan) == 501
    steps = {later - earlier for (earlier, _), (later, _) in pairwise(plan)}
    assert steps == {timedelta(hours=6), timedelta(hours=1)}
    assert sum(minutes == 60 for _, minutes in plan) == 7 * 24 + 1


@pytest.fixture
def store(data_api_transport: DataApiTransport) -> StoreHome:
    return StoreHome(data_api.URL, data_api.SECRET_KEY, data_api_transport)


@pytest.fixture
def diary(database: str) -> Diary:
    return Diary(database)


async def test_a_history_that_was_interrupted_goes_on_where_it_was(store: StoreHome, diary: Diary) -> None:
    demo, wired = await open_demo(the_settings(), store, wall, diary)
    assert (demo.world.born_at, demo.clock.now()) == (BORN_AT, BORN_AT)
    building = build_history(demo, wired)
    async for progress in building:
        if progress.done == 20:
            break
    await building.aclose()
    reached = demo.clock.now()

    again, wired = await open_demo(the_settings(), store, wall, diary)
    assert (again.world.born_at, again.clock.now(), again.progress.done) == (BORN_AT, reached, 20)
    assert len(await wired.store.accounts()) == 3
    async for progress in build_history(again, wired):
        if progress.done == 25:
            break
    (main, *_) = await wired.store.history(None)
    assert [row.at for row in main.rows] == [at for at, _ in islice(planned(BORN_AT), 25)]


async def test_a_demo_interrupted_while_its_accounts_are_added_adds_the_rest(store: StoreHome, diary: Diary) -> None:
    demo, wired = await open_demo(the_settings(), store, wall, diary)
    born = demo.world.born_at
    kept = (await wired.store.accounts())[0]
    assert kept.created_at == born
    _, wired = await open_demo(the_settings(), store, lambda: NOW + timedelta(days=3), diary)
    assert [one.name for one in await wired.store.accounts()] == ["Main", "Spot", "Mixed"]
    assert {one.created_at for one in await wired.store.accounts()} == {born}, "the world is not born again"


async def test_a_history_of_which_a_run_stores_nothing_is_an_error_and_no_endless_wait(
    store: StoreHome, diary: Diary
) -> None:
    demo, wired = await open_demo(the_settings(), store, wall, diary)
    demo.exchange.faults.append(Fault("/"))
    with pytest.raises(Unavailable, match="history could not be built at 2026-08-24T07:00:00"):
        async for _ in build_history(demo, wired):
            pass
    assert demo.progress.done == 0


async def test_once_built_the_worlds_clock_runs_with_the_wall(store: StoreHome, diary: Diary) -> None:
    demo, wired = await open_demo(the_settings(), store, wall, diary)
    demo.progress.done = demo.progress.total  # nothing left to build
    assert [one async for one in build_history(demo, wired)] == []
    assert demo.clock.now() == NOW


async def test_a_demo_interrupted_before_its_first_run_once_began_with_its_second(
    store: StoreHome, diary: Diary
) -> None:
    await open_demo(the_settings(), store, wall, diary)
    again, wired = await open_demo(the_settings(), store, wall, diary)
    assert again.progress.done == 0
    building = build_history(again, wired)
    assert (await anext(building)).done == 1
    await building.aclose()
    assert await wired.store.newest() == BORN_AT


async def test_accounts_that_an_interrupted_run_had_not_reached_once_stayed_behind(
    store: StoreHome, diary: Diary
) -> None:
    demo, wired = await open_demo(the_settings(), store, wall, diary)
    await collect(wired.collector_for(360), CollectOrder("main"))
    again, wired = await open_demo(the_settings(), store, wall, diary)
    assert again.progress.done == 0
    building = build_history(again, wired)
    await anext(building)
    await building.aclose()
    assert [one.rows[0].at for one in await wired.store.history(None)] == [demo.world.born_at] * 3


async def test_leases_of_a_process_that_was_killed_once_left_the_rest_of_the_history_out(
    store: StoreHome, diary: Diary, database: str
) -> None:
    demo, wired = await open_demo(the_settings(), store, wall, diary)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("update accounts set lease_run = 'x', leased_until = clock_timestamp() + interval '0.3 s'")
    building = build_history(demo, wired)
    assert (await anext(building)).done == 1
    await building.aclose()
    assert await wired.store.newest() == BORN_AT


async def test_a_run_that_is_told_to_stop_once_kept_its_accounts_for_two_minutes(database: str) -> None:
    async with opened_spine(database) as spine:
        await spine.add_accounts()
        running = asyncio.create_task(spine.collect())

        def stop() -> None:
            running.cancel()

        spine.to_exchange.before.append(at_call(1, "/capital/deposit/hisrec", stop))
        with pytest.raises(asyncio.CancelledError):
            await running
        spine.to_exchange.clear()
        assert spine.sql("select 1 from accounts where leased_until is not null") == []
        assert (await spine.collect()).status == "ok"


async def test_two_processes_that_build_at_once_leave_no_run_out(store: StoreHome, diary: Diary) -> None:
    count = 8

    async def build(demo: Demo, wired: Wired) -> None:
        building = build_history(demo, wired)
        async for progress in building:
            if progress.done >= count:
                break
        await building.aclose()

    (demo, wired), other = [await open_demo(the_settings(), store, wall, diary) for _ in range(2)]
    await asyncio.gather(build(demo, wired), build(*other))
    for history in await wired.store.history(None):
        assert [row.at for row in history.rows][:count] == [at for at, _ in planned(BORN_AT)[:count]]
