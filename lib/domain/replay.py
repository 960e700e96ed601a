"""The one computing path: snapshots, flows, prices and policy in; benchmark, indices and events out.

Appending to a checkpoint and replaying from the start are the same fold, so they cannot disagree.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.domain import benchmark as bench
from lib.domain import index, schedule
from lib.domain.benchmark import Benchmark, Policy
from lib.domain.flows import CashFlow, NetFlow, net_by_instant
from lib.domain.money import HAIR, ONE, ZERO, exact
from lib.domain.prices import PriceHistory, Prices
from lib.domain.schedule import Band

START, DEPOSIT, WITHDRAWAL, REBALANCE = "start", "deposit", "withdrawal", "rebalance"


@dataclass(frozen=True, slots=True)
class Point:
    """A complete snapshot, as far as figures over time depend on it."""

    at: datetime
    slot: datetime
    nav_usd: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """What is derived for one complete snapshot. `flow_usd` is the net sum since the row before."""

    at: datetime
    slot: datetime
    nav_usd: Decimal
    benchmark_usd: Decimal
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


@exact
def extend(checkpoint: Checkpoint | None, facts: Facts) -> Story:
    """Carry `checkpoint` (None: the very start) through the snapshots later than it.

    Flows at or before the inception never count; flows after the last snapshot are left for a later call.
    Raises: MissingPrice. Source: product, 4.4 to 4.6.
    """
    points = sorted(facts.points, key=lambda point: point.at)
    if not points:
        return Story(checkpoint)
    rows: list[Row] = []
    events: list[Event] = []
    warnings: list[str] = []
    if checkpoint is None:
        checkpoint, begun = _begin(facts, points[0])
        events.append(begun)
        rows.append(checkpoint.last)
    inception, last, held = checkpoint.inception, checkpoint.last, checkpoint.benchmark
    calendar = _calendar(facts, last.at, points[-1].at)
    for point in points:
        if point.at <= last.at:
            continue
        inside, rebalances = calendar.take(point.at)
        if inside or rebalances or isinstance(facts.policy.rebalance, Band):
            last, pace = _advance(last, held, facts, point, inside, rebalances)
            held = pace.held
            events.extend(pace.events)
            warnings.extend(pace.warnings)
        else:
            last = _carry(last, held, facts.prices, point)
        rows.append(last)
    return Story(Checkpoint(inception, last, held), tuple(rows), tuple(events), tuple(warnings))


def replay(facts: Facts) -> Story:
    """Compute everything from the start."""
    return extend(None, facts)


def _begin(facts: Facts, point: Point) -> tuple[Checkpoint, Event]:
    weights = facts.policy.weights
    prices = facts.prices.at(point.at, weights)
    held = bench.start(weights, point.nav_usd, prices)
    worth = bench.value(held, prices)
    row = Row(point.at, point.slot, point.nav_usd, worth, ONE, ONE, ZERO, None, index.START)
    return Checkpoint(point.at, row, held), Event(point.at, START, worth, worth, held)


def _carry(last: Row, held: Benchmark, prices: PriceHistory, point: Point) -> Row:
    """Return the row of a period in which nothing happened: nearly all of them are, so it takes the short way."""
    step = index.quiet_step(last.nav_index, last.nav_usd, point.nav_usd)
    worth = bench.value(held, prices.at(point.at, held.units))
    return Row(
        point.at,
        point.slot,
        point.nav_usd,
        worth,
        step.index,
        last.benchmark_index * _growth(worth, last.benchmark_usd),
        ZERO,
        step.rung,
        step.note,
    )


def _advance(
    last: Row,
    held: Benchmark,
    facts: Facts,
    point: Point,
    inside: tuple[NetFlow, ...],
    rebalances: tuple[datetime, ...],
) -> tuple[Row, _Pace]:
    step = index.step(last.nav_index, index.Period(last.at, last.nav_usd, point.at, point.nav_usd, inside))
    pace = _pace(last, held, facts, point, inside, rebalances)
    row = Row(
        at=point.at,
        slot=point.slot,
        nav_usd=point.nav_usd,
        benchmark_usd=pace.worth_usd,
        nav_index=step.index,
        benchmark_index=last.benchmark_index * pace.growth,
        flow_usd=sum((flow.usd for flow in inside), ZERO),
        rung=step.rung,
        note=step.note,
    )
    return row, pace


def _pace(
    last: Row,
    held: Benchmark,
    facts: Facts,
    point: Point,
    inside: tuple[NetFlow, ...],
    rebalances: tuple[datetime, ...],
) -> _Pace:
    """Walk the benchmark, `held` at the row `last`, through the flows and rebalances until `point`."""
    policy, growth, since_usd = facts.policy, ONE, last.benchmark_usd
    events: list[Event] = []
    warnings: list[str] = []
    for at, flow, rebalanced in _timeline(inside, rebalances):
        prices = facts.prices.at(at, held.units)
        growth *= _growth(bench.value(held, prices), since_usd)
        if flow is not None:
            account_usd = _value_before(flow, inside, last, point)
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


def _needs_value(policy: Policy, flow: NetFlow, point: Point) -> bool:
    return flow.usd < 0 and policy.withdrawals == bench.FRACTION_MATCHED and flow.at != point.at


def _value_before(flow: NetFlow, inside: tuple[NetFlow, ...], last: Row, point: Point) -> Decimal:
    """Return the account's value just before `flow`; where it is unknown, the last NAV and the flows since."""
    if flow.at == point.at:
        return point.nav_usd - flow.usd
    if flow.value_before_usd is not None:
        return flow.value_before_usd
    return last.nav_usd + sum((earlier.usd for earlier in inside if earlier.at < flow.at), ZERO)


def _timeline(
    flows: Iterable[NetFlow], rebalances: Sequence[datetime]
) -> Iterator[tuple[datetime, NetFlow | None, bool]]:
    """Yield (instant, flow or None, whether to rebalance), oldest first; at one instant the flow comes first."""
    by_instant = {flow.at: flow for flow in flows}
    for at in sorted({*rebalances, *by_instant}):
        yield at, by_instant.get(at), at in rebalances


class _Calendar:
    """The flows and rebalances of a history, handed out period by period."""

    def __init__(self, flows: Sequence[NetFlow], rebalances: Sequence[datetime]) -> None:
        self._flows, self._rebalances = flows, rebalances
        self._flow = self._rebalance = 0  # how many were handed out

    def take(self, until: datetime) -> tuple[tuple[NetFlow, ...], tuple[datetime, ...]]:
        """Return those up to `until` that were not taken yet."""
        flow, rebalance = self._flow, self._rebalance
        while flow < len(self._flows) and self._flows[flow].at <= until:
            flow += 1
        while rebalance < len(self._rebalances) and self._rebalances[rebalance] <= until:
            rebalance += 1
        taken = tuple(self._flows[self._flow : flow]), tuple(self._rebalances[self._rebalance : rebalance])
        self._flow, self._rebalance = flow, rebalance
        return taken


def _calendar(facts: Facts, after: datetime, until: datetime) -> _Calendar:
    flows = [flow for flow in net_by_instant(facts.flows) if flow.at > after]
    asked = {at for at in facts.rebalances if after < at <= until}
    return _Calendar(flows, sorted(asked.union(schedule.due(facts.policy.rebalance, after, until))))


def _growth(now_usd: Decimal, since_usd: Decimal) -> Decimal:
    """Return the growth of a sub-period; one that starts at nothing counts as 1."""
    return now_usd / since_usd if since_usd > 0 else ONE
