"""Opens what a command works with on a laptop or a server: the store and the exchange that the settings name."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from lib import log, setting_values
from lib import settings as configuration
from lib.errors import ConfigurationError, MonitorError
from lib.local import data_api, postgres
from lib.local.demo import Demo, open_demo
from lib.local.diary import Diary
from lib.local.postgres import Server
from lib.settings import Settings
from lib.store import migrations
from lib.vault import load_or_create_key
from lib.wiring import StoreHome, Wired, build

SQL = Path(__file__).parents[2] / "sql"
DATABASE = "monitor"
_LOOK_S = 15.0  # how often it is seen whether the embedded server is still there


@dataclass(frozen=True, slots=True)
class Home:
    """What is open: the wired adapters, the demo world if it is one, and what a person should be told about it."""

    wired: Wired
    demo: Demo | None
    notices: tuple[str, ...]


def embedded_folder(settings: Settings, data_dir: Path) -> Path:
    """Return where the embedded server has its data; the demo's lie beside one's own."""
    return data_dir / ("demo" if settings.demo else "postgres")


def demo_key(data_dir: Path) -> Path:
    """Return the file of the key that seals the demo's secrets."""
    return data_dir / "demo.key"


@asynccontextmanager
async def opened(settings: Settings, data_dir: Path) -> AsyncIterator[Home]:
    """Open the hosted store, the Postgres of DATABASE_URL, or the embedded one; in demo mode its own beside it.

    Raises: ConfigurationError naming what is missing; Unavailable.
    """
    if not settings.demo:
        configuration.require(settings)
    async with AsyncExitStack() as stack:
        if settings.supabase_url is not None:
            yield Home(_kept(build(settings), stack), None, ())
            return
        dsn, notices = await _database(settings, data_dir, stack)
        transport = await stack.enter_async_context(data_api.connected(dsn))
        store = StoreHome(data_api.URL, data_api.SECRET_KEY, transport)
        if not settings.demo:
            yield Home(_kept(build(settings, store=store), stack), None, notices)
            return
        key = await asyncio.to_thread(load_or_create_key, demo_key(data_dir))
        # What befalls invented accounts is nobody's alarm.
        sealing = replace(settings, encryption_key=setting_values.key(key), alert_urls=())
        demo, wired = await open_demo(sealing, store, _wall, Diary(dsn))
        wired = _kept(wired, stack)
        stack.push_async_callback(demo.close)
        yield Home(wired, demo, notices)


@contextmanager
def database(settings: Settings, data_dir: Path) -> Iterator[str]:
    """Reach the database itself, as it is: nothing is applied to it. An embedded one that is not there is begun, empty.

    Raises: ConfigurationError naming what is missing.
    """
    if not settings.demo and (address := settings.supabase_db_url or settings.database_url) is not None:
        yield address
        return
    if settings.supabase_url is not None:
        raise ConfigurationError("SUPABASE_DB_URL is not set: give the session pooler's connection string")
    with postgres.running(embedded_folder(settings, data_dir), durable=not settings.demo) as server:
        _create(server)
        yield server.dsn(DATABASE)


def _kept(wired: Wired, stack: AsyncExitStack) -> Wired:
    """Have `stack` close it at the end."""
    stack.push_async_callback(wired.close)
    return wired


async def _database(settings: Settings, data_dir: Path, stack: AsyncExitStack) -> tuple[str, tuple[str, ...]]:
    """Return the connection string; an embedded server is started, and its schema brought up to date."""
    if settings.database_url is not None and not settings.demo:
        return settings.database_url, ()
    folder = embedded_folder(settings, data_dir)
    held = ExitStack()

    def use() -> Server:
        return held.enter_context(postgres.running(folder, durable=not settings.demo))

    starting = asyncio.ensure_future(asyncio.to_thread(use))
    stack.push_async_callback(_stop, held, starting)
    server = await asyncio.shield(starting)
    keeping = asyncio.create_task(_keep(server, use))
    stack.push_async_callback(_end, keeping)
    await asyncio.to_thread(_create, server)
    await asyncio.to_thread(migrations.apply, server.dsn(DATABASE), SQL, local=True)
    return server.dsn(DATABASE), (server.notice,) if server.notice else ()


async def _keep(server: Server, use: Callable[[], Server]) -> None:
    """Start the server anew where it was killed under this process, which may run for a year: nobody else would.

    It opens the socket that the one before had, so whoever lost a connection finds it again.
    """
    while True:
        await asyncio.sleep(_LOOK_S)
        if postgres.listens(server):
            continue
        log.warning("the embedded Postgres is gone and is started anew")
        starting = asyncio.ensure_future(asyncio.to_thread(use))
        try:
            server = await asyncio.shield(starting)
        except asyncio.CancelledError:
            await asyncio.wait([starting])  # what is started in a thread would be left running for nobody
            raise
        except (MonitorError, OSError, subprocess.SubprocessError) as error:
            log.error("the embedded Postgres could not be started", error)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


async def _stop(held: ExitStack, starting: asyncio.Future[Server]) -> None:
    """Stop the server, once it has started: who is interrupted meanwhile would leave it running for nobody."""
    await asyncio.wait([starting])
    await asyncio.to_thread(held.close)


def _create(server: Server) -> None:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone()
        if found is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _wall() -> datetime:
    return datetime.now(UTC)
