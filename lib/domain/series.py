"""A history made ready to be drawn: fewer points that lose no extreme and no flow, and the gaps between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from lib.domain.days import begins
from lib.domain.replay import Row

_GAP_SLOTS = 1.5


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without complete snapshots: `kind` missing (nothing ran), or partial and what was missing then."""

    start: datetime
    end: datetime
    kind: str
    missing: tuple[str, ...] = ()


def thin(rows: Sequence[Row], most: int) -> tuple[int, ...]:
    """Return the positions to keep so that about `most` remain, in order.

    The first, the last, every row with a flow, and of each stretch the lowest and highest NAV stay. A stretch is some
    UTC days, or where there are fewer days than stretches some rows.
    """
    if len(rows) <= most:
        return tuple(range(len(rows)))
    kept = {0, len(rows) - 1, *(position for position, row in enumerate(rows) if row.flow_usd)}
    stretches = max((most - len(kept)) // 2, 1)
    days = begins(rows)
    parts = days if len(days) >= stretches else range(len(rows))
    cuts = [parts[stretch * len(parts) // stretches] for stretch in range(stretches)]
    for begin, end in pairwise([*cuts, len(rows)]):
        kept.add(min(range(begin, end), key=lambda position: rows[position].nav_usd))
        kept.add(max(range(begin, end), key=lambda position: rows[position].nav_usd))
    return tuple(sorted(kept))


def gaps(rows: Sequence[Row], slot_minutes: Sequence[int], partials: Sequence[Gap]) -> tuple[Gap, ...]:
    """Return the stretches without complete snapshots and the partial hours after the start, by their beginning.

    Neighbours are too far apart at more than 1.5 slots, the longer slot of the two counting. Source: product, 6.
    """
    most = farthest(slot_minutes)
    apart = [
        (before.at, after.at)
        for (before, after), (one, other) in zip(pairwise(rows), pairwise(slot_minutes), strict=True)
        if after.at - before.at > most[max(one, other)]
    ]
    return with_partials(apart, partials, rows[0].at if rows else None)


def farthest(slot_minutes: Iterable[int]) -> Mapping[int, timedelta]:
    """Return for each length of a slot, in minutes, how far neighbours may be apart. Source: product, 6."""
    return {minutes: timedelta(minutes=_GAP_SLOTS * minutes) for minutes in set(slot_minutes)}


def with_partials(
    apart: Sequence[tuple[datetime, datetime]], partials: Sequence[Gap], since: datetime | None
) -> tuple[Gap, ...]:
    """Return the gaps between neighbours that lie `apart`, and the partial hours after the start, in order."""
    found = [Gap(start, end, "missing") for start, end in apart]
    inside = [partial for partial in partials if since is not None and partial.end > since]
    return tuple(sorted((*found, *inside), key=lambda gap: (gap.start, gap.kind)))
