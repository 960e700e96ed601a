"""XIRR: examples a person can check, its reasons, and the equation it solves."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import money_weighted as mw
from lib.domain.flows import NetFlow, net_by_instant
from lib.domain.money_weighted import MoneyWeighted, money_weighted
from tests.builders import DAY, MINUTE, MONDAY, flow


def solve(days: float, start: str, end: str, *flows: tuple[float, str]) -> MoneyWeighted:
    """Flows are (day, USD)."""
    netted = net_by_instant(flow(MONDAY + day * DAY, usd, id_=str(number)) for number, (day, usd) in enumerate(flows))
    return money_weighted(MONDAY, Decimal(start), MONDAY + days * DAY, Decimal(end), netted)


@pytest.mark.parametrize(
    ("days", "start", "end", "flows", "period", "annual"),
    [
        pytest.param(365, "100", "110", (), 0.10, 0.10, id="a year without a flow"),
        pytest.param(730, "100", "121", (), 0.21, 0.10, id="two years"),
        pytest.param(365, "100", "50", (), -0.50, -0.50, id="a loss"),
        # 100 G + 100 sqrt(G) = 231: sqrt(G) = 1.1 solves 121 + 110.
        pytest.param(365, "100", "231", ((182.5, "100"),), 0.21, 0.21, id="a deposit half way"),
        # 100 G - 55 sqrt(G) = 60.5: sqrt(G) = 1.1 solves 121 - 60.5.
        pytest.param(365, "100", "60.5", ((182.5, "-55"),), 0.21, 0.21, id="a withdrawal half way"),
        pytest.param(365, "100", "210", ((365, "100"),), 0.10, 0.10, id="a deposit at the very end earned nothing"),
        pytest.param(365, "0", "120", ((182.5, "100"),), 0.44, 0.44, id="an account that began empty"),
        pytest.param(365, "100", "-10", (), -1.0, -1.0, id="less than nothing left"),
    ],
)
def test_the_rate_that_explains_the_end(
    days: float, start: str, end: str, flows: tuple[tuple[float, str], ...], period: float, annual: float
) -> None:
    found = solve(days, start, end, *flows)
    assert found.period == pytest.approx(period, abs=1e-12)
    assert found.annual == pytest.approx(annual, abs=1e-12)
    assert (found.period_note, found.annual_note) == (None, None)


def test_a_year_has_365_days_and_less_has_no_annual_rate() -> None:
    short, whole = solve(364.999, "100", "110"), solve(365, "100", "110")
    assert short.period == pytest.approx(0.1)
    assert (short.annual, short.period_note, short.annual_note) == (None, None, "needs a year")
    assert whole.annual == whole.period


def test_the_period_is_the_annual_rate_over_its_days() -> None:
    found = solve(500, "1000", "1700", (100, "300"), (400, "-50"))
    assert found.period is not None
    assert found.annual is not None
    assert found.period == pytest.approx((1 + found.annual) ** (500 / 365) - 1, rel=1e-13)


def test_no_time_gives_no_rate() -> None:
    assert solve(0, "100", "110") == MoneyWeighted(None, None, mw.NO_TIME, mw.NO_TIME)


@pytest.mark.parametrize("end", ["0", "-5"])
def test_a_total_loss_is_minus_one(end: str) -> None:
    assert solve(400, "100", end, (30, "50")) == MoneyWeighted(-1.0, -1.0)


@pytest.mark.parametrize(
    ("start", "end", "flows"),
    [
        pytest.param("0", "100", (), id="something out of nothing"),
        pytest.param("0", "0", (), id="nothing at all"),
        pytest.param("-100", "10", (), id="a debt that became money"),
        # 100 x^2 - 100 x + 50 = 0 has no real root.
        pytest.param("100", "-50", ((200, "-100"),), id="two changes of sign, no root"),
    ],
)
def test_where_no_rate_fits_the_reason_is_told(start: str, end: str, flows: tuple[tuple[float, str], ...]) -> None:
    assert solve(400, start, end, *flows) == MoneyWeighted(None, None, mw.NO_RATE, mw.NO_RATE)


def test_several_rates_are_counted_and_none_is_chosen() -> None:
    """100 x^2 - 230 x + 132 = 0 at x = 1.1 and x = 1.2: both explain it, so neither is told."""
    assert solve(730, "100", "-132", (365, "-230")) == MoneyWeighted(None, None, mw.SEVERAL_RATES, mw.SEVERAL_RATES)


def test_three_changes_of_sign_with_one_rate_tell_it() -> None:
    """100 (x - 1.1)(x^2 - 0.2 x + 0.5) = 100 x^3 - 130 x^2 + 72 x - 55, and the second factor is never 0."""
    found = solve(1095, "100", "55", (365, "-130"), (730, "72"))
    assert found.annual == pytest.approx(0.1, rel=1e-12)
    assert found.period == pytest.approx(0.331, rel=1e-12)


def test_two_rates_very_near_each_other_are_still_two() -> None:
    """100 (x - 1.1)(x - 1.1001) = 100 x^2 - 220.01 x + 121.011."""
    assert solve(730, "100", "-121.011", (365, "-220.01")).period_note == mw.SEVERAL_RATES


def test_a_rate_at_which_two_meet_is_one() -> None:
    """100 (x - 1)^2: the sum touches 0 and turns back."""
    assert solve(730, "100", "-100", (365, "-200")).annual == 0.0


@pytest.mark.parametrize(("far", "note"), [(19.9, mw.SEVERAL_RATES), (20.1, None)])
def test_rates_whose_factor_lies_beyond_e_to_the_40_do_not_count(far: float, note: str | None) -> None:
    """x^2 - (1 + e^far) x + e^far is 0 at 1 and at e^far, and half way x is the root of the period's factor."""
    other = Decimal(exp(far))
    assert solve(365, "1", str(-other), (182.5, str(-1 - other))).period_note == note


