"""Put a record back into the store: an account without a key, whose figures are computed from it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from lib.domain import turning
from lib.domain.flows import CashFlow
from lib.domain.memory import forget_before
from lib.domain.prices import PriceHistory, PricePoint, history_of
from lib.domain.record import Record, facts_of
from lib.domain.replay import Facts, Story, replay
from lib.domain.state import AccountState, Outcome
from lib.domain.survey import ALWAYS_PRICED
from lib.errors import InvalidInput
from lib.ports import Clock, Store
from lib.records import PricesDiffer, Status
from lib.usecases.accounts import identified

_KEYLESS = Status("needs_attention", "restored from a history file: it has no key, so nothing is collected")


async def restore(store: Store, clock: Clock, record: Record, sources: Sequence[str]) -> str:
    """Store `record` with all that follows from it, in one transaction, and return the account's id.

    `sources`: the flow sources that a key will let be read from the last snapshot on.
    Raises: InvalidInput; MissingPrice; AccountExists; PricesDiffer. Source: product, 8.
    """
    account_id, name = identified(record.name)
    for before, after in pairwise(record.truth.points):
        if before.slot == after.slot:
            raise InvalidInput("snapshots", f"{before.at.isoformat()} and {after.at.isoformat()} are of one slot")
    record = replace(record, name=name)
    facts = facts_of(record)
    story = replay(facts)
    await _require_same_prices(store, facts, story)
    outcome = _outcome(record, facts.prices, story, sources)
    await store.restore(account_id, clock.now(), record, outcome, _KEYLESS)
    return account_id


async def _require_same_prices(store: Store, facts: Facts, story: Story) -> None:
    """Refuse a record whose figures would be others beside the prices that are stored: an instant has one price."""
    if story.checkpoint is None:
        return
    stored = await store.prices(sorted(facts.policy.weights), story.checkpoint.inception)
    if stored and replay(replace(facts, prices=history_of((*_points(facts.prices), *stored)))) != story:
        raise PricesDiffer("the prices stored here are not those of the file: import it into an empty database")


def _outcome(record: Record, prices: PriceHistory, story: Story, sources: Sequence[str]) -> Outcome:
    truth, points = record.truth, tuple(_points(prices))
    read_until = {} if story.checkpoint is None else dict.fromkeys(sources, story.checkpoint.last.at)
    state = AccountState(
        watermarks=read_until,
        known={flow.id: flow.at for flow in truth.flows},
        turns=_turns(truth.flows),
        prices=points,
        rebalances=tuple(truth.rebalances),
        day_one=tuple(sorted({*prices.columns} - {*ALWAYS_PRICED, *record.policy.weights})),
    )
    return Outcome(
        state=forget_before(state, story.checkpoint, truth.flows, record.policy),
        snapshot=None,
        completed=(),
        booked=tuple(truth.flows),
        revalued=(),
        prices=points,
        rebalances=tuple(truth.rebalances),
        rows=story.rows,
        events=story.events,
        restated_from=None,
    )


def _turns(flows: Iterable[CashFlow]) -> dict[str, int]:
    """Return how many entries those rows have led to that turned back."""
    counts = sorted(turning.row_of(flow.id) for flow in flows)
    return {row: count for row, count in counts if count > 1}


def _points(prices: PriceHistory) -> list[PricePoint]:
    """Return the prices one by one, each instant once."""
    return [
        PricePoint(asset, at, usd) for asset, column in prices.columns.items() for at, usd in zip(*column, strict=True)
    ]
