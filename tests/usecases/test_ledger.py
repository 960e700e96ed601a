"""What a person decides about the ledger: as if it had been so from the beginning, and never forgotten."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lib.demo.events import Deposit, Event, Gain, Withdrawal
from lib.domain.replay import Row
from lib.domain.requests import FlowEntry, HistoryRequest, LogRequest
from lib.errors import InvalidInput, MonitorError, NotFound
from lib.records import AccountHistory, LedgerEntry
from lib.usecases import history as told_history
from lib.usecases import ledger
from tests.spine import BORN_AT, Spine, hours, the_world
from tests.usecases.conftest import OpenSpine

type Jumped = Callable[[Event], Awaitable[Spine]]

HOUR = timedelta(hours=1)
FIRST, SECOND = BORN_AT + timedelta(hours=3, minutes=10, seconds=7), BORN_AT + timedelta(hours=3, minutes=40)
WHY = "it was my own wallet"


def deposit(id_: str, at_hours: timedelta, asset: str, amount: str) -> Deposit:
    at = BORN_AT + at_hours
    return Deposit(id_, asset, Decimal(amount), "spot", "N", "a", "t", at, at, at)


@pytest.fixture
async def lived(open_spine: OpenSpine) -> Spine:
    """Six hours with two deposits between the same two snapshots, and a rebalance after them."""
    world = the_world("Spot").adding(
        "Spot", deposit("1", FIRST - BORN_AT, "SOL", "9"), deposit("2", SECOND - BORN_AT, "USDT", "700")
    )
    spine = await open_spine(world)
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 6)])
    return spine


async def history(spine: Spine) -> AccountHistory:
    return (await spine.histories())["Spot"]


async def entries(spine: Spine) -> dict[str, LedgerEntry]:
    (found,) = await spine.wired.store.flows("spot")
    return {entry.flow.id: entry for entry in found.entries}


def figures(rows: tuple[Row, ...]) -> list[tuple[object, ...]]:
    return [(row.at, row.nav_usd, row.benchmark_usd, row.nav_index, row.benchmark_index, row.flow_usd) for row in rows]


async def test_a_void_flow_counts_no_more_and_stays_in_the_ledger(lived: Spine) -> None:
    before = await history(lived)
    gone = await ledger.void(lived.wired.collector, "spot", "deposit:1", WHY)
    after = await history(lived)
    assert [flow.id for flow in after.flows] == ["deposit:2"]
    assert figures(after.rows)[:4] == figures(before.rows)[:4]
    assert after.rows[4].flow_usd == before.rows[4].flow_usd - gone.usd
    assert after.rows[-1].nav_usd == before.rows[-1].nav_usd
    assert after.rows[-1].nav_index > before.rows[-1].nav_index
    await lived.assert_sound()
    entry = (await entries(lived))["deposit:1"]
    assert entry.decision is not None
    assert (entry.decision.decision, entry.decision.reason, entry.flow.usd) == ("void", WHY, gone.usd)
    await lived.collect_at([BORN_AT + 7 * HOUR])
    assert len((await history(lived)).flows) == 1, "a later run does not book it again"
    await lived.assert_sound()


async def test_the_value_before_a_flow_forgets_what_was_voided_and_learns_what_is_added(lived: Spine) -> None:
    before = await history(lived)
    first, second = before.flows
    await ledger.void(lived.wired.collector, "spot", "deposit:1", WHY)
    (alone,) = (await history(lived)).flows
    assert first.value_before_usd is not None
    assert second.value_before_usd is not None
    assert alone.value_before_usd is not None
    worth_then = second.value_before_usd - alone.value_before_usd
    assert worth_then == 9 * lived.world.market.minute_open("SOL", SECOND)
    again = await ledger.add(lived.wired.collector, "spot", FlowEntry(FIRST, Decimal(9), "SOL", "a deposit after all"))
    after = await history(lived)
    assert (again.usd, again.value_before_usd) == (first.usd, first.value_before_usd)
    assert after.flows[1] == second
    assert after.rows == before.rows, "undone to the last digit"
    assert after.events == before.events
    await lived.assert_sound()


async def test_a_correction_takes_the_place_of_an_entry(lived: Spine) -> None:
    entry = FlowEntry(SECOND, Decimal(650), "USDT", "fifty went elsewhere")
    booked = await ledger.correct(lived.wired.collector, "spot", "deposit:2", entry)
    assert {flow.id for flow in (await history(lived)).flows} == {"deposit:1", booked.id}
    assert booked.usd == 650
    old = (await entries(lived))["deposit:2"]
    assert old.decision is not None
    assert (old.decision.decision, old.decision.by_flow_id) == ("superseded", booked.id)
    await lived.assert_sound()


async def test_an_internal_movement_is_no_flow(lived: Spine) -> None:
    await ledger.void(lived.wired.collector, "spot", "deposit:2", WHY, decision=ledger.INTERNAL)
    assert (await entries(lived))["deposit:2"].decision is not None
    assert [flow.id for flow in (await history(lived)).flows] == ["deposit:1"]
    await lived.assert_sound()


async def test_a_flow_after_the_last_snapshot_waits_for_the_next(lived: Spine) -> None:
    before = await history(lived)
    at = BORN_AT + timedelta(hours=6, minutes=20)
    lived.clock.set(BORN_AT + timedelta(hours=6, minutes=30))
    await ledger.add(lived.wired.collector, "spot", FlowEntry(at, Decimal(-40), "USDT", "a gift card"))
    assert (await history(lived)).rows == before.rows
    await lived.collect_at([BORN_AT + 7 * HOUR])
    assert (await history(lived)).rows[-1].flow_usd == -40
    await lived.assert_sound()


async def test_a_change_is_told_with_its_reason(lived: Spine) -> None:
    await ledger.void(lived.wired.collector, "spot", "deposit:1", WHY)
    told = {stored.entry.event: stored.entry.message for stored in await lived.wired.store.logs(LogRequest(text=WHY))}
    assert told["ledger.void"] == f"deposit:1: {WHY}"
    assert told["account.restated"] == f"history since 24 Aug 2026 10:10 UTC was computed anew: {WHY}"


@pytest.mark.parametrize(
    ("entry", "error", "says"),
    [
        (FlowEntry(BORN_AT, Decimal(5), "USDT", WHY), InvalidInput, "at: is not later than the start"),
        (FlowEntry(BORN_AT + 99 * HOUR, Decimal(5), "USDT", WHY), InvalidInput, "at: lies in the future"),
        (FlowEntry(FIRST, Decimal(0), "USDT", WHY), InvalidInput, "quantity: must not be 0"),
        (FlowEntry(FIRST, Decimal(5), "XYZ", WHY), InvalidInput, "asset: XYZ has no price"),
        (FlowEntry(FIRST, Decimal(5), "USDT", " "), InvalidInput, "reason: must have"),
    ],
)
async def test_a_wrong_entry_is_refused_by_name(
    lived: Spine, entry: FlowEntry, error: type[MonitorError], says: str
) -> None:
    before = lived.stored()
    with pytest.raises(error, match=says):
        await ledger.add(lived.wired.collector, "spot", entry)
    assert lived.stored() == before


async def test_what_is_not_in_force_cannot_be_voided_again(lived: Spine) -> None:
    await ledger.void(lived.wired.collector, "spot", "deposit:1", WHY)
    with pytest.raises(NotFound, match="deposit:1"):
        await ledger.void(lived.wired.collector, "spot", "deposit:1", WHY)
    with pytest.raises(NotFound, match="nobody"):
        await ledger.void(replace(lived.wired.collector), "nobody", "deposit:1", WHY)


async def test_the_history_says_that_it_was_computed_anew(lived: Spine) -> None:
    await ledger.void(lived.wired.collector, "spot", "deposit:1", WHY)
    answer = await told_history.read(lived.wired.store, HistoryRequest("spot"))
    events = answer["events"]
    assert isinstance(events, list)
    (note,) = [event for event in events if event["kind"] == "restated"]
    assert (note["at"], note["known_at"], note["account"]) == (FIRST, lived.now, "spot")
    assert note["detail"] == WHY, "the page says itself that, and since when, the past was computed anew"


@pytest.fixture
def jumped(open_spine: OpenSpine) -> Jumped:
    """Make six hours in which 4,000 come of which nothing tells, and after it, in the same hour, what is given."""

    async def live(moved: Event) -> Spine:
        gained = Gain(SECOND - HOUR / 3, "spot", "USDT", Decimal(4000))
        spine = await open_spine(the_world("Spot").adding("Spot", gained, moved))
        await spine.collect_at([BORN_AT, *hours(BORN_AT, 6)])
        assert [one.usd for one in (await history(spine)).unexplained] == [4000]
        return spine

    return live


async def test_a_correction_takes_out_of_a_jump_what_it_changes_and_no_more(jumped: Jumped) -> None:
    """The withdrawal came anew and its former entry did not go: 4,700 were told to be unexplained."""
    spine = await jumped(
        Withdrawal("9", "USDT", Decimal(700), Decimal(1), "spot", "TRX", "a", "t", SECOND - HOUR / 6, SECOND)
    )
    entry = FlowEntry(SECOND, Decimal(-700), "USDT", "no fee")
    await ledger.correct(spine.wired.collector, "spot", "withdrawal:9", entry)
    assert [one.usd for one in (await history(spine)).unexplained] == [3999]


async def test_a_correction_of_the_time_explains_no_other_money(jumped: Jumped) -> None:
    spine = await jumped(deposit("2", SECOND - BORN_AT, "USDT", "4000"))
    entry = FlowEntry(SECOND - timedelta(minutes=1), Decimal(4000), "USDT", "a minute earlier")
    await ledger.correct(spine.wired.collector, "spot", "deposit:2", entry)
    assert [one.usd for one in (await history(spine)).unexplained] == [4000]


async def test_what_is_voided_is_unexplained_again(jumped: Jumped) -> None:
    spine = await jumped(deposit("2", SECOND - BORN_AT, "USDT", "700"))
    await ledger.void(spine.wired.collector, "spot", "deposit:2", WHY)
    assert [one.usd for one in (await history(spine)).unexplained] == [4700]