def test_flows_of_one_instant_are_one() -> None:
    apart = solve(365, "100", "231", (182.5, "400"), (182.5, "-300"))
    assert apart == solve(365, "100", "231", (182.5, "100"))
    assert solve(365, "100", "110", (100, "70"), (100, "-70")) == solve(365, "100", "110")


def test_a_deposit_a_minute_before_the_end_does_not_overflow() -> None:
    """One change of sign has its root however far out: here at e^1290, which no float holds."""
    netted = [NetFlow(MONDAY + 90 * DAY - MINUTE, Decimal(100), None)]
    found = money_weighted(MONDAY, Decimal(0), MONDAY + 90 * DAY, Decimal(101), netted)
    assert (found.period, found.period_note) == (None, mw.TOO_STEEP)
    lost = money_weighted(MONDAY, Decimal(0), MONDAY + 90 * DAY, Decimal(99), netted)
    assert lost.period == -1.0


def test_a_thousand_flows_in_and_out_do_not_exhaust_the_stack() -> None:
    flows = tuple((number + 1, "100" if number % 2 else "-100") for number in range(1500))
    assert solve(1501, "10000", "11000", *flows).annual == pytest.approx(0.0234, abs=0.001)


@given(
    rate=st.floats(-0.9, 9),
    days=st.floats(10, 2000),
    paid=st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(1, 10**6)), max_size=12),
)
def test_deposits_grown_at_a_rate_give_that_rate_back(rate: float, days: float, paid: list[tuple[float, int]]) -> None:
    def grown(share: float) -> float:
        return exp(log(1 + rate) * share * days / 365)

    flows = tuple((share * days, str(usd)) for share, usd in paid)
    end = 1000 * grown(1) + sum(usd * grown(1 - share) for share, usd in paid)
    found = solve(days, "1000", repr(end), *flows)
    assert found.period == pytest.approx(grown(1) - 1, rel=1e-6, abs=1e-6)


@given(
    end=st.integers(-(10**5), 10**6),
    moved=st.lists(st.tuples(st.integers(1, 999), st.integers(-(10**5), 10**5)), max_size=10),
)
def test_a_rate_that_is_told_explains_the_end(end: int, moved: list[tuple[int, int]]) -> None:
    """The law itself: NAV and flows, grown by G to their share of the time, are worth the end."""
    found = solve(1000, "50000", str(end), *((day, str(usd)) for day, usd in moved))
    if found.period is not None and found.period > -0.99:
        growth = log(1 + found.period)
        terms = [50000 * exp(growth), *(usd * exp(growth * (1000 - day) / 1000) for day, usd in moved), float(-end)]
        assert sum(terms) == pytest.approx(0, abs=1e-9 * sum(map(abs, terms)))


@given(
    end=st.integers(-(10**5), 10**6),
    moved=st.lists(st.tuples(st.integers(1, 99), st.integers(-(10**5), 10**5)), max_size=8),
)
def test_the_count_of_rates_is_that_of_a_fine_grid(end: int, moved: list[tuple[int, int]]) -> None:
    """A naive search: the sum's signs at 2,000 places. Two roots nearer than that it cannot see."""
    found = solve(100, "50000", str(end), *((day, str(usd)) for day, usd in moved))

    def total(growth: float) -> float:
        return 50000 * exp(growth) + sum(usd * exp(growth * (100 - day) / 100) for day, usd in moved) - end

    signs = [total(step / 25) > 0 for step in range(-1000, 1001)]
    changes = sum(one != other for one, other in pairwise(signs))
    if found.period_note == mw.NO_RATE:
        assert changes == 0
    elif changes > 1:
        assert found.period_note == mw.SEVERAL_RATES


def test_money_scaled_by_anything_earns_the_same() -> None:
    small, large = solve(700, "1", "1.7", (90, "0.3")), solve(700, "1000000", "1700000", (90, "300000"))
    assert small.annual == pytest.approx(large.annual, rel=1e-12)


def test_a_flow_at_an_hour_counts_for_its_hours() -> None:
    noon = money_weighted(
        MONDAY, Decimal(0), MONDAY + 2 * DAY, Decimal(121), [NetFlow(MONDAY + timedelta(days=1), Decimal(110), None)]
    )
    assert noon.period == pytest.approx(0.21)
