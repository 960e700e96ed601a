"""A run: once per slot however often it is called, within its budget, at one time, and never backwards."""

import asyncio
import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from lib.demo.clock import WorldClock
from lib.demo.crossings import paid
from lib.demo.events import Deposit, Event
from lib.demo.faults import Fault
from lib.demo.world import World
from lib.domain.requests import CollectOrder, WhatIf
from lib.usecases.collect import DEADLINE_S, collect
from lib.usecases.runs import RunReport
from lib.usecases.whatif import as_if
from tests.scenarios.test_outages import paid_in
from tests.spine import BORN_AT, crowd, hours, the_world
from tests.usecases.conftest import OpenSpine
from tests.wires import Rounds, at_call, without_rows

TIME, PRICES = "/api/v3/time", "/api/v3/ticker/price"
TOTALS, DEPOSITS = "/sapi/v1/asset/wallet/balance", "/sapi/v1/capital/deposit/hisrec"
SPOT, FUNDING, USDM = "/sapi/v3/asset/getUserAsset", "/sapi/v1/asset/get-funding-asset", "/fapi/v3/account"
HOUR = timedelta(hours=1)


async def test_runs_at_once_and_again_leave_one_snapshot_per_account_and_slot(open_spine: OpenSpine) -> None:
    spine = await open_spine()
    beside = await open_spine(beside=spine)
    for at in (BORN_AT, *hours(BORN_AT, 3)):
        beside.clock.set(at)
        spine.clock.set(at)
        processes = [spine.wired.collector, beside.wired.collector]
        reports = await asyncio.gather(*(collect(processes[number % 2]) for number in range(5)))
        kinds = Counter(account.status for report in reports for account in report.accounts)
        assert kinds == {"stored": 3}
        assert (await spine.collect()).status == "nothing_due"
        assert (await spine.collect(at + timedelta(minutes=59))).status == "nothing_due"
    assert spine.sql("select slot, count(*) from snapshots group by slot having count(*) <> 3") == []
    assert spine.sql("select count(*) from snapshots") == [(12,)]
    assert spine.sql("select count(*) from accounts where lease_run is not null or leased_until is not null") == [(0,)]
    await spine.assert_sound()


async def test_two_processes_that_read_the_same_account_store_it_once(open_spine: OpenSpine) -> None:
    """The first one's lease ended while it was reading: the version keeps the figures right, not the lease."""
    spine = await open_spine(the_world("Mixed"))
    beside = await open_spine(beside=spine)
    inner: list[RunReport] = []

    async def meanwhile(request: httpx.Request) -> None:
        if request.url.path.endswith("commit_outcome") and not inner:
            spine.expire_leases()
            inner.append(await beside.collect())

    spine.to_store.before.append(meanwhile)
    report = await spine.one()
    assert (report.status, inner[0].accounts[0].status) == ("fresh", "stored")
    assert spine.sql("select count(*), max(version) from snapshots join accounts on id = account_id") == [(1, 2)]
    assert spine.sql("select count(*) from accounts where lease_run is not null") == [(0,)]
    await spine.assert_sound()


async def test_a_run_that_is_broken_off_keeps_nobody_waiting_for_its_leases(open_spine: OpenSpine) -> None:
    spine = await open_spine()
    running = asyncio.create_task(spine.collect(BORN_AT))

    def break_off() -> None:
        running.cancel()

    spine.to_exchange.before.append(at_call(2, TOTALS, break_off))
    with pytest.raises(asyncio.CancelledError):
        await running
    assert spine.sql("select count(*) from snapshots") == [(0,)]
    spine.to_exchange.clear()
    assert [one.status for one in (await spine.collect()).accounts] == ["stored"] * 3
    await spine.assert_sound()


@pytest.mark.parametrize(("wait_s", "status"), [(90, "stored"), (110, "partial")])
async def test_a_run_waits_for_no_call_beyond_its_deadline(open_spine: OpenSpine, wait_s: int, status: str) -> None:
    spine = await open_spine(the_world("Spot"))
    await spine.collect_at([BORN_AT])
    asked = (("Retry-After", str(wait_s)), ("Content-Type", "application/json"))
    spine.exchange.faults = [Fault(DEPOSITS, status=429, headers=asked, times=1)]
    report = await spine.one(BORN_AT + HOUR)
    assert (report.status, report.missing) == (status, ("flows:deposits",) if status == "partial" else ())
    assert spine.now - (BORN_AT + HOUR) <= timedelta(seconds=DEADLINE_S)
    await spine.assert_sound()


