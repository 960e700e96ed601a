"""Claiming: who is due, and that nobody is given out twice."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from lib.errors import NotFound
from lib.records import Account, AccountExists, Claim, Status
from lib.store.client import SupabaseStore
from tests.store.builders import OK, START, complete, new_account, outcome, slot, snapshot


async def claim(
    store: SupabaseStore, hour: int = 0, run: str = "run", *, limit: int = 10, account: str | None = None,
    force: bool = False,
) -> list[str]:  # fmt: skip
    claimed = await store.claim(run, slot(hour), lease_s=60, limit=limit, account=account, force=force)
    return [each.id for each in claimed.accounts]


@pytest.fixture
async def three(store: SupabaseStore) -> list[str]:
    for id_ in ("a", "b", "c"):
        await store.add(new_account(id_))
    return ["a", "b", "c"]


def edit(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement.encode())


async def test_a_claim_hands_over_what_a_run_needs(store: SupabaseStore, account: Account) -> None:
    assert await store.claim("run", slot(0), lease_s=60, limit=1) == Claim((account,))
    assert account.sealed_key == "sealed:main"
    assert "sealed" not in repr(account)


async def test_two_claims_at_once_give_each_account_to_one(store: SupabaseStore, three: list[str]) -> None:
    claims = await asyncio.gather(*(claim(store, run=f"run {n}", limit=2) for n in range(4)))
    assert sorted(id_ for claimed in claims for id_ in claimed) == three


async def test_a_claim_neither_waits_for_one_under_way_nor_takes_what_that_takes(
    store: SupabaseStore, three: list[str], database: str
) -> None:
    with psycopg.connect(database) as other:
        other.execute("select public.claim_accounts('other', %s, 60, 2, 1)", (slot(0),))
        async with asyncio.timeout(5):
            assert await claim(store) == ["c"]
    assert await claim(store) == []


async def test_a_leased_account_is_given_out_again_once_the_lease_has_expired(
    store: SupabaseStore, three: list[str], database: str
) -> None:
    assert await claim(store) == three
    assert await claim(store, force=True) == []
    edit(database, "update public.accounts set leased_until = clock_timestamp() - interval '1 ms' where id = 'b'")
    assert await claim(store, run="next") == ["b"]


async def test_the_longest_untried_comes_first(store: SupabaseStore, three: list[str]) -> None:
    assert await claim(store, limit=1) == ["a"]
    assert await claim(store, 0, limit=1) == ["b"]
    await store.finish("run", {})
    assert await claim(store, 1, limit=3) == ["c", "a", "b"]


async def test_an_account_is_due_until_its_slot_has_a_complete_snapshot(store: SupabaseStore, account: Account) -> None:
    await store.commit(account, "run", outcome(snapshot(0, missing=("spot",))), OK)
    assert await claim(store) == ["main"]
    await store.commit(await store.load("main"), "run", complete(0), OK)
    assert await claim(store) == []
    assert await claim(store, 1) == ["main"]


async def test_force_claims_an_account_whose_slot_is_complete(store: SupabaseStore, account: Account) -> None:
    await store.commit(account, "run", complete(0), OK)
    assert await claim(store, force=True) == ["main"]


async def test_one_account_can_be_asked_for(store: SupabaseStore, three: list[str]) -> None:
    assert await claim(store, account="b") == ["b"]
    assert await claim(store, account="nobody") == []


async def test_a_paused_and_a_closed_account_are_not_due(store: SupabaseStore, three: list[str], database: str) -> None:
    edit(database, f"update public.accounts set paused_at = '{START}' where id = 'a'")
    edit(database, f"update public.accounts set closed_at = '{START}' where id = 'b'")
    assert await claim(store, force=True) == ["c"]
    assert [each.state for each in await store.accounts()] == ["paused", "closed", "active"]


async def test_a_commit_ends_the_lease(store: SupabaseStore, account: Account) -> None:
    (claimed,) = (await store.claim("run", slot(0), lease_s=60, limit=1)).accounts
    await store.commit(claimed, "run", outcome(snapshot(0, missing=("spot",))), OK)
    assert await claim(store) == ["main"]


async def test_a_late_commit_does_not_end_the_lease_of_the_run_that_took_over(
    store: SupabaseStore, account: Account, database: str
) -> None:
    (claimed,) = (await store.claim("slow", slot(0), lease_s=60, limit=1)).accounts
    edit(database, "update public.accounts set leased_until = clock_timestamp() - interval '1 ms'")
    assert await claim(store, run="next") == ["main"]
    await store.commit(claimed, "slow", outcome(), OK)
    assert await claim(store, run="third", force=True) == []


async def test_finish_frees_what_the_run_still_holds_and_says_why_it_failed(
    store: SupabaseStore, three: list[str]
) -> None:
    assert await claim(store, run="mine", limit=2) == ["a", "b"]
    assert await claim(store, run="theirs") == ["c"]
    failed = Status("needs_attention", "the key is unknown")
    for _ in range(2):
        await store.finish("mine", {"a": failed, "c": Status("error", "not mine to say")})
    assert [each.status for each in await store.accounts()] == [failed, Status("new"), Status("new")]
    assert await claim(store, 1) == ["a", "b"]


async def test_a_turn_that_did_not_come_is_no_try(store: SupabaseStore, three: list[str]) -> None:
    """Deferred again and again, an account must not fall behind those that were tried meanwhile."""
    assert await claim(store, 0, limit=2) == ["a", "b"]
    await store.finish("run", {}, deferred=["b"])
    assert await claim(store, 1) == ["b", "c", "a"]
    await store.finish("run", {}, deferred=["c", "a"])
    for _ in range(2):
        assert await claim(store, 2) == ["c", "a", "b"]
        await store.finish("run", {}, deferred=three)


async def test_a_ban_is_remembered_and_comes_with_every_claim(store: SupabaseStore, three: list[str]) -> None:
    assert (await store.claim("run", slot(0), lease_s=60, limit=1)).banned_until is None
    for hour in (3, 2):  # the newest one counts: another address, another ban
        await store.finish("run", {}, banned_until=slot(hour))
        await store.finish("run", {})
        assert (await store.claim("run", slot(0), lease_s=60, limit=3)).banned_until == slot(hour)
        await store.finish("run", {})


async def test_finish_leaves_the_status_of_a_committed_account(store: SupabaseStore, account: Account) -> None:
    (claimed,) = (await store.claim("run", slot(0), lease_s=60, limit=1)).accounts
    await store.commit(claimed, "run", complete(0), Status("partial", "earn"))
    await store.finish("run", {"main": Status("error", "late news")})
    assert [each.status for each in await store.accounts()] == [Status("partial", "earn")]


async def test_the_lease_alone_is_told_by_the_databases_clock(
    store: SupabaseStore, account: Account, database: str
) -> None:
    await claim(store, 24 * 365 * 50)
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "select last_tried_at, leased_until - clock_timestamp() from public.accounts"
        ).fetchone()
    assert row is not None
    assert row[0] == slot(24 * 365 * 50)
    assert timedelta(0) < row[1] <= timedelta(seconds=60)


@pytest.mark.parametrize("taken", ["id", "name", "uid"])
async def test_an_account_is_added_once(store: SupabaseStore, account: Account, taken: str) -> None:
    twin = {"id": "main", "name": "Main", "uid": "uid-main"}[taken]
    with pytest.raises(AccountExists, match="is there already") as caught:
        await store.add(new_account("other", **{taken: twin}))
    assert "sealed" not in str(caught.value)
    assert len(await store.accounts()) == 1


async def test_an_unknown_account_is_named(store: SupabaseStore) -> None:
    for asked in (store.load("nobody"), store.truth("nobody"), store.history("nobody")):
        with pytest.raises(NotFound, match="nobody"):
            await asked
