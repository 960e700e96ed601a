"""What is read is what was stored, all of it."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import httpx
import psycopg
from supabase import AsyncClient

from lib.domain.prices import history_of
from lib.domain.reading import Basis
from lib.domain.replay import Point
from lib.records import Account, AccountSummary, Attempt, Status
from lib.store.client import SupabaseStore
from tests.store.builders import (
    OK,
    START,
    at,
    benchmark,
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

SECOND = timedelta(seconds=1)


async def test_the_truth_is_all_that_figures_follow_from(store: SupabaseStore, account: Account) -> None:
    paid = [flow("deposit:2", at(1)), flow("deposit:1", at(0), before="3")]
    decided = [
        complete(0),
        replace(complete(1), booked=tuple(paid), rebalances=(at(1) + SECOND, at(0) + SECOND)),
        outcome(snapshot(2, missing=("spot",)), known_prices=prices(at(2))),
    ]
    for each in decided[:2]:
        await store.commit(await store.load("main"), "run", each, OK)
    await store.commit(await store.load("main"), "run", replace(decided[2], state=decided[1].state), OK)
    truth = await store.truth("main")
    assert truth.points == tuple(Point(at(hour), slot(hour), row(hour).nav_usd) for hour in (0, 1))
    assert truth.flows == (paid[1], paid[0])
    assert truth.rebalances == (at(0) + SECOND, at(1) + SECOND)
    assert set(truth.prices) == set(prices(at(0), at(1), at(2)))


async def test_prices_are_those_of_the_policy_since_the_inception(store: SupabaseStore, account: Account) -> None:
    other = replace(prices(at(1))[0], asset="SOL")
    await store.commit(account, "run", outcome(known_prices=prices(at(0))), OK)
    first = replace(complete(1), state=state(row(1), at(1)))
    await store.commit(await store.load("main"), "run", replace(first, prices=(*first.prices, other)), OK)
    assert set((await store.truth("main")).prices) == set(prices(at(1)))
    assert (await store.history("main"))[0].prices.columns == {}


async def test_a_new_account_has_an_empty_history(store: SupabaseStore, account: Account) -> None:
    (history,) = await store.history("main", prices=True)
    truth = await store.truth("main")
    assert (history.rows, history.partials, history.events, history.flows) == ((), (), (), ())
    assert history.prices.columns == {}
    assert (truth.points, truth.flows, truth.prices, truth.rebalances) == ((), (), (), ())
    assert history.benchmark is None
    assert await store.newest() is None


async def test_a_basis_is_the_last_whole_snapshot_before_an_instant(
    store: SupabaseStore, account: Account, database: str
) -> None:
    for hour, missing in enumerate([(), ("flows:deposits",), ("spot",), ()]):
        decided = outcome(snapshot(hour, missing=missing)) if missing else complete(hour)
        await store.commit(await store.load("main"), "run", decided, OK)
    with psycopg.connect(database) as connection:
        connection.execute("delete from public.snapshot_details where slot = %s", (slot(3),))
    asked = [at(3) + SECOND, at(3), at(1), at(1) + SECOND, at(0), START]
    found = await store.bases("main", asked)
    basis = {hour: Basis(at(hour), snapshot(hour).holdings, snapshot(hour).positions) for hour in (0, 1)}
    assert found == dict(zip(asked, [None, basis[1], basis[0], basis[1], None, None], strict=True))
    assert await store.bases("main", []) == {}


async def test_the_list_shows_the_latest_figures_in_the_order_of_adding(store: SupabaseStore, account: Account) -> None:
    await store.add(new_account("an earlier letter"))
    for decided in (complete(0), replace(complete(1), state=state(row(1)))):
        await store.commit(await store.load("main"), "run", decided, OK)
    attempt = outcome(snapshot(2, missing=("spot", "earn")))
    attempt = replace(attempt, state=state(row(1)))
    await store.commit(await store.load("main"), "run", attempt, Status("partial", "spot, earn"))
    main, fresh = await store.accounts()
    assert main.latest is not None
    assert (main.latest.row, main.latest.slot_minutes) == (row(1), 60)
    assert (main.latest.holdings, main.latest.checks) == (snapshot(1).holdings, snapshot(1).checks)
    assert main.last_try == Attempt(at(2), ("spot", "earn"), ("funding", "spot"))
    assert (main.status, main.benchmark) == (Status("partial", "spot, earn"), benchmark())
    assert (main.created_at, main.inception, main.state) == (START, at(0), "active")
    assert (fresh.id, fresh.latest, fresh.last_try, fresh.benchmark) == ("an earlier letter", None, None, None)
    assert fresh.status == Status("new")


async def test_a_list_is_not_sent_again_until_something_in_it_is_new(
    store: SupabaseStore, account: Account, supabase_client: AsyncClient
) -> None:
    sizes: list[int] = []

    async def note(response: httpx.Response) -> None:
        sizes.append(len(await response.aread()))

    async def told() -> tuple[AccountSummary, ...]:
        """What this store tells, twice, beside what one tells that knows nothing."""
        sizes.clear()
        first, again, whole = (
            await store.accounts(),
            await store.accounts(),
            await SupabaseStore(supabase_client).accounts(),
        )
        assert first == again == whole
        assert sizes[1] < 100 < sizes[0] == sizes[2]
        return first

    supabase_client.postgrest.session.event_hooks["response"].append(note)
    seen = [await told()]
    await store.commit(account, "run", complete(0), OK)
    seen.append(await told())
    await store.claim("run", slot(1), lease_s=60, limit=1)
    await store.finish("run", {"main": Status("error", "no answer")})
    seen.append(await told())
    for state_ in ("paused", "active"):
        await store.set_state("main", state_, at(1), "run")
        seen.append(await told())
    await store.add(new_account("other"))
    seen.append(await told())
    assert all(one != other for one, other in pairwise(seen))


async def test_an_unreconciled_snapshot_has_no_checks(store: SupabaseStore, account: Account) -> None:
    decided = complete(0)
    await store.commit(account, "run", replace(decided, snapshot=replace(snapshot(0), checks=None)), OK)
    (summary,) = await store.accounts()
    assert summary.latest is not None
    assert summary.latest.checks is None


async def test_the_newest_snapshot_is_the_newest_complete_one_of_anybody(
    store: SupabaseStore, account: Account
) -> None:
    await store.add(new_account("other"))
    await store.commit(account, "run", complete(3), OK)
    await store.commit(await store.load("other"), "run", complete(2), OK)
    await store.commit(await store.load("other"), "run", outcome(snapshot(4, missing=("spot",))), OK)
    assert await store.newest() == at(3)


async def test_everybodys_history_is_in_the_order_of_adding(store: SupabaseStore, account: Account) -> None:
    await store.add(new_account("a second one"))
    await store.commit(account, "run", complete(0), OK)
    assert [(each.id, len(each.rows)) for each in await store.history(None)] == [("main", 1), ("a second one", 0)]


async def test_no_answer_ends_at_a_thousand_rows(store: SupabaseStore, account: Account) -> None:
    """A hosted Data API cuts a longer set there and answers 200."""
    hours = range(1500)
    held = [replace(outcome(snapshot(hour, missing=("flows:deposits",))), booked=(flow(f"d{hour}", at(hour)),))
            for hour in hours]  # fmt: skip
    for decided in held:
        await store.commit(await store.load("main"), "run", decided, OK)
    at_once = outcome(
        None, [row(hour) for hour in hours], completed=[slot(hour) for hour in hours],
        events=[event(at(hour)) for hour in hours], known_prices=prices(*(at(hour) for hour in hours)),
    )  # fmt: skip
    await store.commit(await store.load("main"), "run", replace(at_once, state=state(row(1499), at(0))), OK)
    (history,) = await store.history("main", prices=True)
    assert history.rows == at_once.rows
    assert history.events == at_once.events
    assert len(history.flows) == 1500
    assert history.prices == history_of(at_once.prices)
    truth = await store.truth("main")
    assert len(truth.points) == len(truth.flows) == 1500
    instants = [at(hour) + SECOND for hour in hours]
    assert [basis.at for basis in (await store.bases("main", instants)).values() if basis] == [at(h) for h in hours]
