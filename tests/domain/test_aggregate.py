"""All accounts as one, by hand and as sums."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.aggregate import Absence, Member, Total, aggregate
from lib.domain.flows import CashFlow
from lib.domain.money import exact
from lib.domain.prices import PriceHistory
from lib.domain.replay import Facts, Point, replay
from tests.builders import HOUR, MINUTE, MONDAY, added, at, decs, flow, history, point, policy
from tests.strategies import cents, signed_usd

STEADY = history(("00:00", {"BTC": "100", "ETH": "10"}))


@exact
def near(found: Decimal, expected: Decimal) -> bool:
    return abs(found - expected) <= Decimal("1e-30") * max(abs(expected), Decimal(1))


def member(id_: str, points: Sequence[Point], flows: Sequence[CashFlow] = (), prices: PriceHistory = STEADY) -> Member:
    told = policy(weekly=False)
    story = replay(Facts(told, points, flows, prices))
    begun = story.rows[0].at if story.rows else None
    counted = [each for each in flows if begun and each.at > begun]
    return Member(id_, told, story.rows, story.events, counted)


def test_nobody_and_accounts_without_a_snapshot_make_no_row() -> None:
    assert aggregate([], STEADY) == aggregate([member("a", [])], STEADY) == Total((), (), ())


def test_two_that_begin_in_one_slot_and_stay_are_summed() -> None:
    a = member("a", [point("10:00", "1000"), point("11:00", "1100")])
    b = member("b", [point("10:00", "500"), point("11:00", "550")])
    first, second = aggregate([a, b], STEADY).rows
    assert (first.nav_usd, first.benchmark_usd, first.nav_index) == decs(1500, 1500, 1)
    assert first.note == "start"
    assert (second.nav_usd, second.benchmark_usd) == decs(1650, 1500)
    assert (second.nav_index, second.benchmark_index) == decs("1.1", 1)
    assert second.flow_usd == 0
    assert second.rung is None


def test_a_row_is_at_the_latest_snapshot_and_an_earlier_one_enters_with_its_flows_up_to_then() -> None:
    """A's snapshot is of 11:00:10, B's of 11:00:40; in between 200 came to A, which neither row shows."""
    a = member(
        "a", [point("10:00", "1000"), point("11:00:10", "1000")], [flow("11:00:30", "200"), flow("11:00:50", "7")]
    )
    b = member("b", [point("10:00", "500"), point("11:00:40", "500")])
    second = aggregate([a, b], STEADY).rows[1]
    assert (second.at, second.slot) == (at("11:00:40"), at("11:00"))
    assert (second.nav_usd, second.benchmark_usd, second.flow_usd) == decs(1700, 1700, 200)
    assert second.benchmark_index == 1


def test_the_benchmark_of_an_earlier_snapshot_is_valued_at_the_rows_time() -> None:
    prices = history(("10:00", {"BTC": "100", "ETH": "10"}), ("11:00:40", {"BTC": "120", "ETH": "10"}))
    a = member("a", [point("10:00", "1000"), point("11:00:10", "1000")], prices=prices)
    b = member("b", [point("10:00", "1000"), point("11:00:40", "1000")], prices=prices)
    second = aggregate([a, b], prices).rows[1]
    assert (a.rows[1].benchmark_usd, second.benchmark_usd) == decs(1000, 2200)  # 5 BTC at 120 and 50 ETH at 10, twice
    assert second.benchmark_index == Decimal("1.1")


def test_between_snapshots_a_later_row_goes_on_from_the_earlier_one() -> None:
    """A flow that the row before took in already is not a flow of the next one."""
    a = member(
        "a", [point("10:00", "1000"), point("11:00:10", "1000"), point("12:00", "1200")], [flow("11:00:30", "200")]
    )
    b = member("b", [point("10:00", "500"), point("11:00:40", "500"), point("12:00", "500")])
    rows = aggregate([a, b], STEADY).rows
    assert [row.flow_usd for row in rows] == [0, 200, 0]
    assert [row.nav_usd for row in rows] == [1500, 1700, 1700]
    assert rows[2].nav_index == rows[1].nav_index


def test_one_that_joins_later_enters_as_a_flow_of_its_first_nav() -> None:
    a = member("a", [point("10:00", "1000"), point("11:00", "1100"), point("12:00", "1210")])
    b = member("b", [point("11:00", "500"), point("12:00", "550")])
    total = aggregate([a, b], STEADY)
    assert [row.flow_usd for row in total.rows] == [0, 500, 0]
    assert [row.nav_index for row in total.rows] == [1, Decimal("1.1"), Decimal("1.21")]  # its value before is known
    assert [row.rung for row in total.rows] == [None, 3, None]
    assert [row.benchmark_index for row in total.rows] == [1, 1, 1]
    assert [(each.at, each.usd) for each in total.flows] == [(at("11:00"), Decimal(500))]


def test_a_slot_in_which_one_lacks_its_snapshot_is_a_gap_that_names_it() -> None:
    a = member(
        "a", [point("10:00", "1000"), point("11:00", "1100"), point("12:00", "1210")], [flow("10:30", "50", "1000")]
    )
    b = member("b", [point("10:00", "500"), point("12:00", "500")])
    c = member("c", [point("11:00", "9"), point("12:00", "9")])
    total = aggregate([a, b, c], STEADY)
    assert [row.slot for row in total.rows] == [at("10:00"), at("12:00")]
    assert total.absences == (Absence(at("11:00"), ("b",)),)
    assert total.rows[1].flow_usd == 59  # over the gap: 50 that came in, 9 that joined


def test_a_transfer_between_own_accounts_cancels() -> None:
    a = member("a", [point("10:00", "1000"), point("11:00", "700")], [flow("10:30", "-300", "1000")])
    b = member("b", [point("10:00", "500"), point("11:00", "800")], [flow("10:30", "300", "500")])
    total = aggregate([a, b], STEADY)
    assert total.rows[1].flow_usd == 0
    assert total.flows == ()
    assert (total.rows[1].nav_index, total.rows[1].benchmark_index) == decs(1, 1)


def test_the_value_before_one_members_flow_is_not_the_value_of_all() -> None:
    """Known in `all` at a row's own time and for joins only: here Modified Dietz decides."""
    a = member("a", [point("10:00", "1000"), point("11:00", "1500")], [flow("10:30", "500", "1000")])
    b = member("b", [point("10:00", "500"), point("11:00", "500")])
    assert aggregate([a, b], STEADY).rows[1].rung == 4


