"""The row of each UTC day: kept with what it follows from, and the same as one made from scratch."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from lib.domain.state import Outcome
from lib.errors import NotFound
from lib.records import Account
from lib.store.client import SupabaseStore
from tests.database import SQL
from tests.spine import OTHER_DAYS
from tests.store.builders import OK, START, at, complete, outcome, row, slot, snapshot

FILL = (SQL / "migrations" / "0017_days.sql").read_text().partition("insert into")


async def commit(store: SupabaseStore, *outcomes: Outcome, account: str = "main") -> None:
    for decided in outcomes:
        await store.commit(await store.load(account), "run", decided, OK)


def sql(dsn: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def days(dsn: str, columns: str) -> list[tuple[Any, ...]]:
    assert sql(dsn, OTHER_DAYS) == []
    return sql(dsn, f"select {columns} from days order by day")


async def test_a_day_tells_its_extremes_and_when_they_were_first(
    store: SupabaseStore, account: Account, database: str
) -> None:
    navs = {20: "7", 21: "5", 22: "9", 23: "5", 25: "9"}
    await commit(store, *(complete(hour, nav) for hour, nav in navs.items()))
    first, second = days(
        database, "day, many, last_at, lowest_usd, lowest_at, highest_usd, highest_at, index_high_at, benchmark_high_at"
    )
    assert first[1:3] == (4, at(23))
    assert first[3:7] == (Decimal(5), at(21), Decimal(9), at(22))
    assert first[7:] == (at(23), at(23))  # of these rows both indices only rise
    assert second[:3] == (START.date() + timedelta(days=1), 1, at(25))


async def test_midnight_ends_a_day(store: SupabaseStore, account: Account, database: str) -> None:
    midnight = START + timedelta(days=1)
    early = replace(row(23), at=midnight, slot=slot(23))
    await commit(store, outcome(replace(snapshot(23), at=midnight), [early]), complete(24))
    assert days(database, "day, last_at") == [
        (START.date(), midnight),
        (START.date() + timedelta(days=1), at(24)),
    ]


async def test_a_fall_counts_from_the_days_own_highest(store: SupabaseStore, account: Account, database: str) -> None:
    for hour, index in enumerate(("4", "8", "2", "6", "3")):
        risen = replace(row(hour), nav_index=Decimal(index), benchmark_index=Decimal(9 - hour))
        await commit(store, outcome(snapshot(hour), [risen]))
    (told,) = days(database, "index_low, index_high, index_left, benchmark_low, benchmark_high, benchmark_left")
    assert told == (2, 8, 0.25, 5, 9, 5 / 9)


@pytest.mark.parametrize(
    ("notes", "stirred"),
    [
        pytest.param(("idle", None), None, id="the last is not idle"),
        pytest.param((None, "idle"), 0, id="one before it"),
        pytest.param(("idle", "idle"), None, id="none"),
    ],
)
async def test_a_day_tells_whether_anything_was_at_stake(
    store: SupabaseStore, account: Account, database: str, notes: tuple[str | None, ...], stirred: int | None
) -> None:
    for hour, note in enumerate(notes):
        await commit(store, outcome(snapshot(hour), [replace(row(hour), note=note)]))
    assert days(database, "stirred_at") == [(None if stirred is None else at(stirred),)]


async def test_flows_wipe_outs_and_gaps_are_in_their_days(
    store: SupabaseStore, account: Account, database: str
) -> None:
    await commit(store, complete(22))
    await commit(store, outcome(snapshot(26), [replace(row(26), flow_usd=Decimal(5), note="wiped_out")]))
    assert days(database, "flows, wiped_out, gaps_from, gaps_to") == [
        (0, False, None, None),
        (1, True, [at(22)], [at(26)]),
    ]


async def test_an_append_touches_one_day(store: SupabaseStore, account: Account, database: str) -> None:
    await commit(store, *(complete(hour) for hour in (0, 24, 48)))
    before = days(database, "day, xmin")
    await commit(store, complete(49))
    after = days(database, "day, xmin")
    assert after[:2] == before[:2]
    assert after[2] != before[2]


async def test_what_restates_rewrites_from_that_day_on(store: SupabaseStore, account: Account, database: str) -> None:
    await commit(store, *(complete(hour) for hour in (0, 24, 25, 48)))
    before = days(database, "day, xmin, index_high")
    again = [replace(row(hour), nav_index=Decimal(7), flow_usd=Decimal(1)) for hour in (25, 48)]
    await commit(store, outcome(rows=again, restated_from=at(25)))
    after = days(database, "day, xmin, index_high")
    assert after[0] == before[0]
    assert [told[2] for told in after[1:]] == [9, 7]


async def test_a_snapshot_taken_again_after_midnight_leaves_its_day(
    store: SupabaseStore, account: Account, database: str
) -> None:
    await commit(store, complete(22), complete(23))
    await commit(store, complete(23, "120", late=65))
    assert days(database, "many, last_at") == [(1, at(22)), (1, at(23) + timedelta(minutes=65))]


async def test_one_that_becomes_complete_later_closes_a_gap(
    store: SupabaseStore, account: Account, database: str
) -> None:
    waits = outcome(snapshot(23, missing=("flows:deposits",)))
    await commit(store, complete(22), waits, complete(24))
    assert days(database, "gaps_from") == [(None,), ([at(22)],)]
    await commit(store, outcome(rows=[row(23), row(24)], completed=[slot(23)]))
    assert days(database, "many, gaps_from") == [(2, None), (1, None)]


async def test_the_migration_fills_days_as_they_are_kept(store: SupabaseStore, account: Account, database: str) -> None:
    for hour, index in enumerate(("1", "0.2", "1e-200", "7", "0", "0.3")):
        note = "idle" if hour == 2 else None
        told = replace(row(5 * hour), nav_index=Decimal(index), note=note)
        await commit(store, outcome(snapshot(5 * hour, str(hour)), [told]))
    before = days(database, "*")
    sql(database, "delete from days")
    sql(database, FILL[1] + FILL[2])
    assert days(database, "*") == before


async def test_an_erased_account_leaves_no_day(store: SupabaseStore, account: Account, database: str) -> None:
    await commit(store, complete(0))
    assert days(database, "many") == [(1,)]
    sql(database, f"select erase_account('main', '{account.name}', 'run')")
    assert days(database, "many") == []


async def test_days_of_an_account_that_is_not_there_cannot_be_rebuilt(store: SupabaseStore) -> None:
    with pytest.raises(NotFound):
        await store.rebuild_days("nobody")
