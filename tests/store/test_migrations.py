"""The chain of migrations: in order, once, checked, by many at once, and alike by runner and by script."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from lib.errors import Unavailable
from lib.store import migrations, sql_files, sql_script
from lib.store.migrations import Applied, MigrationChanged, MigrationFailed

SQL = Path(__file__).parents[2] / "sql"
CALLS_THE_OTHER = "create or replace function public.a_first() returns text language sql as 'select public.b_second()';"
IS_READ = "create or replace function public.b_second() returns text language sql as 'select %s from public.things';"
IS_CALLED = "create or replace function public.b_second() returns text language sql as 'select ''%s''::text';"

type Add = Callable[[str, str], Path]


@pytest.fixture
def sql_dir(tmp_path: Path) -> Path:
    """A chain of its own that begins as the product's does."""
    for part in ("migrations", "functions", "local"):
        (tmp_path / "sql" / part).mkdir(parents=True)
    shutil.copy(SQL / "migrations" / "0001_schema_version.sql", tmp_path / "sql" / "migrations")
    shutil.copy(SQL / "local" / "roles.sql", tmp_path / "sql" / "local")
    return tmp_path / "sql"


@pytest.fixture
def add(sql_dir: Path) -> Add:
    def write(name: str, text: str) -> Path:
        path = sql_dir / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return write


