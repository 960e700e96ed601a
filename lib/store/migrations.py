"""Bring a database's schema to what `sql/` says, over a direct connection; for the command line and local use."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import Connection

from lib.errors import MonitorError, Unavailable
from lib.store import sql_files
from lib.store.sql_files import SqlFile

LOCK = 7_305_410_925  # any number, the same for all who migrate
REAPPLIED = "functions and policies"


class MigrationFailed(MonitorError):
    """The database refused a file; the message names the file, the line and the database's words."""

    code = "migration_failed"


class MigrationChanged(MonitorError):
    """A file that was applied before is not what it was; applied migrations are never edited."""

    code = "migration_changed"


@dataclass(frozen=True, slots=True)
class Applied:
    """What one `apply` did, and where the schema stands now."""

    migrations: tuple[str, ...]  # files applied by this call, in order
    reapplied: bool  # whether functions and policies had changed
    version: int  # number of the newest applied migration, of this release or a later one


def latest(sql_dir: Path) -> int:
    """Return the number of the newest migration."""
    return max((migration.number for migration in sql_files.migrations(sql_dir)), default=0)


def apply(dsn: str, sql_dir: Path, *, local: bool, anew: bool = False) -> Applied:
    """Apply what is missing, each migration in a transaction of its own, then functions and policies in one.

    `local` first makes the roles that a hosted project has; `anew` applies functions and policies also where their
    files are those of before: somebody may have changed them in the database. A schema that is newer than this release
    keeps its own: they answer an older one, whose own may not fit it.
    Retry: safe, also by several processes at once.
    Raises: MigrationChanged, MigrationFailed, Unavailable.
    """
    migrations, sources = sql_files.migrations(sql_dir), sql_files.reapplied(sql_dir)
    with _connected(dsn) as connection:
        connection.execute("select pg_advisory_lock(%s)", (LOCK,))  # ends with the connection
        if local:
            _make_roles(connection, sql_dir)
        recorded = _recorded(connection)
        pending = _pending(migrations, recorded)
        for migration in pending:
            with connection.transaction():
                _run(connection, migration)
                connection.execute(
                    "insert into private.migrations (number, name, checksum) values (%s, %s, %s)",
                    (migration.number, migration.name, migration.checksum),
                )
        newest = max((migration.number for migration in migrations), default=0)
        version = max([newest, *recorded])
        changed = version == newest and _reapply(connection, sources, migrated=anew or bool(pending))
        connection.execute("notify pgrst, 'reload schema'")
    return Applied(tuple(migration.name for migration in pending), changed, version)


def make_roles(dsn: str, sql_dir: Path) -> None:
    """Make what a hosted project has from the start, and nothing else. Retry: safe, also by several processes at once.

    Raises: MigrationFailed, Unavailable.
    """
    with _connected(dsn) as connection:
        _make_roles(connection, sql_dir)


def _make_roles(connection: Connection, sql_dir: Path) -> None:
    for file in sql_files.local(sql_dir):
        with connection.transaction():
            _run(connection, file)


def _pending(migrations: tuple[SqlFile, ...], recorded: dict[int, tuple[str, str]]) -> list[SqlFile]:
    """Return what is still to be applied, once what was applied has proved unchanged."""
    pending = []
    for migration in migrations:
        name, checksum = recorded.get(migration.number, (migration.name, migration.checksum))
        if checksum != migration.checksum:
            raise MigrationChanged(
                f"{migration.place} was applied before as {name} and has been changed since: "
                "restore it and put the change into a new migration"
            )
        if migration.number not in recorded:
            pending.append(migration)
    if pending and pending[0].number < max(recorded, default=0):
        raise MigrationFailed(
            f"{pending[0].place} was never applied, though later ones were: give it the next free number"
        )
    return pending


def _recorded(connection: Connection) -> dict[int, tuple[str, str]]:
    if connection.execute("select to_regclass('private.migrations')").fetchone() == (None,):
        return {}
    rows = connection.execute("select number, name, checksum from private.migrations").fetchall()
    return {number: (name, checksum) for number, name, checksum in rows}


def _reapply(connection: Connection, sources: tuple[SqlFile, ...], *, migrated: bool) -> bool:
    """Apply functions and policies if one of them or what they stand on has changed."""
    checksum = sql_files.checksum_of_all(sources)
    stored = connection.execute("select checksum from private.reapplied where name = %s", (REAPPLIED,)).fetchone()
    if stored == (checksum,) and not migrated:
        return False
    with connection.transaction():
        # Twice: first without a look at the bodies, so that files may name each other in any order, then with it.
        for check in ("off", "on"):
            connection.execute("select set_config('check_function_bodies', %s, true)", (check,))
            for source in sources:
                _run(connection, source)
        connection.execute(
            "insert into private.reapplied (name, checksum) values (%s, %s) "
            "on conflict (name) do update set checksum = excluded.checksum",
            (REAPPLIED, checksum),
        )
    return True


def _run(connection: Connection, file: SqlFile) -> None:
    """Run a whole file as one simple query: several statements, no parameters."""
    try:
        connection.execute(file.text.encode(), prepare=False)
    except psycopg.Error as error:
        position = error.diag.statement_position
        line = f" line {file.text.count(chr(10), 0, int(position)) + 1}" if position else ""
        hint = f" ({error.diag.message_hint})" if error.diag.message_hint else ""
        raise MigrationFailed(f"{file.place}{line}: {error.diag.message_primary or error}{hint}") from error


@contextmanager
def _connected(dsn: str) -> Iterator[Connection]:
    try:
        connection = psycopg.connect(dsn, autocommit=True, connect_timeout=10, application_name="monitor migrate")
    except psycopg.OperationalError as error:
        raise Unavailable(f"cannot reach the database: {str(error).strip()}") from error
    with connection:
        # "already exists, skipping" is no news, and neither is a role's statement timeout
        connection.execute(
            "select set_config('client_min_messages', 'warning', false), set_config(%s, '0', false)",
            ("statement_timeout",),
        )
        yield connection
