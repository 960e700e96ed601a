"""A database of each earlier version, with data in it, is brought up to date: nothing is lost, and life goes on."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from lib.demo.events import Deposit
from lib.store import migrations, sql_files, sql_script
from lib.store.errors import MigrationsBehind
from tests.database import SQL
from tests.spine import BORN_AT, TABLES, Spine, hours, opened, the_world
from tests.usecases.conftest import OpenSpine

NEWEST = migrations.latest(SQL)
PAID_IN = {"1": BORN_AT + timedelta(hours=5.4), "2": BORN_AT + timedelta(hours=20.1)}
COLLECTING = 5  # the first version with every table that a run writes its figures to
FIRST_WITH_ACCOUNTS = 2
# What the state of an account could not say before the version that brought what it is about.
LATER_KEYS = {9: {"jumps", "basis"}, 10: {"refused", "used", "twins", "aliases"}, 11: {"income"}, 12: {"estimated"}}
# What to select from for the rows of a table as versions up to a number have them: the first that fits.
FORMER = {
    # A row for each coin and instant, then a list of numerics.
    "prices": {
        17: """(
            select u.asset, p.at, u.usd
              from public.prices as p join public.price_lists as l on l.id = p.list
             cross join unnest(l.assets, string_to_array(p.usd, ',')::numeric[]) as u (asset, usd))""",
        19: "(select p.at, p.list, string_to_array(p.usd, ',')::numeric[] as usd from public.prices as p)",
    },
    # An empty list where nothing was missing.
    "snapshots": {
        19: """(
            select t.* from public.snapshots as s
             cross join lateral
                   jsonb_populate_record(s, jsonb_build_object('missing', coalesce(s.missing, '{}'))) as t)""",
    },
    # Columns of their own.
    "snapshot_details": {
        17: """(
            select d.account_id, d.slot, (d.made -> 'holdings')::jsonb as holdings,
                   (d.made -> 'positions')::jsonb as positions, nullif((d.made -> 'checks')::jsonb, 'null') as checks
              from public.snapshot_details as d)""",
    },
}
MINGLED = 19  # the last version with all details in one place
SINGLE = {"session_generation"}  # a row that the migration itself makes
ALL_TABLES = (
    "price_lists",
    *TABLES,
    *("logs", "chores", "flow_decisions", "policy_changes", "bans", "login_tries", "shares"),
    *("alert_episodes", "alert_messages"),
)


@dataclass(frozen=True, slots=True)
class Life:
    """All rows of a database as JSON by table, each table after those it refers to."""

    rows: dict[str, str]
    ended: Spine


def kept(table: str, number: int) -> str:
    """What to select from for the rows of a table as that version has them."""
    forms = FORMER.get(table, {})
    return next((form for last, form in forms.items() if number <= last), f"public.{table}")


def all_rows(spine: Spine, number: int) -> dict[str, str]:
    # numerics as text on the way: whatever reads JSON may make floats of them
    return {
        table: spine.sql(f"select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text from {kept(table, number)} as t")[0][0]
        for table in ALL_TABLES
    }


async def lived(open_spine: OpenSpine, number: int) -> Life:
    """What a release of that version could have stored."""
    paid_in = [Deposit(id_, "ETH", Decimal("0.7"), "spot", "N", "a", id_, at, at, at) for id_, at in PAID_IN.items()]
    spine = await open_spine(the_world().adding("Spot", *paid_in))
    if number >= COLLECTING:
        await spine.collect_at([BORN_AT, *hours(BORN_AT, 3, step=6)])
        assert spine.sql("select count(*) from flows") == [(1,)]
        spine.sql("insert into bans values ('binance', '2026-08-24T07:00:00Z')")
        spine.sql("insert into alert_episodes values ('main', 'stale', '', '2026-08-24T07:00:00Z', 'late')")
        spine.sql("insert into shares values ('s', 'hash', 'main', '2026-08-24T07:00:00Z')")
    for version, keys in LATER_KEYS.items():
        if number < version:
            spine.sql("update accounts set state = state - %s::text[]", list(keys))
    return Life(all_rows(spine, number), spine)


def columns_of(connection: psycopg.Connection, table: str) -> list[str]:
    found = connection.execute(
        "select attname from pg_attribute where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped",
        (f"public.{table}",),
    )
    return [name for (name,) in found]


def made(dsn: str, tmp_path: Path, number: int, life: Life) -> None:
    """A database at that version with as much of the life as it has tables and columns for."""
    older = tmp_path / f"sql-{number}"
    shutil.copytree(SQL / "local", older / "local")
    (older / "migrations").mkdir()
    for file in sql_files.migrations(SQL)[:number]:
        shutil.copy(SQL / "migrations" / file.name, older / "migrations")
    assert migrations.apply(dsn, older, local=True).version == number
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table, rows in life.rows.items():
            if columns := ", ".join(columns_of(connection, table)):
                query = (
                    f"insert into public.{table} ({columns}) overriding system value "
                    f"select {columns} from jsonb_populate_recordset(null::public.{table}, %s::jsonb)"
                )
                connection.execute(query.encode(), (rows,))


def carried(dsn: str, life: Life, number: int, columns: dict[str, list[str]]) -> None:
    """Every row and column that the older version had is there, to the last digit."""
    with psycopg.connect(dsn) as connection, psycopg.connect(life.ended.dsn) as source:
        for table, names in columns.items():
            query = f"select {', '.join(names)} from {kept(table, number)} as t".encode()
            rows, before = connection.execute(query).fetchall(), source.execute(query).fetchall()
            assert sorted(rows, key=str) == sorted(before, key=str), table


def test_every_table_is_among_those_that_are_carried(database: str) -> None:
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') "
            "and not relispartition"  # a part is carried with its whole
        ).fetchall()
    assert {name for (name,) in found} == {*ALL_TABLES, *SINGLE}


@pytest.mark.parametrize("number", range(1, NEWEST))
async def test_each_earlier_version_with_data_in_it_is_brought_up_to_date(
    open_spine: OpenSpine, empty_database: str, tmp_path: Path, number: int
) -> None:
    life = await lived(open_spine, number)
    made(empty_database, tmp_path, number, life)
    with psycopg.connect(empty_database) as connection:
        known = {table: names for table in ALL_TABLES if (names := columns_of(connection, table))}

    assert len(migrations.apply(empty_database, SQL, local=True).migrations) == NEWEST - number
    assert migrations.apply(empty_database, SQL, local=True).migrations == ()
    carried(empty_database, life, number, known)

    before = life.ended
    async with opened(empty_database, before.world, before.now) as after:
        if number < FIRST_WITH_ACCOUNTS:
            await after.add_accounts()
        assert await figures(after) == (await figures(before) if number >= COLLECTING else {})
        after.expire_leases()
        instants = hours(before.now, 2, step=6)
        await after.collect_at(instants)
        await after.assert_sound()
        await before.collect_at(instants)
        ledger = "select account_id, id, at, usd from flows order by 1, 2"
        assert len(before.sql(ledger)) == (2 if number >= COLLECTING else 0)
        assert after.sql(ledger) == before.sql(ledger)


async def test_details_that_thinning_had_left_lie_where_it_leaves_them_now(
    open_spine: OpenSpine, empty_database: str, tmp_path: Path
) -> None:
    life = await lived(open_spine, MINGLED)
    made(empty_database, tmp_path, MINGLED, life)
    instants = (BORN_AT, *hours(BORN_AT, 3, step=6))
    with psycopg.connect(empty_database, autocommit=True) as connection:
        thinned_at = instants[-1] + timedelta(days=35)
        connection.execute("update chores set done_at = %s where name = 'prune_details'", (thinned_at,))
        migrations.apply(empty_database, SQL, local=True)
        found = connection.execute("select distinct slot, lasting from snapshot_details order by 1").fetchall()
    assert found == [(at, at.day == BORN_AT.day) for at in instants]


async def figures(spine: Spine) -> dict[str, Any]:
    """What the store tells of every account that has a snapshot."""
    return {name: (one.rows, one.events) for name, one in (await spine.histories()).items() if one.rows}


async def test_the_script_for_the_editor_carries_a_database_with_data_on_as_the_runner_does(
    open_spine: OpenSpine, empty_database: str, tmp_path: Path
) -> None:
    life = await lived(open_spine, COLLECTING)
    made(empty_database, tmp_path, COLLECTING, life)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        for _ in range(2):  # pasted once more it changes nothing
            connection.execute(sql_script.render(SQL).encode())
    assert migrations.apply(empty_database, SQL, local=True).migrations == ()
    async with opened(empty_database, life.ended.world, life.ended.now) as after:
        assert await figures(after) == await figures(life.ended)


@pytest.mark.parametrize("number", [NEWEST - 1])
async def test_an_older_schema_is_behind_and_nothing_is_stored_in_it(open_spine: OpenSpine, number: int) -> None:
    """Deployed before it was migrated: refused with the command, and the next run after it goes on."""
    spine = await open_spine()
    await spine.collect_at([BORN_AT])
    spine.sql("delete from private.migrations where number = %s", NEWEST)
    before = spine.stored()
    with pytest.raises(MigrationsBehind) as refused:
        await spine.collect(hours(BORN_AT, 1)[0])
    assert "./monitor migrate" in str(refused.value)
    assert spine.stored() == before
    await spine.assert_sound()
