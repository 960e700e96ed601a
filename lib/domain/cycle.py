"""Decide: from what an account was and what was seen of it to what shall be stored."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lib.domain import jump, turning
from lib.domain import survey as surveying
from lib.domain.attribution import levels
from lib.domain.benchmark import Policy
from lib.domain.flows import CashFlow, Movement
from lib.domain.harvest import harvest
from lib.domain.jump import Jump
from lib.domain.ledger import book_movements, carry
from lib.domain.memory import forget_before, learn_prices, needed_for, remember, remember_pairs
from lib.domain.money import ZERO, exact
from lib.domain.portfolio import Wallet
from lib.domain.prices import history_of
from lib.domain.reading import Basis, Observation, Reading, Want
from lib.domain.replay import Facts, Point, Story, extend
from lib.domain.snapshot import FLOWS, FLOWS_BETWEEN, NO_TOTALS, Snapshot, missing_value, nav, price_reading, reconcile
from lib.domain.state import AccountState, Held, Outcome, Truth
from lib.domain.survey import Survey, changed_by, has_candles, moved_between, next_whole, past_flows
from lib.errors import MonitorError

_MOST_RETAKEN = 20  # that are remembered: of later ones no list tells anything new

type Lacks = Callable[[datetime, Iterable[str]], tuple[str, ...]]


class TruthNeeded(MonitorError):
    """History before the checkpoint changes, and the truth to recompute it from was not given."""

    code = "truth_needed"


@dataclass(frozen=True, slots=True)
class Case:
    """One account in one run: what it was, what was seen, and the truth where history changes."""

    state: AccountState
    policy: Policy
    observation: Observation
    readable: Collection[Wallet]
    truth: Truth | None = None


@exact
def advance(case: Case) -> Outcome:
    """Decide on one reading of one account.

    What is new after the checkpoint is appended; what reaches behind it is recomputed from the truth, with the result
    it would have had if it had been known in time. Pure: the same case gives the same outcome.
    Raises: TruthNeeded; MissingPrice. Source: product, 4.2 to 4.6 and 5.
    """
    state, policy, observation = case.state, case.policy, case.observation
    found = surveying.survey(state, policy, observation.reading, observation.slot, case.truth)
    if found.needs_truth and case.truth is None:
        raise TruthNeeded(f"the reading of {observation.reading.at.isoformat()} changes what came before it")
    booked = book_movements(
        found.movements,
        opens=observation.opens,
        bases=_sure(observation.bases, found.turns.doubtful),
        tracked=surveying.tracked(policy, state.day_one),
        book=observation.reading.book,
        last_prices=state.last_prices,
        earlier=past_flows(state, case.truth),
        changed_by=lambda at: changed_by(state, case.truth, at),
        counted_at=lambda at: next_whole(state, case.truth, at),
    )
    revalued = _revalue(case, booked.flows)
    remembered = remember(state, observation.reading, booked.waiting, found.unpriced)
    remembered = remember_pairs(remembered, found.counted, observation.reading.at)
    remembered = turning.remembered(remembered, state, observation.reading, found.turns)
    lacks = _lacking(case, remembered, booked.waiting, found)
    snapshot = _measure(case, _take(case, remembered, found, lacks))
    # One that is given up was not the first.
    sure = replace(remembered, held=tuple(held for held in remembered.held if held not in found.turns.doubtful))
    learned = learn_prices(sure, policy, observation, snapshot, needed_for(found, booked.flows))
    remembered = replace(learned, held=remembered.held)
    entries = _Entries(booked.flows, revalued)
    jumps = _jumps(case, found, snapshot, booked.flows)
    gathered = harvest(state, observation.reading)
    remembered = replace(remembered, jumps=jump.remembered(state.jumps, jumps), income=gathered.marks)
    outcome = _conclude(case, remembered, snapshot, lacks, entries, found.turns.doubtful)
    return replace(
        outcome,
        aliases=found.counted.aliases,
        inside=found.counted.inside,
        jumps=jumps,
        earned=gathered.earned,
        uncounted=gathered.left_out,
    )


def _sure(bases: Mapping[datetime, Basis | None], doubtful: Iterable[Held]) -> dict[datetime, Basis | None]:
    """Return the bases without those that may or may not have money that was taken back, or moved meanwhile."""
    unsure = {held.at for held in doubtful}
    return {at: None if basis is not None and basis.at in unsure else basis for at, basis in bases.items()}


@dataclass(frozen=True, slots=True)
class _Entries:
    """What a run adds to the ledger, and the entries whose value before it changes."""

    booked: tuple[CashFlow, ...]
    revalued: tuple[CashFlow, ...]

    def renewed(self, flows: Iterable[CashFlow]) -> tuple[CashFlow, ...]:
        changed = {flow.id: flow for flow in self.revalued}
        return (*(changed.get(flow.id, flow) for flow in flows), *self.booked)


def _revalue(case: Case, booked: Iterable[CashFlow]) -> tuple[CashFlow, ...]:
    opens, book = case.observation.opens, case.observation.reading.book
    changed: dict[str, CashFlow] = {}
    for late in booked:
        later = [changed.get(flow.id, flow) for flow in changed_by(case.state, case.truth, late.at)]
        changed |= {flow.id: flow for flow in carry(late, later, opens, book)}
    return tuple(changed.values())


def _jumps(case: Case, found: Survey, snapshot: Snapshot, booked: Iterable[CashFlow]) -> tuple[Jump, ...]:
    """Return what of earlier jumps is explained now, and the one this snapshot shows if it is complete."""
    state, slot = case.state, case.observation.slot
    known = past_flows(state, case.truth)
    if not snapshot.complete:  # the slot keeps what it has
        return jump.explain(state.jumps, booked, known)
    retaken = tuple(Jump(old.slot, old.at, old.since, ZERO, ZERO) for old in state.jumps if old.slot == slot)
    explained = jump.explain((old for old in state.jumps if old.slot != slot), booked, known)
    seen = surveying.unexplained(state, case.observation.reading, found, case.readable, slot)
    return (*explained, *(retaken if seen is None else (seen,)))


def _lacking(case: Case, state: AccountState, waiting: Iterable[Movement], found: Survey) -> Lacks:
    """Return a function that names the flows and candles which a whole snapshot of some instant still lacks.

    It asks for flows of the sources that are named to it: those that were due when it was taken.
    """
    reading, opens = case.observation.reading, case.observation.opens
    priced = {(point.asset, point.at) for point in state.prices}
    unfetched = {
        (at, asset)
        for at in found.rebalances
        for asset in surveying.tracked(case.policy, case.state.day_one)
        if has_candles(asset, reading.book) and Want(asset, at) not in opens and (asset, at) not in priced
    }

    def lacks(at: datetime, sources: Iterable[str]) -> tuple[str, ...]:
        told = {source for source in sources if source not in state.refused}
        late = {source for source in told if (read := state.watermarks.get(source)) is None or read < at}
        candles = {movement.asset for movement in waiting if movement.at <= at}
        candles |= {asset for instant, asset in unfetched if instant <= at}
        return (*(f"{FLOWS}{source}" for source in sorted(late)), *(f"price:{asset}" for asset in sorted(candles)))

    return lacks


def _still_lacks(held: Held, lacks: Lacks) -> bool:
    sources = (name.removeprefix(FLOWS) for name in held.missing if name.startswith(FLOWS))
    return bool(lacks(held.at, sources))


def _take(case: Case, state: AccountState, found: Survey, lacks: Lacks) -> Snapshot:
    """Make the snapshot of this reading, with all that it lacks."""
    reading = case.observation.reading
    asked = (*reading.sources, *reading.failed_sources)
    holdings = price_reading(reading, case.readable, state.last_prices)
    value = missing_value(reading, case.readable, state.totals)
    hidden = (NO_TOTALS,) if not value and _may_lie_hidden(case, found) else ()
    between = (FLOWS_BETWEEN,) if moved_between(reading, found, past_flows(case.state, case.truth)) else ()
    return Snapshot(
        at=reading.at,
        slot=case.observation.slot,
        slot_minutes=case.observation.slot_minutes,
        nav_usd=nav(holdings),
        missing=(*value, *hidden, *between, *lacks(reading.at, asked)),
        holdings=holdings,
        positions=tuple(position for answer in reading.wallets.values() for position in answer.positions),
        checks=reconcile(reading, holdings),
    )


def _may_lie_hidden(case: Case, found: Survey) -> bool:
    """Tell whether value that nothing explains may be in a wallet known only by its total, which was not read."""
    reading = case.observation.reading
    if reading.totals is not None or reading.totals_refused:
        return False
    return surveying.unexplained(case.state, reading, found, case.readable, case.observation.slot) is not None


def _measure(case: Case, snapshot: Snapshot) -> Snapshot:
    """Return a whole snapshot with where its sums stand; of a part of the account that cannot be told."""
    if not snapshot.whole:
        return snapshot
    return replace(snapshot, levels=levels(case.state.basis, case.observation.reading, case.state.last_prices))


def _basis(case: Case, snapshot: Snapshot) -> Basis:
    """Return what the next run will measure from."""
    profits = tuple(profit for answer in case.observation.reading.wallets.values() for profit in answer.profits)
    return Basis(snapshot.at, snapshot.holdings, snapshot.positions, profits, snapshot.levels)


def _conclude(
    case: Case,
    state: AccountState,
    snapshot: Snapshot,
    lacks: Lacks,
    entries: _Entries,
    doubtful: Collection[Held],
) -> Outcome:
    """Carry the figures over every snapshot that is complete now, and gather all that shall be stored."""
    sure = [held for held in case.state.held if held not in doubtful]
    standing = [held for held in sure if not (snapshot.complete and held.slot == snapshot.slot)]
    completed = [held for held in standing if not _still_lacks(held, lacks)]
    points = [Point(held.at, held.slot, held.nav_usd) for held in completed]
    if snapshot.complete:
        points.append(Point(snapshot.at, snapshot.slot, snapshot.nav_usd))
    restated_from = _restated_from(case, points, entries)
    story = _append(case, state, points, entries) if restated_from is None else _restate(case, state, points, entries)
    # A slot that is complete keeps its snapshot, whether it was so before or became so in this very run.
    complete = {*(point.slot for point in _replaced(case, {snapshot.slot})), *(held.slot for held in completed)}
    settled = not snapshot.complete and snapshot.slot in complete
    left = [held for held in standing if held not in completed]
    still_held = _still_held(snapshot, case.observation.reading, left, settled=settled)
    basis = _basis(case, snapshot) if snapshot.whole and not settled else state.basis
    retaken = (*state.retaken, *_retaken(case, snapshot, (*still_held, *completed)))[-_MOST_RETAKEN:]
    kept = replace(state, held=still_held, basis=basis, retaken=retaken)
    return Outcome(
        state=forget_before(
            kept, story.checkpoint or case.state.checkpoint, entries.renewed(case.state.ahead), case.policy
        ),
        snapshot=None if settled else snapshot,
        completed=tuple(held.slot for held in completed),
        booked=entries.booked,
        revalued=entries.revalued,
        prices=state.prices[len(case.state.prices) :],
        rebalances=(),
        rows=tuple(row for row in story.rows if restated_from is None or row.at >= restated_from),
        events=tuple(event for event in story.events if restated_from is None or event.at >= restated_from),
        restated_from=restated_from,
        lacked=snapshot.missing,
        given_up=tuple(sorted(held.slot for held in doubtful)),
    )


def _still_held(snapshot: Snapshot, reading: Reading, waiting: list[Held], *, settled: bool) -> tuple[Held, ...]:
    """Return the snapshots that go on waiting: in one slot the newest whole one."""
    if snapshot.complete or not snapshot.whole or settled:
        return tuple(waiting)
    others = [held for held in waiting if held.slot != snapshot.slot]
    held = Held(snapshot.at, snapshot.slot, snapshot.nav_usd, snapshot.missing, reading.since, reading.until)
    return (*others, held)


def _retaken(case: Case, snapshot: Snapshot, kept: Collection[Held]) -> tuple[datetime, ...]:
    """Return when the whole snapshots were taken in whose place this one steps, oldest first."""
    waiting = {held.at for held in case.state.held if held.slot == snapshot.slot and held not in kept}
    complete = {point.at for point in _replaced(case, {snapshot.slot})} if snapshot.complete else set[datetime]()
    return tuple(sorted((waiting | complete) - {snapshot.at}))


def _restated_from(case: Case, points: Iterable[Point], entries: _Entries) -> datetime | None:
    """Return the earliest instant at or before the checkpoint that this run changes, None if it only appends."""
    if case.state.checkpoint is None:
        return None
    last = case.state.checkpoint.last.at
    replaced = _replaced(case, {point.slot for point in points})
    changed = [*(flow.at for flow in entries.booked), *(point.at for point in (*points, *replaced))]
    return min((at for at in changed if at <= last), default=None)


def _replaced(case: Case, slots: Container[datetime]) -> list[Point]:
    """Return the complete snapshots that are stored of `slots`."""
    return [point for point in case.truth.points if point.slot in slots] if case.truth else []


def _append(case: Case, state: AccountState, points: list[Point], entries: _Entries) -> Story:
    flows = entries.renewed(case.state.ahead)
    return extend(case.state.checkpoint, Facts(case.policy, points, flows, history_of(state.prices), state.rebalances))


def _restate(case: Case, state: AccountState, points: list[Point], entries: _Entries) -> Story:
    if case.truth is None:
        raise TruthNeeded("history changes before the checkpoint")
    replaced = {point.slot for point in points}
    kept = [point for point in case.truth.points if point.slot not in replaced]
    # What is stored of an instant wins over what this run fetched for it again.
    prices = history_of((*state.prices, *case.truth.prices))
    flows = entries.renewed(case.truth.flows)
    rebalances = tuple({*case.truth.rebalances, *state.rebalances})
    return extend(None, Facts(case.policy, [*kept, *points], flows, prices, rebalances))
