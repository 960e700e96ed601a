"""What changed the value, as the product tells it, beside what the demo world knows of itself."""

import asyncio
import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lib.demo.contracts import profits
from lib.demo.earnings import earnings
from lib.demo.faults import Fault
from lib.demo.world import World
from lib.domain.money import cents, cents_text
from lib.domain.requests import CollectOrder, HistoryRequest
from lib.usecases import history
from lib.usecases.collect import collect
from tests.spine import BORN_AT, Spine, the_world
from tests.usecases.conftest import OpenSpine

INSTANTS = tuple(BORN_AT + timedelta(hours=6 * turn, seconds=7) for turn in range(30 * 4))
KINDS = {"realised": "REALIZED_PNL", "funding": "FUNDING_FEE", "commission": "COMMISSION"}


async def attribution(spine: Spine, account: str, since: datetime | None = None, until: datetime | None = None) -> Any:
    answer: Any = await history.read(spine.wired.store, HistoryRequest(account, since=since, until=until))
    return answer["attribution"]


def true_income(world: World, kind: str, since: datetime, until: datetime) -> Decimal:
    """What the world's own books say Main earned in (since, until]."""
    rows = (one for one in earnings(world, "Main", "usdm", since, until) if since < one.at)
    return sum((one.amount for one in rows if one.kind == KINDS[kind]), Decimal(0))


def true_profit(world: World, at: datetime) -> Decimal:
    return profits(world.books("Main", at), world.market.prices(at)).get(("usdm", "USDT"), Decimal(0))


def assert_adds_up(told: Any) -> None:
    change = Decimal(told["nav_to"]) - Decimal(told["nav_from"])
    assert Decimal(told["change"]) == change
    assert sum(map(Decimal, told["parts"].values())) + Decimal(told["residual"]) == change


async def test_the_parts_are_the_worlds_own_to_the_cent(spine: Spine) -> None:
    """Main does nothing that income, prices and flows do not tell: nothing of it is unexplained."""
    await spine.collect_at(INSTANTS)
    for since, until in ((INSTANTS[0], INSTANTS[-3]), (INSTANTS[40], INSTANTS[44]), (INSTANTS[7], INSTANTS[90])):
        told = await attribution(spine, "main", since, until)
        assert_adds_up(told)
        parts = told["parts"]
        for kind in KINDS:
            assert parts[kind] == cents_text(true_income(spine.world, kind, since, until)), kind
        profit = true_profit(spine.world, until) - true_profit(spine.world, since)
        assert parts["unrealised"] == cents_text(profit)
        flows = sum((one.usd for one in spine.world.flows("Main", since, until)), Decimal(0))
        assert parts["flows"] == cents_text(flows)
        assert (parts["rewards"], parts["other"], told["known_from"]) == ("0.00", "0.00", None)
        assert abs(Decimal(told["residual"])) <= Decimal("0.02"), "no more than rounding"
        for account in ("mixed", "all"):
            assert_adds_up(await attribution(spine, account, since, until))
    spot = await attribution(spine, "spot", INSTANTS[0], INSTANTS[-1])
    assert_adds_up(spot)
    assert spot["income_until"] is None
    assert abs(Decimal(spot["residual"])) < 40, (
        "swaps between coins cost their fee, and prices move until they are seen"
    )


async def test_income_is_told_up_to_when_it_was_read_and_the_rest_is_not_explained(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Main"))
    await spine.collect_at(BORN_AT + timedelta(hours=hour, seconds=7) for hour in range(14 * 24))
    told = await attribution(spine, "main")
    assert_adds_up(told)
    read = told["income_until"]
    assert timedelta(0) < spine.now - read < timedelta(hours=7)
    late = [true_income(spine.world, kind, read, spine.now) for kind in KINDS]
    assert cents(sum(late, Decimal(0))) - Decimal(told["residual"]) == pytest.approx(0, abs=Decimal("0.03"))


@pytest.mark.parametrize("seed", [3, 8])
async def test_no_row_of_income_is_lost_or_counted_twice_whatever_happens(open_spine: OpenSpine, seed: int) -> None:
    """Faults, retakes, racing runs and odd hours by the dice: in the end the sums are the world's."""
    dice = random.Random(seed)
    spine = await open_spine(the_world("Main"))
    beside = await open_spine(beside=spine)
    broken = [Fault("/fapi/v1/income"), Fault("/fapi/v3/account"), Fault("/sapi/v1/capital"), Fault("/api/v3/ticker")]
    for _ in range(70):
        spine.exchange.faults = [fault for fault in broken if dice.random() < 0.15]
        order = CollectOrder(retake="force") if dice.random() < 0.2 else CollectOrder()
        spine.clock.pass_time(dice.choice([61, 1801, 3600, 7200, 20_000]))
        beside.clock.set(spine.now)
        beside.exchange.world = spine.world
        await asyncio.gather(spine.collect(order=order), collect(beside.wired.collector, order))
        spine.expire_leases()
    spine.exchange.faults = []
    await spine.collect_at([spine.now + timedelta(hours=7)])
    (stored,) = (await spine.histories()).values()
    since, until = stored.rows[0].at, (await attribution(spine, "main"))["income_until"]
    for kind in KINDS:
        ((total,),) = spine.sql(f"select sum({kind}) from income where until > %s", since)
        assert total == true_income(spine.world, kind, since, until), kind
    snapshots = {at for (at,) in spine.sql("select at from snapshots where complete")}
    buckets = {at for (at,) in spine.sql("select until from income")}
    assert len(buckets - snapshots) < len(buckets) / 2, "income is summed up to snapshots"
