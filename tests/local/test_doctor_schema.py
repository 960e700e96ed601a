"""The doctor and the database: each thing that can be wrong is made wrong, named, and mended by the remedy itself."""

import shutil
import socket
from pathlib import Path

import httpx
import psycopg
import pytest

from lib import settings
from lib.demo.clock import WorldClock
from lib.local import data_api
from lib.local.data_api import DataApiTransport
from lib.local.doctor import needs
from lib.local.doctor.examine import examine
from lib.local.doctor.facts import Need
from lib.local.doctor.finding import Finding, Level
from lib.local.home import opened
from lib.settings import Settings
from lib.store import migrations, sql_files
from lib.store.schema import SCHEMA_VERSION
from lib.vault import generate_key
from tests.database import SQL
from tests.spine import BORN_AT
from tests.wires import Wire

CLOCK = WorldClock(BORN_AT)
SECRETS = {"ENCRYPTION_KEY": generate_key(), "CRON_SECRET": generate_key(), "API_TOKEN": generate_key()}
HOSTED = {"SUPABASE_URL": data_api.URL, "SUPABASE_SECRET_KEY": data_api.SECRET_KEY}
NOTHING_YET = ("accounts", "there is none yet")  # the one warning of a database that has just been made
PASSWORD = "pass-that-nobody-may-see"


def own(dsn: str) -> Settings:
    """Settings for a Postgres of one's own; a setting must name a host, and the socket's folder in the query wins."""
    return settings.read(SECRETS | {"DATABASE_URL": dsn.replace("@/", "@localhost/")})


def hosted(**more: str) -> Settings:
    return settings.read(SECRETS | HOSTED | more)


async def look(found: Settings, data_dir: Path, transport: httpx.AsyncBaseTransport | None = None) -> list[Finding]:
    """All that is not fine, save that there is no account."""
    findings = await examine(found, data_dir, CLOCK, transport)
    return [one for one in findings if one.level is not Level.OK and (one.subject, one.message) != NOTHING_YET]


def execute(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement.encode())


async def test_a_database_that_was_just_migrated_is_fine(database: str, tmp_path: Path) -> None:
    findings = await examine(own(database), tmp_path, CLOCK)
    assert [(one.level, one.subject) for one in findings] == [
        ("ok", "settings"),
        ("ok", "secrets"),
        ("ok", "database"),
        ("ok", "migrations"),
        ("ok", "row security"),
        ("ok", "grants"),
        ("ok", "row cap"),
        ("warning", "accounts"),
    ]


@pytest.mark.parametrize(
    ("wrong", "subject", "message"),
    [
        pytest.param(
            "alter table public.flows disable row level security",
            "row security",
            "public.flows has row level security off",
            id="row security off",
        ),
        pytest.param(
            "create table public.notes (id integer); revoke all on public.notes from public",
            "row security",
            "public.notes has row level security off",
            id="a table that is not ours",
        ),
        pytest.param(
            "alter table private.reapplied disable row level security",
            "row security",
            "private.reapplied has row level security off",
            id="row security off where no key reaches",
        ),
        pytest.param(
            "grant select, insert on public.accounts to anon",
            "grants",
            "table public.accounts is open to anon (select insert)",
            id="a table for anon",
        ),
        pytest.param(
            "grant select (nav_usd) on public.snapshots to authenticated",
            "grants",
            "table public.snapshots is open to authenticated (select)",
            id="a single column",
        ),
        pytest.param(
            'create view public."All flows" as select * from public.flows; grant select on "All flows" to public',
            "grants",
            'table public."All flows" is open to anon (select), authenticated (select), public (select)',
            id="a view for everybody",
        ),
        pytest.param(
            "grant usage on sequence public.logs_id_seq to anon",
            "grants",
            "sequence public.logs_id_seq is open to anon (usage)",
            id="a sequence",
        ),
        pytest.param(
            "grant execute on function public.load_account(text) to anon",
            "grants",
            "function public.load_account(p_account text) is open to anon (execute)",
            id="a function",
        ),
        pytest.param(
            "grant usage on schema private to authenticated",
            "grants",
            "schema private is open to authenticated (usage)",
            id="the private schema",
        ),
        pytest.param(
            "revoke insert on public.snapshots from service_role",
            "grants",
            "service_role lacks insert on table public.snapshots",
            id="a right on a table missing",
        ),
        pytest.param(
            "revoke update (value_before_usd) on public.flows from service_role",
            "grants",
            "service_role lacks update (value_before_usd) on table public.flows",
            id="a right on a column missing",
        ),
        pytest.param(
            "revoke execute on function public.read_history from service_role",
            "grants",
            "service_role lacks execute on function public.read_history",
            id="a right on a function missing",
        ),
    ],
)
async def test_what_is_open_or_closed_by_mistake_is_named_and_the_remedy_mends_it(
    database: str, tmp_path: Path, wrong: str, subject: str, message: str
) -> None:
    execute(database, wrong)
    (found,) = await look(own(database), tmp_path)
    assert (found.level, found.subject, found.message) == (Level.PROBLEM, subject, message)
    execute(database, found.remedy or "")
    assert await look(own(database), tmp_path) == []


