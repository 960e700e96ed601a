"""Figures that describe how an index moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.domain.index import NEW_SEGMENT, WIPED_OUT
from lib.domain.money import HAIR, ONE, ZERO, exact

_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """The value of one unit at a complete snapshot, and what was special about it."""

    at: datetime
    index: Decimal
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Drawdown:
    """The deepest fall below an earlier peak. Without a fall depth is 0 and the rest None.

    Units: `depth` a negative ratio; `start` the last instant at the peak, `trough` the first at the bottom,
    `recovered` the first back at the peak; `days` from the peak to recovery, or to the end.
    """

    depth: Decimal = ZERO
    start: datetime | None = None
    trough: datetime | None = None
    recovered: datetime | None = None
    days: float | None = None


@exact
def growth(points: Sequence[IndexPoint]) -> Decimal | None:
    """Return the time-weighted return from the first point to the last; None where there was nothing to grow.

    Over a wipe-out it is -1; a range that begins wiped out counts from 1 once a new segment starts.
    Source: product, 4.6.
    """
    first, last = points[0].index, points[-1].index
    if any(point.note == WIPED_OUT for point in points[1:]):
        return -ONE
    if first == 0:
        return last - ONE if last else None
    return last / first - ONE


@exact
def drawdowns(points: Sequence[IndexPoint], kept: Iterable[int]) -> tuple[Decimal, ...]:
    """Return how far each `kept` position lies below the highest point before it, as a ratio from 0 down to -1.

    Few of fifty thousand points are shown, and the division is what costs.
    """
    wanted, below, peak = frozenset(kept), [], ZERO
    for position, point in enumerate(points):
        index = point.index
        if position and point.note == NEW_SEGMENT:  # what made the first point lies before the range
            peak = ONE
        peak = max(peak, index)
        if position in wanted:
            fall = ZERO if index >= peak else index / peak - ONE
            below.append(fall if fall < -HAIR else ZERO)
    return tuple(below)


@exact
def max_drawdown(points: Sequence[IndexPoint]) -> Drawdown:
    """Return the deepest fall of the index; of equal ones the first.

    A new segment after a wipe-out starts from 1, and a wiped-out drawdown never recovers. Source: product, 4.8.
    """
    deepest, deeper, bottom, peak_index = Drawdown(), -HAIR, 0, ZERO
    peak, peak_at = points[0].index, points[0].at
    for position, point in enumerate(points):
        if position and point.note == NEW_SEGMENT:
            peak, peak_at = ONE, points[position - 1].at
        if point.index >= peak:
            peak, peak_at = point.index, point.at
            continue
        fall = point.index / peak - ONE
        if fall >= -HAIR:
            peak_at = point.at
        elif fall < deeper:
            deepest, deeper = Drawdown(fall, peak_at, point.at), fall - HAIR
            bottom, peak_index = position, peak
    if deepest.start is None:
        return deepest
    recovered = _recovered(points[bottom + 1 :], peak_index)
    end = recovered or points[-1].at
    days = (end - deepest.start).total_seconds() / _DAY_S
    return Drawdown(deepest.depth, deepest.start, deepest.trough, recovered, days)


def _recovered(after: Iterable[IndexPoint], peak: Decimal) -> datetime | None:
    for point in after:
        if point.note in (WIPED_OUT, NEW_SEGMENT) or point.index == 0:
            return None
        if point.index >= peak or point.index / peak - ONE >= -HAIR:
            return point.at
    return None
