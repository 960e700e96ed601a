"""Fixtures with a real Postgres: one server a session, one fresh database a test, cloned from a migrated template."""

import getpass
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, suppress
from itertools import count
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql
from supabase import AsyncClient, AsyncClientOptions, acreate_client

from lib.local import binaries, data_api, locks, postgres
from lib.local.cluster import Files
from lib.local.postgres import Server
from lib.store import migrations

SQL = Path(__file__).parent.parent / "sql"
TEMPLATE = "template_migrated"
MEMORY = Path("/dev/shm")  # a clone is three hundred small files, and some disks take 0.2 s for them
ENOUGH_BYTES = 2_000_000_000
PREFIX = "monitor-tests-"
_CLONE = sql.SQL("create database {} template {} strategy file_copy")
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One embedded server of the oldest major at hand: what works there works on the hosted one too."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES:
        _sweep()
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY))
    else:
        folder = tmp_path_factory.mktemp("postgres")
    with _running(folder) as server:
        yield server
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def database_template(postgres_server: Server) -> str:
    """The name of a database with everything in `sql/` applied."""
    _administer(postgres_server, sql.SQL("create database {}").format(sql.Identifier(TEMPLATE)))
    migrations.apply(postgres_server.dsn(TEMPLATE), SQL, local=True)
    return TEMPLATE


@pytest.fixture
def database(postgres_server: Server, database_template: str) -> Iterator[str]:
    """The DSN of a fresh migrated database; the user it names is the superuser."""
    yield from _fresh(postgres_server, database_template)


@pytest.fixture
def empty_database(postgres_server: Server) -> Iterator[str]:
    """The DSN of a fresh database in which nothing was applied."""
    yield from _fresh(postgres_server, "template0")


@pytest.fixture
async def data_api_transport(database: str) -> AsyncIterator[data_api.DataApiTransport]:
    """The local Data API over `database`, as a transport for httpx."""
    async with data_api.connected(database, connections=4) as transport:
        yield transport


@pytest.fixture
async def supabase_client(data_api_transport: data_api.DataApiTransport) -> AsyncIterator[AsyncClient]:
    """The unmodified Supabase client over `database`, with the secret key."""
    async with httpx.AsyncClient(transport=data_api_transport) as http:
        options = AsyncClientOptions(httpx_client=http, auto_refresh_token=False, persist_session=False)
        yield await acreate_client(data_api.URL, data_api.SECRET_KEY, options=options)


def _fresh(server: Server, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    yield clone(server, template, name)
    _administer(server, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def clone(server: Server, template: str, name: str) -> str:
    """Copy a database that nobody is connected to, and return the DSN of the copy."""
    _administer(server, _CLONE.format(sql.Identifier(name), sql.Identifier(template)))
    return server.dsn(name)


def _running(folder: Path) -> AbstractContextManager[Server]:
    # Autovacuum may hold the template just when a test clones it; the servers of a browser's tests stay connected.
    settings = {"autovacuum": "off", "max_connections": "200"}
    return postgres.running(folder, durable=False, major=binaries.OLDEST, settings=settings)


def _sweep() -> None:
    """Clear away what sessions that were killed left in memory: nobody uses those servers any more."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):  # another session clears the same one away
            _clear(folder)


def _clear(folder: Path) -> None:
    files = Files(folder)
    if folder.owner() != getpass.getuser() or not files.users.exists() or not locks.is_free(files.users):
        return
    if not locks.is_free(files.alive):
        with _running(folder):
            pass  # joined, and stopped as its last user
    shutil.rmtree(folder, ignore_errors=True)


def _administer(server: Server, statement: sql.Composed) -> None:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(statement)
