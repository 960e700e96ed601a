"""Accounts that join late, fall silent, come back, pause and close: the total beside plain loops over every instant."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.aggregate import Absence, Member, aggregate, befell, held_at
from lib.domain.benchmark import DOLLAR_MATCHED, FRACTION_MATCHED, PROPORTIONAL, TARGET_WEIGHTS, Policy
from lib.domain.flows import CashFlow
from lib.domain.money import exact
from lib.domain.prices import PricePoint, history_of
from lib.domain.replay import Facts, Point, replay
from lib.domain.schedule import Band, Daily
from tests.builders import HOUR, MINUTE, MONDAY, added, at, decs, flow, history, point
from tests.domain.naive_total import Account, summed
from tests.strategies import cents

STEADY = history(("00:00", {"BTC": "100", "ETH": "10"}))
SECOND = timedelta(seconds=1)
HOURS = 40
WAVY = history_of(
    PricePoint(coin, MONDAY + half * HOUR / 2, Decimal(base + (half * step) % 23))
    for half in range(2 * HOURS + 4)
    for coin, base, step in (("BTC", 90, 7), ("ETH", 12, 5))
)


@exact
def near(found: Decimal, expected: Decimal) -> bool:
    return abs(found - expected) <= Decimal("1e-30") * max(abs(expected), Decimal(1))


def member(
    id_: str, points: Sequence[Point], flows: Sequence[CashFlow] = (), told: Policy | None = None, *, left: bool = False
) -> Member:
    chosen, prices = told or Policy(rebalance=None), WAVY if told else STEADY
    story = replay(Facts(chosen, points, flows, prices))
    counted = [each for each in flows if each.at > story.rows[0].at]
    return Member(id_, chosen, story.rows, story.events, counted, story.rows[-1].at + MINUTE if left else None)


def steady(id_: str, nav: str, hours: Sequence[int], *, left: bool = False) -> Member:
    """Worth `nav` at these full hours of the days from Monday on."""
    return member(id_, [point(MONDAY + hour * HOUR, nav) for hour in hours], left=left)


def hour(slot: datetime) -> int:
    return int((slot - MONDAY) / HOUR)


# --- by hand


def test_one_that_pauses_leaves_just_after_its_last_snapshot_and_its_value_before_is_known() -> None:
    gone = member("b", [point("00:00", "500"), point("01:00", "600")], left=True)
    stays = steady("a", "1000", [0, 1, 2])
    total = aggregate([stays, gone], STEADY)
    assert [row.nav_usd for row in total.rows] == [*decs(1500, 1600, 1000)]
    assert [row.benchmark_usd for row in total.rows] == [*decs(1500, 1500, 1000)]
    assert [row.flow_usd for row in total.rows] == [*decs(0, 0, -600)]
    assert [row.benchmark_index for row in total.rows] == [1, 1, 1]
    assert [row.rung for row in total.rows] == [None, None, 3]
    assert total.rows[2].nav_index == total.rows[1].nav_index
    (leave,) = total.flows
    assert (leave.at - at("01:00"), leave.usd, leave.value_before_usd) == (SECOND / 10**6, *decs(-600, 1600))
    assert {stay.member: (stay.left_at, stay.left_usd) for stay in total.stays} == {
        "a": (None, Decimal(0)),
        "b": (at("01:00"), Decimal(600)),
    }
    assert [len(held_at(total, row.at)) for row in total.rows] == [2, 2, 1]


def test_after_a_day_of_silence_one_has_left_at_its_last_snapshot_and_comes_back_as_a_flow() -> None:
    silent, other = steady("b", "500", [0, 1, 27]), steady("a", "1000", range(29))
    total = aggregate([silent, other], STEADY)
    assert total.absences == (Absence(MONDAY + 28 * HOUR, ("b",)),)
    assert {hour(row.slot): row.flow_usd for row in total.rows if row.flow_usd} == {2: Decimal(-500), 27: Decimal(500)}
    assert {row.nav_index for row in total.rows} == {1}
    assert {row.rung for row in total.rows if row.flow_usd} == {3}
    assert [(stay.member, hour(stay.joined_at)) for stay in total.stays] == [("b", 0), ("a", 0), ("b", 27)]


def test_a_day_of_silence_and_no_more_is_a_gap() -> None:
    total = aggregate([steady("b", "500", [0, 1, 25]), steady("a", "1000", range(26))], STEADY)
    assert [hour(absence.slot) for absence in total.absences] == [*range(2, 25)]
    assert [row.flow_usd for row in total.rows] == [*decs(0, 0, 0)]


@pytest.mark.parametrize(("until", "gone"), [(26, False), (27, True)])
def test_one_that_is_silent_to_the_end_has_left_after_more_than_a_day(until: int, gone: bool) -> None:
    total = aggregate([steady("b", "500", [0, 1]), steady("a", "1000", range(until))], STEADY)
    assert (total.rows[-1].nav_usd == 1000, total.absences == ()) == (gone, gone)


@pytest.mark.parametrize(("before", "worth"), [(None, "60"), ("200", "67.5")])
def test_between_its_snapshot_and_the_row_a_fraction_is_that_of_its_nav_and_the_flows_since(
    before: str | None, worth: str
) -> None:
    """Of 100 a fifth leaves, then of 80 a quarter; a first one of 200, known, does not make the second one of 180."""
    told = Policy(rebalance=None, withdrawals=FRACTION_MATCHED)
    out = [flow("01:00:01", "-20", before), flow("01:00:02", "-20")]
    points = [point("00:00", "100"), point("01:00", "100")]
    story = replay(Facts(told, points, out, STEADY))
    early = Member("a", told, story.rows, story.events, out)
    total = aggregate([early, member("b", [point("00:00", "7"), point("01:00:04", "7")])], STEADY)
    assert total.rows[-1].benchmark_usd == Decimal(worth) + 7


def test_a_silence_of_all_lets_nobody_leave() -> None:
    total = aggregate([steady("b", "500", [0, 1, 50]), steady("a", "1000", [0, 1, 50])], STEADY)
    assert {hour(row.slot): row.flow_usd for row in total.rows} == dict.fromkeys((0, 1, 50), Decimal(0))


def test_what_befell_an_account_before_it_joined_is_not_told() -> None:
    late = steady("b", "500", [1, 2])
    total = aggregate([steady("a", "1000", [0, 1, 2]), late], STEADY)
    assert befell(total, "a", total.tracks["a"].member.events[0])
    assert not befell(total, "b", late.events[0])


# --- beside plain loops

policies = st.builds(
    Policy,
    rebalance=st.sampled_from([Daily(7), Band(Decimal("0.05")), None]),
    deposits=st.sampled_from([TARGET_WEIGHTS, PROPORTIONAL]),
    withdrawals=st.sampled_from([DOLLAR_MATCHED, FRACTION_MATCHED]),
    cost_bp=st.sampled_from([Decimal(0), Decimal(25)]),
)


@st.composite
def lives(draw: st.DrawFn) -> list[Member]:
    """Some hours of two or three accounts, some seconds apart, with silences, and money that moves between them."""
    names = "abc"[: draw(st.integers(2, 3))]
    passed_on = [(MONDAY + draw(st.integers(1, 2 * HOURS)) * HOUR / 2, draw(cents("1", "90"))) for _ in range(3)]
    found = []
    for place, name in enumerate(names):
        begin, step = draw(st.integers(0, 3) | st.just(20)), draw(st.sampled_from([1, 1, 7]))
        silences = draw(st.lists(st.tuples(st.integers(0, HOURS), st.sampled_from([1, 3, 24, 25, 30])), max_size=2))
        hours = [
            one
            for one in range(begin, HOURS, step)
            if one == begin or not any(start < one < start + long for start, long in silences)
        ]
        worth, lags = (
            draw(st.lists(NAVS, min_size=3, max_size=5)),
            draw(st.sampled_from([(0,), (5,), (0, 0, 5), (5, 0)])),
        )
        points = [
            Point(MONDAY + one * HOUR + lags[one % len(lags)] * SECOND, MONDAY + one * HOUR, worth[one % len(worth)])
            for one in hours
        ]
        moved = [
            flow(MONDAY + draw(st.integers(1, 2 * HOURS)) * HOUR / 2 + draw(st.sampled_from([0, 2])) * SECOND, usd)
            for usd in draw(st.lists(st.sampled_from(["80", "-30", "-300", "7"]), max_size=4, unique=True))
        ]
        sign = 1 - place
        moved += [flow(when, str(sign * usd), id_=f"passed {number}") for number, (when, usd) in enumerate(passed_on)]
        counted = [each for each in moved if each.usd and each.at <= points[-1].at]
        found.append(member(name, points, counted, draw(policies), left=draw(st.booleans())))
    return found


NAVS = cents("20", "900") | st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(300), Decimal(300)])


def plainly(one: Member) -> Account:
    moved = {each.at: added(other.usd for other in one.flows if other.at == each.at) for each in one.flows}
    return Account(one.rows, one.events, moved, one.left_at is not None)


@given(lives())
def test_plain_loops_give_the_same_total(found: list[Member]) -> None:
    total = aggregate(found, WAVY)
    expected = summed([plainly(one) for one in found], WAVY)
    assert [absence.slot for absence in total.absences] == expected.gaps
    for row, plain in zip(total.rows, expected.rows, strict=True):
        assert (row.at, row.slot, row.nav_usd, row.flow_usd, row.rung, row.note) == (
            plain.at,
            plain.slot,
            plain.nav_usd,
            plain.flow_usd,
            plain.rung,
            plain.note,
        )
        assert near(row.benchmark_usd, plain.benchmark_usd)
        assert near(row.nav_index, plain.nav_index)
        assert near(row.benchmark_index, plain.benchmark_index)
    assert total.flows == tuple(expected.flows)
    shortfall = added(held.shortfall_usd for held in held_at(total, total.rows[-1].at))
    assert near(shortfall, expected.shortfall)


@given(lives(), st.permutations(range(3)))
def test_the_order_of_accounts_does_not_matter(found: list[Member], order: list[int]) -> None:
    shuffled = [found[place] for place in order if place < len(found)]
    one, other = aggregate(found, WAVY), aggregate(shuffled, WAVY)
    assert (one.rows, one.absences, one.flows, one.stays) == (other.rows, other.absences, other.flows, other.stays)


@given(lives())
def test_flows_are_the_sum_of_the_accounts_less_transfers_among_them_and_who_joined_and_left(
    found: list[Member],
) -> None:
    """While an account takes part its flows count, and what it brought and took along makes up for the rest."""
    total = aggregate(found, WAVY)
    joined = added(stay.joined_usd for stay in total.stays if stay.joined_at > total.rows[0].at)
    left = added(stay.left_usd for stay in total.stays if stay.left_at is not None)
    within = [
        each
        for one in found
        for each in one.flows
        if any(
            stay.member == one.id and stay.joined_at < each.at <= min(stay.left_at or each.at, total.rows[-1].at)
            for stay in total.stays
        )
    ]
    assert added(row.flow_usd for row in total.rows) == added(each.usd for each in within) + joined - left
    alone = {each.at for each in within}
    transfers = {when for when in alone if added(each.usd for each in within if each.at == when) == 0}
    assert not {each.at for each in total.flows} & transfers - {stay.joined_at for stay in total.stays}