async def test_an_answer_of_rows_may_be_cut_and_is_named(database: str, tmp_path: Path) -> None:
    """One that is none of ours, or that ours call among themselves, is nobody's answer."""
    execute(
        database,
        "create function private.many() returns setof bigint language sql as 'select 1'; "
        "revoke all on function private.many() from public",
    )
    assert await look(own(database), tmp_path) == []
    execute(
        database,
        "drop function public.load_account(text); create function public.load_account(p_account text) "
        "returns setof jsonb language sql set search_path = '' as 'select null::jsonb'; "
        "revoke all on function public.load_account(text) from public, anon, authenticated; "
        "grant execute on function public.load_account(text) to service_role",
    )
    (found,) = await look(own(database), tmp_path)
    assert (found.level, found.subject) == (Level.PROBLEM, "row cap")
    assert found.message.startswith("public.load_account(p_account text) answers with rows")
    assert found.remedy
    execute(database, found.remedy.partition(";")[0])
    migrations.apply(database, SQL, local=True, anew=True)  # as ./monitor migrate does
    assert await look(own(database), tmp_path) == []


async def test_a_function_open_to_everybody_is_found_by_its_default(database: str, tmp_path: Path) -> None:
    """Whoever makes a function gives everybody the right to call it, if nothing is said."""
    execute(database, "create function public.peek() returns bigint language sql as 'select count(*) from accounts'")
    (found,) = await look(own(database), tmp_path)
    assert "function public.peek() is open to anon (execute), authenticated (execute), public" in found.message
    execute(database, found.remedy or "")
    assert await look(own(database), tmp_path) == []


async def test_what_only_a_trigger_calls_is_no_open_door(database: str, tmp_path: Path) -> None:
    body = "language plpgsql as 'begin return null; end'"
    execute(database, f"create function public.on_change() returns trigger {body}")
    assert await look(own(database), tmp_path) == []


async def test_a_missing_right_to_the_private_schema_is_named_though_every_run_fails(
    database: str, tmp_path: Path
) -> None:
    execute(database, "revoke usage on schema private from service_role")
    refused, lacking = await look(own(database), tmp_path)
    assert (refused.subject, lacking.subject) == ("database", "grants")
    assert (refused.level, lacking.level) == (Level.PROBLEM, Level.PROBLEM)
    assert "refuses: claim_accounts" in refused.message
    assert lacking.message == "service_role lacks usage on schema private"
    execute(database, lacking.remedy or "")
    assert await look(own(database), tmp_path) == []


async def test_what_was_dropped_by_hand_is_not_there(database: str, tmp_path: Path) -> None:
    execute(database, "drop function public.read_logs; drop table public.rebalances")
    found = [one for one in await look(own(database), tmp_path) if one.subject == "grants"]
    assert {one.level for one in found} == {Level.PROBLEM}
    messages = {one.message for one in found}
    assert messages == {
        "function public.read_logs, or the role service_role, is not there",
        "table public.rebalances, or the role service_role, is not there",
    }


async def test_an_older_schema_names_the_command_and_the_command_mends_it(empty_database: str, tmp_path: Path) -> None:
    older = tmp_path / "sql"
    shutil.copytree(SQL, older, ignore=shutil.ignore_patterns("functions"))
    (older / sql_files.migrations(SQL)[-1].place.removeprefix("sql/")).unlink()
    migrations.apply(empty_database, older, local=True)

    found = await look(own(empty_database), tmp_path)
    behind = next(one for one in found if one.subject == "migrations")
    assert behind.message == f"the schema is at version {SCHEMA_VERSION - 1}, this release needs {SCHEMA_VERSION}"
    assert (behind.level, behind.remedy) == (Level.PROBLEM, "./monitor migrate")

    migrations.apply(empty_database, SQL, local=True)
    assert await look(own(empty_database), tmp_path) == []


