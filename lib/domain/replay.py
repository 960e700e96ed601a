"""The one computing path: snapshots, flows, prices and policy in; benchmark, indices and events out.

Appending to a checkpoint and replaying from the start are the same fold, so they cannot disagree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lib.domain import benchmark as bench
from lib.domain import index, schedule
from lib.domain.benchmark import Benchmark, Policy
from lib.domain.flows import CashFlow, NetFlow, net_by_instant
from lib.domain.index import IndexStep
from lib.domain.money import HAIR, ONE, ZERO, exact
from lib.domain.periods import NOTHING, Happened, by_period, in_order
from lib.domain.prices import PriceHistory, Prices
from lib.domain.schedule import Band
from lib.domain.worth import Worth

START, DEPOSIT, WITHDRAWAL, REBALANCE = "start", "deposit", "withdrawal", "rebalance"


@dataclass(frozen=True, slots=True)
class Point:
    """A complete snapshot, as far as figures over time depend on it."""

    at: datetime
    slot: datetime
    nav_usd: Decimal


@dataclass(frozen=True, slots=True)
class Row(Worth):
    """What is derived for one complete snapshot. `flow_usd` is the net sum since the row before."""

    nav_index: Decimal
    benchmark_index: Decimal
    flow_usd: Decimal
    rung: int | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that made the benchmark what it is; value and units are those after it.

    `kind` is start, deposit, withdrawal or rebalance; `usd` is the signed amount, of a rebalance minus its cost.
    """

    at: datetime
    kind: str
    usd: Decimal
    value_usd: Decimal
    benchmark: Benchmark


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All that the next period needs to know of the past."""

    inception: datetime
    last: Row
    benchmark: Benchmark


@dataclass(frozen=True, slots=True)
class Story:
    """What a fold over some snapshots gave: its end, and all that it passed."""

    checkpoint: Checkpoint | None
    rows: tuple[Row, ...] = ()
    events: tuple[Event, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """The truths of one account that figures follow from. Order does not matter."""

    policy: Policy
    points: Sequence[Point]
    flows: Sequence[CashFlow]
    prices: PriceHistory
    rebalances: Sequence[datetime] = ()  # those a person asked for


@dataclass(frozen=True, slots=True)
class _Pace:
    """The benchmark's way through one period. `growth` has the flows taken out."""

    held: Benchmark
    worth_usd: Decimal
    growth: Decimal
    events: tuple[Event, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Before:
    """What a period begins with: the benchmark's worth, and the account's."""

    worth_usd: Decimal
    nav_usd: Decimal


@dataclass(slots=True)
class _Track:
    """The benchmark's way along snapshots: its worth and its index at each, and what made it what it is in the end."""

    held: Benchmark
    worth_usd: list[Decimal] = field(default_factory=list)
    index: list[Decimal] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@exact
def extend(checkpoint: Checkpoint | None, facts: Facts) -> Story:
    """Carry `checkpoint` (None: the very start) through the snapshots later than it.

    Flows at or before the inception never count; flows after the last snapshot are left for a later call.
    Raises: MissingPrice. Source: product, 4.4 to 4.6.
    """
    points = sorted(facts.points, key=_at)
    if not points:
        return Story(checkpoint)
    rows: list[Row] = []
    events: list[Event] = []
    if checkpoint is None:
        checkpoint, begun = _begin(facts, points[0])
        events.append(begun)
        rows.append(checkpoint.last)
    points = _later(points, checkpoint.last.at)
    happened = _happened(facts, checkpoint.last.at, points)
    track = _track(checkpoint, facts, points, happened)
    steps = _steps(checkpoint.last, points, happened)
    for point, (step, flow_usd), worth, grown in zip(points, steps, track.worth_usd, track.index, strict=True):
        rows.append(Row(point.at, point.slot, point.nav_usd, worth, step.index, grown, flow_usd, step.rung, step.note))
    return _told(checkpoint, track, rows, events)


@exact
def against(rows: Sequence[Row], facts: Facts) -> Story:
    """Tell `rows`, which are all of an account, against the benchmark of `facts`, whose snapshots they are.

    What is the account's own stays: it follows from no benchmark. Raises: MissingPrice.
    """
    if not rows:
        return Story(None)
    checkpoint, begun = _begin(facts, rows[0])
    later = rows[1:]
    track = _track(checkpoint, facts, later, _happened(facts, checkpoint.last.at, later))
    told = [checkpoint.last]
    for row, worth, grown in zip(later, track.worth_usd, track.index, strict=True):
        told.append(Row(row.at, row.slot, row.nav_usd, worth, row.nav_index, grown, row.flow_usd, row.rung, row.note))
    return _told(checkpoint, track, told, [begun])


def _told(checkpoint: Checkpoint, track: _Track, rows: Sequence[Row], begun: Sequence[Event]) -> Story:
    last = rows[-1] if rows else checkpoint.last
    end = Checkpoint(checkpoint.inception, last, track.held)
    return Story(end, tuple(rows), (*begun, *track.events), tuple(track.warnings))


def replay(facts: Facts) -> Story:
    """Compute everything from the start."""
    return extend(None, facts)


def _begin(facts: Facts, point: Point | Row) -> tuple[Checkpoint, Event]:
    weights = facts.policy.weights
    prices = facts.prices.at(point.at, weights)
    held = bench.start(weights, point.nav_usd, prices)
    worth = bench.value(held, prices)
    row = Row(point.at, point.slot, point.nav_usd, worth, ONE, ONE, ZERO, None, index.START)
    return Checkpoint(point.at, row, held), Event(point.at, START, worth, worth, held)


def _later(points: Sequence[Point], after: datetime) -> list[Point]:
    """Return those of the ordered `points` that lie after it; of several at one time the first."""
    later = []
    for point in points:
        if point.at > after:
            later.append(point)
            after = point.at
    return later


def _steps(last: Row, points: Sequence[Point], happened: Mapping[int, Happened]) -> Iterator[tuple[IndexStep, Decimal]]:
    """Yield the account's own index at each of `points`, and the net sum of the flows since the one before."""
    at, nav_usd, so_far = last.at, last.nav_usd, last.nav_index
    for place, point in enumerate(points):
        flows = happened[place].flows if place in happened else ()
        if flows:
            step = index.step(so_far, index.Period(at, nav_usd, point.at, point.nav_usd, flows))
            yield step, sum((flow.usd for flow in flows), ZERO)
        else:
            step = index.quiet_step(so_far, nav_usd, point.nav_usd)
            yield step, ZERO
        at, nav_usd, so_far = point.at, point.nav_usd, step.index


def _track(
    checkpoint: Checkpoint, facts: Facts, points: Sequence[Point] | Sequence[Row], happened: Mapping[int, Happened]
) -> _Track:
    """Walk the benchmark along `points`; between those at which something happens it is the same coins."""
    track, before = _Track(checkpoint.benchmark), checkpoint.last
    worth, grown, nav_usd = before.benchmark_usd, before.benchmark_index, before.nav_usd
    busy = range(len(points)) if isinstance(facts.policy.rebalance, Band) else sorted(happened)
    since = 0
    for place in (*busy, len(points)):
        if quiet := [point.at for point in points[since:place]]:
            for now in bench.values(track.held, facts.prices.along(quiet, track.held.units)):
                grown *= _growth(now, worth)
                worth = now
                track.worth_usd.append(worth)
                track.index.append(grown)
        if place == len(points):
            break
        nav_usd = points[place - 1].nav_usd if place else nav_usd
        pace = _pace(_Before(worth, nav_usd), track.held, facts, points[place], happened.get(place, NOTHING))
        worth, grown = pace.worth_usd, grown * pace.growth
        track.held = pace.held
        track.worth_usd.append(worth)
        track.index.append(grown)
        track.events.extend(pace.events)
        track.warnings.extend(pace.warnings)
        since = place + 1
    return track


def _pace(before: _Before, held: Benchmark, facts: Facts, point: Point | Row, happened: Happened) -> _Pace:
    """Walk the benchmark, `held` since `before`, through what happened until `point`."""
    policy, growth, since_usd = facts.policy, ONE, before.worth_usd
    events: list[Event] = []
    warnings: list[str] = []
    for at, flow, rebalanced in in_order(happened):
        prices = facts.prices.at(at, held.units)
        growth *= _growth(bench.value(held, prices), since_usd)
        if flow is not None:
            account_usd = _value_before(flow, happened.flows, before.nav_usd, point)
            if flow.value_before_usd is None and _needs_value(policy, flow, point):
                warnings.append(f"the account's value before the withdrawal at {flow.at.isoformat()} is estimated")
            held = bench.settle(policy, held, flow, prices, account_usd)
            kind = DEPOSIT if flow.usd > 0 else WITHDRAWAL
            events.append(Event(at, kind, flow.usd, bench.value(held, prices), held))
        since_usd = bench.value(held, prices)
        if rebalanced and since_usd > 0:
            held, done = _rebalance(policy, held, prices)
            events.append(done)
    prices = facts.prices.at(point.at, held.units)
    if isinstance(policy.rebalance, Band) and bench.drift(held, prices) > policy.rebalance.width + HAIR:
        held, done = _rebalance(policy, held, prices)
        events.append(done)
    worth = bench.value(held, prices)
    return _Pace(held, worth, growth * _growth(worth, since_usd), tuple(events), tuple(warnings))


def _rebalance(policy: Policy, held: Benchmark, prices: Prices) -> tuple[Benchmark, Event]:
    before = bench.value(held, prices)
    held = bench.rebalance(held, prices, policy.cost_bp)
    worth = bench.value(held, prices)
    # Without a cost nothing is lost, save for the last of fifty digits.
    cost = before - worth if policy.cost_bp else ZERO
    return held, Event(prices.at, REBALANCE, -cost, worth, held)


def _needs_value(policy: Policy, flow: NetFlow, point: Point | Row) -> bool:
    return flow.usd < 0 and policy.withdrawals == bench.FRACTION_MATCHED and flow.at != point.at


def _value_before(flow: NetFlow, inside: tuple[NetFlow, ...], last_usd: Decimal, point: Point | Row) -> Decimal:
    """Return the account's value just before `flow`; where it is unknown, the last NAV and the flows since."""
    if flow.at == point.at:
        return point.nav_usd - flow.usd
    if flow.value_before_usd is not None:
        return flow.value_before_usd
    return last_usd + sum((earlier.usd for earlier in inside if earlier.at < flow.at), ZERO)


def _happened(facts: Facts, after: datetime, points: Sequence[Point] | Sequence[Row]) -> Mapping[int, Happened]:
    """Return what happened in the periods after it that `points` end."""
    ends = [point.at for point in points]
    due = schedule.due(facts.policy.rebalance, after, ends[-1]) if ends else ()
    return by_period(net_by_instant(facts.flows), sorted({*facts.rebalances, *due}), after, ends)


def _at(point: Point | Row) -> datetime:
    return point.at


def _growth(now_usd: Decimal, since_usd: Decimal) -> Decimal:
    """Return the growth of a sub-period; one that starts at nothing counts as 1."""
    return now_usd / since_usd if since_usd > 0 else ONE
