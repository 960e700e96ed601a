"""A source that fails never makes a false profit, and once it is back nothing tells that it was away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from lib.demo.events import Deposit, Withdrawal
from lib.demo.faults import Fault
from lib.demo.world import World
from lib.domain.replay import Row
from tests.spine import BORN_AT, hours, the_world
from tests.usecases.conftest import OpenSpine

DEPOSITS, WITHDRAWALS = "/sapi/v1/capital/deposit/hisrec", "/sapi/v1/capital/withdraw/history"
CANDLES, CONTRACT_CANDLES, PRICES = "/api/v3/klines", "/fapi/v1/klines", "/api/v3/ticker/price"
NINE = BORN_AT + timedelta(hours=2)


def paid_in(id_: str, at: datetime, asset: str = "USDT", amount: str = "5000") -> Deposit:
    seen = at - timedelta(minutes=5)
    return Deposit(id_, asset, Decimal(amount), "spot", "TRX", "a", "t", seen, at, at + timedelta(minutes=9))


def paid_out(id_: str, at: datetime, asset: str = "ETH", amount: str = "0.3") -> Withdrawal:
    applied, fee = at - timedelta(minutes=50), Decimal("0.001")
    return Withdrawal(id_, asset, Decimal(amount), fee, "spot", "TRX", "a", "t", applied, at)


def lively() -> World:
    """Spot with a deposit and a withdrawal within the second hour, and one of either in the fifth (Monday noon)."""
    return the_world("Spot").adding(
        "Spot",
        paid_in("1", NINE - timedelta(minutes=21, seconds=3)),
        paid_out("2", NINE - timedelta(minutes=7)),
        paid_in("3", NINE + timedelta(hours=2, minutes=39), "SOL", "12"),
        paid_out("4", NINE + timedelta(hours=2, minutes=44), "USDT", "700"),
    )


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(DEPOSITS, status=400), id="deposits refused"),
        pytest.param(Fault(DEPOSITS, "timeout"), id="deposits late"),
        pytest.param(Fault(WITHDRAWALS, "torn body"), id="withdrawals torn"),
        pytest.param(Fault("/sapi/v1/capital", "disconnect"), id="both cut off"),
        pytest.param(Fault(CANDLES, status=503), id="candles"),
        pytest.param(Fault(CANDLES, status=503, times=1), id="one candle"),
    ],
)
@pytest.mark.parametrize("broken", [range(1, 2), range(1, 6), range(6)], ids=["one run", "five runs", "from the start"])
async def test_a_failed_call_shows_no_profit_and_leaves_no_trace(
    open_spine: OpenSpine, fault: Fault, broken: range
) -> None:
    twin, spine = await open_spine(lively()), await open_spine(lively())
    instants = hours(BORN_AT, 8)
    await twin.collect_at(instants)
    true = (await twin.histories())["Spot"]
    assert len(true.flows) == 4
    for number, at in enumerate(instants):
        spine.exchange.faults = [fault] if number in broken else []
        await spine.collect(at)
        rows = (await spine.histories())["Spot"].rows
        assert rows == true.rows[: len(rows)]  # never a figure that the truth does not have
    assert spine.stored() == twin.stored()
    await spine.assert_sound()


async def test_a_run_without_its_deposits_stores_the_snapshot_as_partial_and_names_them(open_spine: OpenSpine) -> None:
    spine = await open_spine(lively())
    await spine.one(BORN_AT)
    spine.exchange.faults = [Fault(DEPOSITS, status=400)]
    report = await spine.one(NINE)
    assert (report.status, report.missing, report.nav_usd) == ("partial", ("flows:deposits",), None)
    (row,) = (await spine.histories())["Spot"].rows
    assert row.at == BORN_AT


async def test_money_that_shows_while_there_are_no_prices_waits_for_them(open_spine: OpenSpine) -> None:
    """It was booked without the benchmark's prices of its minute, and no later run could be computed."""
    twin, spine = await open_spine(lively()), await open_spine(lively())
    instants = hours(BORN_AT, 8)
    await twin.collect_at(instants)
    for at in instants:
        spine.exchange.faults = [Fault(PRICES, status=503)] if at == instants[1] else []
        report = await spine.one(at)
        assert ("prices" in report.missing) == (at == instants[1])
        await spine.assert_sound()
    mine, theirs = (await spine.histories())["Spot"], (await twin.histories())["Spot"]
    assert [replace(flow, value_before_usd=None) for flow in mine.flows] == [
        replace(flow, value_before_usd=None) for flow in theirs.flows
    ]
    shared = [row for row in theirs.rows if row.at != instants[1]]
    assert [(row.at, row.nav_usd, row.benchmark_usd) for row in mine.rows] == [
        (row.at, row.nav_usd, row.benchmark_usd) for row in shared
    ]


async def test_a_held_snapshot_stays_held_while_the_money_before_it_has_no_price(open_spine: OpenSpine) -> None:
    """A run that read the deposits but no prices completed it without them: a profit that was none."""
    twin, spine = await open_spine(lively()), await open_spine(lively())
    instants = hours(BORN_AT, 8)
    await twin.collect_at(instants)
    true = (await twin.histories())["Spot"]
    faults = {instants[1]: [Fault(DEPOSITS, status=400)], instants[2]: [Fault(PRICES, status=503)]}
    rows: Sequence[Row] = ()
    for at in instants:
        spine.exchange.faults = faults.get(at, [])
        await spine.collect(at)
        rows = (await spine.histories())["Spot"].rows
        known = {row.at for row in rows}
        shared = [row for row in true.rows if row.at in known]
        assert [row.benchmark_usd for row in rows] == [row.benchmark_usd for row in shared]
        assert [row.flow_usd for row in rows[:2]] == [row.flow_usd for row in shared[:2]]
    assert [row.at for row in rows] == [at for at in instants if at != instants[2]]
    await spine.assert_sound()
