"""The UTC days of a history: (00:00, 24:00], so that a snapshot at midnight is the last of its day."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from lib.domain.replay import Row
from lib.domain.schedule import MOMENT

DAY = timedelta(days=1)


def day_of(at: datetime) -> date:
    """Return the day that an instant belongs to."""
    return (at - MOMENT).date()


def begins(rows: Sequence[Row]) -> list[int]:
    """Return where each day that has rows begins; `rows` are in order."""
    found, position = [], 0
    while position < len(rows):
        found.append(position)
        midnight = datetime.combine(day_of(rows[position].at), time(), UTC) + DAY
        position = bisect_right(rows, midnight, lo=position, key=_at)
    return found


def by_day(rows: Sequence[Row]) -> dict[date, Sequence[Row]]:
    """Return the rows of each day that has any; `rows` are in order."""
    return {day_of(rows[begin].at): rows[begin:end] for begin, end in pairwise([*begins(rows), len(rows)])}


def _at(row: Row) -> datetime:
    return row.at
