"""Instants as Binance writes them: whole milliseconds since the epoch, and UTC texts to the second."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Return the milliseconds since the epoch, the rest cut off."""
    return (at - EPOCH) // MILLISECOND


def from_ms(at_ms: int) -> datetime:
    """Return the instant of `at_ms`, aware, UTC. Raises: OverflowError past the year 9999."""
    return EPOCH + timedelta(milliseconds=at_ms)
