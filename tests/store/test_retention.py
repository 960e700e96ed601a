"""What snapshots were made of is kept in full for 35 days, then once a day; no snapshot is ever thinned."""

from datetime import datetime, timedelta

import psycopg
import pytest

from lib.records import Account
from lib.store.client import SupabaseStore
from tests.store.builders import START, new_account

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
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
FIRST = """
    update snapshots set complete = true, missing = '{}', benchmark_usd = 100, nav_index = 1, benchmark_index = 1,
           flow_usd = 0
     where account_id = %(account)s and at = %(at)s
"""
INCEPTION = "update accounts set inception = %(at)s where id = %(account)s"
KEPT = "select slot from snapshot_details where account_id = %s order by slot"


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


def kept(database: str, account: str = "main") -> list[datetime]:
    with psycopg.connect(database) as connection:
        return [slot for (slot,) in connection.execute(KEPT.encode(), (account,)).fetchall()]


async def test_after_35_days_one_a_day_is_kept_that_of_its_last_whole_snapshot(
    store: SupabaseStore, lived: str
) -> None:
    await store.finish("run", {}, at=NOW)
    old = [START + number * DAY for number in (1, 2, 3, 4, 5)]
    old[2] -= 6 * HOUR  # midnight was not whole
    young = [START + 5 * DAY + 6 * number * HOUR for number in range(1, 4 * 35 + 1)]
    assert kept(lived) == kept(lived, "other") == [*old, *young]
    with psycopg.connect(lived) as connection:
        (count,) = connection.execute(b"select count(*) from snapshots where account_id = 'main'").fetchone() or (0,)
    assert count == 4 * 40


async def test_what_was_held_at_the_inception_is_kept_for_good(store: SupabaseStore, lived: str) -> None:
    inception = START + 6 * HOUR
    with psycopg.connect(lived) as connection:
        for change in (FIRST, INCEPTION):
            connection.execute(change.encode(), {"account": "main", "at": inception})
    await store.finish("run", {}, at=NOW)
    assert kept(lived)[:2] == [inception, START + DAY]
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
