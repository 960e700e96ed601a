"""How often something is asked: at most once a period, and not of all accounts at the same time."""

from datetime import UTC, datetime, timedelta
from zlib import crc32

SIX_HOURS = timedelta(hours=6)
DAILY = timedelta(days=1)
LOOK_AT_KEY = timedelta(hours=23)  # the turn of the daily look at the key, and of what is asked beside it

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_NO_SHIFT = timedelta()


def is_due(last: datetime | None, at: datetime, every: timedelta, who: str, turn: timedelta = _NO_SHIFT) -> bool:
    """Tell whether a new period of `who` has begun since `last`; what was never asked is due.

    Periods of one length begin at a minute that the name chooses, so that many accounts spread over the period, and by
    `turn` later, so that what one account is asked rarely spreads over its hours.
    Source: product, 5 (cadence: at most every six hours per account, spread).
    """
    return last is None or _period(at - turn, every, who) > _period(last - turn, every, who)


def _period(at: datetime, every: timedelta, who: str) -> int:
    begins = crc32(who.encode()) % (every // _MINUTE) * _MINUTE
    return (at - _EPOCH - begins) // every
