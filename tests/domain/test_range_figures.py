"""The figures of a range: which rows it takes, what is since the inception, and why a figure is null."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.figures import NEEDS_TWO, Figures, Span, active_return, figures, last, span
from lib.domain.flows import net_by_instant
from lib.domain.index import IDLE, NEW_SEGMENT, START, WIPED_OUT
from lib.domain.money import plain
from lib.domain.replay import Facts, Row, replay
from lib.domain.risk import NAMES
from lib.domain.statistics import Drawdown
from lib.usecases.metrics import in_words
from tests.builders import DAY, HOUR, MONDAY, at, flow, history, net, point, policy, row

# Put in 1,000 and 500: the account ends at 1,800, the benchmark at 1,600 of which 100 could not be withdrawn.
LIFE = (
    row("5 00:00", "1000", "1", benchmark="1000", benchmark_index="1", note=START),
    row("6 00:00", "1100", "1.1", benchmark="1050", benchmark_index="1.05"),
    row("7 00:00", "1700", "1.21", benchmark="1500", benchmark_index="1.05", flow="500"),
    row("8 00:00", "1530", "1.089", benchmark="1470", benchmark_index="1.029"),
    row("9 00:00", "1800", "1.2705", benchmark="1600", benchmark_index="1.12"),
)
FLOWS = (net("6 12:00", "500"),)
TINY = Decimal("1e-20")  # what a test computes has 28 digits, of fifty
WHOLE = Span(0, 4)


def of(shown: Span = WHOLE, shortfall: str = "100", rows: tuple[Row, ...] = LIFE) -> Figures:
    return figures(rows, shown, Decimal(shortfall), FLOWS)


def told(found: Figures, names: str) -> str:
    """Write figures by their names with at most nine decimals: "nav pnl" gives "1800 300"."""
    values = (getattr(found, name) for name in names.split())
    return " ".join("null" if value is None else plain(round(value, 9)) for value in values)


# --- which rows


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        pytest.param(None, None, WHOLE, id="all of it"),
        pytest.param("6 00:00", None, Span(1, 4), id="a row at the beginning is the base"),
        pytest.param("6 23:59", None, Span(1, 4), id="the last row before the beginning is the base"),
        pytest.param("4 00:00", None, WHOLE, id="nothing before the beginning: the first after it"),
        pytest.param("6 00:00", "8 00:00", Span(1, 3), id="a row at the end is in it"),
        pytest.param("6 00:00", "7 23:59", Span(1, 2), id="the last row before the end ends it"),
        pytest.param("5 00:00", "5 00:00", Span(0, 0), id="one row"),
        pytest.param(None, "4 00:00", None, id="nothing up to the end"),
        pytest.param("12 00:00", None, Span(4, 4), id="nothing after the beginning"),
    ],
)
def test_a_range_begins_at_the_last_row_before_it(since: str | None, until: str | None, expected: Span | None) -> None:
    assert span(LIFE, since and at(since), until and at(until)) == expected  # type: ignore[arg-type]


def test_a_length_counts_back_from_the_last_row() -> None:
    assert last(LIFE, timedelta(hours=24)) == Span(3, 4)
    assert last(LIFE, timedelta(hours=47)) == Span(2, 4)
    assert last(LIFE, timedelta(days=90)) == WHOLE
    assert last(LIFE, None) == WHOLE
    assert last((), None) is None


# --- by hand


def test_the_whole_life_by_hand() -> None:
    found = of()
    assert told(found, "nav benchmark difference value_ratio") == "1800 1600 300 0.125"  # 1800 - (1600 - 100)
    assert told(found, "net_flows pnl put_in pnl_since_inception") == "500 300 1500 300"
    assert told(found, "twr benchmark_twr") == "0.2705 0.12"
    assert told(found, "active_return") == "0.134375"  # 1.2705 / 1.12
    assert told(found, "twr_24h benchmark_twr_24h") == "0.166666667 0.088435374"  # 1.2705 / 1.089, 1.12 / 1.029
    assert found.max_drawdown == Drawdown(Decimal("-0.1"), at("7 00:00"), at("8 00:00"), at("9 00:00"), 2.0)
    assert found.benchmark_max_drawdown == Drawdown(Decimal("-0.02"), at("7 00:00"), at("8 00:00"), at("9 00:00"), 2.0)


def test_a_range_cuts_and_never_restarts_what_is_since_the_inception() -> None:
    found, whole = of(Span(1, 4)), of()
    assert told(found, "net_flows pnl twr benchmark_twr") == "500 200 0.155 0.066666667"  # 1.2705 / 1.1, 1.12 / 1.05
    for name in ("nav", "benchmark", "difference", "value_ratio", "put_in", "pnl_since_inception", "twr_24h"):
        assert getattr(found, name) == getattr(whole, name)


def test_a_flow_at_the_base_lies_before_the_range() -> None:
    """The base's own flow is in its NAV already."""
    found = of(Span(2, 4))
    assert told(found, "net_flows pnl") == "0 100"
    assert found.money_weighted.period == pytest.approx(1800 / 1700 - 1)


