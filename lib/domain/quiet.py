"""Stretches in which nothing happened to any account: nearly all slots are in one, so they are summed by columns."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import repeat
from operator import add, lt

from lib.domain import index
from lib.domain.member import Track
from lib.domain.money import ONE, ZERO, exact
from lib.domain.replay import Row


@dataclass(frozen=True, slots=True)
class Stretch:
    """Those of all slots from the one at `place` on, before the one at `end`, in which the same accounts take part."""

    slots: Sequence[datetime]
    place: int
    end: int


def is_orderly(one: Track) -> bool:
    """Tell whether its rows have ascending times as they have ascending slots; without that there is no short way."""
    return all(map(lt, one.ats, one.ats[1:]))


@exact
def quiet_rows(last: Row, stretch: Stretch, tracks: Sequence[Track]) -> list[Row]:
    """Return the rows that follow the row `last` as far as all of `tracks` have one and nothing happened to any.

    They are those that would be made one by one, to the last digit. Empty where the first is not of that kind.
    """
    begins = [bisect_left(one.slots, stretch.slots[stretch.place]) for one in tracks]
    many = _many(last, stretch, tracks, begins)
    if not many:
        return []
    spans = [slice(begin, begin + many) for begin in begins]
    ats = _latest([one.ats[span] for one, span in zip(tracks, spans, strict=True)])
    if ats[0] <= last.at:
        return []
    navs_usd = worths_usd = [ZERO] * many
    for one, span in zip(tracks, spans, strict=True):
        navs_usd = list(map(add, navs_usd, [row.nav_usd for row in one.rows[span]]))
        worths_usd = list(map(add, worths_usd, one.benchmarks_usd(span, ats)))
    slots = stretch.slots[stretch.place : stretch.place + many]
    indices, rungs, notes = zip(*index.quiet_steps(last.nav_index, last.nav_usd, navs_usd), strict=True)
    grown = _grown(last, worths_usd)
    return list(map(Row, ats, slots, navs_usd, worths_usd, indices, grown, repeat(ZERO), rungs, notes))


def _many(last: Row, stretch: Stretch, tracks: Sequence[Track], begins: Sequence[int]) -> int:
    """Return for how many slots on end all have a row, theirs at `begins` first, and nothing happens to any."""
    next_at: datetime | None = None
    for one, begin in zip(tracks, begins, strict=True):
        passed = bisect_right(one.changes, last.at)
        if begin == len(one.ats) or (passed and one.changes[passed - 1] > one.ats[begin]):
            return 0  # its own row is of before what the last row of all knows already
        if passed < len(one.changes):
            next_at = one.changes[passed] if next_at is None else min(next_at, one.changes[passed])
    return min(_on_end(one, begin, next_at, stretch) for one, begin in zip(tracks, begins, strict=True))


def _on_end(one: Track, begin: int, until: datetime | None, stretch: Stretch) -> int:
    """Return how many rows of an account, from the one at `begin` on and before `until`, lie in slots on end."""
    slots, place = stretch.slots, stretch.place
    end = len(one.ats) if until is None else bisect_left(one.ats, until, begin)
    most = range(min(end - begin, stretch.end - place))
    return bisect_left(most, True, key=lambda ahead: one.slots[begin + ahead] != slots[place + ahead])


def _latest(columns: Sequence[Sequence[datetime]]) -> Sequence[datetime]:
    first, *others = columns
    return list(map(max, first, *others)) if any(other != first for other in others) else first


def _grown(last: Row, worths_usd: Sequence[Decimal]) -> list[Decimal]:
    """Chain the growth of the benchmarks."""
    grown, since_usd, found = last.benchmark_index, last.benchmark_usd, []
    for worth_usd in worths_usd:
        grown *= growth(worth_usd, since_usd)
        since_usd = worth_usd
        found.append(grown)
    return found


def growth(now_usd: Decimal, since_usd: Decimal) -> Decimal:
    """Return the growth of a sub-period; one that starts at nothing counts as 1."""
    return now_usd / since_usd if since_usd > 0 else ONE
