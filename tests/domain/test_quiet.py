"""Stretches in which nothing happens are summed by columns: no digit may tell."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given

from lib.domain.aggregate import Member, Total, aggregate
from lib.domain.prices import PriceHistory
from lib.domain.replay import Row
from lib.domain.schedule import MOMENT
from tests.builders import HOUR, MINUTE, MONDAY, flow, point
from tests.domain.test_aggregate_lives import STEADY, WAVY, lives, member

SECOND = timedelta(seconds=1)


def looked_into(members: Sequence[Member]) -> list[Member]:
    """The same accounts with a flow of nothing in every period, so that each is told by itself."""
    instants = sorted({row.at for one in members for row in one.rows})
    nothing = [flow(at, "0", id_=f"nothing {number}") for number, at in enumerate(instants)]
    return [replace(one, flows=[*one.flows, *nothing]) for one in members]


def digits(total: Total) -> object:
    """All that is told, in the very digits."""
    return [str(row) for row in total.rows], total.absences, total.flows, total.stays


def same(members: Sequence[Member], prices: PriceHistory) -> Sequence[Row]:
    total = aggregate(members, prices)
    assert digits(total) == digits(aggregate(looked_into(members), prices))
    return total.rows


@given(lives())
def test_a_stretch_is_told_as_each_of_its_rows_would_be(found: list[Member]) -> None:
    same(found, WAVY)


@pytest.mark.parametrize("lag_s", [0, 1, 3599, 3601, 7300])
def test_a_late_snapshot_meets_the_flows_and_prices_of_its_own_time(lag_s: int) -> None:
    """B's snapshots may come after A's next one; a flow to A lies between the two."""
    hours = range(12)
    paid = [flow(MONDAY + 5 * HOUR + lag * SECOND, "25", id_=f"paid {lag}") for lag in (-1, 0, 1, 3600, 7000)]
    a = member("a", [point(MONDAY + hour * HOUR, str(100 + hour * hour % 7)) for hour in hours], paid)
    late = [point(MONDAY + hour * HOUR + lag_s * SECOND, str(200 + hour % 5)) for hour in hours]
    b = member("b", [replace(one, slot=MONDAY + hour * HOUR) for hour, one in enumerate(late)])
    assert len(same([a, b], WAVY)) == len(hours)


def test_snapshots_whose_times_do_not_follow_their_slots_are_told_one_by_one() -> None:
    a = member("a", [point(MONDAY + hour * HOUR, "100") for hour in range(6)], [flow(MONDAY + 3 * HOUR, "10")])
    slots = [0, 2, 1, 3, 5, 4]
    points = [
        replace(point(MONDAY + n * HOUR + MINUTE, "70"), slot=MONDAY + slot * HOUR) for n, slot in enumerate(slots)
    ]
    rows = same([a, member("b", points)], STEADY)
    assert [row.slot for row in rows] == sorted(row.slot for row in rows)
    assert all(one.at < other.at for one, other in pairwise(rows))


def test_of_two_snapshots_of_one_slot_the_later_one_is_told() -> None:
    early, late = point(MONDAY + HOUR, "100"), point(MONDAY + HOUR + MINUTE, "120")
    a = member("a", [point(MONDAY, "100"), early, replace(late, slot=early.slot), point(MONDAY + 2 * HOUR, "130")])
    assert [row.nav_usd for row in same([a], STEADY)] == [Decimal(100), Decimal(120), Decimal(130)]


def test_after_one_has_left_late_in_its_slot_the_rows_of_the_others_wait_for_their_time() -> None:
    a = member("a", [point(MONDAY + hour * HOUR, str(100 + hour)) for hour in range(9)])
    late = [replace(point(MONDAY + hour * HOUR + 7300 * SECOND, "50"), slot=MONDAY + hour * HOUR) for hour in range(4)]
    rows = same([a, member("b", late, left=True)], STEADY)
    gone_at = late[-1].at
    assert [row.at - gone_at for row in rows[4:6]] == [MOMENT, 2 * MOMENT]
    assert rows[6].at == MONDAY + 6 * HOUR
