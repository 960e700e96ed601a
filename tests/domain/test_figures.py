"""The figures of a range: what it covers, the headline, and a reason for whatever is missing."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from lib.domain.figures import (
    NEEDS_TWO,
    Figures,
    Span,
    account_index,
    active_return,
    benchmark_index,
    figures,
    last,
    span,
)
from lib.domain.replay import Row
from lib.domain.statistics import Index
from tests.builders import DAY, at, dec, row

DAYS = [row(f"{day} 12:00") for day in (5, 6, 8, 9)]


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [
        pytest.param(None, None, Span(0, 3), id="all of it"),
        pytest.param("7 00:00", None, Span(1, 3), id="base: the last at or before"),
        pytest.param("6 12:00", "8 12:00", Span(1, 2), id="both at a row"),
        pytest.param("1 00:00", "7 00:00", Span(0, 1), id="base: else the first after"),
        pytest.param("20 00:00", None, Span(3, 3), id="begins after the end: one row"),
        pytest.param("7 00:00", "7 12:00", Span(1, 1), id="within a gap: one row"),
        pytest.param(None, "1 00:00", None, id="ends before the first"),
    ],
)
def test_the_rows_of_a_range(since: str | None, until: str | None, shown: Span | None) -> None:
    def instant(text: str | None) -> datetime | None:
        return None if text is None else at(text)

    assert span(DAYS, instant(since), instant(until)) == shown


@pytest.mark.parametrize(
    ("length", "shown"),
    [(None, Span(0, 3)), (DAY, Span(2, 3)), (2 * DAY, Span(1, 3)), (timedelta(days=90), Span(0, 3))],
)
def test_a_range_ends_at_the_last_row_and_begins_its_length_before_it(length: timedelta | None, shown: Span) -> None:
    assert last(DAYS, length) == shown
    assert last([], length) is None


LIFE = [
    row("5 12:00", "1000", "1", benchmark="1000"),
    row("6 12:00", "1200", "1.2", benchmark="1500", benchmark_index="1.5"),
    row("8 12:00", "1600", "0.9", benchmark="1250", benchmark_index="1", flow="700"),
    row("9 12:00", "1500", "1.08", benchmark="1200", benchmark_index="0.75", flow="-300"),
]


def of(rows: list[Row], shown: Span | None, shortfall: str = "0") -> Figures:
    assert shown is not None
    return figures(rows, shown, Decimal(shortfall), [])


def test_the_figures_since_the_inception() -> None:
    found = of(LIFE, last(LIFE, None), "50")
    assert (found.nav, found.benchmark) == (Decimal(1500), Decimal(1200))
    assert found.difference == 350  # 1500 − (1200 − 50)
    assert found.value_ratio == Decimal("0.25")  # 1500 / 1200 − 1
    assert (found.put_in, found.net_flows) == (Decimal(1400), Decimal(400))  # 1000 + 700 − 300
    assert (found.pnl, found.pnl_since_inception) == (Decimal(100), Decimal(100))
    assert (found.twr, found.benchmark_twr) == (Decimal("0.08"), Decimal("-0.25"))
    assert found.active_return == Decimal("0.44")  # 1.08 / 0.75 − 1
    assert (found.twr_24h, found.benchmark_twr_24h) == (Decimal("0.2"), Decimal("-0.25"))  # since the 8th
    assert found.max_drawdown is not None
    assert found.max_drawdown.depth == Decimal("-0.25")  # 0.9 / 1.2 − 1
    assert found.benchmark_max_drawdown is not None
    assert found.benchmark_max_drawdown.depth == Decimal("-0.5")  # 0.75 / 1.5 − 1


def test_a_range_cuts_its_own_figures_and_leaves_the_headline_since_the_inception() -> None:
    found = of(LIFE, span(LIFE, at("6 12:00"), at("8 12:00")))
    assert (found.difference, found.put_in, found.pnl_since_inception) == (Decimal(350), Decimal(1700), Decimal(-100))
    assert (found.net_flows, found.pnl) == (Decimal(700), Decimal(-300))  # 1600 − 1200 − 700
    assert (found.twr, found.twr_24h) == (Decimal("-0.25"), Decimal("-0.25"))  # 0.9 / 1.2 − 1; base: the 6th


def test_with_one_snapshot_every_figure_over_time_needs_two() -> None:
    found = of(LIFE[:1], Span(0, 0))
    names = ("net_flows", "pnl", "twr", "benchmark_twr", "active_return", "max_drawdown", "benchmark_max_drawdown")
    since_start = ("twr_24h", "benchmark_twr_24h", "pnl_since_inception")
    for name in (*names, *since_start):
        assert getattr(found, name) is None
        assert found.notes[name] == NEEDS_TWO
    assert (found.put_in, found.difference) == (Decimal(1000), Decimal(0))


def test_a_range_of_one_row_lacks_only_what_is_of_the_range() -> None:
    found = of(LIFE, Span(3, 3))
    assert (found.twr, found.notes["twr"]) == (None, NEEDS_TWO)
    assert (found.twr_24h, found.pnl_since_inception) == (Decimal("0.2"), Decimal(100))
    assert "twr_24h" not in found.notes


def test_a_benchmark_worth_nothing_has_no_ratio_but_a_reason() -> None:
    found = of([row("10:00"), row("11:00", benchmark="0")], Span(0, 1), "30")
    assert (found.value_ratio, found.notes["value_ratio"]) == (None, "the benchmark is worth nothing")
    assert found.difference == 130  # 100 − (0 − 30)


def test_an_account_worth_nothing_all_along_has_no_return_but_a_reason() -> None:
    rows = [row("10:00", "0", "0", note="wiped_out"), row("11:00", "0", "0", note="idle")]
    found = of(rows, Span(0, 1))
    for name in ("twr", "active_return", "twr_24h"):
        assert getattr(found, name) is None
        assert found.notes[name] == "the account was worth nothing in this range"


def test_the_reason_of_a_missing_last_day_is_told_though_the_range_has_a_return() -> None:
    """Wiped out days ago, the range has −100 % and the last day nothing: it was empty without a word."""
    rows = [
        row("5 12:00"),
        row("6 12:00", "0", "0", note="wiped_out"),
        *(row(f"{day} 12:00", "0", "0", note="idle") for day in (7, 8)),
    ]
    found = of(rows, Span(0, 3))
    assert (found.twr, found.twr_24h) == (Decimal(-1), None)
    assert found.notes["twr_24h"] == "the account was worth nothing in this range"
    assert "twr" not in found.notes


@pytest.mark.parametrize(
    ("twr", "benchmark_twr", "active"),
    [("0.2", "0.5", "-0.2"), ("-1", "0", "-1"), ("0.5", "-1", None), (None, "0.1", None), ("0.1", None, None)],
)
def test_active_return(twr: str | None, benchmark_twr: str | None, active: str | None) -> None:
    assert active_return(dec(twr), dec(benchmark_twr)) == dec(active)


def test_the_account_has_its_notes_and_the_benchmark_none() -> None:
    rows = [row("10:00", index="0", benchmark_index="2", note="wiped_out")]
    assert account_index(rows) == Index([at("10:00")], [Decimal(0)], ["wiped_out"])
    assert benchmark_index(rows) == Index([at("10:00")], [Decimal(2)], [None])
