"""Figures that describe how an index moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.domain.index import NEW_SEGMENT, WIPED_OUT
from lib.domain.money import HAIR, ONE, ZERO, exact

_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Index:
    """The value of one unit at complete snapshots, oldest first, and what was special about it: columns of one length.

    Fifty thousand points are walked along several times, and making a value of each would take longer than that.
    """

    ats: Sequence[datetime]
    values: Sequence[Decimal]
    notes: Sequence[str | None]


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
def growth(index: Index) -> Decimal | None:
    """Return the time-weighted return from the first point to the last; None where there was nothing to grow.

    Over a wipe-out it is -1; a range that begins wiped out counts from 1 once a new segment starts.
    Source: product, 4.6.
    """
    first, last = index.values[0], index.values[-1]
    if WIPED_OUT in index.notes[1:]:
        return -ONE
    if first == 0:
        return last - ONE if last else None
    return last / first - ONE


@exact
def drawdowns(index: Index, kept: Iterable[int]) -> tuple[Decimal, ...]:
    """Return how far each `kept` position lies below the highest point before it, as a ratio from 0 down to -1.

    Few of fifty thousand points are shown, and the division is what costs.
    """
    wanted, below, peak = frozenset(kept), [], ZERO
    for position, (value, note) in enumerate(zip(index.values, index.notes, strict=True)):
        if note == NEW_SEGMENT and position:  # what made the first point lies before the range
            peak = ONE
        peak = max(peak, value)
        if position in wanted:
            fall = ZERO if value >= peak else value / peak - ONE
            below.append(fall if fall < -HAIR else ZERO)
    return tuple(below)


@exact
def max_drawdown(index: Index) -> Drawdown:
    """Return the deepest fall of the index; of equal ones the first.

    A new segment after a wipe-out starts from 1, and a wiped-out drawdown never recovers. Source: product, 4.8.
    """
    deepest, deeper, bottom, peak_value = Drawdown(), -HAIR, 0, ZERO
    peak, peak_at, ats = index.values[0], index.ats[0], index.ats
    for position, (value, note) in enumerate(zip(index.values, index.notes, strict=True)):
        if note == NEW_SEGMENT and position:
            peak, peak_at = ONE, ats[position - 1]
        if value >= peak:
            peak, peak_at = value, ats[position]
            continue
        fall = value / peak - ONE
        if fall >= -HAIR:
            peak_at = ats[position]
        elif fall < deeper:
            deepest, deeper = Drawdown(fall, peak_at, ats[position]), fall - HAIR
            bottom, peak_value = position, peak
    if deepest.start is None:
        return deepest
    recovered = _recovered(index, bottom + 1, peak_value)
    end = recovered or ats[-1]
    days = (end - deepest.start).total_seconds() / _DAY_S
    return Drawdown(deepest.depth, deepest.start, deepest.trough, recovered, days)


def _recovered(index: Index, begin: int, peak: Decimal) -> datetime | None:
    """Return when the points from `begin` on are first back at `peak`."""
    for at, value, note in zip(index.ats[begin:], index.values[begin:], index.notes[begin:], strict=True):
        if note in (WIPED_OUT, NEW_SEGMENT) or value == 0:
            return None
        if value >= peak or value / peak - ONE >= -HAIR:
            return at
    return None
