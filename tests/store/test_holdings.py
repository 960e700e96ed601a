"""What accounts held, read back: of the newest whole snapshot, or of one in the past, with those before it."""

from dataclasses import replace

import psycopg
import pytest

from lib.domain.holdings import Compared
from lib.errors import NotFound
from lib.records import Account
from lib.store.client import SupabaseStore
from tests.store.builders import OK, START, at, complete, new_account, outcome, row, slot, snapshot, state

WAITS = ("flows:deposits",)


async def commit(store: SupabaseStore, hour: int, *missing: str) -> None:
    found = complete(hour, str(100 + hour))
    if missing:
        found = replace(outcome(snapshot(hour, missing=missing)), state=state(row(0)))
    await store.commit(await store.load("main"), "run", found, OK)


async def test_the_newest_whole_snapshot_comes_with_all_it_was_made_of(store: SupabaseStore, account: Account) -> None:
    for hour, missing in ((0, ()), (1, ()), (2, WAITS), (3, ("spot",))):
        await commit(store, hour, *missing)
    (found,) = await store.holdings("main", None, 60)
    assert (found.account, found.inception, found.left_at) == ("main", at(0), None)
    assert found.snapshot == snapshot(2, missing=WAITS)
    assert found.before == tuple(
        Compared(at(hour), slot(hour), snapshot(hour, str(100 + hour)).checks) for hour in (0, 1)
    )


async def test_a_past_one_is_the_last_at_or_before_that_time(store: SupabaseStore, account: Account) -> None:
    for hour in range(4):
        await commit(store, hour)
    for hour in range(4):
        (found,) = await store.holdings("main", at(hour), 2)
        assert found.snapshot == snapshot(hour, str(100 + hour))
        assert [one.at for one in found.before] == [at(earlier) for earlier in range(max(hour - 2, 0), hour)]
    (before,) = await store.holdings("main", START, 60)
    assert (before.snapshot, before.before) == (None, ())


async def test_a_snapshot_whose_detail_is_gone_is_passed_over(
    store: SupabaseStore, account: Account, database: str
) -> None:
    for hour in range(3):
        await commit(store, hour)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("delete from snapshot_details where slot = %s", [slot(2)])
    (found,) = await store.holdings("main", None, 60)
    assert found.snapshot == snapshot(1, "101")


async def test_everybody_is_read_at_once_and_who_left_says_when(store: SupabaseStore, account: Account) -> None:
    await store.add(new_account("other"))
    await commit(store, 0)
    await store.set_state("main", "paused", at(1), "run")
    await store.set_state("main", "closed", at(2), "run")
    main, other = await store.holdings(None, None, 60)
    assert (main.account, main.left_at, main.snapshot) == ("main", at(1), snapshot(0))
    assert (other.account, other.left_at, other.snapshot, other.before) == ("other", None, None, ())


async def test_an_account_that_is_not_there_is_answered_with_those_that_are(store: SupabaseStore) -> None:
    with pytest.raises(NotFound, match=r"there is no account 'main'; none was added yet$"):
        await store.load("main")
    for name in ("closed", *(f"a{number}" for number in range(11))):
        await store.add(new_account(name))
    await store.set_state("closed", "closed", at(1), "run")
    named = ", ".join(f"a{number} \\(A{number}\\)" for number in range(10))
    for asked in (store.load, store.record, store.truth, store.editions, store.history, store.flows):
        with pytest.raises(NotFound, match=f"there is no account 'A1'; those there are: {named} and 1 more$"):
            await asked("A1")
    with pytest.raises(NotFound, match=f"'nobody'; those there are: {named}"):
        await store.set_state("nobody", "paused", at(1), "run")


async def test_nobody_holds_nothing(store: SupabaseStore) -> None:
    with pytest.raises(NotFound, match="there is no account 'nobody'"):
        await store.holdings("nobody", None, 60)
    with pytest.raises(NotFound, match="there is no account 'nobody'"):
        await store.flows("nobody")
    assert await store.holdings(None, None, 60) == ()
