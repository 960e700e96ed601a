"""Times and numbers on their way to the database and back.

To it, and inside of what it keeps as JSON, times are RFC 3339 text; columns it answers with are microseconds, which
cost least to read by the ten thousand. Numbers are text both ways.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lib.domain.money import plain

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)  # times a number it is had in half the time of one made from the number


class Instants(dict[str, datetime]):
    """Instants by the text that the database gave of them: many columns tell of the same ones."""

    def __missing__(self, micros: str) -> datetime:
        """Read one that was not told of yet."""
        at = self[micros] = instant(int(micros))
        return at


def stamp(at: datetime) -> str:
    """Write a time as RFC 3339 with microseconds."""
    return at.isoformat(timespec="microseconds")


def maybe_stamp(at: datetime | None) -> str | None:
    """Write a time that may be absent."""
    return None if at is None else stamp(at)


def time(text: str) -> datetime:
    """Read what `stamp` wrote."""
    return datetime.fromisoformat(text)


def maybe_time(text: str | None) -> datetime | None:
    """Read what `maybe_stamp` wrote."""
    return None if text is None else time(text)


def instant(micros: int) -> datetime:
    """Read a time that the database gave in microseconds since the epoch; exact."""
    return _EPOCH + _MICROSECOND * micros


def maybe_instant(micros: int | None) -> datetime | None:
    """Read such a time that may be absent."""
    return None if micros is None else instant(micros)


def maybe_text(number: Decimal | None) -> str | None:
    """Write a number that may be absent; all its digits."""
    return None if number is None else str(number)


def maybe_plain(number: Decimal | None) -> str | None:
    """Write a number that may be absent as briefly as it can be; all its digits."""
    return None if number is None else plain(number)


def maybe_number(text: str | None) -> Decimal | None:
    """Read a number that may be absent."""
    return None if text is None else Decimal(text)


def split(column: str | None) -> list[str]:
    """Take a joined column apart; None is one without rows."""
    return [] if column is None else column.split(",")


def instants(column: str | None, known: Instants | None = None) -> list[datetime]:
    """Read a joined column of times; those that are `known` are not made again."""
    if known is not None:
        return list(map(known.__getitem__, split(column)))
    return [_EPOCH + _MICROSECOND * int(micros) for micros in split(column)]


def numbers(column: str | None) -> list[Decimal]:
    """Read a joined column of numbers."""
    return list(map(Decimal, split(column)))
