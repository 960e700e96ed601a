"""Money that was final and turned back: what came stays booked, and its way back is an entry of its own."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from lib.domain.flows import DEPOSITS, Movement, Stage
from lib.domain.snapshot import FLOWS_BETWEEN
from lib.domain.state import Outcome
from lib.domain.turning import row_of, turning_back
from tests.builders import at, decs
from tests.domain.life import ALL_IS_WELL, Broken, Life, World, paid_in, paid_out
from tests.domain.test_cycle import flat

NO_DEPOSITS = Broken(sources=(DEPOSITS,))


def gone(movement: Movement, when: datetime) -> Movement:
    """The coins of a movement on their way back, which no list has."""
    return replace(movement, id="coins", quantity=-movement.quantity, at=when)


def turn(life: Life, movement: Movement, when: datetime, stage: Stage = Stage.REVERSED) -> None:
    """Let the money go back at `when`; the row says so, and keeps the time it came at if it is a deposit's."""
    listed = replace(movement, stage=stage, at=movement.at if stage is not Stage.DROPPED else movement.listed_at)
    coins = gone(movement, when) if stage is Stage.REVERSED else ()
    others = [one for one in life.world.movements if one.id not in (movement.id, "coins")]
    back = [coins] if isinstance(coins, Movement) else []
    life.world = replace(life.world, movements=(*others, listed, *back), hidden=frozenset({"coins"}))


def looked_twice(life: Life, when: datetime, broken: Broken = ALL_IS_WELL) -> Outcome:
    """Collect as a run does that met what it could not tell the time of: by a second look."""
    seen = turning_back(life.read(when), life.state)
    return life.decide(replace(life.read(when, broken), seen=seen), broken)


def living(movement: Movement, *instants: str) -> Life:
    life = Life(World(price=flat, movements=(movement,)))
    for instant in instants:
        life.collect(at(instant))
    return life


def ledger(life: Life) -> list[tuple[str, datetime, Decimal]]:
    return [(flow.id, flow.at, flow.quantity) for flow in life.flows.values()]


def has_neither_gained_nor_lost(life: Life) -> bool:
    return {row.nav_index for row in life.rows} == {Decimal(1)}


def test_money_taken_back_leaves_at_the_first_snapshot_without_it() -> None:
    paid = paid_in("1", at("10:30"), "SOL", "10")
    life = living(paid, "10:00", "11:00")
    turn(life, paid, at("11:20"))
    looked_twice(life, at("12:00"))
    assert ledger(life) == [("deposit:1", at("10:30"), Decimal(10)), ("deposit:1~2", at("12:00"), Decimal(-10))]
    assert [row.nav_usd for row in life.rows] == [*decs(20_000, 22_000, 20_000)]
    assert has_neither_gained_nor_lost(life)
    assert [row.benchmark_usd for row in life.rows] == [*decs(20_000, 22_000, 20_000)]
    life.collect(at("13:00"))
    assert len(life.flows) == 2  # it is met again every hour for a week


def test_a_single_look_cannot_tell_whether_the_balances_are_of_before() -> None:
    paid = paid_in("1", at("10:30"))
    life = living(paid, "10:00", "11:00")
    turn(life, paid, at("12:01"))  # after the balances, before the list
    outcome = life.collect(at("12:00"))
    assert outcome.snapshot is not None
    assert (outcome.snapshot.missing, outcome.booked) == ((FLOWS_BETWEEN,), ())
    assert looked_twice(life, at("13:00")).booked[0].at == at("13:00")
    assert has_neither_gained_nor_lost(life)


def test_held_snapshots_of_which_nothing_tells_stay_partial() -> None:
    paid = paid_in("1", at("10:30"))
    life = living(paid, "10:00", "11:00")
    life.collect(at("12:00"), NO_DEPOSITS)
    turn(life, paid, at("12:30"))
    life.collect(at("13:00"), NO_DEPOSITS)
    outcome = looked_twice(life, at("14:00"))
    assert (outcome.given_up, outcome.completed) == ((at("12:00"), at("13:00")), ())
    assert [row.at for row in life.rows] == [at("10:00"), at("11:00"), at("14:00")]
    assert has_neither_gained_nor_lost(life)


def test_they_stay_partial_too_where_the_list_came_back_between_balances_and_money() -> None:
    paid = paid_in("1", at("10:30"))
    life = living(paid, "10:00", "11:00")
    life.collect(at("12:00"), NO_DEPOSITS)
    turn(life, paid, at("11:30"))
    outcome = life.collect(at("13:00"))
    assert (outcome.given_up, outcome.completed, outcome.booked) == ((at("12:00"),), (), ())
    assert looked_twice(life, at("14:00")).booked[0].at == at("14:00")
    assert has_neither_gained_nor_lost(life)


