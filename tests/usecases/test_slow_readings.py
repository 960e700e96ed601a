"""Readings that take long: money that moves meanwhile is in the snapshot with its flow, or is of the next one."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from lib.demo.crossings import Crossing, P2pRow, traded
from lib.demo.events import Gain, Withdrawal
from lib.usecases import policy
from tests.spine import BORN_AT, Spine, the_world
from tests.usecases.conftest import OpenSpine
from tests.wires import at_call

TOTALS, WITHDRAWALS = "/sapi/v1/asset/wallet/balance", "/sapi/v1/capital/withdraw/history"
FUNDING = "/sapi/v1/asset/get-funding-asset"
HOUR = timedelta(hours=1)
LATE = BORN_AT + HOUR + timedelta(seconds=5)


def bought(usdt: int) -> Crossing:
    row = P2pRow("BUY", "USDT", Decimal(usdt), Decimal(0), "EUR", Decimal("0.9"), "COMPLETED")
    return traded("1", LATE, LATE, row)


@pytest.mark.parametrize(("account", "path", "usdt"), [("Mixed", FUNDING, 40), ("Spot", TOTALS, 900)])
async def test_money_of_a_list_that_is_not_due_shows_where_reading_took_long(
    open_spine: OpenSpine, account: str, path: str, usdt: int
) -> None:
    """It was in the value and no flow until its list's turn came, or its wallet, empty before, was not asked."""
    spine = await open_spine(the_world(account).adding(account, bought(usdt)))
    await spine.one(BORN_AT)
    spine.to_exchange.clear()
    spine.to_exchange.after.append(at_call(1, path, lambda: spine.clock.pass_time(10)))
    report = await spine.one(BORN_AT + HOUR)
    assert (report.status, report.flows) == ("stored", 1)
    (row,) = (await spine.histories())[account].rows[1:]
    assert (row.nav_usd, row.flow_usd) == (spine.world.nav(account, row.at), Decimal(usdt))
    assert row.at == BORN_AT + HOUR + timedelta(seconds=10)
    await spine.assert_sound()


async def test_money_that_goes_while_lists_are_waited_for_has_the_value_before_of_that_very_snapshot(
    open_spine: OpenSpine,
) -> None:
    """It was booked at once, with the value of an hour before, and the benchmark sold the wrong share for good."""
    at = BORN_AT + HOUR + timedelta(seconds=20)
    left = Withdrawal("9", "USDT", Decimal(14000), Decimal(0), "spot", "TRX", "a", "t", at - HOUR / 6, at)
    world = the_world("Spot").adding("Spot", Gain(BORN_AT + HOUR / 2, "spot", "USDT", Decimal(20000)), left)

    async def lived(spine: Spine, waited_s: int) -> tuple[datetime, Decimal, Decimal, Decimal, Decimal]:
        await policy.change(spine.wired.collector, "spot", {"withdrawals": "fraction_matched"})
        await spine.one(BORN_AT)
        spine.to_exchange.clear()
        spine.to_exchange.before.append(at_call(1, WITHDRAWALS, lambda: spine.clock.pass_time(waited_s)))
        assert (await spine.one(BORN_AT + HOUR)).status == "stored"
        await spine.one(BORN_AT + 2 * HOUR)
        row = (await spine.histories())["Spot"].rows[-1]
        return row.at, row.nav_usd, row.flow_usd, row.benchmark_usd, row.nav_index

    assert await lived(await open_spine(world), 40) == await lived(await open_spine(world), 0)