async def test_an_older_schema_is_a_problem_of_the_migrations_alone(database: str, tmp_path: Path) -> None:
    execute(database, f"delete from private.migrations where number = {SCHEMA_VERSION}")
    (found,) = await look(own(database), tmp_path)
    assert (found.level, found.subject, found.remedy) == (Level.PROBLEM, "migrations", "./monitor migrate")


async def test_a_newer_schema_is_fine(database: str, tmp_path: Path) -> None:
    execute(database, f"insert into private.migrations values ({SCHEMA_VERSION + 1}, 'later.sql', 'x')")
    execute(database, "update private.reapplied set checksum = 'of the later release'")
    findings = await examine(own(database), tmp_path, CLOCK)
    (found,) = [one for one in findings if one.subject == "migrations"]
    assert (found.level, found.message.split(",")[0]) == (Level.OK, f"the schema is at version {SCHEMA_VERSION + 1}")


async def test_an_edited_migration_is_named(database: str, tmp_path: Path) -> None:
    execute(database, "update private.migrations set checksum = 'another' where number = 3")
    (found,) = await look(own(database), tmp_path)
    assert found.level is Level.PROBLEM
    assert found.message.startswith("sql/migrations/0003_snapshots.sql was applied before as 0003_snapshots.sql")
    assert "git checkout sql/migrations/0003_snapshots.sql" in (found.remedy or "")


async def test_a_migration_that_was_passed_over_is_named(database: str, tmp_path: Path) -> None:
    execute(database, "delete from private.migrations where number = 2")
    (found,) = await look(own(database), tmp_path)
    assert found.level is Level.PROBLEM
    assert found.message == "sql/migrations/0002_accounts.sql was never applied, though later ones were"


async def test_functions_of_another_release_are_a_warning(database: str, tmp_path: Path) -> None:
    execute(database, "update private.reapplied set checksum = 'another'")
    (found,) = await look(own(database), tmp_path)
    assert (found.level, found.subject) == (Level.WARNING, "migrations")
    migrations.apply(database, SQL, local=True)
    assert await look(own(database), tmp_path) == []


async def test_a_database_without_any_schema_names_the_command(empty_database: str, tmp_path: Path) -> None:
    (found,) = await look(own(empty_database), tmp_path)
    assert (found.level, found.message) == (Level.PROBLEM, "nothing was ever applied here")


async def test_a_database_that_is_not_there_is_told_from_one_that_does_not_answer(
    database: str, tmp_path: Path
) -> None:
    (found,) = await look(own(database.replace("/test_", "/gone_")), tmp_path)
    assert (found.level, found.subject) == (Level.PROBLEM, "database")
    assert "does not exist" in found.message
    assert "create it" in (found.remedy or "")