def run(dsn: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def recorded(dsn: str) -> list[tuple[object, ...]]:
    query = "select number, name, checksum from private.migrations order by 1"
    return run(dsn, query) + run(dsn, "select 0, name, checksum from private.reapplied")


def test_what_is_missing_is_applied_in_order_and_once(empty_database: str, sql_dir: Path, add: Add) -> None:
    add("migrations/0010_second.sql", "insert into public.things values ('second');")
    add("migrations/0002_first.sql", "create table public.things (name text);")
    first = migrations.apply(empty_database, sql_dir, local=True)
    again = migrations.apply(empty_database, sql_dir, local=True)
    assert first.migrations == ("0001_schema_version.sql", "0002_first.sql", "0010_second.sql")
    assert (again.migrations, again.reapplied, again.version) == ((), False, 10)
    assert run(empty_database, "select name from public.things") == [("second",)]
    assert migrations.latest(sql_dir) == 10


def test_a_changed_file_that_was_applied_is_an_error_naming_it(empty_database: str, sql_dir: Path, add: Add) -> None:
    path = add("migrations/0002_things.sql", "create table public.things (name text);")
    migrations.apply(empty_database, sql_dir, local=True)
    path.write_text("create table public.things (name text, size integer);")
    add("migrations/0003_more.sql", "create table public.more (name text);")
    with pytest.raises(MigrationChanged, match=r"sql/migrations/0002_things\.sql.*new migration"):
        migrations.apply(empty_database, sql_dir, local=True)
    assert run(empty_database, "select to_regclass('public.more')") == [(None,)]


def test_line_ends_of_another_system_are_no_change(empty_database: str, sql_dir: Path, add: Add) -> None:
    path = add("migrations/0002_things.sql", "create table public.things (\n  name text);\n")
    migrations.apply(empty_database, sql_dir, local=True)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert migrations.apply(empty_database, sql_dir, local=True).migrations == ()


def test_a_failing_migration_leaves_nothing_and_names_file_and_line(
    empty_database: str, sql_dir: Path, add: Add
) -> None:
    add("migrations/0002_good.sql", "create table public.good (name text);")
    path = add("migrations/0003_bad.sql", "create table public.bad (name text);\n\nselect nonsense;\n")
    with pytest.raises(MigrationFailed, match=r"sql/migrations/0003_bad\.sql line 3: .*nonsense"):
        migrations.apply(empty_database, sql_dir, local=True)
    assert [row[0] for row in run(empty_database, "select number from private.migrations")] == [1, 2]
    assert run(empty_database, "select to_regclass('public.bad')") == [(None,)]
    path.write_text("create table public.bad (name text);")
    assert migrations.apply(empty_database, sql_dir, local=True).migrations == ("0003_bad.sql",)


def test_a_number_below_those_applied_is_refused(empty_database: str, sql_dir: Path, add: Add) -> None:
    add("migrations/0003_third.sql", "select 3;")
    migrations.apply(empty_database, sql_dir, local=True)
    add("migrations/0002_late.sql", "select 2;")
    with pytest.raises(MigrationFailed, match=r"0002_late\.sql.*next free number"):
        migrations.apply(empty_database, sql_dir, local=True)


def test_a_newer_schema_is_fine_for_an_older_release(empty_database: str, sql_dir: Path, add: Add) -> None:
    path = add("migrations/0002_newer.sql", "select 2;")
    migrations.apply(empty_database, sql_dir, local=True)
    path.unlink()
    assert migrations.apply(empty_database, sql_dir, local=True).version == 2


@pytest.mark.parametrize("anew", [False, True])
def test_a_newer_schema_keeps_its_functions_for_an_older_release_whose_own_do_not_fit_it(
    empty_database: str, sql_dir: Path, add: Add, anew: bool
) -> None:
    """After a migration that changed a table's shape the former release used to be unable to start."""
    path = add("migrations/0002_newer.sql", "create table public.things (name text);")
    called = add("functions/b_second.sql", IS_READ % "name")
    migrations.apply(empty_database, sql_dir, local=True)
    path.unlink()
    called.write_text(IS_READ % "size")
    assert migrations.apply(empty_database, sql_dir, local=True, anew=anew) == Applied((), reapplied=False, version=2)
    assert run(empty_database, "select public.b_second()") == [(None,)]


@pytest.mark.parametrize("name", ["2_short.sql", "0002-dash.sql", "0000_zero.sql", "0002_Upper.sql", "notes.sql"])
def test_a_name_that_is_none_is_refused(sql_dir: Path, add: Add, name: str) -> None:
    add(f"migrations/{name}", "select 1;")
    with pytest.raises(sql_files.BadMigrationName, match=name):
        migrations.latest(sql_dir)


def test_a_number_given_twice_is_refused(sql_dir: Path, add: Add) -> None:
    add("migrations/0001_twin.sql", "select 1;")
    with pytest.raises(sql_files.BadMigrationName, match=r"0001_twin\.sql and 0001_schema_version\.sql"):
        migrations.latest(sql_dir)


def test_functions_may_name_each_other_in_any_order_and_follow_their_files(
    empty_database: str, sql_dir: Path, add: Add
) -> None:
    add("functions/a_first.sql", CALLS_THE_OTHER)
    called = add("functions/b_second.sql", IS_CALLED % "old")
    assert migrations.apply(empty_database, sql_dir, local=True).reapplied
    assert run(empty_database, "select public.a_first()") == [("old",)]
    called.write_text(IS_CALLED % "new")
    assert migrations.apply(empty_database, sql_dir, local=True).reapplied
    assert run(empty_database, "select public.a_first()") == [("new",)]
    assert not migrations.apply(empty_database, sql_dir, local=True).reapplied


def test_a_function_that_cannot_work_is_found_when_it_is_applied(empty_database: str, sql_dir: Path, add: Add) -> None:
    add("functions/broken.sql", "create function public.broken() returns text language sql as 'select nowhere.f()';")
    with pytest.raises(MigrationFailed, match=r"sql/functions/broken\.sql"):
        migrations.apply(empty_database, sql_dir, local=True)
    assert run(empty_database, "select to_regproc('public.broken')") == [(None,)]


def test_a_migration_brings_unchanged_functions_back(empty_database: str, sql_dir: Path, add: Add) -> None:
    add("functions/b_second.sql", IS_CALLED % "here")
    migrations.apply(empty_database, sql_dir, local=True)
    add("migrations/0002_drop.sql", "drop function public.b_second();")
    assert migrations.apply(empty_database, sql_dir, local=True).reapplied
    assert run(empty_database, "select public.b_second()") == [("here",)]


def test_policies_come_after_functions(empty_database: str, sql_dir: Path, add: Add) -> None:
    add("migrations/0002_things.sql", "create table public.things (name text);")
    add("functions/b_second.sql", IS_CALLED % "here")
    add(
        "policies.sql",
        "drop policy if exists own on public.things;"
        "create policy own on public.things using (name = public.b_second());",
    )
    migrations.apply(empty_database, sql_dir, local=True)
    assert run(empty_database, "select policyname from pg_policies") == [("own",)]


def test_many_at_once_apply_everything_once(empty_database: str, sql_dir: Path, add: Add) -> None:
    add("migrations/0002_things.sql", "create table public.things (name text); select pg_sleep(0.05);")
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: migrations.apply(empty_database, sql_dir, local=True), range(4)))
    assert sorted(len(applied.migrations) for applied in done) == [0, 0, 0, 2]


