"""Every rung of the ladder by hand, the cases at its edges, and the laws of taking flows out."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lib.domain.flows import NetFlow, net_by_instant
from lib.domain.index import IndexStep, Period, Return, period_return, step
from lib.domain.money import exact
from tests.builders import HOUR, MINUTE, MONDAY, at, flow, net
from tests.strategies import cents, signed_usd

type Moved = tuple[str, str, str | None]


def period(v0: str, v1: str, *flows: Moved) -> Period:
    """The hour from 10:00 to 11:00."""
    return Period(at("10:00"), Decimal(v0), at("11:00"), Decimal(v1), tuple(net(*one) for one in flows))


@pytest.mark.parametrize(
    ("hour", "ratio", "rung"),
    [
        # no flow: 110 / 100 − 1
        pytest.param(period("100", "110"), "0.1", None, id="no flow"),
        pytest.param(period("1", "1.5"), "0.5", None, id="no flow: a dollar is not idle"),
        # rung 1: under a dollar and nothing came in
        pytest.param(period("0.99", "55"), "0", 1, id="1: idle"),
        pytest.param(period("0", "0", ("10:30", "-5", None)), "0", 1, id="1: idle though something left"),
        # rung 2: (V1 + W) / (V0 + D) − 1
        pytest.param(period("0.5", "110", ("10:30", "99.5", None)), "0.1", 2, id="2: (110 + 0) / (0.5 + 99.5)"),
        pytest.param(
            period("0", "70", ("10:10", "100", "0"), ("10:30", "-40", "100")), "0.1", 2, id="2: (70 + 40) / (0 + 100)"
        ),
        pytest.param(period("-100", "5", ("10:30", "100", None)), "0", 2, id="2: carried, V0 + D is 0"),
        pytest.param(period("-100", "5", ("10:30", "40", None)), "0", 2, id="2: carried, V0 + D below 0"),
        # rung 3: 110/100 · 231/210 − 1 = 1.1 · 1.1 − 1
        pytest.param(period("100", "231", ("10:30", "100", "110")), "0.21", 3, id="3: deposit"),
        # 120/100 · 30/60 − 1 = 1.2 · 0.5 − 1
        pytest.param(period("100", "30", ("10:30", "-60", "120")), "-0.4", 3, id="3: withdrawal of half"),
        # 110/100 · 50/100 · 120/100 − 1: −10 then +50
        pytest.param(
            period("100", "120", ("10:10", "-10", "110"), ("10:40", "50", "50")), "-0.34", 3, id="3: out, then in"
        ),
        # at the end itself the value before is V1 − flow, whatever is told: 150/100 − 1
        pytest.param(period("100", "250", ("11:00", "100", "7")), "0.5", 3, id="3: at the end, V1 less the flow"),
        # 110/100 · (150 − 50)/200 − 1, the flow at the end known by itself
        pytest.param(
            period("100", "150", ("10:30", "90", "110"), ("11:00", "50", None)),
            "-0.45",
            3,
            id="3: within and at the end",
        ),
        # leaves 30 of 120, exactly a quarter: 1.2 · 33/30 − 1
        pytest.param(period("100", "33", ("10:30", "-90", "120")), "0.32", 3, id="3: exactly a quarter stays"),
        # rung 4, (V1 − V0 − flows) / (V0 + flows · share of the hour): in for half of it
        pytest.param(period("100", "215", ("10:30", "100", None)), "0.1", 4, id="4: 15 / 150"),
        # in for a quarter of it: (129 − 100 − 40) / (100 + 10)
        pytest.param(period("100", "129", ("10:45", "40", None)), "-0.1", 4, id="4: −11 / 110"),
        # one of two values before is not known: (68.5 − 100 + 40) / (100 − 10 − 5)
        pytest.param(
            period("100", "68.5", ("10:30", "-20", "100"), ("10:45", "-20", None)), "0.1", 4, id="4: 8.5 / 85"
        ),
        # leaves 29 of 119, less than a quarter: (65 − 100 + 90) / (100 − 45)
        pytest.param(period("100", "65", ("10:30", "-90", "119")), "1", 4, id="4: less than a quarter stays: 55 / 55"),
        pytest.param(period("100", "152", ("10:30", "40", "0")), "0.1", 4, id="4: nothing before: 12 / 120"),
        # rung 5: (V1 + W) / (V0 + D) − 1
        pytest.param(period("100", "25", ("10:30", "-80", None)), "0.05", 5, id="5: V1 is exactly a quarter of V0"),
        # the denominator is 100 − 100 · 3/4 = 25, a quarter of V0 + D
        pytest.param(period("100", "40", ("10:15", "-100", None)), "0.4", 5, id="5: denominator is exactly a quarter"),
        pytest.param(period("100", "10", ("10:30", "-80", None)), "-0.1", 5, id="5: (10 + 80) / 100"),
        # Dietz: (150 − 100 − 300) / (100 + 150) = −1; ends only: 150 / 400 − 1
        pytest.param(period("100", "150", ("10:30", "300", None)), "-0.625", 5, id="5: Dietz exactly −100 %"),
        # Dietz: (30 − 100 − 200) / (100 + 100) = −1.35; ends only: 30 / 300 − 1
        pytest.param(period("100", "30", ("10:30", "200", None)), "-0.9", 5, id="5: Dietz under −100 %"),
    ],
)
def test_the_first_rung_that_applies_gives_the_return(hour: Period, ratio: str, rung: int | None) -> None:
    assert period_return(hour) == Return(Decimal(ratio), rung)


@pytest.mark.parametrize(
    ("index", "hour", "expected"),
    [
        pytest.param("2", period("100", "110"), IndexStep(Decimal("2.2"), None), id="grows"),
        pytest.param("2", period("0.5", "0.7"), IndexStep(Decimal(2), 1, "idle"), id="idle carries"),
        pytest.param("2", period("100", "0"), IndexStep(Decimal(0), None, "wiped_out"), id="all is lost"),
        pytest.param("2", period("1", "-5"), IndexStep(Decimal(0), None, "wiped_out"), id="a dollar becomes debts"),
        pytest.param("2", period("0.99", "-5"), IndexStep(Decimal(2), 1, "idle"), id="less than a dollar does not"),
        pytest.param(
            "2", period("100", "0", ("10:30", "-120", "120")), IndexStep(Decimal("2.4"), 5, None), id="all went out"
        ),
        pytest.param(
            "2",
            period("100", "-10", ("10:30", "100", None)),
            IndexStep(Decimal(0), 5, "wiped_out"),
            id="with an inflow",
        ),
        pytest.param("0", period("0", "50"), IndexStep(Decimal(0), 1, "idle"), id="wiped out stays so"),
        pytest.param("0", period("50", "70"), IndexStep(Decimal(0), 1, "idle"), id="whatever it is worth"),
        pytest.param(
            "0", period("50", "1", ("10:30", "-50", "50")), IndexStep(Decimal(0), 1, "idle"), id="outflows too"
        ),
        pytest.param(
            "0", period("0", "90", ("10:30", "100", "0")), IndexStep(Decimal("0.9"), 2, "new_segment"), id="new segment"
        ),
        pytest.param(
            "0", period("-50", "3", ("10:30", "20", None)), IndexStep(Decimal(1), 2, "new_segment"), id="new, carried"
        ),
        pytest.param(
            "0", period("100", "231", ("10:30", "100", "110")), IndexStep(Decimal("1.21"), 3, "new_segment"), id="exact"
        ),
        pytest.param(
            "0", period("0", "0", ("10:30", "100", "0")), IndexStep(Decimal(0), 2, "wiped_out"), id="lost at once again"
        ),
    ],
)
def test_the_index_grows_stands_still_falls_to_nothing_and_starts_anew(
    index: str, hour: Period, expected: IndexStep
) -> None:
    assert step(Decimal(index), hour) == expected


def test_a_flow_at_the_end_is_what_the_last_nav_is_without_it() -> None:
    assert period_return(period("100", "60", ("11:00", "-50", None))) == Return(Decimal("0.1"), 3)


def test_the_weight_of_a_flow_does_not_go_through_a_binary_float() -> None:
    """A tenth of a second counted as 0.1000000000000000055… of one."""
    start, end = at("10:00"), at("10:00:01")
    moved = (NetFlow(at("10:00:00.9"), Decimal(100), None),)
    # a tenth of the second: (121 − 100 − 10) … = 10 / 110
    found = period_return(Period(start, Decimal(100), end, Decimal(211), moved))
    assert found == Return(Decimal("0.1"), 4)


values = cents("1", "100000")


@given(values, values, st.integers(1, 59), signed_usd, values)
def test_a_flow_and_its_opposite_at_one_instant_change_nothing(
    v0: Decimal, v1: Decimal, minute: int, usd: Decimal, before: Decimal
) -> None:
    when = at("10:00") + minute * MINUTE
    both = (flow(when, str(usd), str(before), "1"), flow(when, str(-usd), str(before), "2"))
    moved = period(str(v0), str(v1))
    assert step(Decimal(1), moved) == step(Decimal(1), Period(moved.start, v0, moved.end, v1, net_by_instant(both)))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """An hour with up to four flows, known before or not."""
    minutes = draw(st.lists(st.integers(1, 60), max_size=4, unique=True))
    moved = [
        NetFlow(at("10:00") + minute * MINUTE, draw(signed_usd), draw(st.none() | values)) for minute in sorted(minutes)
    ]
    v0, v1 = draw(values), draw(cents("-1000", "100000"))
    return Period(at("10:00"), v0, at("11:00"), v1, tuple(moved))


@given(periods(), st.integers(-3, 6))
def test_scaling_all_money_changes_no_ratio(hour: Period, power: int) -> None:
    k = Decimal(2) ** power
    assume(hour.start_usd * k >= 1)
    flows = tuple(
        NetFlow(one.at, one.usd * k, None if one.value_before_usd is None else one.value_before_usd * k)
        for one in hour.flows
    )
    scaled = period_return(Period(hour.start, hour.start_usd * k, hour.end, hour.end_usd * k, flows))
    found = period_return(hour)
    assert scaled.rung == found.rung
    assert abs(scaled.ratio - found.ratio) <= Decimal("1e-40") * max(abs(found.ratio), Decimal(1))


@given(periods())
def test_the_index_is_never_negative_and_says_why_it_is_nothing(hour: Period) -> None:
    found = step(Decimal(1), hour)
    assert found.index >= 0
    assert (found.index == 0) == (found.note == "wiped_out")


@given(st.lists(st.tuples(cents("0.50", "2"), cents("-40", "90")), min_size=1, max_size=6))
def test_finer_snapshots_leave_the_exact_return_unchanged(moves: list[tuple[Decimal, Decimal]]) -> None:
    """A life of growth and flows told by one snapshot at its end, and by one just before each flow."""
    worth, flows, fine = Decimal(1000), [], Decimal(1)
    _since, last = MONDAY, MONDAY
    held = worth
    for number, (growth, percent) in enumerate(moves):
        when = MONDAY + (number + 1) * HOUR
        before = worth * growth
        usd = before * percent / 100
        assume(usd)
        flows.append(NetFlow(when, usd, before))
        fine = step(fine, Period(last, held, when - MINUTE, before)).index
        held, last = before, when - MINUTE
        worth = before + usd
        fine = step(fine, Period(last, held, when + MINUTE, worth, (flows[-1],))).index
        held, last = worth, when + MINUTE
    end = MONDAY + (len(moves) + 1) * HOUR
    coarse = step(Decimal(1), Period(MONDAY, Decimal(1000), end, worth, tuple(flows)))
    assert coarse.rung == 3
    assert _near(coarse.index, step(fine, Period(last, held, end, worth)).index)


@exact
def _near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= Decimal("1e-40") * max(one, Decimal(1))
