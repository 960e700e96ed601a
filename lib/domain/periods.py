"""What happens between snapshots: flows and rebalances, each in the period (start, end] that it falls into."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lib.domain.flows import NetFlow


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened in one period, oldest first; the flows are netted by instant."""

    flows: tuple[NetFlow, ...] = ()
    rebalances: tuple[datetime, ...] = ()


NOTHING = Happened()


def by_period(
    flows: Iterable[NetFlow], rebalances: Iterable[datetime], after: datetime, ends: Sequence[datetime]
) -> Mapping[int, Happened]:
    """Return by its place among `ends`, which ascend, each period in which something happened, and what that was.

    The first one starts with `after`. What came before it, or after the last of them, is left out.
    """
    if not ends:
        return {}
    found: dict[int, Happened] = {}
    for flow in flows:
        if after < flow.at <= ends[-1]:
            place = bisect_left(ends, flow.at)
            so_far = found.get(place, NOTHING)
            found[place] = replace(so_far, flows=(*so_far.flows, flow))
    for at in rebalances:
        if after < at <= ends[-1]:
            place = bisect_left(ends, at)
            so_far = found.get(place, NOTHING)
            found[place] = replace(so_far, rebalances=(*so_far.rebalances, at))
    return found


def in_order(happened: Happened) -> Iterator[tuple[datetime, NetFlow | None, bool]]:
    """Yield (instant, flow or None, whether to rebalance), oldest first; at one instant the flow comes first."""
    by_instant = {flow.at: flow for flow in happened.flows}
    for at in sorted({*happened.rebalances, *by_instant}):
        yield at, by_instant.get(at), at in happened.rebalances
