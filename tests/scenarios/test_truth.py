"""What the product stores equals what the demo world knows of itself: NAV, flows and benchmark, to the last digit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from typing import Any

import pytest

from lib.demo.world import World
from lib.domain.money import EXACT
from lib.domain.requests import HistoryRequest
from lib.usecases import history
from tests.spine import BORN_AT, Spine
from tests.usecases.conftest import OpenSpine

DAYS = 38  # the withdrawals of the script begin in its fourth week
ODD = tuple(BORN_AT + timedelta(days=day, hours=3, minutes=17 + day, seconds=41) for day in range(1, DAYS, 5))
SIX_HOURLY = tuple(BORN_AT + timedelta(hours=6 * turn) for turn in range(DAYS * 4))
INSTANTS = tuple(sorted({*SIX_HOURLY, *ODD}))
HAIR = Decimal("1e-8")
WEIGHTS = {"BTC": Decimal("0.5"), "ETH": Decimal("0.5")}


def true_benchmark(world: World, name: str, instants: Sequence[datetime]) -> list[Decimal]:
    """The rules of the benchmark in a dozen lines: start, deposits, withdrawals, Mondays at noon."""
    noon, week = BORN_AT.replace(hour=12), timedelta(weeks=1)
    flows = [(flow.at, 0, flow.usd) for flow in world.flows(name, instants[0], instants[-1])]
    turns = [(noon + week * n, 1, Decimal(0)) for n in range(20) if instants[0] < noon + week * n <= instants[-1]]
    looks = [(at, 2, Decimal(0)) for at in instants]
    usd, found = world.nav(name, instants[0]), []
    units = {coin: share * usd / world.market.usd(coin, instants[0]) for coin, share in WEIGHTS.items()}
    for at, kind, paid in sorted([*flows, *turns, *looks]):
        price = {coin: (world.market.usd if kind == 2 else world.market.minute_open)(coin, at) for coin in WEIGHTS}
        worth = sum(units[coin] * price[coin] for coin in units)
        if kind == 2:
            found.append(Decimal(worth))
        elif kind == 0 and paid < 0:
            units = {coin: held * (1 + paid / worth) for coin, held in units.items()}
        else:
            kept = units if kind == 0 else dict.fromkeys(units, Decimal(0))
            spent = paid if kind == 0 else worth
            units = {coin: kept[coin] + share * spent / price[coin] for coin, share in WEIGHTS.items()}
    return found


async def test_nav_flows_and_benchmark_equal_the_worlds_own_truth(spine: Spine) -> None:
    await spine.collect_at(INSTANTS)
    histories = await spine.histories()
    for name, found in histories.items():
        assert [row.at for row in found.rows] == list(INSTANTS)
        assert [row.nav_usd for row in found.rows] == [spine.world.nav(name, at) for at in INSTANTS]
        true_flows = spine.world.flows(name, INSTANTS[0], INSTANTS[-1])
        assert {flow.kind for flow in true_flows} == {"deposit", "withdrawal"}
        assert [(flow.id.split(":")[1], flow.at, flow.usd, flow.quantity) for flow in found.flows] == [
            (true.id, true.at, true.usd, true.quantity) for true in true_flows
        ]
        assert found.unexplained == ()
        with localcontext(EXACT):
            expected = true_benchmark(spine.world, name, INSTANTS)
            assert max(abs(row.benchmark_usd - true) for row, true in zip(found.rows, expected, strict=True)) < HAIR
        rebalances = [event.at for event in found.events if event.kind == "rebalance"]
        assert rebalances == [BORN_AT.replace(hour=12) + timedelta(weeks=week) for week in range(6)]
    await spine.assert_sound()
    await sums_are_right(spine, histories)


async def sums_are_right(spine: Spine, histories: dict[str, Any]) -> None:
    """`all` has the sums of the three in every slot, and so have its figures."""
    told: Any = await history.read(spine.wired.store, HistoryRequest("all", points=2000))
    each: Any = [
        await history.read(spine.wired.store, HistoryRequest(one.id, points=2000)) for one in histories.values()
    ]
    rows = list(zip(*(one.rows for one in histories.values()), strict=True))
    cent = Decimal("0.005")
    assert told["series"]["t"] == [int(at.timestamp()) for at in INSTANTS]
    for column, name in (("nav", "nav_usd"), ("benchmark", "benchmark_usd"), ("flow", "flow_usd")):
        sums = [sum(getattr(row, name) for row in slot) for slot in rows]
        assert all(abs(Decimal(t) - s) <= cent for t, s in zip(told["series"][column], sums, strict=True)), column
    for metric in ("nav", "benchmark", "difference", "net_flows", "pnl", "put_in"):
        assert Decimal(told["metrics"][metric]) == pytest.approx(
            sum(Decimal(one["metrics"][metric]) for one in each), abs=Decimal("1e-7")
        )


async def test_the_index_is_the_growth_of_true_value_where_no_money_moved(open_spine: OpenSpine) -> None:
    spine = await open_spine()
    await spine.collect_at(SIX_HOURLY[:4])
    found = (await spine.histories())["Main"]
    assert found.flows == ()
    grown = spine.world.nav("Main", SIX_HOURLY[3]) / spine.world.nav("Main", SIX_HOURLY[0])
    assert abs(found.rows[-1].nav_index - grown) < Decimal("1e-20")
