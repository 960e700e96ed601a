"""Instants as the exchange writes them: whole milliseconds since the epoch, and UTC texts to the second."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Return the milliseconds since the epoch, the rest cut off."""
    return (at - EPOCH) // _MILLISECOND


def from_ms(at_ms: int) -> datetime:
    """Return the instant of `at_ms`, aware, UTC."""
    return EPOCH + timedelta(milliseconds=at_ms)


def second_text(at: datetime) -> str:
    """Write `YYYY-MM-DD HH:MM:SS`, the zone unsaid, as the withdrawal history does."""
    return f"{at:%Y-%m-%d %H:%M:%S}"
