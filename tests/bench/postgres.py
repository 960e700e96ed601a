"""Databases to measure on: an embedded server as a local run has it, emptied afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from lib.local import postgres
from lib.store import migrations

SQL = Path(__file__).parents[2] / "sql"


@dataclass(slots=True)
class Databases:
    """Makes fresh migrated databases on one server."""

    server: postgres.Server
    made: int = 0

    def fresh(self) -> str:
        """Return the DSN of a new one."""
        self.made += 1
        name = f"bench_{self.made}"
        with psycopg.connect(self.server.dsn("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        migrations.apply(self.server.dsn(name), SQL, local=True)
        return self.server.dsn(name)


@contextmanager
def databases() -> Iterator[Databases]:
    """Run a server of its own for the time of the measurements."""
    with scratch() as folder, postgres.running(folder / "postgres", durable=False) as server:
        yield Databases(server)


@contextmanager
def scratch() -> Iterator[Path]:
    """Lend a folder that is removed afterwards, whatever a server that is being stopped still writes there."""
    folder = Path(tempfile.mkdtemp(prefix="monitor-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