def test_a_range_that_ends_early_knows_nothing_later() -> None:
    found = of(Span(0, 1), shortfall="0")
    assert told(found, "nav put_in pnl_since_inception") == "1100 1000 100"
    assert found.money_weighted.period == pytest.approx(0.1)
    assert found.twr_24h == found.twr == Decimal("0.1")


def test_flows_count_for_the_money_weighted_return_by_their_time() -> None:
    rows = (row("5 00:00", "100", note=START), row("7 00:00", "231", flow="100"))
    found = figures(rows, Span(0, 1), Decimal(0), (net("6 00:00", "100"), net("9 00:00", "7"), net("5 00:00", "3")))
    assert found.money_weighted.period == pytest.approx(0.21)


def test_an_active_return_compares_growth_not_values() -> None:
    assert active_return(Decimal("0.21"), Decimal("0.1")) == Decimal("0.1")
    assert active_return(Decimal("-1"), Decimal("0.25")) == -1
    assert active_return(Decimal("0.5"), Decimal("-1")) is None
    assert active_return(None, Decimal("0.1")) is None


# --- null, with its reason


OVER_TIME = {
    *("net_flows", "pnl", "twr", "benchmark_twr", "active_return", "mwr", "mwr_annual", "max_drawdown"),
    *("benchmark_max_drawdown", "twr_24h", "benchmark_twr_24h", "pnl_since_inception", *NAMES),
}


def nulls(found: Figures) -> dict[str, str]:
    """Every figure that is null as answers carry them, with its reason; a null without one fails."""
    words = in_words(found)
    notes = words["notes"]
    assert isinstance(notes, dict)
    return {name: notes[name] for name, value in words.items() if value is None}


def test_with_one_snapshot_every_figure_over_time_needs_two() -> None:
    found = of(Span(0, 0), "0")
    assert nulls(found) == dict.fromkeys(OVER_TIME, NEEDS_TWO)
    assert told(found, "nav difference value_ratio put_in") == "1000 0 0 1000"


def test_a_range_of_one_row_still_tells_what_looks_back_from_it() -> None:
    told = {"twr_24h", "benchmark_twr_24h", "pnl_since_inception"}
    assert nulls(of(Span(4, 4))) == dict.fromkeys(OVER_TIME - told, NEEDS_TWO)


def test_a_short_range_says_which_days_it_lacks() -> None:
    assert nulls(of()) == {**dict.fromkeys(NAMES, "needs 30 days, has 4"), "mwr_annual": "needs a year"}


def test_a_benchmark_worth_nothing_has_no_value_ratio() -> None:
    rows = (row("5 00:00", benchmark="0"), row("6 00:00", benchmark="0"))
    assert nulls(of(Span(0, 1), "40", rows))["value_ratio"] == "the benchmark is worth nothing"
    assert of(Span(0, 1), "40", rows).difference == 140


def test_an_account_worth_nothing_all_along_has_no_return() -> None:
    rows = (row("5 00:00", "0", "0", note=WIPED_OUT), row("6 00:00", "0", "0", note=IDLE))
    found = nulls(of(Span(0, 1), "0", rows))
    assert {found[name] for name in ("twr", "active_return", "twr_24h")} == {
        "the account was worth nothing in this range"
    }


def test_the_last_day_of_a_dead_account_says_why_it_has_no_return() -> None:
    """The range fell by all, and the last day within it had nothing to lose."""
    rows = (row("5 00:00"), row("6 00:00", "0", "0", note=WIPED_OUT), row("8 00:00", "0", "0", note=IDLE))
    found = of(Span(0, 2), "0", rows)
    assert told(found, "twr twr_24h") == "-1 null"
    assert "twr_24h" in nulls(found)


def test_a_benchmark_that_lost_everything_leaves_no_active_return() -> None:
    rows = (row("5 00:00"), row("5 12:00", benchmark="0", benchmark_index="0"))
    assert nulls(figures(rows, Span(0, 1), Decimal(0), ()))["active_return"] == "the benchmark lost everything"


# --- wiped out


WIPED = (
    row("5 00:00", "100", "2", note=START),
    row("6 00:00", "0", "0", note=WIPED_OUT),
    row("7 00:00", "0", "0", note=IDLE),
    row("8 00:00", "150", "1.5", note=NEW_SEGMENT, flow="100"),
    row("9 00:00", "120", "1.2"),
)


def test_over_a_wipe_out_return_and_drawdown_are_minus_one_for_good() -> None:
    found = figures(WIPED, Span(0, 4), Decimal(0), (net("7 12:00", "100"),))
    assert told(found, "twr active_return") == "-1 -1"
    assert found.max_drawdown == Drawdown(Decimal(-1), at("5 00:00"), at("6 00:00"), None, 4.0)