async def test_a_server_that_cannot_be_reached_says_so_without_the_password(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dsn = f"postgresql://me:{PASSWORD}@127.0.0.1:{closed.getsockname()[1]}/monitor"
        (found,) = await look(own(dsn), tmp_path)
    assert (found.level, found.subject) == (Level.PROBLEM, "database")
    assert "cannot be reached" in found.message
    assert PASSWORD not in str(found)


async def test_hosted_with_the_key_alone_it_says_what_it_could_not_look_at(
    data_api_transport: DataApiTransport, tmp_path: Path
) -> None:
    findings = await examine(hosted(), tmp_path, CLOCK, data_api_transport)
    assert [one.message for one in findings if one.subject == "migrations"] == [
        "the schema is new enough for this release"
    ]
    (unseen,) = [one for one in findings if "not checked" in one.message]
    assert unseen.level is Level.WARNING
    assert unseen.message.startswith("edited migrations, row level security, grants")
    assert "SUPABASE_DB_URL" in (unseen.remedy or "")


async def test_hosted_with_the_key_alone_an_older_schema_is_found(
    database: str, data_api_transport: DataApiTransport, tmp_path: Path
) -> None:
    execute(database, f"delete from private.migrations where number = {SCHEMA_VERSION}")
    (found, _) = await look(hosted(), tmp_path, data_api_transport)
    assert (found.level, found.subject) == (Level.PROBLEM, "migrations")
    assert "SUPABASE_DB_URL" in (found.remedy or "")
    assert "--print" in (found.remedy or "")


async def test_hosted_with_both_ways_in_everything_is_looked_at(
    database: str, data_api_transport: DataApiTransport, tmp_path: Path
) -> None:
    both = hosted(SUPABASE_DB_URL=database.replace("@/", "@localhost/"))
    findings = await examine(both, tmp_path, CLOCK, data_api_transport)
    assert [one.message for one in findings if one.subject == "database"] == [
        "Supabase's Data API answers",
        "the Postgres of SUPABASE_DB_URL answers",
    ]
    assert await look(both, tmp_path, data_api_transport) == []
    execute(database, "alter table public.flows disable row level security")
    assert [one.subject for one in await look(both, tmp_path, data_api_transport)] == ["row security"]


async def test_a_key_of_another_project_is_refused_by_name(
    data_api_transport: DataApiTransport, tmp_path: Path
) -> None:
    other = hosted(SUPABASE_SECRET_KEY="sb_secret_of_another_project")
    found = await look(other, tmp_path, data_api_transport)
    assert found[0].level is Level.PROBLEM
    assert "Supabase's Data API refuses" in found[0].message
    assert "SUPABASE_SECRET_KEY" in (found[0].remedy or "")
    assert "sb_secret_of_another_project" not in str(found)


async def test_a_project_that_does_not_answer_names_what_may_have_paused_it(
    data_api_transport: DataApiTransport, tmp_path: Path
) -> None:
    async def drop(request: httpx.Request) -> None:
        raise httpx.ConnectError("no route", request=request)

    found = await look(hosted(), tmp_path, Wire(data_api_transport, before=[drop]))
    assert (found[0].level, found[0].subject) == (Level.PROBLEM, "database")
    assert "paused" in (found[0].remedy or "")


async def test_a_direct_way_that_leads_nowhere_is_named_and_what_could_not_be_checked_for_it(
    data_api_transport: DataApiTransport, tmp_path: Path
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dsn = f"postgresql://me:{PASSWORD}@127.0.0.1:{closed.getsockname()[1]}/postgres"
        away, unseen = await look(hosted(SUPABASE_DB_URL=dsn), tmp_path, data_api_transport)
    assert away.level is Level.PROBLEM
    assert "the Postgres of SUPABASE_DB_URL cannot be reached" in away.message
    assert "session pooler" in (away.remedy or "")
    assert (unseen.level, unseen.remedy) == (Level.WARNING, "mend SUPABASE_DB_URL, see above")
    assert PASSWORD not in f"{away}{unseen}"


async def test_without_the_key_the_direct_way_is_looked_at_all_the_same(database: str, tmp_path: Path) -> None:
    found = settings.read(
        SECRETS | {"SUPABASE_URL": data_api.URL, "SUPABASE_DB_URL": database.replace("@/", "@localhost/")}
    )
    (missing,) = await look(found, tmp_path)
    assert missing.message == "SUPABASE_SECRET_KEY is not set"


async def test_the_embedded_server_is_looked_at_and_not_made(tmp_path: Path) -> None:
    embedded = settings.read(SECRETS)
    data = tmp_path / "data"
    (nothing,) = [one for one in await examine(embedded, data, CLOCK) if one.subject == "database"]
    assert (nothing.level, data.exists()) == (Level.OK, False)

    async with opened(embedded, data):
        assert await look(embedded, data) == []
    assert await look(embedded, data) == []


def test_every_grant_in_sql_is_a_need_that_is_met() -> None:
    files = [*sql_files.migrations(SQL), *sql_files.reapplied(SQL)]
    found = needs.needs(files)
    targets = {(need.kind, need.target) for need in found}
    assert {need.right for need in found} == {"usage", "select", "insert", "update", "delete", "execute"}
    assert Need("table", "public.flows", "update", "value_before_usd") in found
    assert len([one for one in targets if one[0] == "function"]) == sum(
        file.text.count("grant execute on function") for file in files
    )


def test_what_a_later_file_takes_away_is_needed_no_more() -> None:
    script = """
    create table public.a (id integer); -- grant delete on public.a to service_role;
    grant select, insert, update (x, y) on public.a, public.b to service_role;
    create function public.f(p text) returns void as $$ grant all on public.z to service_role; $$ language sql;
    grant execute on function public.f(text, numeric(4, 2)) to service_role;
    revoke insert on public.a from anon, service_role;
    drop table if exists public.b;
    drop function public.f(text, numeric(4, 2));
    """
    assert set(needs.needs([sql_files.SqlFile("sql/x.sql", script)])) == {
        Need("table", "public.a", "select"),
        Need("table", "public.a", "update", "x"),
        Need("table", "public.a", "update", "y"),
    }
