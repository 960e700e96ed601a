"""What snapshots were made of is kept in full for 35 days, then once a day; no snapshot is ever thinned."""

from datetime import datetime, timedelta

import psycopg
import pytest

from lib.records import Account
from lib.store.client import SupabaseStore
from tests.store.builders import OK, START, complete, new_account, slot, snapshot

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NOW = START + 40 * DAY + 5 * HOUR  # what is older than five days from the start is kept in full
LIVE = """
    insert into snapshots (account_id, slot, at, slot_minutes, nav_usd, complete, whole, missing, unreconciled)
    select %(account)s, t, t, 360, 100, false, t <> %(broken)s,
           case when t = %(broken)s then '{usdm}' else '{flows:deposits}' end::text[], false
      from generate_series(%(since)s::timestamptz, %(until)s::timestamptz, interval '6 hours') as t;
"""
DETAIL = """
    insert into snapshot_details (account_id, slot, made)
    select account_id, slot, '{"holdings": [], "positions": []}' from snapshots where account_id = %(account)s
"""
DAY_OF_IT = " and at > %(since)s and at <= %(since)s + interval '1 day'"
FIRST = """
    update snapshots set complete = true, missing = null, benchmark_usd = 100, nav_index = 1, benchmark_index = 1,
           flow_usd = 0
     where account_id = %(account)s and at = %(at)s
"""
INCEPTION = "update accounts set inception = %(at)s where id = %(account)s"
KEPT = "select slot from snapshot_details where account_id = %s order by slot"
LASTING = "select slot from snapshot_details_lasting where account_id = %s order by slot"
PAGES = """
    select sum(pg_relation_size(i.indexrelid)) / 8192 from pg_index as i
     where i.indrelid in (select t.relid from pg_partition_tree('snapshot_details') as t)
"""


@pytest.fixture
async def lived(store: SupabaseStore, account: Account, database: str) -> str:
    """Forty days of two accounts, a snapshot every six hours; on the third day the last one is not whole."""
    await store.add(new_account("other"))
    values = {"since": START + 6 * HOUR, "until": NOW, "broken": START + 3 * DAY}
    with psycopg.connect(database) as connection:
        for name in ("main", "other"):
            connection.execute(LIVE.encode(), values | {"account": name})
            connection.execute(DETAIL.encode(), {"account": name})
    return database


def kept(database: str, account: str = "main", query: str = KEPT) -> list[datetime]:
    with psycopg.connect(database) as connection:
        return [slot for (slot,) in connection.execute(query.encode(), (account,)).fetchall()]


async def test_after_35_days_one_a_day_is_kept_that_of_its_last_whole_snapshot(
    store: SupabaseStore, lived: str
) -> None:
    await store.finish("run", {}, at=NOW)
    old = [START + number * DAY for number in (1, 2, 3, 4, 5)]
    old[2] -= 6 * HOUR  # midnight was not whole
    young = [START + 5 * DAY + 6 * number * HOUR for number in range(1, 4 * 35 + 1)]
    assert kept(lived) == kept(lived, "other") == [*old, *young]
    assert kept(lived, "main", LASTING) == kept(lived, "other", LASTING) == old
    with psycopg.connect(lived) as connection:
        (count,) = connection.execute(b"select count(*) from snapshots where account_id = 'main'").fetchone() or (0,)
    assert count == 4 * 40


async def test_what_was_held_at_the_inception_is_kept_for_good(store: SupabaseStore, lived: str) -> None:
    inception = START + 6 * HOUR
    with psycopg.connect(lived) as connection:
        for change in (FIRST, INCEPTION):
            connection.execute(change.encode(), {"account": "main", "at": inception})
    await store.finish("run", {}, at=NOW)
    assert kept(lived)[:2] == kept(lived, "main", LASTING)[:2] == [inception, START + DAY]
    assert kept(lived, "other")[0] == START + DAY


async def test_it_is_done_once_a_day(store: SupabaseStore, lived: str) -> None:
    await store.finish("run", {}, at=START + 36 * DAY)
    done = kept(lived)
    await store.finish("run", {}, at=START + 37 * DAY - HOUR)
    assert kept(lived) == done
    await store.finish("run", {}, at=START + 37 * DAY)
    assert len(kept(lived)) == len(done) - 3


async def test_without_its_detail_a_snapshot_is_no_basis(store: SupabaseStore, lived: str) -> None:
    noon = START + 2 * DAY - 12 * HOUR
    instants = [noon + HOUR, START + 2 * DAY + HOUR]
    before = await store.bases("main", instants)
    await store.finish("run", {}, at=NOW)
    after = await store.bases("main", instants)
    assert [basis is None for basis in before.values()] == [False, False]
    assert [basis is None for basis in after.values()] == [True, False]


async def test_what_thinning_left_is_read_and_erased_as_the_rest(store: SupabaseStore, lived: str) -> None:
    await store.finish("run", {}, at=NOW)
    (found,) = await store.holdings("main", START + 4 * DAY + HOUR, 9)
    assert found.snapshot is not None
    assert (found.snapshot.slot, [one.slot for one in found.before]) == (
        START + 4 * DAY,
        [START + 1 * DAY, START + 2 * DAY, START + 3 * DAY - 6 * HOUR],
    )
    with psycopg.connect(lived) as connection:
        connection.execute(b"select erase_account('main', 'Main', 'run')")
    assert (kept(lived), kept(lived, "main", LASTING)) == ([], [])
    assert len(kept(lived, "other", LASTING)) == 5


async def test_a_slot_that_is_taken_anew_after_it_was_thinned_has_one_detail(
    store: SupabaseStore, account: Account, database: str
) -> None:
    """By a clock that was ahead for a while."""
    await store.commit(account, "run", complete(0), OK)
    await store.finish("run", {}, at=slot(0) + 40 * DAY)
    assert kept(database, "main", LASTING) == [slot(0)]
    await store.commit(await store.load("main"), "run", complete(0, "7", late=5), OK)
    assert kept(database) == [slot(0)]
    (found,) = await store.holdings("main", None, 0)
    assert found.snapshot == snapshot(0, "7", late=5)


async def test_the_index_gives_back_what_was_thinned(store: SupabaseStore, account: Account, database: str) -> None:
    """Eighty days of a slot every quarter of an hour, of which five are kept in full."""
    values = {"account": "main", "broken": START, "since": START + 15 * MINUTE}
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(LIVE.replace("6 hours", "15 minutes").encode(), values | {"until": START + 80 * DAY})
        for since in (START + number * DAY for number in range(80)):
            connection.execute((DETAIL + DAY_OF_IT).encode(), values | {"since": since})
            connection.execute("select private.prune_details(%s, 5)", (since + DAY,))
            connection.execute("vacuum snapshot_details")
        ((pages,),) = connection.execute(PAGES.encode()).fetchall()
    assert len(kept(database)) == 75 + 5 * 96
    assert pages < 15  # a page has room for some 200; mingled they would be 41
