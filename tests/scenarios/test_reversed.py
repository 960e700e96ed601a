"""Money that Binance takes back after it was credited, or gives back after it had left, through the whole spine."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lib.demo.events import Deposit, Withdrawal
from lib.demo.faults import Fault
from lib.demo.world import World
from lib.document.reading import read
from lib.document.writing import write
from lib.usecases.export import export
from lib.usecases.restore import restore
from tests.chaos.truth import benchmark, money
from tests.scenarios.test_other_flows import logged
from tests.spine import BORN_AT, Spine, hours, the_world
from tests.usecases.conftest import OpenSpine
from tests.wires import at_call

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOON = BORN_AT + 5 * HOUR
DEPOSITS, TOTALS = "/sapi/v1/capital/deposit/hisrec", "/sapi/v1/asset/wallet/balance"
CAME_AT = BORN_AT + 90 * MINUTE
PAID = Deposit("46", "SOL", Decimal(30), "funding", "SOL", "a", "t", CAME_AT, CAME_AT, CAME_AT)
LEFT = Withdrawal("99", "USDT", Decimal(700), Decimal(1), "spot", "TRX", "a", "t", BORN_AT + HOUR, CAME_AT)


def world(*events: Deposit | Withdrawal) -> World:
    return the_world("Spot").adding("Spot", *events)


async def told(spine: Spine) -> list[tuple[str, Decimal]]:
    """Hold all that is stored against the world, and return the ledger."""
    found = (await spine.histories())["Spot"]
    assert [row.nav_usd for row in found.rows] == [spine.world.nav("Spot", row.at) for row in found.rows]
    entries = money(spine.world, "Spot", found.flows)
    instants, stored = [row.at for row in found.rows], found.prices
    true = benchmark(spine.world, found.rows[0].nav_usd, entries, instants, stored)
    for row, true_usd in zip(found.rows, true, strict=True):
        assert abs(row.benchmark_usd - true_usd) < Decimal("1e-8")
    assert found.unexplained == ()
    await spine.assert_sound()
    return [(flow.id, flow.quantity) for flow in found.flows]


async def test_a_deposit_taken_back_makes_neither_a_gain_nor_a_loss_and_leaves_what_would_have_been(
    open_spine: OpenSpine,
) -> None:
    back_at = BORN_AT + 160 * MINUTE
    spine, quiet = await open_spine(world(replace(PAID, reversed_at=back_at))), await open_spine(world())
    for one in (spine, quiet):
        await one.collect_at((BORN_AT, *hours(BORN_AT, 7)))
    assert await told(spine) == [("deposit:46", Decimal(30)), ("deposit:46~2", Decimal(-30))]
    found, without = (await spine.histories())["Spot"], (await quiet.histories())["Spot"]
    assert found.flows[1].at == BORN_AT + 3 * HOUR  # the list does not say when: the first snapshot without it
    apart = [mine.nav_usd - theirs.nav_usd for mine, theirs in zip(found.rows, without.rows, strict=True)]
    assert [usd > 3000 for usd in apart] == [False, False, True, *[False] * 5]
    assert apart[3:] == [Decimal(0)] * 5
    # 4,000 dollars came and went beside 22,000: what is left in the index is what they did in between.
    for mine, theirs in zip(found.rows, without.rows, strict=True):
        assert abs(mine.nav_index / theirs.nav_index - 1) < Decimal("0.005")
        assert abs(mine.benchmark_index / theirs.benchmark_index - 1) < Decimal("1e-6")
    (said,) = await logged(spine, "account.reversed")
    assert said.startswith("Binance turned deposit:46 back after it was final: withdrawal of 30 SOL, ")


async def test_a_withdrawal_that_fails_after_it_was_completed_comes_back(open_spine: OpenSpine) -> None:
    spine = await open_spine(world(replace(LEFT, reversed_at=BORN_AT + 200 * MINUTE)))
    await spine.collect_at((BORN_AT, *hours(BORN_AT, 6)))
    assert await told(spine) == [("withdrawal:99", Decimal(-701)), ("withdrawal:99~2", Decimal(701))]


@pytest.mark.parametrize("slow_s", [0, 10], ids=["at once", "its totals waiting"])
async def test_what_is_taken_back_while_the_account_is_read_is_read_once_more(
    open_spine: OpenSpine, slow_s: int
) -> None:
    """Its own entry at the time of the second reading was held to have moved in it, and left that one partial."""
    at = BORN_AT + 3 * HOUR
    spine = await open_spine(world(replace(PAID, reversed_at=at + timedelta(seconds=30))))
    await spine.collect_at((BORN_AT, *hours(BORN_AT, 2)))
    spine.to_exchange.clear()
    spine.to_exchange.before.append(at_call(1, DEPOSITS, lambda: spine.clock.pass_time(60)))
    spine.to_exchange.after.append(at_call(2, TOTALS, lambda: spine.clock.pass_time(slow_s)))
    assert (await spine.one(at)).status == "stored"
    found = (await spine.histories())["Spot"]
    assert found.rows[-1].at == found.flows[-1].at == at + MINUTE + timedelta(seconds=slow_s)
    assert await told(spine) == [("deposit:46", Decimal(30)), ("deposit:46~2", Decimal(-30))]


async def test_snapshots_that_may_or_may_not_have_it_stay_partial(open_spine: OpenSpine) -> None:
    spine = await open_spine(world(replace(PAID, reversed_at=BORN_AT + 200 * MINUTE)))
    await spine.collect_at((BORN_AT, *hours(BORN_AT, 2)))
    spine.exchange.faults = [Fault(DEPOSITS, status=500)]
    for at in hours(BORN_AT + 2 * HOUR, 3):
        assert (await spine.one(at)).missing == ("flows:deposits",)
    spine.exchange.faults = []
    await spine.one(BORN_AT + 6 * HOUR)
    assert await told(spine) == [("deposit:46", Decimal(30)), ("deposit:46~2", Decimal(-30))]
    partial = spine.sql("select slot, whole, missing from snapshots where not complete order by slot")
    assert partial == [(at, False, ["flows:deposits", "flows:between"]) for at in hours(BORN_AT + 2 * HOUR, 3)]
    assert len(await logged(spine, "account.given_up")) == 3


async def test_what_was_taken_back_is_not_taken_back_again_after_a_restore(open_spine: OpenSpine) -> None:
    spine = await open_spine(world(replace(PAID, reversed_at=BORN_AT + 160 * MINUTE)))
    await spine.collect_at((BORN_AT, *hours(BORN_AT, 4)))
    (document,) = await export(spine.wired.store, "all")
    (record,) = read(write(document), "file.json")
    other = await open_spine(spine.world, empty=True)
    id_ = await restore(other.wired.store, other.clock, record, ("deposits",))
    assert (await other.wired.store.load(id_)).state.turns == {"deposit:46": 2}
