"""Thinning that loses nothing that matters, and the gaps between."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.replay import Row
from lib.domain.series import Gap, gaps, thin
from tests.builders import HOUR, MONDAY, at, row


def hourly(navs: list[int], flows: set[int] | None = None) -> list[Row]:
    """From the first hour of a Monday on: its midnight is the Sunday's end."""
    return [
        row(MONDAY + (number + 1) * HOUR, str(nav), flow="5" if number in (flows or ()) else "0")
        for number, nav in enumerate(navs)
    ]


def test_few_enough_rows_all_stay() -> None:
    assert thin(hourly([1, 2, 3]), 3) == (0, 1, 2)
    assert thin([], 2) == ()


def test_of_each_stretch_the_lowest_and_the_highest_stay() -> None:
    # 8 rows, at most 6: two stretches of four beside first and last
    assert thin(hourly([5, 1, 9, 5, 5, 7, 2, 5]), 6) == (0, 1, 2, 5, 6, 7)


def test_where_there_are_as_many_days_as_stretches_each_is_whole_days() -> None:
    # 3 days of 24 rows, at most 6: of two stretches the first is one day, the second two
    navs = [10 + hour % 3 for hour in range(72)]
    navs[23], navs[24], navs[47], navs[48] = 30, 29, 2, 1
    assert thin(hourly(navs), 6) == (0, 23, 24, 48, 71)


def test_a_day_ends_with_midnight() -> None:
    rows = hourly([5, *[6] * 22, 9, *[6] * 23, 1])
    assert rows[23].at == MONDAY + timedelta(days=1)
    assert thin(rows, 6) == (0, 23, 24, 47)


def test_even_the_fewest_points_keep_first_last_extremes_and_flows() -> None:
    assert thin(hourly([5, 1, 9, 5, 5, 5], flows={4}), 2) == (0, 1, 2, 4, 5)


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=200), st.sets(st.integers(0, 199), max_size=9), st.integers(2, 60)
)
def test_thinning_keeps_first_last_extremes_and_every_flow_in_order(
    navs: list[int], moved: set[int], most: int
) -> None:
    rows = hourly(navs, moved)
    kept = thin(rows, most)
    flows = {place for place in moved if place < len(rows)}
    assert {0, len(rows) - 1} | flows <= {*kept}
    assert {min(navs), max(navs)} <= {int(rows[place].nav_usd) for place in kept}
    assert list(kept) == sorted({*kept})
    assert len(kept) <= max(most, 4 + len(flows))


@pytest.mark.parametrize(
    ("passed", "one", "other", "gap"),
    [
        pytest.param(90, 60, 60, False, id="1.5 slots are none"),
        pytest.param(91, 60, 60, True, id="more is one"),
        pytest.param(400, 360, 60, False, id="the longer slot counts, before"),
        pytest.param(400, 60, 360, False, id="and after"),
        pytest.param(541, 60, 360, True, id="more than 1.5 of the longer"),
        pytest.param(2, 1, 1, True, id="slots of a minute"),
    ],
)
def test_neighbours_too_far_apart_are_a_gap(passed: int, one: int, other: int, gap: bool) -> None:
    rows = [row("10:00"), row(at("10:00") + timedelta(minutes=passed))]
    assert gaps(rows, [one, other], []) == ((Gap(rows[0].at, rows[1].at, "missing"),) if gap else ())


def test_partial_hours_after_the_start_stand_among_the_gaps_by_their_beginning() -> None:
    rows = [row("10:00"), row("11:00"), row("14:00")]
    partials = [Gap(at(f"{hour}:00"), at(f"{hour}:05"), "partial", ("usdm",)) for hour in ("13", "09", "12")]
    found = gaps(rows, [60, 60, 60], partials)
    assert [(gap.start, gap.kind) for gap in found] == [
        (at("11:00"), "missing"),
        (at("12:00"), "partial"),
        (at("13:00"), "partial"),
    ]
    assert found[1].missing == ("usdm",)


def test_before_the_first_row_there_is_no_gap() -> None:
    assert gaps([], [], [Gap(at("09:00"), at("09:05"), "partial")]) == ()
    assert gaps([row("10:00")], [60], [Gap(at("09:00"), at("10:00"), "partial")]) == ()
