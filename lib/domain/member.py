"""One account as a part of the total: what it is worth at any instant, and from when to when it takes part."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from lib.domain import benchmark as bench
from lib.domain.benchmark import Benchmark, Policy
from lib.domain.flows import CashFlow, net_by_instant
from lib.domain.money import ZERO
from lib.domain.prices import PriceHistory
from lib.domain.replay import Event
from lib.domain.schedule import Band
from lib.domain.worth import Worth

LONGEST_ABSENCE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Member:
    """One account's history, oldest first. `flows` are those of its ledger later than its inception.

    `left_at` is when it was paused or closed, None while it is neither: then it leaves just after its last row.
    """

    id: str
    policy: Policy
    rows: Sequence[Worth]
    events: Sequence[Event]
    flows: Sequence[CashFlow]
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A member with what its benchmark held from each of `times` on, flows after its last row included."""

    member: Member
    prices: PriceHistory
    by_slot: Mapping[datetime, Worth]
    slots: Sequence[datetime]  # those in which it has a row, oldest first
    rows: Sequence[Worth]  # those of these slots
    ats: Sequence[datetime]  # likewise
    flows: Sequence[CashFlow]  # oldest first
    changes: Sequence[datetime]  # of money and of the benchmark's units, oldest first
    splits: Sequence[datetime]  # where a period of its benchmark ends within a period of its own, oldest first
    times: Sequence[datetime]
    turned: Sequence[bool]  # whether what happened then was a rebalance
    held: Sequence[Benchmark]

    def between(self, after: datetime, until: datetime) -> Sequence[CashFlow]:
        """Return the flows in (after, until]."""
        begin = bisect_right(self.flows, after, key=_at)
        return self.flows[begin : bisect_right(self.flows, until, lo=begin, key=_at)]

    def split(self, after: datetime, until: datetime) -> Sequence[datetime]:
        """Return the splits in (after, until]."""
        return self.splits[bisect_right(self.splits, after) : bisect_right(self.splits, until)]

    def nav_usd(self, slot: datetime, at: datetime) -> Decimal:
        """Return the NAV of `slot` plus the flows from then up to `at`."""
        row = self.by_slot[slot]
        return row.nav_usd + sum((flow.usd for flow in self.between(row.at, at)), ZERO) if row.at < at else row.nav_usd

    def benchmark_usd(self, slot: datetime, at: datetime) -> Decimal:
        """Return what the benchmark of the row of `slot` is worth at `at`, after the flows up to then."""
        row = self.by_slot[slot]
        return row.benchmark_usd if row.at == at else self._worth(bisect_right(self.times, at) - 1, at)

    def benchmarks_usd(self, span: slice, ats: Sequence[datetime]) -> Sequence[Decimal]:
        """Return what the benchmark of the rows in `span` is worth at `ats`, each of which is not before its row.

        Nothing happened to it after the first of the rows up to the last of `ats`.
        """
        told, own = [row.benchmark_usd for row in self.rows[span]], self.ats[span]
        if own == ats:
            return told
        held = self.held[max(bisect_right(self.times, ats[0]) - 1, 0)]
        now = bench.values(held, self.prices.along(ats, held.units))
        return [known if mine == at else worth for known, worth, mine, at in zip(told, now, own, ats, strict=True)]

    def before_usd(self, at: datetime) -> Decimal:
        """Return what the benchmark is worth before what happens at `at`."""
        return self._worth(bisect_left(self.times, at) - 1, at)

    def settled_usd(self, at: datetime) -> Decimal:
        """Return what the benchmark is worth after the flows of `at`, before a rebalance then has cost anything."""
        place = bisect_right(self.times, at) - 1
        while place > 0 and self.times[place] == at and self.turned[place]:
            place -= 1
        return self._worth(place, at)

    def _worth(self, place: int, at: datetime) -> Decimal:
        held = self.held[max(place, 0)]
        return bench.value(held, self.prices.at(at, held.units))


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """A stretch in which a member takes part, from its first to its last row; `end` is None while it goes on."""

    track: Track
    begin: Worth
    end: Worth | None


def track(member: Member, prices: PriceHistory) -> Track:
    """Make `member` ready to be looked up. Raises: MissingPrice."""
    times = [event.at for event in member.events]
    turned = [event.kind == "rebalance" for event in member.events]
    held = [event.benchmark for event in member.events]
    last = member.rows[-1]
    since = ZERO  # what came and went since the last row
    for flow in net_by_instant(flow for flow in member.flows if flow.at > last.at):
        now = prices.at(flow.at, held[-1].units)
        before = last.nav_usd + since if flow.value_before_usd is None else flow.value_before_usd
        held.append(bench.settle(member.policy, held[-1], flow, now, before))
        times.append(flow.at)
        turned.append(False)
        since += flow.usd
    flows = sorted(member.flows, key=_at)
    # A band acts at the end of a period: it splits none, though its cost is part of the period's growth.
    is_band = isinstance(member.policy.rebalance, Band)
    splits = sorted({at for at, turn in zip(times[1:], turned[1:], strict=True) if not (turn and is_band)})
    changes = sorted({*times, *(flow.at for flow in flows)})
    by_slot = {row.slot: row for row in member.rows}
    slots = sorted(by_slot)
    rows = [by_slot[slot] for slot in slots]
    ats = [row.at for row in rows]
    return Track(member, prices, by_slot, slots, rows, ats, flows, changes, splits, times, turned, held)


def presences(tracks: Sequence[Track], slots: Sequence[datetime]) -> Iterator[Presence]:
    """Yield when each takes part; `slots` are those in which any of them has a row, oldest first.

    One that is paused or closed, or lacks a row for more than 24 hours in which others have some, left at its last row
    and is back with its next. Source: product, 4.9.
    """
    end = max((one.member.rows[-1].at for one in tracks), default=None)
    for one in tracks:
        rows, begin = one.member.rows, one.member.rows[0]
        for before, after in pairwise(rows):
            if after.at - before.at > LONGEST_ABSENCE and _goes_on(slots, before.slot, after.slot):
                yield Presence(one, begin, before)
                begin = after
        last = rows[-1]
        is_gone = end is not None and end - last.at > LONGEST_ABSENCE and slots[-1] > last.slot
        yield Presence(one, begin, last if one.member.left_at is not None or is_gone else None)


def _goes_on(slots: Sequence[datetime], after: datetime, before: datetime) -> bool:
    """Tell whether others have a row in a slot between two of a member's."""
    place = bisect_right(slots, after)
    return place < len(slots) and slots[place] < before


def _at(flow: CashFlow) -> datetime:
    return flow.at
