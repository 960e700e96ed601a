"""Committing: whole or not at all, once, and what replaces what."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from lib.domain.prices import history_of
from lib.domain.state import Outcome
from lib.errors import NotFound
from lib.records import Account, AccountHistory, VersionMoved
from lib.store.client import SupabaseStore
from lib.store.errors import StoreRefused
from tests.store.builders import (
    OK,
    at,
    complete,
    event,
    flow,
    new_account,
    outcome,
    prices,
    row,
    slot,
    snapshot,
    state,
)

FLOWS = ("flows:deposits",)


async def commit(store: SupabaseStore, *outcomes: Outcome, account: str = "main") -> AccountHistory:
    for decided in outcomes:
        await store.commit(await store.load(account), "run", decided, OK)
    (history,) = await store.history(account, prices=True)
    return history


def everything(dsn: str) -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    with psycopg.connect(dsn) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        return {
            name: connection.execute(f'select t::text from public."{name}" as t order by 1'.encode()).fetchall()
            for (name,) in tables
        }


async def test_an_outcome_is_stored_whole(store: SupabaseStore, account: Account) -> None:
    paid, when = flow("deposit:1", at(0) + timedelta(minutes=7), before="99.5"), at(0) + timedelta(minutes=7)
    begin = event(at(0), "start")
    decided = outcome(
        snapshot(0), [row(0)], booked=[paid], events=[begin, event(when)], known_prices=prices(at(0), when),
        rebalances=[when],
    )  # fmt: skip
    history = await commit(store, decided)
    assert history.rows == (row(0),)
    assert history.slot_minutes == (60,)
    assert history.inception == at(0)
    assert history.flows == (paid,)
    assert history.events == (begin, event(when))
    assert history.prices == history_of(prices(at(0), when))
    assert (await store.truth("main")).rebalances == (when,)
    assert (await store.load("main")).state == decided.state
    assert (await store.load("main")).version == account.version + 1


BAD = {
    "a row without its snapshot": replace(complete(1), rows=(row(1), row(0), row(5))),
    "a complete snapshot without its row": replace(complete(1), rows=()),
    "a completed slot that was never held": replace(complete(1), completed=(slot(7),)),
    "a price below nothing": replace(complete(1), prices=prices(at(1), usd="-1")),
    "a flow without a name": replace(complete(1), booked=(flow("", at(1)),)),
    "an event twice": replace(complete(1), events=(event(at(0), "start"),)),
    "a number too large to keep": replace(complete(1), events=(replace(event(at(1)), usd=Decimal("1E+200000")),)),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_an_error_in_the_middle_leaves_nothing(
    store: SupabaseStore, account: Account, database: str, bad: Outcome
) -> None:
    await commit(store, replace(complete(0), events=(event(at(0), "start"),)))
    before = everything(database)
    with pytest.raises(StoreRefused):
        await commit(store, replace(bad, booked=(flow("deposit:1", at(1)), *bad.booked)))
    assert everything(database) == before


async def test_a_commit_on_an_old_version_is_refused_and_changes_nothing(
    store: SupabaseStore, account: Account, database: str
) -> None:
    await store.commit(account, "run", complete(0), OK)
    before = everything(database)
    with pytest.raises(VersionMoved, match=f"version {account.version}") as caught:
        await store.commit(account, "run", complete(1), OK)
    assert caught.value.retryable
    assert everything(database) == before


async def test_of_many_commits_at_once_one_is_stored(store: SupabaseStore, account: Account) -> None:
    answers = await asyncio.gather(
        *(store.commit(account, f"run {n}", complete(0, str(n)), OK) for n in range(6)), return_exceptions=True
    )
    assert [answer for answer in answers if answer is None] == [None]
    assert sum(isinstance(answer, VersionMoved) for answer in answers) == 5


async def test_a_flow_that_is_booked_already_means_that_the_state_was_old(
    store: SupabaseStore, account: Account, database: str
) -> None:
    await commit(store, replace(complete(0), booked=(flow("deposit:1", at(0)),)))
    before = everything(database)
    with pytest.raises(VersionMoved):
        await commit(store, replace(complete(1), booked=(flow("deposit:2", at(1)), flow("deposit:1", at(1)))))
    assert everything(database) == before


async def test_accounts_may_share_flow_ids_and_prices(store: SupabaseStore, account: Account) -> None:
    await store.add(new_account("other"))
    decided = replace(complete(0), booked=(flow("deposit:1", at(0)),))
    for account_id in ("main", "other"):
        history = await commit(store, decided, account=account_id)
        assert (history.flows, history.rows) == (decided.booked, decided.rows)


async def test_an_account_that_does_not_exist_is_said_so(store: SupabaseStore, account: Account) -> None:
    with pytest.raises(NotFound):
        await store.commit(replace(account, id="nobody"), "run", complete(0), OK)


async def test_a_partial_snapshot_never_replaces_a_complete_one(store: SupabaseStore, account: Account) -> None:
    partial = outcome(snapshot(0, "5", missing=("spot",), late=9), booked=[flow("deposit:1", at(0))])
    history = await commit(store, complete(0), replace(partial, state=complete(0).state))
    assert history.rows == (row(0),)
    assert history.partials == ()
    assert history.flows == partial.booked
    (summary,) = await store.accounts()
    assert summary.latest is not None
    assert summary.latest.holdings == snapshot(0).holdings


@pytest.mark.parametrize("missing", [("spot",), FLOWS], ids=["not whole", "whole"])
async def test_a_complete_snapshot_replaces_a_partial_one(
    store: SupabaseStore, account: Account, missing: tuple[str, ...]
) -> None:
    history = await commit(store, outcome(snapshot(0, "5", missing=missing)), complete(0, "7", late=5))
    assert history.rows == (row(0, "7", late=5),)
    assert history.partials == ()


async def test_a_complete_snapshot_replaces_a_complete_one(store: SupabaseStore, account: Account) -> None:
    start = event(at(0) + timedelta(minutes=5), "start")
    forced = replace(complete(0, "7", late=5), restated_from=at(0), events=(start,))
    history = await commit(store, replace(complete(0), events=(event(at(0), "start"),)), forced)
    assert history.rows == (row(0, "7", late=5),)
    assert history.events == forced.events


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        pytest.param(FLOWS, ("spot",), FLOWS, id="not whole after whole"),
        pytest.param(("spot",), FLOWS, FLOWS, id="whole after not whole"),
        pytest.param(FLOWS, ("price:SOL",), ("price:SOL",), id="whole after whole"),
        pytest.param(("spot",), ("earn",), ("earn",), id="not whole after not whole"),
    ],
)
async def test_of_two_partial_snapshots_the_later_stays_unless_only_the_earlier_is_whole(
    store: SupabaseStore, account: Account, first: tuple[str, ...], second: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    history = await commit(store, *(outcome(snapshot(0, missing=missing)) for missing in (first, second)))
    assert [partial.missing for partial in history.partials] == [kept]


async def test_a_held_snapshot_becomes_complete_without_being_taken_again(
    store: SupabaseStore, account: Account
) -> None:
    held = outcome(snapshot(0, missing=FLOWS), known_prices=prices(at(0)))
    later = outcome(snapshot(1), [row(0), row(1)], completed=[slot(0)], known_prices=prices(at(1)))
    history = await commit(store, held, replace(later, state=state(row(1), at(0))))
    assert history.rows == (row(0), row(1))
    assert history.partials == ()


async def test_a_held_snapshot_that_completes_is_not_replaced_by_a_partial_one_of_its_slot(
    store: SupabaseStore, account: Account
) -> None:
    held = outcome(snapshot(0, missing=FLOWS))
    later = outcome(snapshot(0, missing=("price:SOL",), late=9), [row(0)], completed=[slot(0)])
    history = await commit(store, held, later)
    assert history.rows == (row(0),)


async def test_a_row_of_a_held_snapshot_that_is_not_said_to_be_complete_is_refused(
    store: SupabaseStore, account: Account
) -> None:
    with pytest.raises(StoreRefused, match="row_without_snapshot"):
        await commit(store, outcome(snapshot(0, missing=FLOWS)), outcome(snapshot(1), [row(0), row(1)]))


async def test_restating_rewrites_from_that_instant_on_and_nothing_before(
    store: SupabaseStore, account: Account
) -> None:
    hours = range(4)
    first = [replace(complete(hour), events=(event(at(hour), "rebalance"),)) for hour in hours]
    late = flow("deposit:1", at(1) + timedelta(minutes=30), before="95")
    restated = outcome(
        snapshot(4), [replace(row(hour), note="idle", rung=3) for hour in (2, 3, 4)], restated_from=late.at,
        booked=[late], events=[event(late.at), event(at(3), "rebalance", "-1")],
    )  # fmt: skip
    history = await commit(store, *first, restated)
    assert history.rows == (row(0), row(1), *restated.rows)
    assert history.events == (first[0].events[0], first[1].events[0], *restated.events)


async def test_a_revalued_flow_changes_in_its_value_before_alone(store: SupabaseStore, account: Account) -> None:
    booked = [flow("deposit:1", at(0), before="10"), flow("deposit:2", at(0), "7")]
    changed = flow("deposit:1", at(5), "999", before="12.5")
    history = await commit(store, replace(complete(0), booked=tuple(booked)), outcome(revalued=[changed]))
    assert history.flows == (replace(booked[0], value_before_usd=Decimal("12.5")), booked[1])


async def test_events_of_one_instant_keep_their_order(store: SupabaseStore, account: Account) -> None:
    events = (event(at(0), "start"), event(at(0), "deposit"), event(at(0), "withdrawal"), event(at(0), "rebalance"))
    assert (await commit(store, replace(complete(0), events=events))).events == events


async def test_nothing_but_the_state_can_be_stored(store: SupabaseStore, account: Account) -> None:
    history = await commit(store, outcome())
    assert (history.rows, history.partials, history.inception) == ((), (), None)
