"""Which period a digest tells of: whole days or weeks of UTC, each once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lib.domain.alerts import Digest

_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_LENGTHS = {"daily": timedelta(days=1), "weekly": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Period:
    """A day or a week: (start, end]."""

    start: datetime
    end: datetime


def due(digest: Digest, told_until: datetime | None, now: datetime) -> Period | None:
    """Return the newest period that has ended, None where it was told of or nobody wants to hear.

    Of several that were missed only the newest is told of. `told_until`: the end of the newest one that was, or when
    digests were switched on.
    """
    if digest == "off" or told_until is None:
        return None
    length = _LENGTHS[digest]
    end = now - (now - _MONDAY) % length
    return Period(end - length, end) if end > told_until else None