def test_a_range_that_begins_wiped_out_counts_from_one() -> None:
    found = figures(WIPED, Span(1, 4), Decimal(0), (net("7 12:00", "100"),))
    assert found.twr == Decimal("0.2")
    assert found.max_drawdown == Drawdown(Decimal("-0.2"), at("8 00:00"), at("9 00:00"), None, 1.0)


def test_a_range_that_begins_with_the_new_segment_falls_from_there() -> None:
    rows = (row("7 00:00", index="0.8", note=NEW_SEGMENT), row("8 00:00", index="0.6"))
    found = figures(rows, Span(0, 1), Decimal(0), ())
    assert (found.twr, found.max_drawdown and found.max_drawdown.depth) == (Decimal("-0.25"), Decimal("-0.25"))


def test_a_new_segment_that_begins_with_a_loss_falls_from_one() -> None:
    rows = (*WIPED[1:3], row("8 00:00", "80", "0.8", note=NEW_SEGMENT, flow="100"))
    fall = figures(rows, Span(0, 2), Decimal(0), (net("7 12:00", "100"),)).max_drawdown
    assert fall == Drawdown(Decimal("-0.2"), at("7 00:00"), at("8 00:00"), None, 1.0)


# --- a real life of five weeks


@st.composite
def lives(draw: st.DrawFn) -> tuple[Facts, int]:
    """Some days of values, flows and prices, and where to cut."""
    count = draw(st.integers(3, 40))
    navs = draw(st.lists(st.integers(100, 10_000), min_size=count, max_size=count))
    btc = draw(st.lists(st.integers(50, 200), min_size=count, max_size=count))
    paid = draw(st.lists(st.tuples(st.integers(1, count * 24 - 24), st.integers(-90, 500)), max_size=5))
    flows = [flow(MONDAY + hour * HOUR, str(usd), id_=str(number)) for number, (hour, usd) in enumerate(paid) if usd]
    prices = history(("5 00:00", {"BTC": "100", "ETH": "10"}))
    columns = dict(prices.columns)
    columns["BTC"] = (tuple(MONDAY + day * DAY for day in range(count)), tuple(map(Decimal, btc)))
    points = [point(MONDAY + day * DAY, str(nav)) for day, nav in enumerate(navs)]
    return Facts(policy(), points, flows, type(prices)(columns)), draw(st.integers(1, count - 2))


@given(lives())
def test_the_parts_of_a_range_chain_to_the_whole(life: tuple[Facts, int]) -> None:
    """Cut anywhere: returns multiply, profits and flows add up, and the second part ends as the whole does."""
    facts, cut = life
    story = replay(facts)
    flows = net_by_instant(facts.flows)
    shortfall = story.checkpoint.benchmark.shortfall_usd if story.checkpoint else Decimal(0)
    end = len(story.rows) - 1
    whole, one, two = (
        figures(story.rows, part, shortfall, flows) for part in (Span(0, end), Span(0, cut), Span(cut, end))
    )
    assert whole.pnl is not None
    assert (one.pnl or 0) + (two.pnl or 0) == whole.pnl == whole.pnl_since_inception
    assert (one.net_flows or 0) + (two.net_flows or 0) == whole.net_flows == whole.put_in - facts.points[0].nav_usd
    if whole.twr is not None and whole.twr > -1 and one.twr is not None and two.twr is not None:
        assert (1 + one.twr) * (1 + two.twr) == pytest.approx(1 + whole.twr, rel=TINY)
        assert whole.active_return is not None
        assert whole.benchmark_twr is not None
        assert (1 + whole.active_return) * (1 + whole.benchmark_twr) == pytest.approx(1 + whole.twr, rel=TINY)
    assert (two.difference, two.twr_24h, two.put_in) == (whole.difference, whole.twr_24h, whole.put_in)


@given(lives(), st.integers(-3, 3))
def test_scaling_all_money_changes_no_ratio(life: tuple[Facts, int], power: int) -> None:
    facts, _ = life
    factor = Decimal(2) ** power * 1000  # so that what is below a dollar stays so
    points = [point(one.at, one.nav_usd * factor) for one in facts.points]
    flows = [flow(one.at, str(one.usd * factor), id_=one.id) for one in facts.flows]
    scaled = Facts(facts.policy, points, flows, facts.prices)
    small, large = (_whole(each) for each in (facts, scaled))
    for name in ("twr", "benchmark_twr", "active_return", "value_ratio", "twr_24h"):
        before, after = getattr(small, name), getattr(large, name)
        assert after is None if before is None else after == pytest.approx(before, rel=TINY, abs=TINY)
    assert large.pnl == pytest.approx((small.pnl or 0) * factor, rel=TINY)
    assert large.difference == pytest.approx(small.difference * factor, rel=TINY, abs=TINY)


def _whole(facts: Facts) -> Figures:
    story = replay(facts)
    assert story.checkpoint is not None
    shown = Span(0, len(story.rows) - 1)
    return figures(story.rows, shown, story.checkpoint.benchmark.shortfall_usd, net_by_instant(facts.flows))
