"""A person changes what counts: an entry of the ledger comes or goes, or the benchmark gets another policy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from lib.domain import jump
from lib.domain.benchmark import Policy
from lib.domain.flows import CashFlow, Movement
from lib.domain.ledger import book_movements, carry, wants_of
from lib.domain.memory import forget_before
from lib.domain.money import exact
from lib.domain.prices import PricePoint, history_of
from lib.domain.reading import Basis, Opens, Want
from lib.domain.replay import Facts, extend
from lib.domain.schedule import MOMENT
from lib.domain.state import AccountState, Decision, Outcome, Truth
from lib.domain.survey import changed_by, next_whole, tracked
from lib.domain.valuation import Book, route
from lib.errors import MonitorError


class PriceNotFetched(MonitorError):
    """A price that the change needs could not be fetched; nothing was changed."""

    code = "price_not_fetched"
    retryable = True


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that comes, one that goes, or both: then the one takes the other's place."""

    added: Movement | None
    removed: CashFlow | None
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """An account as it is, with all that its figures follow from."""

    state: AccountState
    policy: Policy
    truth: Truth


@dataclass(frozen=True, slots=True)
class Prices:
    """What was gathered for a change."""

    book: Book
    opens: Opens = field(default_factory=dict)
    bases: Mapping[datetime, Basis | None] = field(default_factory=dict)


def lookbacks(standing: Standing, change: Change) -> tuple[datetime, ...]:
    """Return the instants whose last whole snapshot before tells of an entry that comes, as of a movement of a run."""
    if change.added is None:
        return ()
    counted_at = next_whole(standing.state, standing.truth, change.added.at)
    return (change.added.at, *(() if counted_at is None else (counted_at + MOMENT,)))


def wants(standing: Standing, change: Change, prices: Prices) -> frozenset[Want]:
    """Name every price of a past minute that `change` takes."""
    after = _after(standing, change)
    wanted: set[Want] = set()
    if change.added is not None:
        at, coins = change.added.at, (change.added.asset, *_tracked(standing))
        wanted |= wants_of(at, coins, prices.bases.get(at), after.truth.flows, prices.book)
    for asset, at in _moved(change):
        if route(asset, prices.book):
            wanted |= {Want(asset, flow.at) for flow in changed_by(after.state, after.truth, at)}
    return frozenset(wanted)


@exact
def amend(standing: Standing, change: Change, prices: Prices) -> Outcome:
    """Return what to store so that all is as if `change` had been so from the beginning.

    Raises: PriceNotFetched. Source: product, 4.4 (each is a new ledger entry with a reason).
    """
    after = _after(standing, change)
    booked: tuple[CashFlow, ...] = ()
    if change.added is not None:
        found = book_movements(
            [change.added],
            opens=prices.opens,
            bases=prices.bases,
            tracked=_tracked(standing),
            book=prices.book,
            last_prices=standing.state.last_prices,
            earlier=after.truth.flows,
            changed_by=lambda at: changed_by(after.state, after.truth, at),
            counted_at=lambda at: next_whole(after.state, after.truth, at),
        )
        if not found.flows:
            raise PriceNotFetched(f"the prices at {change.added.at.isoformat()} could not be fetched")
        booked = found.flows
    revalued: dict[str, CashFlow] = {}
    moves = (*booked, *(() if change.removed is None else (_opposite(change.removed),)))
    for moved in moves:
        later = [revalued.get(flow.id, flow) for flow in changed_by(after.state, after.truth, moved.at)]
        revalued |= {flow.id: flow for flow in carry(moved, later, prices.opens, prices.book)}
    flows = (*(revalued.get(flow.id, flow) for flow in after.truth.flows), *booked)
    since = min(at for _, at in _moved(change))
    outcome = _retold(standing, standing.policy, flows, _learned(standing, booked, prices.opens), since)
    jumps = jump.explain(standing.state.jumps, moves, after.truth.flows)
    state = replace(outcome.state, jumps=jump.remembered(standing.state.jumps, jumps))
    return replace(
        outcome,
        state=state,
        booked=booked,
        revalued=tuple(revalued.values()),
        decisions=change.decisions,
        jumps=jumps,
    )


@exact
def change_policy(standing: Standing, policy: Policy, learned: Iterable[PricePoint], at: datetime) -> Outcome:
    """Return what to store so that `policy` was in force for the whole history. `learned` are prices it needs anew.

    Raises: MissingPrice. Source: product, 4.5 (changing it redraws the past and says so).
    """
    checkpoint = standing.state.checkpoint
    since = checkpoint.inception if checkpoint else at
    outcome = _retold(standing, policy, standing.truth.flows, tuple(learned), since)
    return replace(outcome, policy=policy, decided_at=at)


def _retold(
    standing: Standing, policy: Policy, flows: Iterable[CashFlow], learned: tuple[PricePoint, ...], since: datetime
) -> Outcome:
    """Compute everything from the start, and say what of it is new: all that is not earlier than `since`."""
    state, truth, flows = standing.state, standing.truth, tuple(flows)
    before = state.checkpoint
    restates = before is not None and since <= before.last.at
    prices = history_of((*state.prices, *learned, *truth.prices))
    rebalances = tuple({*truth.rebalances, *state.rebalances})
    story = extend(None, Facts(policy, truth.points, flows, prices, rebalances)) if restates else None
    checkpoint = story.checkpoint if story else before
    held = replace(state, prices=(*state.prices, *learned), checkpoint=checkpoint)
    return Outcome(
        state=forget_before(held, checkpoint, flows, policy),
        snapshot=None,
        completed=(),
        booked=(),
        revalued=(),
        prices=learned,
        rebalances=(),
        rows=tuple(row for row in story.rows if row.at >= since) if story else (),
        events=tuple(event for event in story.events if event.at >= since) if story else (),
        restated_from=since if restates else None,
    )


def _after(standing: Standing, change: Change) -> Standing:
    """Return the account without the entry that goes."""
    gone = change.removed.id if change.removed else None
    kept = tuple(flow for flow in standing.truth.flows if flow.id != gone)
    return replace(standing, truth=replace(standing.truth, flows=kept))


def _moved(change: Change) -> list[tuple[str, datetime]]:
    """Return coin and time of what comes and of what goes."""
    both = (change.added, change.removed)
    return [(one.asset, one.at) for one in both if one is not None]


def _opposite(flow: CashFlow) -> CashFlow:
    return replace(flow, usd=-flow.usd, quantity=-flow.quantity)


def _tracked(standing: Standing) -> frozenset[str]:
    return tracked(standing.policy, standing.state.day_one)


def _learned(standing: Standing, booked: Iterable[CashFlow], opens: Opens) -> tuple[PricePoint, ...]:
    found = (
        (asset, flow.at, opens.get(Want(asset, flow.at))) for flow in booked for asset in sorted(_tracked(standing))
    )
    return tuple(PricePoint(asset, at, usd) for asset, at, usd in found if usd is not None)
