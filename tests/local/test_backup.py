"""A database saved by pg_dump and brought back: all of it, with the same rights, or nothing."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from lib.errors import ConfigurationError, InvalidInput, Unavailable
from lib.local import backup
from lib.local.backup import BackupFailed
from lib.local.postgres import Server
from lib.store import migrations
from tests.database import SQL, _fresh
from tests.sql.test_grants import GENEROUS, names

RIGHTS = """
select c.oid::regclass::text, c.relrowsecurity, c.relacl::text from pg_class as c
 where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p', 'v', 'S')
union all
select p.oid::regprocedure::text, p.prosecdef, p.proacl::text || p.proconfig::text from pg_proc as p
 where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
union all
select a.attrelid::regclass || '.' || a.attname, null, a.attacl::text from pg_attribute as a where a.attacl is not null
   and a.attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
union all
select n.nspname, null, n.nspacl::text from pg_namespace as n where n.nspname = 'private'
 order by 1
"""


@pytest.fixture
def another(postgres_server: Server, database_template: str) -> Iterator[str]:
    """A database as a new server has it: with the roles, and nothing in it."""
    assert database_template  # the roles are the server's
    yield from _fresh(postgres_server, "template0")


def asked(dsn: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def sorted_rights(dsn: str) -> list[tuple[Any, ...]]:
    """Every right; the order of the entries within one object is an accident."""
    return [(name, flag, sorted(re.findall(r"[^{},]+", acl or ""))) for name, flag, acl in asked(dsn, RIGHTS)]


def test_row_security_and_every_right_are_what_they_were(database: str, another: str, tmp_path: Path) -> None:
    backup.save(database, tmp_path / "monitor.dump")
    backup.bring_back(another, tmp_path / "monitor.dump")
    assert sorted_rights(another) == sorted_rights(database)
    assert (migrations.apply(another, SQL, local=True).migrations) == ()


def test_a_project_that_grants_everything_by_default_gives_away_no_more_than_was_saved(
    database: str, another: str, tmp_path: Path
) -> None:
    """What is restored gets the new project's default rights, and pg_dump takes back none that it never saw."""
    with psycopg.connect(another, autocommit=True) as connection:
        connection.execute(GENEROUS)
    backup.save(database, tmp_path / "monitor.dump")
    backup.bring_back(another, tmp_path / "monitor.dump")
    assert sorted_rights(another) == sorted_rights(database)


def test_a_hosted_project_is_saved_without_what_is_the_platforms(database: str, another: str, tmp_path: Path) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create schema auth; create table auth.users (id text); " + GENEROUS)
    backup.save(database, tmp_path / "monitor.dump")
    backup.bring_back(another, tmp_path / "monitor.dump")
    assert asked(another, "select to_regnamespace('auth')") == [(None,)]
    assert asked(another, "select count(*) from pg_default_acl") == [(0,)]


def test_what_a_person_saves_by_pg_dump_itself_comes_back_too(database: str, another: str, tmp_path: Path) -> None:
    file = tmp_path / "monitor.dump"
    by_hand: list[Any] = [backup._tool(database, "pg_dump"), "--format=custom", f"--file={file}", database]
    subprocess.run(by_hand, check=True, env={"PATH": ""})
    backup.bring_back(another, file)
    assert sorted_rights(another) == sorted_rights(database)


def test_an_older_release_s_backup_is_brought_up_to_date(
    empty_database: str, another: str, tmp_path: Path, database_template: str
) -> None:
    older = tmp_path / "sql"
    (older / "migrations").mkdir(parents=True)
    for file in sorted((SQL / "migrations").glob("*.sql"))[:8]:
        (older / "migrations" / file.name).write_text(file.read_text())
    migrations.apply(empty_database, older, local=False)
    backup.save(empty_database, tmp_path / "monitor.dump")
    backup.bring_back(another, tmp_path / "monitor.dump")
    applied = migrations.apply(another, SQL, local=True)
    assert len(applied.migrations) == migrations.latest(SQL) - 8
    with psycopg.connect(another) as connection:
        assert names(connection, "select proname from pg_proc where proname = 'claim_accounts'")