def test_every_apply_tells_the_data_api_to_look_again(empty_database: str, sql_dir: Path) -> None:
    migrations.apply(empty_database, sql_dir, local=True)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("listen pgrst")
        migrations.apply(empty_database, sql_dir, local=True)
        heard = next(connection.notifies(timeout=10, stop_after=1))
    assert heard.payload == "reload schema"


def test_a_database_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="cannot reach the database"):
        migrations.apply("postgresql://postgres@/x?host=/nonexistent", SQL, local=False)


def test_the_script_leaves_what_the_runner_leaves(empty_database: str, sql_dir: Path, add: Add) -> None:
    add("migrations/0002_things.sql", "create table public.things (name text default '100 %');\n-- $$ and $m$ 'quotes'")
    add("functions/a_first.sql", CALLS_THE_OTHER)
    add("functions/b_second.sql", IS_CALLED % "here")
    run(empty_database, (SQL / "local" / "roles.sql").read_text())
    script = sql_script.render(sql_dir)
    run(empty_database, script)
    after_script = recorded(empty_database)
    run(empty_database, script)
    applied = migrations.apply(empty_database, sql_dir, local=True)
    assert (applied.migrations, applied.reapplied) == ((), False)
    assert recorded(empty_database) == after_script
    assert run(empty_database, "select public.a_first()") == [("here",)]


def test_the_script_carries_an_older_schema_on(empty_database: str, sql_dir: Path, add: Add) -> None:
    migrations.apply(empty_database, sql_dir, local=True)
    path = add("migrations/0002_things.sql", "create table public.things (name text);")
    run(empty_database, sql_script.render(sql_dir))
    assert run(empty_database, "select count(*)::int from public.things") == [(0,)]
    path.write_text("create table public.things (name text, size integer);")
    with pytest.raises(psycopg.errors.RaiseException, match=r"0002_things\.sql was applied before"):
        run(empty_database, sql_script.render(sql_dir))


def test_the_products_own_chain_is_the_same_by_script(empty_database: str, database: str) -> None:
    for _ in range(2):  # pasted once more it changes nothing
        run(empty_database, sql_script.render(SQL))
        assert recorded(empty_database) == recorded(database)


def test_the_schema_version_is_asked_for_by_those_who_serve(database: str) -> None:
    newest = migrations.latest(SQL)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("set role service_role")
        connection.execute("select private.require_schema(%s)", (newest,))
        connection.execute("select private.require_schema(%s)", (newest - 1,))
        with pytest.raises(psycopg.Error, match="migrations_behind") as refusal:
            connection.execute("select private.require_schema(%s)", (newest + 1,))
    assert refusal.value.sqlstate == "PT503"
    assert "./monitor migrate" in str(refusal.value.diag.message_hint)


@pytest.mark.parametrize("role", ["anon", "authenticated"])
@pytest.mark.parametrize("query", ["select private.require_schema(0)", "select * from private.migrations"])
def test_nobody_else_reaches_the_private_schema(database: str, role: str, query: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"set role {role}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(query.encode())


def test_the_local_roles_are_those_of_a_hosted_project(database: str) -> None:
    roles = run(
        database, "select rolname, rolcanlogin, rolbypassrls, rolsuper from pg_roles where rolname !~ '^pg_|^post'"
    )
    assert json.loads(json.dumps(sorted(map(str, roles)))) == sorted(
        [
            "('anon', False, False, False)",
            "('authenticated', False, False, False)",
            "('authenticator', True, False, False)",
            "('service_role', False, True, False)",
        ]
    )