@pytest.mark.parametrize("count", [1, 3, 10])
async def test_a_run_with_nothing_new_keeps_its_budget(open_spine: OpenSpine, count: int) -> None:
    spine = await open_spine(crowd(count))
    await spine.collect_at(hours(BORN_AT, 2 + count))  # each run estimates the past of one of them
    spine.to_exchange.clear()
    spine.to_store.clear()
    exchange, database = Rounds(), Rounds()
    spine.to_exchange.before.append(exchange)
    spine.to_store.before.append(database)
    report = await spine.collect(BORN_AT + (3 + count) * HOUR)
    assert [account.status for account in report.accounts] == ["stored"] * count
    assert sum(account.flows for account in report.accounts) == 0
    assert exchange.count <= 4
    assert database.count <= 3
    assert len(spine.to_store.calls) <= 3 + count
    assert len(spine.to_exchange.calls) <= 2 + 8 * count
    per_account = Counter(asked.account for asked in list(spine.exchange.requests)[-len(spine.to_exchange.calls) :])
    assert all(asked <= 10 for account, asked in per_account.items() if account)
    assert {call.status for call in spine.to_exchange.calls} == {200}
    assert {call.status for call in spine.to_store.calls} <= {200, 204}
    assert report.requests == len(spine.to_exchange.calls)


