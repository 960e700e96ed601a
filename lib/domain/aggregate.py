"""All accounts as one: a row per slot in which every account then existing has a complete snapshot."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from lib.domain import index
from lib.domain.benchmark import Benchmark
from lib.domain.flows import CashFlow, NetFlow, net_by_instant
from lib.domain.member import Member, Presence, Track, presences, track
from lib.domain.money import ONE, ZERO, exact
from lib.domain.prices import PriceHistory
from lib.domain.quiet import Stretch, is_orderly, quiet_rows
from lib.domain.quiet import growth as growth_of
from lib.domain.replay import START, Event, Row
from lib.domain.schedule import MOMENT
from lib.domain.worth import Worth

__all__ = ["Absence", "Member", "Stay", "Total", "aggregate", "befell", "held_at"]


@dataclass(frozen=True, slots=True)
class Absence:
    """A slot that is a gap, and the accounts that lack a complete snapshot in it."""

    slot: datetime
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """From when to when an account is part of the total, and what it brought and took along.

    It left just after `left_at`; None: it is there in the last row. The slots are those of its own first and last row.
    """

    member: str
    joined_at: datetime
    joined_usd: Decimal
    joined_slot: datetime
    left_at: datetime | None = None
    left_usd: Decimal = ZERO
    left_slot: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Tell whether the account is part of the total at `at`."""
        return self.joined_at <= at and (self.left_at is None or at <= self.left_at)


@dataclass(frozen=True, slots=True)
class Total:
    """The accounts summed up."""

    rows: tuple[Row, ...]
    absences: tuple[Absence, ...]
    flows: tuple[NetFlow, ...]  # what went in and out, those who joined and left included
    stays: tuple[Stay, ...] = ()  # by their beginning
    tracks: Mapping[str, Track] = field(default_factory=dict)  # by the member's id


@dataclass(frozen=True, slots=True)
class _Leave:
    """A member left just after `at`, with its NAV then."""

    at: datetime
    usd: Decimal


@dataclass(frozen=True, slots=True)
class _Turn:
    """A row to be made at `at`: who is `present`, who was in the row before, and who joined or left in between."""

    slot: datetime
    at: datetime
    present: Sequence[Presence]
    entered: Sequence[Presence]
    joins: Mapping[Presence, Decimal]  # with their NAV
    leaves: Mapping[Presence, _Leave]


@exact
def aggregate(members: Sequence[Member], prices: PriceHistory) -> Total:
    """Sum up `members` at the time of the latest snapshot of each slot; their order does not matter.

    An earlier one enters with its NAV plus its own flows up to then, its benchmark likewise. One that begins later, or
    comes back, joins as a flow of its NAV there; one that is paused, closed or silent for more than 24 hours leaves as
    a flow just after its last snapshot. Raises: MissingPrice. Source: product, 4.9.
    """
    tracks = sorted((track(member, prices) for member in members if member.rows), key=_standing)
    slots = sorted(set[datetime]().union(*(one.by_slot for one in tracks)))
    orderly = all(map(is_orderly, tracks))
    rows: list[Row] = []
    absences: list[Absence] = []
    flows: list[NetFlow] = []
    stays: dict[Presence, Stay] = {}
    entered: Sequence[Presence] = ()
    for begin, end, present in _attendance(tracks, slots):
        place, those = begin, [one.track for one in present]
        while place < end:
            if orderly and entered is present and (quiet := quiet_rows(rows[-1], Stretch(slots, place, end), those)):
                rows.extend(quiet)
                place += len(quiet)
                continue
            slot, place = slots[place], place + 1
            if absent := tuple(one.member.id for one in those if slot not in one.by_slot):
                absences.append(Absence(slot, absent))
                continue
            row, net, turn = _next_row(rows[-1] if rows else None, slot, entered, present)
            rows.append(row)
            flows.extend(net)
            stays |= {one: Stay(one.track.member.id, turn.at, usd, turn.slot) for one, usd in turn.joins.items()}
            stays |= {one: _ended(stays[one], one, gone) for one, gone in turn.leaves.items()}
            entered = present
    by_id = {one.member.id: one for one in tracks}
    return Total(tuple(rows), tuple(absences), tuple(flows), tuple(stays.values()), by_id)


def held_at(total: Total, at: datetime) -> tuple[Benchmark, ...]:
    """Return what the benchmark of each account that takes part at `at` holds then, flows after its last row included.

    `at` is the time of a row. Source: product, 4.9 (an earlier snapshot enters with its benchmark after those flows).
    """
    there = [total.tracks[stay.member] for stay in total.stays if stay.covers(at)]
    return tuple(one.held[bisect_right(one.times, at) - 1] for one in there)


def befell(total: Total, member: str, event: Event) -> bool:
    """Tell whether an event befell an account while it took part; a join stands for its start."""
    if not total.rows or event.at > total.rows[-1].at:
        return False
    if event.kind == START and event.at <= total.rows[0].at:
        return True
    return any(stay.member == member and stay.joined_at < event.at and stay.covers(event.at) for stay in total.stays)


def _ended(stay: Stay, one: Presence, gone: _Leave) -> Stay:
    return replace(stay, left_at=gone.at, left_usd=gone.usd, left_slot=one.end.slot if one.end else None)


