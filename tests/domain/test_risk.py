"""Statistics of daily returns: which days count, and each figure by hand."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.index import IDLE, NEW_SEGMENT, START, WIPED_OUT
from lib.domain.replay import Row
from lib.domain.risk import NAMES, DailyReturn, Growth, Risk, daily_returns, risk
from tests.builders import row

# Two years, 10 % a year; the deepest fall was 5 %. The benchmark: 20 % a year, 40 %.
TWO_YEARS = Growth(twr=0.21, benchmark_twr=0.44, depth=-0.05, benchmark_depth=-0.40, days=730)


def days(*pairs: tuple[float, float]) -> list[DailyReturn]:
    first = date(2026, 1, 1)
    return [DailyReturn(first + timedelta(days=n), mine, theirs) for n, (mine, theirs) in enumerate(pairs)]


# The account earns 1 % a day and twice what the benchmark does: +3 % when it rises by 1 %, -1 % when it falls by 1 %.
THIRTY = days(*[(0.03, 0.01), (-0.01, -0.01)] * 15)
SPREAD = 0.02 * sqrt(30 / 29)  # of ± 2 % around the mean, n - 1


def returns_of(*rows: Row) -> list[tuple[int, float, float]]:
    return [(one.day.day, round(one.account, 9), round(one.benchmark, 9)) for one in daily_returns(rows)]


# --- which days have a return


def test_a_day_is_measured_from_the_last_value_of_the_day_before() -> None:
    rows = (
        row("5 12:00", index="1", note=START),
        row("5 18:00", index="1.1", benchmark_index="1.2"),
        row("6 06:00", index="9", benchmark_index="9"),
        row("6 18:00", index="1.21", benchmark_index="1.5"),
        row("7 12:00", index="1.331", benchmark_index="1.5"),
    )
    assert returns_of(*rows) == [(5, 0.1, 0.2), (6, 0.1, 0.25), (7, 0.1, 0.0)]


def test_the_first_day_runs_from_the_first_snapshot_to_its_last_later_one() -> None:
    """One snapshot alone on the first day is its value, and gives no return."""
    assert returns_of(row("5 12:00", index="2"), row("6 12:00", index="3")) == [(6, 0.5, 0.0)]
    assert returns_of(row("5 12:00", index="2"), row("5 13:00", index="3")) == [(5, 0.5, 0.0)]


def test_midnight_belongs_to_the_day_before() -> None:
    rows = (row("5 12:00", index="1"), row("6 00:00", index="1.1"), row("6 00:00:00.000001", index="1.21"))
    assert returns_of(*rows) == [(5, 0.1, 0.0), (6, 0.1, 0.0)]


def test_a_range_that_begins_at_midnight_begins_with_the_next_day() -> None:
    assert returns_of(row("6 00:00", index="1"), row("6 12:00", index="1.5")) == [(6, 0.5, 0.0)]


def test_a_gap_gives_no_return_on_either_side() -> None:
    """The 7th has no value: neither it nor the 8th has a return."""
    rows = [row(f"{day} 12:00", index=index) for day, index in ((5, "1"), (6, "2"), (8, "3"), (9, "6"))]
    assert returns_of(*rows) == [(6, 1.0, 0.0), (9, 1.0, 0.0)]


def test_a_first_snapshot_before_a_gap_gives_no_return() -> None:
    assert returns_of(row("5 12:00"), row("7 12:00", index="2"), row("8 12:00", index="3")) == [(8, 0.5, 0.0)]


def test_a_day_in_which_all_was_idle_has_none_and_one_that_began_idle_has() -> None:
    rows = (
        row("5 12:00"),
        row("6 06:00", note=IDLE),
        row("6 12:00", note=IDLE),
        row("7 06:00", note=IDLE),
        row("7 12:00", index="1.5"),
    )
    assert returns_of(*rows) == [(7, 0.5, 0.0)]


def test_the_day_of_a_wipe_out_is_minus_one_even_where_a_new_segment_began_on_it() -> None:
    rows = (
        row("5 12:00", index="1"),
        row("6 06:00", index="0", note=WIPED_OUT),
        row("6 12:00", index="1.5", note=NEW_SEGMENT),
        row("7 12:00", index="3"),
    )
    assert returns_of(*rows) == [(6, -1.0, 0.0), (7, 1.0, 0.0)]


def test_a_new_segment_counts_from_one() -> None:
    rows = (
        row("5 12:00", index="7"),
        row("6 12:00", index="0", note=WIPED_OUT),
        row("7 12:00", index="0", note=IDLE),
        row("8 06:00", index="1.5", note=NEW_SEGMENT),
        row("8 12:00", index="1.2"),
        row("9 12:00", index="0.6"),
    )
    assert returns_of(*rows) == [(6, -1.0, 0.0), (8, 0.2, 0.0), (9, -0.5, 0.0)]


def test_a_range_that_begins_wiped_out_counts_its_new_segment_from_one() -> None:
    rows = (row("7 12:00", index="0", note=IDLE), row("8 12:00", index="1.5", note=NEW_SEGMENT))
    assert returns_of(*rows) == [(8, 0.5, 0.0)]


def test_a_range_that_begins_at_a_new_segment_counts_from_there() -> None:
    """What made the first row lies before the range, a wipe-out too."""
    assert returns_of(row("7 12:00", index="2", note=NEW_SEGMENT), row("8 12:00", index="3")) == [(8, 0.5, 0.0)]


@pytest.mark.parametrize("rows", [(), (row("5 12:00"),)])
def test_without_two_snapshots_there_are_none(rows: tuple[Row, ...]) -> None:
    assert daily_returns(rows) == ()


@given(st.lists(st.integers(50, 200), min_size=2, max_size=60))
def test_the_days_chain_to_the_whole(percents: list[int]) -> None:
    """Where every day has a value, the days' returns multiply to the growth of the range."""
    index, rows = 1.0, []
    for hour, percent in enumerate(percents):
        index *= percent / 100
        rows.append(row(row("5 09:00").at + timedelta(hours=7 * hour), index=repr(index), benchmark_index=repr(index)))
    whole = 1.0
    for one in daily_returns(rows):
        assert one.account == one.benchmark
        whole *= 1 + one.account
    assert whole == pytest.approx(float(rows[-1].nav_index / rows[0].nav_index), rel=1e-9)