def test_the_index_of_the_benchmarks_is_chained_over_the_flows() -> None:
    prices = history(
        ("10:00", {"BTC": "100", "ETH": "10"}),
        ("10:30", {"BTC": "200", "ETH": "20"}),
        ("11:00", {"BTC": "300", "ETH": "30"}),
    )
    a = member("a", [point("10:00", "1000"), point("11:00", "1")], [flow("10:30", "4000")], prices)
    b = member("b", [point("10:00", "1000"), point("11:00", "1")], prices=prices)
    # 2000 becomes 4000 (×2); with 4000 more 8000 becomes 12000 (×1.5)
    second = aggregate([a, b], prices).rows[1]
    assert (second.benchmark_usd, second.benchmark_index) == decs(12_000, 3)


def test_benchmarks_that_hold_nothing_stand_still() -> None:
    a = member("a", [point("10:00", "0"), point("11:00", "0")])
    assert [row.benchmark_index for row in aggregate([a], STEADY).rows] == [1, 1]


WAVY = history(
    *(
        (f"{minute // 60:02}:{minute % 60:02}", {"BTC": str(50 + minute % 17), "ETH": str(9 + minute % 5)})
        for minute in range(6 * 60)
    )
)


@st.composite
def members(draw: st.DrawFn) -> list[Member]:
    """Up to three accounts with a snapshot in each of five hours, some minutes apart, and flows in between."""
    found = []
    for name in "abc"[: draw(st.integers(1, 3))]:
        points = [
            point(MONDAY + hour * HOUR + draw(st.integers(0, 59)) * MINUTE, draw(cents("1", "900")))
            for hour in range(5)
        ]
        moved = [
            flow(MONDAY + draw(st.integers(0, 359)) * MINUTE, str(draw(signed_usd) / 100), id_=f"{name}{number}")
            for number in range(draw(st.integers(0, 4)))
        ]
        found.append(member(name, points, moved, WAVY))
    return found


@given(members())
def test_nav_benchmark_and_flows_are_sums(found: list[Member]) -> None:
    total = aggregate(found, WAVY)
    for place, row in enumerate(total.rows):
        mine = [each.rows[place] for each in found]
        lags = [
            flow for each, one in zip(found, mine, strict=True) for flow in each.flows if one.at < flow.at <= row.at
        ]
        assert row.at == max(one.at for one in mine)
        assert row.nav_usd == added([*(one.nav_usd for one in mine), *(flow.usd for flow in lags)])
        if len({one.at for one in mine}) == 1:
            assert near(row.benchmark_usd, added(one.benchmark_usd for one in mine))
    assert added(row.flow_usd for row in total.rows) == added(each.usd for each in total.flows)
    assert aggregate(found[::-1], WAVY).absences == total.absences


@given(members())
def test_of_one_account_the_total_is_the_account(found: list[Member]) -> None:
    alone = found[0]
    unknown = [replace(each, value_before_usd=None) for each in alone.flows]
    points = [Point(row.at, row.slot, row.nav_usd) for row in alone.rows]
    rows = aggregate([member("a", points, unknown, WAVY)], WAVY).rows
    story = replay(Facts(policy(weekly=False), points, unknown, WAVY))
    for row, mine in zip(rows, story.rows, strict=True):
        assert (row.at, row.nav_usd, row.nav_index, row.rung, row.note) == (
            mine.at,
            mine.nav_usd,
            mine.nav_index,
            mine.rung,
            mine.note,
        )
        assert near(row.benchmark_usd, mine.benchmark_usd)
        assert near(row.benchmark_index, mine.benchmark_index)
