"""Instants that follow from the calendar: slots of snapshots and dates of rebalances. UTC only."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

MOMENT = timedelta(microseconds=1)  # the least that tells two instants apart
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day. Units: `hour` 0-23 UTC."""

    hour: int = 0


@dataclass(frozen=True, slots=True)
class Weekly:
    """Once a week. Units: `weekday` 0 is Monday, `hour` 0-23 UTC."""

    weekday: int = 0
    hour: int = 12


@dataclass(frozen=True, slots=True)
class Monthly:
    """Once a month. Units: `day` 1-31, the last day in shorter months; `hour` 0-23 UTC."""

    day: int = 1
    hour: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """When a weight has drifted further than `width` from its target. Units: 0.05 is five points."""

    width: Decimal


type Rule = Daily | Weekly | Monthly | Band | None  # None: never


def slot_start(at: datetime, slot_minutes: int) -> datetime:
    """Return the start of the slot that contains `at`; slots are counted from the epoch."""
    length = timedelta(minutes=slot_minutes)
    return at - (at - _EPOCH) % length


def minute_start(at: datetime) -> datetime:
    """Return the start of the minute that contains `at`."""
    return at.replace(second=0, microsecond=0)


def due(rule: Rule, after: datetime, until: datetime) -> tuple[datetime, ...]:
    """Return the instants of `rule` in (after, until], oldest first; a band has none, it acts at snapshots.

    Source: product, 4.5 (missed rebalances are made up one by one).
    """
    match rule:
        case Daily(hour):
            return tuple(_evenly(_EPOCH + timedelta(hours=hour), _DAY, after, until))
        case Weekly(weekday, hour):
            # The epoch was a Thursday, so Monday is its weekday minus three.
            return tuple(_evenly(_EPOCH + timedelta(days=weekday - 3, hours=hour), _WEEK, after, until))
        case Monthly(day, hour):
            return tuple(at for at in _monthly(day, hour, after, until) if after < at <= until)
        case Band() | None:
            return ()


def _evenly(anchor: datetime, step: timedelta, after: datetime, until: datetime) -> Iterator[datetime]:
    instant = after - (after - anchor) % step + step
    while instant <= until:
        yield instant
        instant += step


def _monthly(day: int, hour: int, after: datetime, until: datetime) -> Iterator[datetime]:
    for month in range(after.year * 12 + after.month - 1, until.year * 12 + until.month):
        year, number = month // 12, month % 12 + 1
        yield datetime(year, number, min(day, monthrange(year, number)[1]), hour, tzinfo=UTC)
