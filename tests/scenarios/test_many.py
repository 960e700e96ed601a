"""Many accounts behind one address: worked through run by run, none starved, and never more asked than is ours."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import httpx
import pytest

from lib.binance.client import BinanceClient
from lib.demo.instants import to_ms
from lib.demo.limits import pool
from lib.demo.messages import Request
from lib.demo.world import World
from lib.records import Status
from lib.usecases.runs import RunReport
from tests.spine import BORN_AT, Spine, crowd
from tests.usecases.conftest import OpenSpine

ACCOUNTS = 60
SHARE = Fraction(8, 100)  # of the totals' 12 000 a minute: 16 accounts
A_MINUTE = 16
A_MINUTE_BESIDE = 11  # accounts of 5 until 1920 of the 2400
RETRY = timedelta(minutes=5)
TOTALS = "/sapi/v1/asset/wallet/balance"


@asynccontextmanager
async def sharing(spine: Spine, share: Fraction) -> AsyncIterator[None]:
    """Let the spine's client ask for no more than `share` of every limit."""
    async with httpx.AsyncClient(transport=spine.to_exchange) as http:
        spine.wired = replace(spine.wired, exchange=BinanceClient(http, spine.clock, share=share))
        yield


def living_like(name: str, count: int) -> World:
    """Return a world in which everybody lives the life of one."""
    world = crowd(2 * count)
    alike = tuple(account for account in world.accounts if account.name.startswith(name))
    return World(world.seed, world.born_at, world.market, alike)


@pytest.fixture
async def many(open_spine: OpenSpine) -> AsyncIterator[Spine]:
    spine = await open_spine(living_like("Spot", ACCOUNTS), empty=True)
    await spine.add_unasked()
    async with sharing(spine, SHARE):
        yield spine


def beside_a_stranger(spine: Spine, path: str, weight: int) -> set[int]:
    """Let somebody else behind the address spend `weight` of the path's pool in every minute that is still to come."""
    minutes: set[int] = set()

    async def spend(_: httpx.Request) -> None:
        now_ms = to_ms(spine.now)
        if now_ms // 60_000 not in minutes:
            minutes.add(now_ms // 60_000)
            budget, address = pool(path, per_account=False, per_second=False), Request("GET", "/").address
            spine.exchange.meter.spend(budget, address, address, weight, now_ms)

    spine.to_exchange.before.append(spend)
    return minutes


def statuses(report: RunReport) -> Counter[str]:
    return Counter(one.status for one in report.accounts)


async def test_they_are_worked_through_in_several_runs_the_deferred_ones_first(many: Spine) -> None:
    done: list[str] = []
    due = sorted(account.id for account in await many.wired.store.accounts())
    while len(done) < ACCOUNTS:
        report = await many.collect(many.now + RETRY if done else BORN_AT)
        stored = [one.id for one in report.accounts if one.status == "stored"]
        assert [one.id for one in report.accounts] == due[len(done) :]
        assert stored == due[len(done) : len(done) + 2 * A_MINUTE]  # in the claim's order: a minute turns in each run
        assert statuses(report).keys() <= {"stored", "deferred"}
        assert report.duration_ms < 100_000
        assert many.sql("select count(*) from accounts where lease_run is not null") == [(0,)]
        done += stored
    assert len(many.reports) == -(-ACCOUNTS // (2 * A_MINUTE))
    assert [report.status for report in many.reports] == ["partial"] * (len(many.reports) - 1) + ["ok"]
    assert not [call for call in many.to_exchange.calls if call.status in (429, 418)]
    assert many.exchange.meter.peaks[TOTALS] == SHARE
    assert max(many.exchange.meter.peaks.values()) <= Fraction(4, 5)  # an account's own limits are its own


async def test_a_deferred_account_keeps_its_state_and_its_status_and_is_told(many: Spine) -> None:
    await many.collect(BORN_AT)
    deferred = [one.id for one in many.reports[-1].accounts if one.status == "deferred"]
    assert len(deferred) == ACCOUNTS - 2 * A_MINUTE
    known = {one.id: one for one in await many.wired.store.accounts()}
    assert {(known[id_].status, known[id_].last_try) for id_ in deferred} == {(Status("new"), None)}
    assert many.sql("select count(*) from logs where event = 'account.deferred'") == [(len(deferred),)]
    assert {asked.account for asked in many.exchange.requests} & {known[id_].name for id_ in deferred} == set()


async def test_none_is_starved_though_slots_come_faster_than_they_can_be_served(many: Spine) -> None:
    """Who was deferred in one slot is first in the next, before all who had theirs."""
    before: set[str] = set()
    for hour in range(5):
        report = await many.collect(BORN_AT + timedelta(hours=hour))
        served = {one.id for one in report.accounts if one.status == "stored"}
        assert len(served) == 2 * A_MINUTE
        if hour:
            assert len(before | served) == ACCOUNTS
        before = served
    await many.assert_sound()


async def test_beside_a_stranger_they_come_to_an_end_one_after_another_rather_than_all_by_half(
    open_spine: OpenSpine,
) -> None:
    """Somebody else behind the address leaves room for eleven futures accounts a minute."""
    spine = await open_spine(crowd(ACCOUNTS), empty=True)
    await spine.add_unasked()
    beside_a_stranger(spine, "/fapi/v1/time", 1862)
    due = [account.id for account in await spine.wired.store.accounts() if not account.id.startswith("spot")]
    due.sort()
    done: list[str] = []
    while len(done) < len(due):
        report = await spine.collect(spine.now + RETRY if done else BORN_AT)
        assert statuses(report).keys() <= {"stored", "deferred"}
        stored = [one.id for one in report.accounts if one.status == "stored" and one.id in due]
        assert stored == due[len(done) : len(done) + 2 * A_MINUTE_BESIDE]
        done += stored
    assert not [call for call in spine.to_exchange.calls if call.status in (429, 418)]
    assert spine.exchange.meter.peaks["futures"] <= Fraction(4, 5)


async def test_who_waited_for_a_turn_has_a_time_and_prices_of_its_own(open_spine: OpenSpine) -> None:
    """Balances of now beside a time and prices of a minute ago are no value the account ever had."""
    spine = await open_spine(living_like("Main", 3), empty=True)
    await spine.add_unasked()
    minutes = beside_a_stranger(spine, TOTALS, 9540)
    start = BORN_AT + timedelta(days=3)
    minutes.add(to_ms(start) // 60_000 + 1)  # the second minute is all ours
    assert {one.status for one in (await spine.collect(start)).accounts} == {"stored"}
    found = spine.sql("select name, at, nav_usd from snapshots join accounts on id = account_id order by at")
    assert [(at - start).total_seconds() for _, at, _ in found] == [0, 60, 60]
    for name, at, nav in found[1:]:
        assert nav == spine.world.nav(name, at) != spine.world.nav(name, at - timedelta(seconds=60))
