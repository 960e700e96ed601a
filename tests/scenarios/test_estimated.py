"""What was before the first snapshot: estimated once from the exchange's own days, told beside the series alone."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lib.demo.faults import Fault
from lib.domain.requests import HistoryRequest
from lib.usecases import history
from lib.usecases.estimating import PATIENCE
from tests.spine import BORN_AT, Spine, hours, the_world
from tests.usecases.conftest import OpenSpine

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SNAPSHOTS = "/sapi/v1/accountSnapshot"
FIRST = BORN_AT.replace(hour=23, minute=59, second=59) - 4 * DAY  # the accounts were funded that day


async def told(spine: Spine, account: str, **asked: Any) -> Any:
    return await history.read(spine.wired.store, HistoryRequest(account, **asked))


async def test_the_days_before_the_first_snapshot_are_the_worlds_and_change_no_figure(spine: Spine) -> None:
    await spine.collect_at([BORN_AT])
    before = {one: await told(spine, one) for one in ("main", "spot", "mixed", "all")}
    assert spine.to_exchange.count(SNAPSHOTS) == 0, "nothing is estimated before the inception is stored"
    await spine.collect_at(hours(BORN_AT, 5))
    assert spine.to_exchange.count(SNAPSHOTS) == 9, "one account a run, three calls each, once"
    days = [FIRST + n * DAY for n in range(4)]
    sums = [Decimal(0)] * 4
    for name in ("Main", "Spot", "Mixed"):
        answer = await told(spine, name.lower())
        found = answer["estimated"]
        assert found["t"] == [int(day.timestamp()) for day in days]
        for day, estimate in zip(days, found["nav"], strict=True):
            counted = Decimal(estimate) / spine.world.nav(name, day)
            # What Mixed has in other wallets is not in these snapshots.
            assert (Decimal("0.3") if name == "Mixed" else Decimal("0.999")) < counted < Decimal("1.001")
        sums = [total + Decimal(estimate) for total, estimate in zip(sums, found["nav"], strict=True)]
        assert answer["series"]["t"][0] == int(BORN_AT.timestamp())
        assert answer["metrics"]["put_in"] == before[name.lower()]["metrics"]["put_in"]
    everybody = (await told(spine, "all"))["estimated"]
    assert [Decimal(usd) for usd in everybody["nav"]] == pytest.approx(sums, abs=Decimal("0.02"))


async def test_only_a_range_that_begins_with_the_first_snapshot_shows_what_was_before_it(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Spot"))
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 30)])
    ranges: dict[str, dict[str, Any]] = {
        "all": {},
        "a month": {"length": 30 * DAY},
        "three days": {"length": 3 * DAY},
        "a day": {"length": DAY},
        "since two days before": {"since": BORN_AT - 2 * DAY},
        "since an hour after": {"since": BORN_AT + HOUR},
    }
    count = {name: len((await told(spine, "spot", **asked))["estimated"]["t"]) for name, asked in ranges.items()}
    assert count == {
        "all": 4,
        "a month": 4,
        "three days": 2,
        "a day": 0,
        "since two days before": 2,
        "since an hour after": 0,
    }


async def test_what_fails_is_tried_in_a_later_run_and_holds_nothing_back(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Main", "Spot"))
    await spine.collect_at([BORN_AT])
    spine.exchange.faults = [Fault(SNAPSHOTS, account="Main", status=503, body=b'{"code":-1008,"msg":"overload"}')]
    await spine.collect_at(hours(BORN_AT, 6))
    assert spine.sql("select count(distinct account_id), min(account_id) from estimates") == [(1, "spot")]
    lines = spine.sql("select level, message from logs where event = 'account.estimated' and account_id = 'main'")
    assert lines
    assert all(level == "warning" and "a later run tries again" in text for level, text in lines)
    spine.exchange.faults = []
    await spine.collect_at(hours(BORN_AT + 6 * HOUR, 2))
    assert spine.sql("select count(distinct account_id) from estimates") == [(2,)]
    asked = spine.to_exchange.count(SNAPSHOTS)
    await spine.collect_at(hours(BORN_AT + 9 * HOUR, 3))
    assert spine.to_exchange.count(SNAPSHOTS) == asked


async def test_what_is_refused_for_good_is_asked_for_once(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Main"))
    await spine.collect_at([BORN_AT])
    refused = b'{"code":-1002,"msg":"You are not authorized to execute this request."}'
    spine.exchange.faults = [Fault(SNAPSHOTS, status=400, body=refused)]
    await spine.collect_at(hours(BORN_AT, 1))
    asked = spine.to_exchange.count(SNAPSHOTS)
    await spine.collect_at(hours(BORN_AT + HOUR, 3))
    assert spine.to_exchange.count(SNAPSHOTS) == asked > 0
    ((message,),) = spine.sql("select message from logs where event = 'account.estimated'")
    assert message.startswith("what was before the start stays unknown: GET /sapi/v1/accountSnapshot: -1002")


async def test_nobody_waits_for_a_pool_that_is_full(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Main"))
    await spine.collect_at([BORN_AT])
    full = b'{"code":-1003,"msg":"Too much request weight used."}'
    spine.exchange.faults = [Fault(SNAPSHOTS, status=429, body=full)]
    report = await spine.collect(BORN_AT + HOUR)
    assert report.status == "ok"
    assert spine.now - (BORN_AT + HOUR) <= PATIENCE
    spine.exchange.faults = []
    await spine.collect_at([BORN_AT + 2 * HOUR])
    assert spine.sql("select count(*) from estimates") == [(4,)]
