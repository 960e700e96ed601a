"""How an index moved: growth, falls and recoveries, beside a slow search over all pairs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.money import exact
from lib.domain.statistics import Drawdown, Index, drawdowns, growth, max_drawdown
from tests.builders import DAY, MONDAY, dec, decs

WIPED, NEW = "wiped_out", "new_segment"


def days(*indices: str) -> Index:
    """One point a day; `0!` is a wipe-out, `0.9+` a new segment."""
    notes = {"!": WIPED, "+": NEW}
    return Index(
        [MONDAY + number * DAY for number in range(len(indices))],
        [Decimal(text.rstrip("!+")) for text in indices],
        [notes.get(text[-1]) for text in indices],
    )


def every_drawdown(index: Index) -> tuple[Decimal, ...]:
    return drawdowns(index, range(len(index.ats)))


def day(number: int | None) -> object:
    return None if number is None else MONDAY + number * DAY


@pytest.mark.parametrize(
    ("indices", "grown"),
    [
        pytest.param(["1", "1.2", "1.1"], "0.1", id="from the first to the last"),
        pytest.param(["2", "1"], "-0.5", id="wherever it begins"),
        pytest.param(["1", "0!", "0"], "-1", id="wiped out"),
        pytest.param(["1", "0!", "0.9+", "1.8"], "-1", id="over a wipe-out, whatever came after"),
        pytest.param(["0!", "0.9+", "1.8"], "0.8", id="begins wiped out: the new segment counts from 1"),
        pytest.param(["0", "0.9+", "0!"], "-1", id="and is wiped out again"),
        pytest.param(["0!", "0", "0"], None, id="worth nothing all the time"),
        pytest.param(["0.9+", "1.8"], "1", id="begins after the new segment did"),
    ],
)
def test_growth(indices: list[str], grown: str | None) -> None:
    assert growth(days(*indices)) == dec(grown)


@pytest.mark.parametrize(
    ("indices", "depth", "start", "trough", "recovered", "length"),
    [
        pytest.param(["1"], "0", None, None, None, None, id="one point"),
        pytest.param(["1", "1", "2"], "0", None, None, None, None, id="no fall"),
        pytest.param(["1", "0.8", "1"], "-0.2", 0, 1, 2, 2, id="from the start, recovered"),
        pytest.param(["1", "2", "1.5", "1.8"], "-0.25", 1, 2, None, 2, id="not recovered: days to the end"),
        pytest.param(
            ["1", "2", "2", "1", "1", "2", "3"], "-0.5", 2, 3, 5, 3, id="last at the peak, first at the bottom"
        ),
        pytest.param(["1", "0.5", "1", "2", "1", "2"], "-0.5", 0, 1, 2, 2, id="of equal falls the first"),
        pytest.param(["1", "0.9", "0.95", "0.6", "1.1"], "-0.4", 0, 3, 4, 4, id="the deepest of one long fall"),
        pytest.param(["1", "2", "0!", "0", "0.9+", "5"], "-1", 1, 2, None, 4, id="wiped out: never recovers"),
        pytest.param(["1", "0!", "0"], "-1", 0, 1, None, 2, id="wiped out to the end"),
        pytest.param(["1", "0!", "1.5+", "2"], "-1", 0, 1, None, 3, id="wiped out: a new segment above is no recovery"),
        pytest.param(["0!", "0", "0.9+", "0.5", "1"], "-0.5", 1, 3, 4, 3, id="a new segment starts from 1"),
        pytest.param(["0!", "0", "1.2+", "0.9", "1.5"], "-0.25", 2, 3, 4, 2, id="and may begin above"),
    ],
)
def test_the_deepest_fall(
    indices: list[str], depth: str, start: int | None, trough: int | None, recovered: int | None, length: float | None
) -> None:
    found = max_drawdown(days(*indices))
    assert (found.depth, found.days) == (Decimal(depth), length)
    assert (found.start, found.trough, found.recovered) == (day(start), day(trough), day(recovered))


def test_a_range_that_begins_at_a_new_segment_does_not_fall_before_it_begins() -> None:
    """The note of the first row tells of the period before the range, and drew a fall of 10 % on its first day."""
    points = days("0.9+", "1.8", "1.9")
    assert max_drawdown(points) == Drawdown()
    assert every_drawdown(points) == decs(0, 0, 0)


def test_below_the_peak_so_far() -> None:
    assert every_drawdown(days("1", "0.8", "2", "1.5", "0!", "0", "0.9+", "1.2", "0.6")) == tuple(
        Decimal(text) for text in ("0", "-0.2", "0", "-0.25", "-1", "-1", "-0.1", "0", "-0.5")
    )
    assert every_drawdown(days("0!", "0", "0.9+")) == decs(0, 0, "-0.1")
    assert every_drawdown(days()) == ()
    assert drawdowns(days("1", "0.8", "2", "1.5"), [1, 3]) == decs("-0.2", "-0.25")


def test_the_last_of_fifty_digits_is_no_fall_no_deeper_bottom_and_no_way_from_the_peak() -> None:
    """A benchmark of dollars fell by 2e-50 for days; its Calmar ratio was made of that."""
    less = "0." + "9" * 49
    assert max_drawdown(days("1", less, "1")) == Drawdown()
    assert every_drawdown(days("1", less)) == decs(0, 0)
    fall = max_drawdown(days("1", less, "0.5", "0.4" + "9" * 49, less, "0.5"))
    assert (fall.start, fall.trough, fall.recovered) == (day(1), day(2), day(4))
    assert max_drawdown(days("1", "0.999999")).depth == Decimal("-0.000001")


indices = st.lists(st.integers(1, 12), min_size=1, max_size=14)


@exact
def slowly(values: list[int]) -> tuple[Decimal, int | None, int | None, int | None]:
    """Every pair of a peak and what comes after it."""
    falls = [
        (Decimal(low) / Decimal(high) - 1, bottom, -top)
        for top, high in enumerate(values)
        for bottom, low in enumerate(values)
        if top < bottom and low < high
    ]
    if not falls:
        return Decimal(0), None, None, None
    depth, bottom, negative_top = min(falls)
    top = -negative_top
    back = [place for place, value in enumerate(values) if place > bottom and value >= values[top]]
    return depth, top, bottom, min(back, default=None)


@given(indices)
def test_a_search_over_all_pairs_finds_the_same(values: list[int]) -> None:
    found = max_drawdown(days(*map(str, values)))
    depth, top, bottom, back = slowly(values)
    assert found.depth == depth
    assert (found.start, found.trough, found.recovered) == (day(top), day(bottom), day(back))
    if top is not None:
        end = len(values) - 1 if back is None else back
        assert found.days == (end - top) * DAY / timedelta(days=1)
    assert min(every_drawdown(days(*map(str, values)))) == depth