def test_what_came_and_went_while_the_list_was_not_read_is_no_flow() -> None:
    paid = paid_in("1", at("11:30"))
    life = living(paid, "10:00", "11:00")
    life.collect(at("12:00"), NO_DEPOSITS)  # has the money
    turn(life, paid, at("12:30"))
    outcome = looked_twice(life, at("13:00"))
    assert (outcome.given_up, ledger(life)) == ((at("12:00"),), [])
    assert has_neither_gained_nor_lost(life)
    assert looked_twice(life, at("14:00")).restated_from is None


def test_a_withdrawal_that_fails_after_all_comes_back() -> None:
    left = paid_out("1", at("10:30"))
    life = living(left, "10:00", "11:00")
    turn(life, left, at("11:20"), Stage.DROPPED)
    looked_twice(life, at("12:00"))
    assert ledger(life)[1:] == [("withdraw:1~2", at("12:00"), Decimal(300))]
    assert has_neither_gained_nor_lost(life)


def test_a_row_that_tells_when_it_turned_is_believed_and_restates() -> None:
    paid = paid_in("1", at("10:30"))
    life = living(paid, "10:00", "11:00", "12:00")
    life.world = replace(life.world, movements=(replace(paid, stage=Stage.DROPPED, at=at("11:20")),))
    outcome = life.collect(at("13:00"))
    assert (outcome.booked[0].at, outcome.restated_from) == (at("11:20"), at("11:20"))


def test_what_came_before_the_comparison_began_goes_back_all_the_same() -> None:
    paid = paid_in("1", at("09:30"))
    life = living(paid, "10:00", "11:00")
    turn(life, paid, at("11:20"))
    looked_twice(life, at("12:00"))
    assert ledger(life) == [("deposit:1~2", at("12:00"), Decimal(-500))]
    assert has_neither_gained_nor_lost(life)


def test_a_refused_deposit_that_is_credited_after_all_was_once_never_booked() -> None:
    paid = paid_in("1", at("11:30"), seen=120)
    life = Life(World(price=flat, movements=(replace(paid, stage=Stage.DROPPED, at=paid.listed_at),)))
    life.collect(at("10:00"))
    life.collect(at("11:00"))
    life.world = replace(life.world, movements=(paid,))
    life.collect(at("12:00"))
    assert ledger(life) == [("deposit:1", at("11:30"), Decimal(500))]


def test_a_row_may_turn_again_and_again() -> None:
    paid = paid_in("1", at("10:30"))
    life = living(paid, "10:00", "11:00")
    turn(life, paid, at("11:20"))
    looked_twice(life, at("12:00"))
    life.world = replace(life.world, movements=(paid,))
    looked_twice(life, at("13:00"))
    turn(life, paid, at("13:20"))
    looked_twice(life, at("14:00"))
    assert [(flow.id, flow.usd) for flow in life.flows.values()] == [
        ("deposit:1", Decimal(500)),
        ("deposit:1~2", Decimal(-500)),
        ("deposit:1~3", Decimal(500)),
        ("deposit:1~4", Decimal(-500)),
    ]
    assert has_neither_gained_nor_lost(life)


def test_an_entry_that_a_person_took_out_is_left_to_them() -> None:
    paid = paid_in("1", at("10:30"))
    life = living(paid, "10:00", "11:00")
    del life.flows["deposit:1"]
    life.rows, life.events = life.from_scratch().rows, life.from_scratch().events
    life.state = replace(life.state, checkpoint=life.from_scratch().checkpoint)
    turn(life, paid, at("11:20"))
    assert looked_twice(life, at("12:00")).booked == ()
    assert looked_twice(life, at("13:00")).booked == ()


@pytest.mark.parametrize("late_row", ["as before", "turned"])
def test_a_reading_decided_on_late_turns_nothing(late_row: str) -> None:
    paid = paid_in("1", at("10:30"))
    life = living(paid, "10:00", "11:00")
    late = life.read(at("12:00"))
    turn(life, paid, at("11:20"))
    late = late if late_row == "as before" else life.read(at("12:00"))
    looked_twice(life, at("12:05"), Broken(wallets=("spot",)))  # not whole, so the earlier one still counts
    outcome = life.decide(late)
    assert outcome.snapshot is not None
    assert (outcome.snapshot.missing, outcome.booked) == ((FLOWS_BETWEEN,), ())
    assert list(life.flows) == ["deposit:1", "deposit:1~2"]


@pytest.mark.parametrize(
    ("entry", "row"), [("deposit:1", ("deposit:1", 1)), ("deposit:1~2", ("deposit:1", 2)), ("a:b~c", ("a:b~c", 1))]
)
def test_an_entry_tells_its_row(entry: str, row: tuple[str, int]) -> None:
    assert row_of(entry) == row