def _next_row(
    last: Row | None, slot: datetime, entered: Sequence[Presence], present: Sequence[Presence]
) -> tuple[Row, tuple[NetFlow, ...], _Turn]:
    """Return the row of `slot`, the flows since the `last` one, and what happened meanwhile."""
    at = max(one.track.by_slot[slot].at for one in present)
    if last is None:
        first = _Turn(slot, at, present, (), _navs(present, slot, at), {})
        worth = _benchmark_usd(present, slot, at)
        return Row(at, slot, sum(first.joins.values(), ZERO), worth, ONE, ONE, ZERO, None, index.START), (), first
    at = max(at, last.at + MOMENT)  # a row is never before the last one, even where one that left was late in its slot
    joins = _navs([one for one in present if one not in entered], slot, at)
    leaves = {one: _leave(one, one.end, last, at) for one in entered if one.end is not None and one not in present}
    turn = _Turn(slot, at, present, entered, joins, leaves)
    row, net = _busy_row(last, turn)
    return row, net, turn


def _busy_row(last: Row, turn: _Turn) -> tuple[Row, tuple[NetFlow, ...]]:
    """Return the row after money moved, a benchmark changed, or accounts came and went, and the flows until then."""
    net = net_by_instant(_flows(last, turn))
    nav_usd = sum(_navs(turn.present, turn.slot, turn.at).values(), ZERO)
    step = index.step(last.nav_index, index.Period(last.at, last.nav_usd, turn.at, nav_usd, net))
    row = Row(
        at=turn.at,
        slot=turn.slot,
        nav_usd=nav_usd,
        benchmark_usd=_benchmark_usd(turn.present, turn.slot, turn.at),
        nav_index=step.index,
        benchmark_index=last.benchmark_index * _growth(last, turn),
        flow_usd=sum((flow.usd for flow in net), ZERO),
        rung=step.rung,
        note=step.note,
    )
    return row, net


def _attendance(tracks: Sequence[Track], slots: Sequence[datetime]) -> Iterator[tuple[int, int, Sequence[Presence]]]:
    """Yield from which to before which of `slots` who takes part, in their standing."""
    there = sorted(presences(tracks, slots), key=lambda one: _standing(one.track))
    spans = [
        (bisect_left(slots, one.begin.slot), len(slots) if one.end is None else bisect_right(slots, one.end.slot))
        for one in there
    ]
    for begin, end in pairwise(sorted({place for span in spans for place in span} | {len(slots)})):
        yield begin, end, [one for one, (comes, goes) in zip(there, spans, strict=True) if comes <= begin < goes]


def _leave(who: Presence, end: Worth, last: Row, at: datetime) -> _Leave:
    """Let a member that was in the row `last` leave just after its own `end`, or that row if it is later."""
    left_at = min(max(end.at, last.at), at - MOMENT)
    return _Leave(left_at, who.track.nav_usd(end.slot, left_at))


def _flows(last: Row, turn: _Turn) -> list[CashFlow]:
    """Return what crosses the boundary of all since the row `last`.

    The value before is known where an account leaves just after that row; at the new row it follows from its NAV.
    """
    flows = [CashFlow(f"join:{one.track.member.id}", turn.at, usd) for one, usd in turn.joins.items()]
    for one in turn.entered:
        gone = turn.leaves.get(one)
        until = turn.at if gone is None else gone.at
        flows += [replace(flow, value_before_usd=None) for flow in one.track.between(last.at, until)]
        if gone is not None:
            before = last.nav_usd if gone.at == last.at else None
            flows.append(CashFlow(f"leave:{one.track.member.id}", gone.at + MOMENT, -gone.usd, before))
    return flows


def _growth(last: Row, turn: _Turn) -> Decimal:
    """Chain the benchmarks' common growth since the row `last` over flows, rebalances and leaves."""
    until = {one: turn.leaves[one].at + MOMENT if one in turn.leaves else None for one in turn.entered}
    instants = {end for end in until.values() if end is not None}
    for one, end in until.items():
        instants.update(one.track.split(last.at, end or turn.at))
    growth, since = ONE, last.benchmark_usd
    for instant in sorted(instants):
        there = [one for one, end in until.items() if end is None or end >= instant]
        growth *= growth_of(sum((one.track.before_usd(instant) for one in there), ZERO), since)
        since = sum((one.track.settled_usd(instant) for one in there if until[one] != instant), ZERO)
    stayed = [one for one, end in until.items() if end is None]
    return growth * growth_of(_benchmark_usd(stayed, turn.slot, turn.at), since)


def _navs(those: Sequence[Presence], slot: datetime, at: datetime) -> dict[Presence, Decimal]:
    return {one: one.track.nav_usd(slot, at) for one in those}


def _benchmark_usd(those: Sequence[Presence], slot: datetime, at: datetime) -> Decimal:
    return sum((one.track.benchmark_usd(slot, at) for one in those), ZERO)


def _standing(one: Track) -> tuple[datetime, Decimal, str]:
    """Order members by what they are, not by how they were given: the last of fifty digits depends on it."""
    first = one.member.rows[0]
    return first.at, first.nav_usd, one.member.id