# --- each figure by hand


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("volatility", SPREAD * sqrt(365)),
        ("sharpe", 0.01 / SPREAD * sqrt(365)),
        ("sortino", sqrt(2) * sqrt(365)),  # half of the days fell short by 1 %: 1 % / sqrt(1 %² / 2)
        ("cagr", 0.10),
        ("calmar", 2.0),
        ("beta", 2.0),
        ("alpha", 3.65),
        ("correlation", 1.0),
        ("tracking_error", SPREAD / 2 * sqrt(365)),  # the account less the benchmark: +2 % and 0
        ("information_ratio", 0.01 / (SPREAD / 2) * sqrt(365)),
        ("up_capture", 3.0),
        ("down_capture", 1.0),
        ("benchmark_volatility", SPREAD / 2 * sqrt(365)),
        ("benchmark_sharpe", 0.0),
        ("benchmark_sortino", 0.0),
        ("benchmark_cagr", 0.20),
        ("benchmark_calmar", 0.5),
    ],
)
def test_thirty_days_by_hand(name: str, value: float) -> None:
    assert risk(THIRTY, TWO_YEARS).values[name] == pytest.approx(value, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("volatility", SPREAD * sqrt(365)),
        ("sharpe", 0.009 / SPREAD * sqrt(365)),
        ("sortino", 0.009 / (0.011 / sqrt(2)) * sqrt(365)),
        ("beta", 2.0),
        ("alpha", (0.009 - 2 * -0.001) * 365),
        ("information_ratio", 0.01 / (SPREAD / 2) * sqrt(365)),
        ("up_capture", 3.0),
        ("cagr", 0.10),
        ("benchmark_sharpe", -0.001 / (SPREAD / 2) * sqrt(365)),
        ("benchmark_sortino", -0.001 / sqrt((0.009**2 * 0 + 0.011**2) / 2) * sqrt(365)),
    ],
)
def test_what_is_free_of_risk_is_taken_off_each_day(name: str, value: float) -> None:
    """36.5 % a year is 0.1 % a day."""
    assert risk(THIRTY, TWO_YEARS, 0.365).values[name] == pytest.approx(value, rel=1e-12)


def test_captures_are_geometric_means_of_the_days_the_benchmark_moved() -> None:
    """Rising days: 1.21 * 1 over two days is 10 % a day against 1.44 * 1.44; days it stood still count for neither."""
    found = risk(days((0.21, 0.44), (0.0, 0.44), (0.5, 0.0), *[(-0.19, -0.36), (0.0, -0.36)] * 14), TWO_YEARS).values
    assert found["up_capture"] == pytest.approx(0.10 / 0.44, rel=1e-12)
    assert found["down_capture"] == pytest.approx(-0.10 / -0.36, rel=1e-12)


def test_a_day_of_total_loss_makes_the_capture_that_of_a_total_loss() -> None:
    assert risk([*THIRTY[1:], *days((-1.0, 0.01))], TWO_YEARS).values["up_capture"] == pytest.approx(-100)


@pytest.mark.parametrize(("count", "note"), [(30, "weak: 30 days"), (89, "weak: 89 days"), (90, None), (91, None)])
def test_few_days_are_weak(count: int, note: str | None) -> None:
    found = risk((THIRTY * 4)[:count], TWO_YEARS)
    assert {found.notes.get(name) for name in NAMES} == {note}
    assert None not in found.values.values()
    assert found.days == count


@pytest.mark.parametrize("count", [0, 1, 29])
def test_fewer_than_thirty_days_tell_nothing(count: int) -> None:
    assert risk(THIRTY[:count], TWO_YEARS) == Risk(
        dict.fromkeys(NAMES), dict.fromkeys(NAMES, f"needs 30 days, has {count}"), count
    )


