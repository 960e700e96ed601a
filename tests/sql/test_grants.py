"""Who may do what: the two roles the world can speak for may do nothing, the service role what the code does."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest
from psycopg import sql

from lib.local.data_api import URL, DataApiTransport
from lib.store import migrations
from tests.database import SQL

OUTSIDERS = ("anon", "authenticated")
GENEROUS = """
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
"""
TABLES = """
select c.oid::regclass::text from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
 where n.nspname in ('public', 'private') and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1
"""
SEQUENCES = """
select c.oid::regclass::text from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
 where n.nspname in ('public', 'private') and c.relkind = 'S' order by 1
"""
FUNCTIONS = """
select p.oid::regprocedure::text from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
 where n.nspname in ('public', 'private') order by 1
"""


@pytest.fixture(params=["a Postgres of one's own", "a hosted project that grants everything by default"])
def migrated(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    if request.param.startswith("a hosted"):
        request.getfixturevalue("database_template")  # the roles are the server's
        dsn = request.getfixturevalue("empty_database")
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(GENEROUS)
        migrations.apply(dsn, SQL, local=True)
    else:
        dsn = request.getfixturevalue("database")
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def names(connection: psycopg.Connection, query: str) -> list[str]:
    found = [name for (name,) in connection.execute(query.encode())]
    assert found
    return found


def allowed(connection: psycopg.Connection, question: str, role: str, objects: list[str], rights: str) -> list[str]:
    """The rights that `role` has, by the database's own account."""
    query = sql.SQL("select o || ' ' || r from unnest(%s::text[]) as o, unnest(%s::text[]) as r where {}(%s, o, r)")
    return [
        right
        for (right,) in connection.execute(query.format(sql.Identifier(question)), (objects, rights.split(), role))
    ]


@pytest.mark.parametrize("role", OUTSIDERS)
def test_outsiders_have_no_right_to_anything(migrated: psycopg.Connection, role: str) -> None:
    tables, sequences, functions = (names(migrated, query) for query in (TABLES, SEQUENCES, FUNCTIONS))
    every = "select insert update delete truncate references trigger"
    columns = "select insert update references"
    assert allowed(migrated, "has_table_privilege", role, tables, every) == []
    assert allowed(migrated, "has_any_column_privilege", role, tables, columns) == []
    assert allowed(migrated, "has_sequence_privilege", role, sequences, "select usage update") == []
    assert allowed(migrated, "has_function_privilege", role, functions, "execute") == []
    assert allowed(migrated, "has_schema_privilege", role, ["private"], "usage create") == []


@pytest.mark.parametrize("role", OUTSIDERS)
def test_outsiders_are_turned_away_at_each_table(migrated: psycopg.Connection, role: str) -> None:
    tables = [name for name in names(migrated, TABLES) if not name.startswith("private.")]
    attempts = ["select * from {}", "delete from {}", "insert into {} default values", "truncate {}"]
    migrated.execute(f"set role {role}".encode())
    for statement in [attempt.format(table) for table in tables for attempt in attempts]:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            migrated.execute(statement.encode())


def test_every_table_has_row_security_and_no_policy_opens_it(migrated: psycopg.Connection) -> None:
    query = "select relrowsecurity from pg_class where oid = %s::regclass"
    assert [name for name in names(migrated, TABLES) if migrated.execute(query, (name,)).fetchone() != (True,)] == []
    assert migrated.execute("select * from pg_policies").fetchall() == []


def test_no_function_lends_its_owners_rights_or_trusts_the_callers_search_path(migrated: psycopg.Connection) -> None:
    lax = migrated.execute(
        "select p.oid::regprocedure::text from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace "
        "where n.nspname in ('public', 'private') "
        "and (p.prosecdef or not coalesce('search_path=\"\"' = any (p.proconfig), false))"
    ).fetchall()
    assert lax == []


def test_no_function_has_two_forms(migrated: psycopg.Connection) -> None:
    bare = [name.split("(", maxsplit=1)[0] for name in names(migrated, FUNCTIONS)]
    assert len(bare) == len(set(bare))


def test_the_service_role_may_call_every_function_and_cannot_empty_a_table(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        functions, tables = names(connection, FUNCTIONS), names(connection, TABLES)
        assert len(allowed(connection, "has_function_privilege", "service_role", functions, "execute")) == len(
            functions
        )
        assert allowed(connection, "has_table_privilege", "service_role", tables, "truncate trigger references") == []


def test_the_ledger_changes_in_its_value_before_alone(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        granted = connection.execute(
            "select string_agg(column_name, ',') from information_schema.column_privileges "
            "where grantee = 'service_role' and table_name = 'flows' and privilege_type = 'UPDATE'"
        ).fetchone()
        assert granted == ("value_before_usd",)
        assert allowed(connection, "has_table_privilege", "service_role", ["flows", "snapshots"], "delete") == []


async def test_the_data_api_refuses_every_function_without_the_secret_key(
    data_api_transport: DataApiTransport, database: str
) -> None:
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "select proname, coalesce(proargnames, '{}') from pg_proc where pronamespace = 'public'::regnamespace"
        ).fetchall()
    assert found
    async with httpx.AsyncClient(transport=data_api_transport, base_url=URL) as http:
        for function, arguments in found:
            body = dict.fromkeys(arguments)
            answer = await http.post(f"/rest/v1/rpc/{function}", json=body, headers={"apikey": "sb_publishable_x"})
            assert (answer.status_code, answer.json()["code"]) == (401, "42501"), function
