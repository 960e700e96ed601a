"""`./monitor serve` of one's own accounts as real processes: stopped in the middle, started twice, killed with all."""

import asyncio
import os
import re
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn

from lib import settings
from lib.demo import scenario
from lib.demo.asgi import Message, Receive, Send, asgi_app
from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, keys_of
from lib.local import binaries, identity, locks, postgres
from lib.local.cluster import Files
from lib.local.home import DATABASE, opened
from lib.local.server import listen
from lib.vault import generate_key
from tests.cli.process import PATIENCE_S, Running, running
from tests.spine import ENCRYPTION_KEY, add_unasked
from tests.spine import opened as opened_spine

IN_THE_MIDDLE = "/sapi/v1/capital/deposit/hisrec"  # after the balances, before anything is stored
CRON_SECRET = "c" * 40
PATIENT = httpx.Timeout(PATIENCE_S)


@dataclass
class Gated:
    """An exchange on loopback whose call in the middle of a run waits until the gate is open."""

    exchange: DemoExchange
    url: str = ""
    gate: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == IN_THE_MIDDLE:
            self.arrived.set()
            await asyncio.to_thread(self.gate.wait, PATIENCE_S)
        await asgi_app(self.exchange)(scope, receive, send)

    def settings(self) -> dict[str, str]:
        """Of somebody whose Binance this is; a slot is a day, so that none begins in the middle of a test."""
        hosts = ("API", "FAPI", "DAPI", "EAPI", "PAPI", "DATA")
        own = {"CRON_SECRET": CRON_SECRET, "COLLECT_EVERY_MINUTES": "1440", "PORT": "0", "DEMO_MODE": "false"}
        return own | {f"BINANCE_{host}_URL": self.url for host in hosts}


@pytest.fixture
def gated() -> Iterator[Gated]:
    now = datetime.now(UTC)
    world = scenario.build(scenario.SEED, now - timedelta(days=20))
    found = Gated(DemoExchange(world, WorldClock(now, lambda: datetime.now(UTC)), keys_of(world)))
    listening = listen("127.0.0.1", 0)
    found.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(found, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield found
    found.gate.set()
    server.should_exit = True
    thread.join(timeout=10)


def address(server: Running) -> str:
    found = re.search(r"http://127\.0\.0\.1:[1-9]\d*", server.until("Serving on"))
    assert found
    return found.group(0)


def ended_well(server: Running) -> None:
    assert server.stop(signal.SIGTERM) == 0
    assert server.told[-1] == "Stopped."
    assert not [line for line in server.told if "Traceback" in line]


async def test_told_to_stop_in_the_middle_of_a_run_it_stores_nothing_and_the_next_start_does_all(
    database: str, gated: Gated, tmp_path: Path
) -> None:
    async with opened_spine(database, gated.exchange.world, gated.exchange.clock.now()) as spine:
        await spine.add_unasked()
        before = spine.stored()
        own = gated.settings() | {
            "DATABASE_URL": database.replace("@/", "@localhost/"),
            "ENCRYPTION_KEY": ENCRYPTION_KEY,
        }
        with running(tmp_path, "serve", prints=False, **own) as server:
            address(server)
            assert await asyncio.to_thread(gated.arrived.wait, PATIENCE_S)
            await asyncio.to_thread(ended_well, server)
        assert spine.stored() == before | {"accounts": spine.stored()["accounts"]}
        assert spine.sql("select count(*) from accounts where leased_until is not null") == [(0,)]
        gated.gate.set()
        with running(tmp_path, "serve", prints=True, **own) as server:
            assert "3 stored" in await asyncio.to_thread(server.until, "run.finished")
            await asyncio.to_thread(ended_well, server)
        assert spine.sql("select count(*) from snapshots where complete") == [(3,)]
        await spine.assert_sound()


def collect(url: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {CRON_SECRET}"}
    answer = httpx.post(f"{url}/api/collect", headers=headers, timeout=PATIENT)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@contextmanager
def embedded(home: Path) -> Iterator[psycopg.Connection]:
    """The embedded database itself, joined as one more user."""
    with (
        postgres.running(home / "data" / "postgres", durable=True) as server,
        psycopg.connect(server.dsn(DATABASE), autocommit=True) as connection,
    ):
        yield connection


def kill_all(server: Running, home: Path) -> None:
    """As a machine that loses its power: the process first, then Postgres, before that could notice."""
    files = Files(identity.settle(home / "data" / "postgres", binaries.find(binaries.NEWEST)).folder)
    postmaster = int(files.pid_file.read_text().split()[0])
    server.process.send_signal(signal.SIGKILL)
    os.kill(postmaster, signal.SIGKILL)
    assert server.process.wait(timeout=PATIENCE_S) == -signal.SIGKILL


async def test_all_killed_in_the_middle_then_started_twice_it_recovers_and_every_slot_has_one_snapshot(
    gated: Gated, tmp_path: Path
) -> None:
    own = gated.settings() | {"ENCRYPTION_KEY": generate_key()}
    async with opened(settings.read(own), tmp_path / "data") as home:
        await add_unasked(home.wired, gated.exchange.world)
    with running(tmp_path, "serve", prints=False, **own) as server:
        address(server)
        assert await asyncio.to_thread(gated.arrived.wait, PATIENCE_S)
        kill_all(server, tmp_path)
    gated.arrived.clear()

    with (
        running(tmp_path, "serve", prints=False, **own) as one,
        running(tmp_path, "serve", prints=False, **own) as other,
    ):
        addresses = [address(one), address(other)]
        for server in (one, other):
            server.until("Collecting every")
        await asyncio.to_thread(at_once, gated, addresses, tmp_path)
        for server in (one, other):
            await asyncio.to_thread(ended_well, server)
    files = Files(identity.settle(tmp_path / "data" / "postgres", binaries.find(binaries.NEWEST)).folder)
    assert locks.is_free(files.alive), "the last one stops the Postgres"


def at_once(gated: Gated, addresses: list[str], home: Path) -> None:
    """While one of them is in the middle of a run the other has nothing to do, and neither has it afterwards."""
    with ThreadPoolExecutor() as pool, embedded(home) as connection:
        assert connection.execute("select count(*) from snapshots").fetchone() == (0,)
        connection.execute("update accounts set leased_until = clock_timestamp()")  # what was killed holds them
        first = pool.submit(collect, addresses[0])
        assert gated.arrived.wait(PATIENCE_S)
        assert collect(addresses[1])["status"] == "nothing_due"
        gated.gate.set()
        done = first.result()
        assert (done["status"], [one["status"] for one in done["accounts"]]) == ("ok", ["stored"] * 3)
        assert [collect(url)["status"] for url in addresses] == ["nothing_due"] * 2
        assert connection.execute("select count(*), count(distinct account_id) from snapshots").fetchone() == (3, 3)