def undefined(returns: Sequence[DailyReturn], growth: Growth = TWO_YEARS, risk_free: float = 0.0) -> dict[str, str]:
    """What is None, with its reason."""
    found = risk(list(returns) * 3, growth, risk_free)
    assert found.values.keys() == set(NAMES)
    assert {name for name, value in found.values.items() if value is None} == found.notes.keys()
    return dict(found.notes)


def test_a_benchmark_that_stands_still_leaves_what_is_measured_by_it_undefined() -> None:
    found = undefined(days(*[(0.03, 0.0), (-0.01, 0.0)] * 15))
    still = "the benchmark's daily returns do not vary"
    assert found == {
        "beta": still,
        "alpha": still,
        "correlation": "one of them does not vary",
        "up_capture": "there was no day on which the benchmark rose",
        "down_capture": "there was no day on which the benchmark fell",
        "benchmark_sharpe": "the daily returns do not vary",
        "benchmark_sortino": "no day fell short",
    }


def test_an_account_like_its_benchmark_has_no_information_ratio() -> None:
    assert undefined(days(*[(0.01, 0.01), (-0.01, -0.01)] * 15)) == {
        "information_ratio": "account and benchmark move alike"
    }


def test_an_account_that_never_fell_has_no_sortino_and_no_calmar() -> None:
    found = undefined(days(*[(0.04, 0.01), (0.01, -0.01)] * 15), Growth(0.21, 0.44, 0.0, -0.4, 730))
    assert found == {"sortino": "no day fell short", "calmar": "there was no drawdown"}


def test_a_range_without_a_return_has_no_rate_of_growth() -> None:
    found = undefined(THIRTY, Growth(None, 0.44, -1.0, -0.4, 730))
    assert found == dict.fromkeys(("cagr", "calmar"), "the range has no return")


def test_a_total_loss_grows_at_minus_one() -> None:
    found = risk(THIRTY, Growth(-1.0, 0.44, -1.0, -0.4, 730)).values
    assert (found["cagr"], found["calmar"]) == (-1.0, -1.0)


def test_the_last_of_fifty_digits_is_no_movement() -> None:
    """Rebalancing at prices that stand still moves the index by 1e-50: nobody rose, fell or divides by it."""
    found = undefined(days(*[(0.01, 1e-50), (-0.01, -1e-50), (0.02, 1e-50)] * 10))
    assert found["up_capture"] == "there was no day on which the benchmark rose"
    assert found["down_capture"] == "there was no day on which the benchmark fell"
    assert found["beta"] == "the benchmark's daily returns do not vary"


def test_a_rate_that_no_float_holds_is_told_as_such() -> None:
    found = undefined(THIRTY, Growth(1e40, 0.44, -0.05, -0.4, 30))
    assert found == dict.fromkeys(("cagr", "calmar"), "the rate is too large to be told")


RETURNS = st.lists(
    st.tuples(st.integers(-9000, 20000), st.integers(-9000, 20000)).map(lambda pair: (pair[0] / 1e4, pair[1] / 1e4)),
    min_size=30,
    max_size=60,
)


@given(RETURNS, st.floats(0, 0.2))
def test_the_figures_keep_their_relations(pairs: list[tuple[float, float]], risk_free: float) -> None:
    found = risk(days(*pairs), TWO_YEARS, risk_free).values
    beta, volatility, other = found["beta"], found["volatility"], found["benchmark_volatility"]
    correlation, sharpe, ratio = found["correlation"], found["sharpe"], found["information_ratio"]
    if beta is not None and correlation is not None and volatility and other and sharpe is not None:
        assert -1 - 1e-9 <= correlation <= 1 + 1e-9
        assert beta == pytest.approx(correlation * volatility / other, rel=1e-9, abs=1e-9)
        mean = sum(mine for mine, _ in pairs) / len(pairs)
        assert sharpe * volatility == pytest.approx(mean * 365 - risk_free, rel=1e-9, abs=1e-9)
    if ratio is not None and found["tracking_error"] is not None:
        active = sum(mine - theirs for mine, theirs in pairs) / len(pairs) * 365
        assert ratio * found["tracking_error"] == pytest.approx(active, rel=1e-9, abs=1e-9)


@given(RETURNS)
def test_against_itself_beta_is_one_and_alpha_nothing(pairs: list[tuple[float, float]]) -> None:
    found = risk(days(*((mine, mine) for mine, _ in pairs)), TWO_YEARS).values
    if found["beta"] is not None:
        assert found["beta"] == pytest.approx(1, rel=1e-12)
        assert found["alpha"] == pytest.approx(0, abs=1e-9)
    assert all(found[name] in (None, pytest.approx(1)) for name in ("up_capture", "down_capture"))
    assert found["sharpe"] == found["benchmark_sharpe"]
    assert found["sortino"] == found["benchmark_sortino"]