async def test_wallets_the_totals_show_empty_are_asked_only_where_there_are_no_totals(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Spot"))
    await spine.collect_at([BORN_AT])
    assert [spine.to_exchange.count(path) for path in (SPOT, FUNDING, USDM)] == [1, 0, 0]
    spine.exchange.faults = [Fault(TOTALS, status=400)]
    assert (await spine.one(BORN_AT + HOUR)).status == "stored"
    assert [spine.to_exchange.count(path) for path in (SPOT, FUNDING, USDM)] == [2, 1, 0], "it never opened futures"
    assert spine.sql("select unreconciled from snapshots order by slot") == [(False,), (True,)]
    await spine.assert_sound()


async def test_runs_of_many_accounts_store_them_all(open_spine: OpenSpine) -> None:
    spine = await open_spine(crowd(10))
    for at in (BORN_AT, BORN_AT + HOUR):
        report = await spine.collect(at)
        assert [account.status for account in report.accounts] == ["stored"] * 10
    await spine.assert_sound()


async def test_a_held_snapshot_counted_with_its_own_price_though_another_was_stored_of_the_instant(
    open_spine: OpenSpine,
) -> None:
    at = BORN_AT + HOUR
    spine = await open_spine(the_world("Spot", "Mixed"))
    await spine.collect_at([BORN_AT])
    assert (await spine.one(at, CollectOrder(account="mixed"))).status == "stored"
    spine.exchange.faults = [Fault("/sapi/v1/capital/deposit/hisrec", status=500)]
    spine.to_exchange.before.append(at_call(1, "/ticker/price", lambda: spine.clock.pass_time(50)))
    assert (await spine.one(at, CollectOrder(account="spot"))).missing == ("flows:deposits",)
    assert spine.sql("select at from snapshots where not complete") == [(at,)]  # the instant of the other's, 50 s on
    spine.exchange.faults = []
    await spine.collect(BORN_AT + 2 * HOUR)
    await spine.assert_sound()


async def test_the_price_that_another_account_stored_of_an_instant_is_everybodys(open_spine: OpenSpine) -> None:
    """Money came to one account in the moment of another one's snapshot; a rebuild gave other rows than were stored."""
    at = BORN_AT + HOUR + timedelta(seconds=31)
    spine = await open_spine(the_world("Spot", "Mixed").adding("Spot", credited("1", 31)))
    await spine.collect_at([BORN_AT])
    assert (await spine.one(at, CollectOrder(account="mixed"))).status == "stored"
    report = {one.name: one for one in (await spine.collect(BORN_AT + 2 * HOUR)).accounts}["Spot"]
    assert (report.status, report.flows) == ("stored", 1)
    assert spine.world.market.usd("BTC", at) != spine.world.market.minute_open("BTC", at)
    await spine.assert_sound()


def credited(id_: str, seconds: int, listed_minutes: int = 9) -> Deposit:
    at = BORN_AT + HOUR + timedelta(seconds=seconds)
    seen = at - timedelta(minutes=listed_minutes)
    return Deposit(id_, "USDT", Decimal(900), "spot", "TRX", "a", "t", seen, at, at)


def paid_while_reading(listed_minutes: int = 9) -> World:
    return the_world("Mixed").adding("Mixed", credited("1", 5, listed_minutes), credited("2", 15, listed_minutes))


@pytest.mark.parametrize("listed_minutes", [9, 0], ids=["listed before", "listed meanwhile"])
@pytest.mark.parametrize("path", [TOTALS, SPOT, DEPOSITS])
async def test_money_credited_while_the_account_is_read_has_it_read_once_more(
    open_spine: OpenSpine, path: str, listed_minutes: int
) -> None:
    spine = await open_spine(paid_while_reading(listed_minutes))
    await spine.one(BORN_AT)
    spine.to_exchange.clear()
    spine.to_exchange.before.append(at_call(1, path, lambda: spine.clock.pass_time(10)))
    report = await spine.one(BORN_AT + HOUR)
    assert (report.status, report.flows) == ("stored", 1)
    # Its own time was asked for anew after it had waited, and nothing tells that the totals were not of before.
    assert spine.to_exchange.count(TIME) == (3 if path == TOTALS else 2)
    assert report.nav_usd == spine.world.nav("Mixed", BORN_AT + HOUR + timedelta(seconds=10))
    await spine.one(BORN_AT + 2 * HOUR)
    found = (await spine.histories())["Mixed"]
    assert [row.at for row in found.rows] == [BORN_AT, BORN_AT + HOUR + timedelta(seconds=10), BORN_AT + 2 * HOUR]
    assert [row.flow_usd for row in found.rows] == [0, 900, 900]
    await spine.assert_sound()


async def test_money_credited_during_both_readings_leaves_a_partial_snapshot(open_spine: OpenSpine) -> None:
    spine = await open_spine(paid_while_reading())
    await spine.one(BORN_AT)
    spine.to_exchange.clear()
    for number in (1, 2):
        spine.to_exchange.before.append(at_call(number, DEPOSITS, lambda: spine.clock.pass_time(10)))
    report = await spine.one(BORN_AT + HOUR)
    assert (report.status, report.missing) == ("partial", ("flows:between",))
    assert spine.to_exchange.count(TIME) == 2
    await spine.assert_sound()
    report = await spine.one(BORN_AT + HOUR + timedelta(minutes=5))
    assert (report.status, report.missing) == ("stored", ())
    found = (await spine.histories())["Mixed"]
    assert [row.flow_usd for row in found.rows] == [0, 1800]
    assert [flow.id for flow in found.flows] == ["deposit:1", "deposit:2"]
    await spine.assert_sound()


LATE = BORN_AT + HOUR + timedelta(seconds=5)


@pytest.mark.parametrize(
    "came",
    [
        pytest.param(paid("P_1", LATE, "USDT", Decimal(900)), id="paid"),
        pytest.param(Deposit("1", "USDT", Decimal(900), "funding", "TRX", "a", "t", LATE, LATE, LATE), id="deposited"),
    ],
)
async def test_money_that_comes_into_an_empty_wallet_after_the_totals_has_it_read_once_more(
    open_spine: OpenSpine, came: Event
) -> None:
    """The totals said that Funding was empty, so nobody asked it, and the money counted all the same: a loss."""
    spine = await open_spine(the_world("Spot").adding("Spot", came))
    await spine.one(BORN_AT)
    spine.to_exchange.clear()
    spine.to_exchange.after.append(at_call(1, TOTALS, lambda: spine.clock.pass_time(10)))
    report = await spine.one(BORN_AT + HOUR)
    assert (report.status, report.flows) == ("stored", 1)
    assert report.nav_usd == spine.world.nav("Spot", BORN_AT + HOUR + timedelta(seconds=10))
    assert spine.to_exchange.count(FUNDING) == 1
    (row,) = (await spine.histories())["Spot"].rows[1:]
    assert (row.nav_usd, row.flow_usd) == (spine.world.nav("Spot", row.at), Decimal(900))
    await spine.assert_sound()


async def test_what_was_held_on_day_one_is_not_of_a_first_snapshot_that_is_given_up(open_spine: OpenSpine) -> None:
    """Its coins were kept as day one's, and that day was another: it could never be compared with."""
    at = BORN_AT + timedelta(seconds=5)
    paid = Deposit("1", "XRP", Decimal(900), "spot", "XRP", "a", "t", at, at, at)
    spine = await open_spine(the_world("Main").adding("Main", paid))
    spine.to_exchange.after.append(at_call(1, SPOT, lambda: spine.clock.pass_time(10)))
    spine.exchange.faults = [Fault(DEPOSITS, status=500)]
    assert (await spine.one(BORN_AT)).status == "partial"
    spine.to_exchange.clear()
    spine.exchange.faults = []
    assert (await spine.one(BORN_AT + HOUR)).status == "stored"
    (found,) = await spine.wired.store.history("main")
    assert found.inception == BORN_AT + HOUR
    assert (await as_if(spine.wired.store, found, WhatIf(None))).policy.weights["XRP"] > 0


async def test_money_credited_while_the_account_is_read_and_its_list_is_not_leaves_a_gap(open_spine: OpenSpine) -> None:
    """The snapshot waited for the list, and then counted with money of seconds after its time."""
    spine = await open_spine(the_world("Mixed").adding("Mixed", credited("1", 5)))
    await spine.one(BORN_AT)
    spine.to_exchange.before.append(at_call(1, SPOT, lambda: spine.clock.pass_time(10)))
    spine.exchange.faults = [Fault(DEPOSITS, status=500)]
    report = await spine.one(BORN_AT + HOUR)
    assert (report.status, report.missing) == ("partial", ("flows:deposits",))
    spine.to_exchange.clear()
    spine.exchange.faults = []
    assert (await spine.one(BORN_AT + 2 * HOUR)).status == "stored"
    found = (await spine.histories())["Mixed"]
    assert [row.at for row in found.rows] == [BORN_AT, BORN_AT + 2 * HOUR]
    assert [flow.id for flow in found.flows] == ["deposit:1"]
    partial = spine.sql("select slot, whole, missing from snapshots where not complete")
    assert partial == [(BORN_AT + HOUR, False, ["flows:deposits", "flows:between"])]
    (said,) = spine.sql("select message from logs where event = 'account.given_up'")[0]
    assert said == (
        "the snapshot of 24 Aug 2026 08:00:00 UTC stays partial: whether it has money that moved then is not told"
    )
    await spine.assert_sound()


async def test_force_takes_the_slot_anew(open_spine: OpenSpine) -> None:
    spine, twin = await open_spine(the_world("Mixed")), await open_spine(the_world("Mixed"))
    later = BORN_AT + HOUR + timedelta(minutes=31)
    await spine.collect_at([BORN_AT, BORN_AT + HOUR])
    report = await spine.one(later, CollectOrder(retake="force"))
    assert (report.status, report.slot) == ("stored", BORN_AT + HOUR)
    await twin.collect_at([BORN_AT, later])
    mine, theirs = spine.stored(), twin.stored()
    for table in ("snapshots", "snapshot_details", "flows", "benchmark_events", "rebalances"):
        assert mine[table] == theirs[table]
    await spine.assert_sound()


@pytest.mark.parametrize(
    "fault", [None, Fault(DEPOSITS, status=400)], ids=["taken by force", "taken once it was whole"]
)
async def test_a_coin_that_came_before_the_first_slot_was_taken_anew_once_had_no_price_of_day_one(
    open_spine: OpenSpine, fault: Fault | None
) -> None:
    """What was held on day one could then be compared with never again."""
    spine = await open_spine(the_world("Main").adding("Main", paid_in("77", BORN_AT + timedelta(minutes=9), "XRP")))
    spine.exchange.faults = [fault] if fault else []
    assert (await spine.one(BORN_AT)).status == ("partial" if fault else "stored")
    spine.exchange.faults = []
    again = BORN_AT + timedelta(minutes=31)
    assert (await spine.one(again, CollectOrder(retake="force"))).status == "stored"
    await spine.collect_at(hours(BORN_AT, 3))
    (one,) = (await spine.histories()).values()
    assert one.inception == again
    held = await as_if(spine.wired.store, one, WhatIf(None))
    assert "XRP" in held.policy.weights
    stored = {price.at for price in await spine.wired.store.prices(["XRP"], BORN_AT)}
    assert stored == {row.at for row in one.rows}


async def test_money_listed_after_its_slot_was_taken_anew_once_counted_twice_before_a_flow(
    open_spine: OpenSpine,
) -> None:
    """The flow was valued from the snapshot that is no more, which had it: the return was wrong for good."""
    first, second = BORN_AT + HOUR + timedelta(minutes=5), BORN_AT + HOUR + timedelta(minutes=50)
    late = paid_in("71", first - timedelta(minutes=4), "USDT", "50000")
    world = the_world("Main").adding("Main", late, paid_in("72", first + timedelta(minutes=25), "USDT", "1000"))
    spine, twin = await open_spine(world), await open_spine(world)
    spine.to_exchange.edits.append(without_rows(DEPOSITS, "71"))
    for one in (spine, twin):
        await one.collect_at([BORN_AT, first])
        await one.one(second, CollectOrder(retake="force"))
        one.to_exchange.edits.clear()
        await one.collect_at([BORN_AT + 2 * HOUR])
        await one.assert_sound()
    mine, theirs = (await spine.histories())["Main"], (await twin.histories())["Main"]
    assert (mine.flows, mine.rows) == (theirs.flows, theirs.rows)


@pytest.mark.parametrize("noon", [False, True], ids=["any time", "just after the weekly one"])
async def test_a_rebalance_asked_for_happens_once_and_changes_no_value(open_spine: OpenSpine, noon: bool) -> None:
    spine, twin = await open_spine(the_world("Mixed")), await open_spine(the_world("Mixed"))
    before = [BORN_AT, *hours(BORN_AT, 5 if noon else 3)]
    at = before[-1] + timedelta(minutes=17)
    after = [before[-1] + HOUR, before[-1] + 2 * HOUR]
    await spine.collect_at(before)
    report = await spine.one(at, CollectOrder(retake="rebalance"))
    await twin.collect_at([*before[:-1], at, *after])
    (theirs,) = (await twin.histories()).values()
    assert (report.status, report.rebalances) == ("stored", 1), "what is computed anew does not happen again"
    assert report.benchmark_usd is not None
    shared = next(row.benchmark_usd for row in theirs.rows if row.at == at)
    assert abs(report.benchmark_usd - shared) < Decimal("1e-40") * shared * 10**5
    await spine.collect_at(after)
    (mine,) = (await spine.histories()).values()
    assert [row.at for row in mine.rows] == [row.at for row in theirs.rows]
    assert spine.sql("select at from rebalances") == [(at,)]
    (event,) = [event for event in mine.events if event.at == at]
    prices = spine.world.market.prices(at)
    worth = [held * prices[f"{coin}USDT"] for coin, held in event.benchmark.units.items()]
    assert abs(worth[0] - worth[1]) < Decimal("1e-20")
    assert mine.rows[-1].benchmark_usd != theirs.rows[-1].benchmark_usd  # it applies from that instant on
    await spine.assert_sound()


async def test_an_instant_has_one_price_for_all_accounts_of_its_run(open_spine: OpenSpine) -> None:
    """An account that was not whole then fetched another one later: what was stored was not what recomputing gave."""
    spine = await open_spine(the_world("Spot", "Mixed"))
    await spine.collect_at([BORN_AT])
    spine.exchange.faults = [Fault("/sapi/v1/asset/get-funding-asset", status=400, account="Mixed")]
    asked_at = BORN_AT + HOUR + timedelta(minutes=7, seconds=43)
    await spine.collect(asked_at, CollectOrder(retake="rebalance"))
    spine.exchange.faults = []
    await spine.collect_at([BORN_AT + 2 * HOUR])
    assert spine.sql("select account_id from rebalances where at = %s order by 1", asked_at) == [("mixed",), ("spot",)]
    await spine.assert_sound()


@pytest.mark.parametrize("back_s", [0, 1, 7200])
@pytest.mark.parametrize("order", [CollectOrder(), CollectOrder(retake="force"), CollectOrder(retake="rebalance")])
async def test_an_exchange_whose_clock_does_not_go_on_corrupts_nothing(
    open_spine: OpenSpine, back_s: int, order: CollectOrder
) -> None:
    """A reading not later than the newest snapshot had no row of its own and failed inside the database."""
    spine = await open_spine(the_world("Mixed"))
    await spine.collect_at(hours(BORN_AT, 2))
    before = spine.stored()
    spine.exchange.clock = WorldClock(spine.now - timedelta(seconds=back_s))
    report = await spine.one(spine.now + HOUR, order)
    assert (report.status, report.failure) == ("fresh", None)
    assert spine.stored() == before
    spine.exchange.clock = spine.clock
    assert (await spine.one(spine.now + timedelta(minutes=1), order)).status == "stored"
    await spine.assert_sound()


async def test_a_clock_of_ours_that_goes_back_appends_nothing_to_an_old_slot(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Mixed"))
    await spine.collect_at(hours(BORN_AT, 2))
    behind = await open_spine(beside=spine)
    before = spine.stored()
    spine.clock.set(spine.now + timedelta(minutes=5))
    behind.clock._at = BORN_AT
    assert (await behind.one()).status == "fresh"
    assert spine.stored() == before


async def test_a_clock_of_ours_that_is_an_hour_late_fills_no_gap_with_what_is_there_now(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Mixed"))
    await spine.collect_at([BORN_AT, BORN_AT + 2 * HOUR])
    late = await open_spine(beside=spine)
    before = spine.stored()
    spine.clock.set(spine.now + timedelta(minutes=5))
    late.exchange.clock = spine.clock
    late.clock._at = BORN_AT + HOUR
    assert (await late.one()).status == "fresh"
    assert spine.stored() == before


FAULTS = (
    Fault(PRICES, status=503),
    Fault(DEPOSITS, status=400),
    Fault("/sapi/v1/capital/withdraw/history", "torn body"),
    Fault("/sapi/v1/asset/wallet/balance", "timeout"),
    Fault("/sapi/v1/asset/get-funding-asset", status=400),
    Fault("/fapi/v3/account", "disconnect", account="Main"),
    Fault("/api/v3/klines", status=503),
    Fault("/fapi/v1/klines", status=400),
)


def busy() -> World:
    """The three accounts, with a payment every three hours somewhere."""
    world = the_world()
    for number, at in enumerate(hours(BORN_AT + timedelta(minutes=13), 40, 3)):
        seen, asset = at - timedelta(minutes=20), ("USDT", "BTC", "SOL")[number % 3]
        amount = {"USDT": Decimal(300), "BTC": Decimal("0.004"), "SOL": Decimal(2)}[asset]
        name = world.accounts[number % 2].name
        world = world.adding(name, Deposit(str(number), asset, amount, "spot", "N", "a", "t", seen, at, at))
    return world


async def test_whatever_comes_in_whatever_order_figures_follow_from_the_truth(open_spine: OpenSpine) -> None:
    """Faults, retakes and repetitions by the dice: what is stored is always what the truth gives from scratch."""
    dice = random.Random(7)
    spine = await open_spine(busy())
    for _ in range(60):
        spine.exchange.faults = [fault for fault in FAULTS if dice.random() < 0.12]
        order = dice.choices(
            [CollectOrder(), CollectOrder(retake="force"), CollectOrder(retake="rebalance")], [8, 1, 1]
        )[0]
        await spine.collect(spine.now + timedelta(minutes=dice.choice([0.001, 1, 7, 30, 60, 240])), order)
        spine.expire_leases()
        await spine.assert_sound()
    spine.exchange.faults = []
    report = await spine.collect(spine.now + HOUR)
    assert report.status == "ok"
    await spine.assert_sound()
    at_once = {report.started_at for report in spine.reports if not report.duration_ms}  # without waits in between
    for name, found in (await spine.histories()).items():
        exact = [row for row in found.rows if row.at in at_once]
        assert len(exact) > 10
        assert all(row.nav_usd == spine.world.nav(name, row.at) for row in exact)
        true = spine.world.flows(name, found.rows[0].at, spine.now)
        counted = [flow for flow in found.flows if found.inception and flow.at > found.inception]
        assert [(flow.at, flow.usd) for flow in counted] == [(flow.at, flow.usd) for flow in true]