def test_only_an_empty_database_is_restored_into(database: str, tmp_path: Path) -> None:
    backup.save(database, tmp_path / "monitor.dump")
    with pytest.raises(InvalidInput, match="has its tables already"):
        backup.bring_back(database, tmp_path / "monitor.dump")


def test_a_torn_backup_leaves_the_database_empty(database: str, another: str, tmp_path: Path) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "insert into logs (at, level, event, message, run, data) "
            "select now(), 'info', 'e', repeat(md5(n::text), 9), 'r', '{}' from generate_series(1, 2000) as n"
        )
    whole = tmp_path / "monitor.dump"
    backup.save(database, whole)
    for parts in (2, 3, 4):
        torn = tmp_path / "torn.dump"
        torn.write_bytes(whole.read_bytes()[: -whole.stat().st_size // parts])
        with pytest.raises(BackupFailed):
            backup.bring_back(another, torn)
        assert asked(another, "select count(*) from pg_class where relnamespace = 'public'::regnamespace") == [(0,)]
    (tmp_path / "none.dump").write_text("no backup")
    with pytest.raises(BackupFailed, match="pg_restore"):
        backup.bring_back(another, tmp_path / "none.dump")


def test_what_stands_in_the_way_is_named_and_everything_else_is_as_it_was(
    database: str, another: str, tmp_path: Path
) -> None:
    backup.save(database, tmp_path / "monitor.dump")
    with psycopg.connect(another, autocommit=True) as connection:
        connection.execute("create table public.snapshots (mine text)")
    with pytest.raises(BackupFailed, match='"snapshots" already exists'):
        backup.bring_back(another, tmp_path / "monitor.dump")
    assert asked(another, "select tablename from pg_tables where schemaname = 'public'") == [("snapshots",)]
    assert asked(another, "select to_regnamespace('private')") == [(None,)]


def test_nothing_is_overwritten_and_nothing_half_is_left(
    database: str, empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "monitor.dump"
    there.write_text("precious")
    with pytest.raises(InvalidInput, match="nothing is overwritten"):
        backup.save(database, there)
    with pytest.raises(InvalidInput, match="holds nothing yet"):
        backup.save(empty_database, tmp_path / "empty.dump")
    with pytest.raises(InvalidInput, match="No such file"):
        backup.save(database, tmp_path / "no" / "folder.dump")
    with pytest.raises(InvalidInput, match="no such file"):
        backup.bring_back(empty_database, tmp_path / "nowhere.dump")
    monkeypatch.setattr(backup, "SCHEMAS", ("no_such_schema",))
    with pytest.raises(BackupFailed, match="no matching schemas"):
        backup.save(database, tmp_path / "half.dump")
    assert [path.name for path in tmp_path.iterdir()] == ["monitor.dump"]


def test_a_password_is_in_no_argument_and_in_no_message(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arguments of a process can be read by everybody on the machine."""
    called: list[list[str]] = []
    run = subprocess.run

    def listening(command: list[Any], **options: Any) -> "subprocess.CompletedProcess[bytes]":
        called.append([str(part) for part in command])
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", listening)
    backup.save(database.replace("postgres@/", "postgres:s3cret-word@/"), tmp_path / "monitor.dump")
    assert len(called) == 1
    assert "s3cret-word" not in str(called)
    with pytest.raises(Unavailable) as refusal:
        backup.save("postgresql://postgres:s3cret-word@127.0.0.1:1/monitor", tmp_path / "other.dump")
    assert "s3cret-word" not in str(refusal.value)


@pytest.mark.parametrize(
    ("host", "here"),
    [("", True), ("/run/postgresql", True), ("localhost", True), ("127.0.0.1", True), ("::1", True),
     ("db.example.com", False), ("10.0.0.2", False)],
)  # fmt: skip
def test_a_database_elsewhere_is_reached_by_the_systems_programs_which_speak_tls(host: str, here: bool) -> None:
    assert backup._is_here(host) is here


def test_a_missing_program_is_named_with_what_to_install(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_is_here", lambda _: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"pg_dump is not installed.*postgresql-client"):
        backup.save(database, tmp_path / "monitor.dump")
