"""What changed the value, as the database keeps it: income at the snapshots that contain it, levels at both ends."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import psycopg
import pytest

from lib.domain.attribution import Stretch
from lib.domain.income import Earned, IncomeMark
from lib.domain.levels import Levels
from lib.domain.prices import PricePoint
from lib.domain.state import Decision, Outcome
from lib.records import Account
from lib.store.client import SupabaseStore
from tests.store.builders import OK, THIRD, at, complete, flow, outcome, snapshot

MINUTE = timedelta(minutes=1)
NOTHING = dict.fromkeys(("realised", "funding", "commission", "rewards", "other"), Decimal(0))


def looked(hour: int, unrealised: str, revalued: str, late: int = 0, *, known: bool = True) -> Outcome:
    """A complete snapshot with where its sums stand."""
    found = complete(hour, late=late)
    assert found.snapshot is not None
    levels = Levels(Decimal(unrealised), Decimal(revalued)) if known else None
    return replace(found, snapshot=replace(found.snapshot, levels=levels))


def earned(when: datetime, kind: str, usd: str) -> Earned:
    return Earned(when, kind, Decimal(usd))


async def commit(store: SupabaseStore, *outcomes: Outcome) -> None:
    for one in outcomes:
        await store.commit(await store.load("main"), "run", one, OK)


async def change(store: SupabaseStore, since: datetime, until: datetime) -> Stretch:
    (found,) = await store.changes([("main", since, until)])
    return found


def buckets(dsn: str) -> list[tuple[datetime, int]]:
    with psycopg.connect(dsn) as connection:
        found = connection.execute("select until, realised from income order by until").fetchall()
    return [(until, int(realised)) for until, realised in found]


@pytest.mark.usefixtures("account")
async def test_income_is_summed_up_at_the_first_whole_snapshot_that_contains_it(
    store: SupabaseStore, database: str
) -> None:
    rows = (
        earned(at(0), "realised", "1"),
        earned(at(0) + MINUTE, "realised", "20"),
        earned(at(1), "realised", "300"),
        earned(at(1) + MINUTE, "realised", "4000"),
        earned(at(1) + MINUTE, "funding", "-0.5"),
        earned(at(3), "realised", "50000"),
    )
    await commit(store, complete(0), complete(1), outcome(snapshot(2, missing=("usdm",))), complete(3))
    await commit(store, replace(outcome(), earned=rows))
    assert buckets(database) == [(at(0), 1), (at(1), 320), (at(3), 54_000)]
    assert (await change(store, at(0), at(1))).income == NOTHING | {"realised": Decimal(320)}
    assert (await change(store, at(1), at(3))).income == NOTHING | {
        "realised": Decimal(54_000),
        "funding": Decimal("-0.5"),
    }


@pytest.mark.usefixtures("account")
async def test_income_after_the_last_snapshot_falls_to_the_next_one_and_more_of_it_is_added(
    store: SupabaseStore, database: str
) -> None:
    late = (earned(at(0) + MINUTE, "realised", "1"), earned(at(0) + 5 * MINUTE, "realised", "20"))
    await commit(store, complete(0), replace(outcome(), earned=late))
    assert buckets(database) == [(at(0) + 5 * MINUTE, 21)]
    more = (earned(at(0) + 5 * MINUTE, "realised", "300"),)
    await commit(store, replace(outcome(), earned=more), complete(1), replace(outcome(), earned=more))
    assert (await change(store, at(0), at(1))).income["realised"] == 621


@pytest.mark.usefixtures("account")
async def test_income_comes_with_the_snapshot_of_its_own_commit(store: SupabaseStore, database: str) -> None:
    await commit(store, complete(0), replace(complete(1), earned=(earned(at(0) + MINUTE, "realised", "1"),)))
    assert buckets(database) == [(at(1), 1)]


@pytest.mark.usefixtures("account")
async def test_levels_are_those_of_both_ends_to_the_last_digit(store: SupabaseStore) -> None:
    assert await change(store, at(0), at(1)) == Stretch(None, None, NOTHING)
    await commit(store, looked(0, "1.25", "0"), looked(1, "-7", str(THIRD)), looked(2, "3", "-1E+3"))
    found = await change(store, at(0), at(1))
    assert found == Stretch(Levels(Decimal("1.25"), Decimal(0)), Levels(Decimal(-7), THIRD), NOTHING, known_at=at(0))
    assert (await change(store, at(1), at(2))).end == Levels(Decimal(3), Decimal(-1000))


@pytest.mark.usefixtures("account")
async def test_older_snapshots_do_not_know_their_levels(store: SupabaseStore) -> None:
    await commit(store, looked(0, "0", "0", known=False), looked(1, "5", "0"), looked(2, "6", "9"))
    found = await change(store, at(0), at(2))
    assert (found.begin, found.known_at) == (Levels(Decimal(5), Decimal(0)), at(1))
    assert found.end == Levels(Decimal(6), Decimal(9))
    first = await change(store, at(0), at(0))
    assert (first.begin, first.known_at, first.end) == (None, None, None)


@pytest.mark.usefixtures("account")
async def test_a_snapshot_that_is_taken_anew_has_its_own_levels(store: SupabaseStore) -> None:
    await commit(store, looked(0, "0", "0"), looked(1, "5", "6"))
    again = looked(1, "7", "8", late=9)
    await commit(store, replace(again, restated_from=at(1)))
    assert (await change(store, at(0), at(1) + 9 * MINUTE)).end == Levels(Decimal(7), Decimal(8))


@pytest.mark.usefixtures("account")
async def test_coins_that_came_are_worth_more_or_less_until_they_are_seen(store: SupabaseStore) -> None:
    """10 SOL booked at 50 dollars in all, which are worth 7 each in the snapshot that shows them first."""
    arrived = replace(flow("one", at(0) + MINUTE), quantity=Decimal(10))
    seen = (PricePoint("SOL", at(1), Decimal(7)), PricePoint("SOL", at(2), Decimal(999)))
    await commit(store, complete(0), replace(complete(1), booked=(arrived,), prices=seen), complete(2))
    assert (await change(store, at(0), at(1))).moved_usd == 20
    assert (await change(store, at(0), at(2))).moved_usd == 20
    assert (await change(store, at(1), at(2))).moved_usd == 0
    await commit(store, replace(outcome(), decisions=(Decision("one", "void", "never was", at(2)),)))
    assert (await change(store, at(0), at(2))).moved_usd == 0


async def test_income_is_known_up_to_where_all_wallets_were_read(store: SupabaseStore, account: Account) -> None:
    marks = {"usdm": IncomeMark(at(5), at(4)), "coinm": IncomeMark(at(5), at(3), ("a", "b"), unfinished=True)}
    state = replace(account.state, income=marks)
    await commit(store, replace(outcome(), state=state))
    assert (await store.load("main")).state.income == marks
    assert (await change(store, at(0), at(1))).income_until == at(3)


@pytest.mark.usefixtures("account")
async def test_each_period_is_answered_in_its_turn(store: SupabaseStore) -> None:
    await commit(store, looked(0, "0", "0"), looked(1, "5", "6"))
    periods = [("main", at(1), at(1)), ("main", at(0), at(1)), ("main", at(1), at(1))]
    ends = [(one.begin, one.end) for one in await store.changes(periods)]
    first, last = Levels(Decimal(0), Decimal(0)), Levels(Decimal(5), Decimal(6))
    assert ends == [(last, last), (first, last), (last, last)]
    assert await store.changes([]) == ()
