"""Rebuild what is derived from what is true, and store it where it differs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib.domain.memory import forget_before
from lib.domain.prices import history_of
from lib.domain.replay import Event, Facts, Row, Story, replay
from lib.domain.requests import ALL_ACCOUNTS
from lib.domain.state import AccountState, Outcome
from lib.ports import Store
from lib.records import Account, AccountHistory, Status, VersionMoved

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of one account: how many rows there are, and how many of them, of its events and days were others."""

    account: str
    rows: int
    changed_rows: int
    changed_events: int
    changed_state: bool
    changed_days: int = 0  # beyond those that its changed rows changed

    @property
    def changed(self) -> bool:
        return bool(self.changed_rows or self.changed_events or self.changed_state or self.changed_days)


async def recompute(store: Store, account: str) -> tuple[Rebuilt, ...]:
    """Rebuild one account or all of them. Raises: NotFound; MissingPrice; VersionMoved if runs keep coming between.

    Retry: safe; what is right already is not written again.
    """
    statuses = {one.id: one.status for one in await store.accounts()}
    ids = list(statuses) if account == ALL_ACCOUNTS else [account]
    return tuple([await _again(store, id_, statuses.get(id_, Status("ok"))) for id_ in ids])


async def _again(store: Store, id_: str, status: Status) -> Rebuilt:
    for _ in range(_TRIES - 1):
        try:
            return await _one(store, id_, status)
        except VersionMoved:
            continue
    return await _one(store, id_, status)


async def _one(store: Store, id_: str, status: Status) -> Rebuilt:
    """Read, decide, and commit on the version that was read first: a run in between makes it move."""
    account = await store.load(id_)
    truth = await store.truth(id_)
    (stored,) = await store.history(id_)
    facts = Facts(account.policy, truth.points, truth.flows, history_of(truth.prices), truth.rebalances)
    story = replay(facts)
    state = forget_before(account.state, story.checkpoint, truth.flows, account.policy)
    found = _compared(account, stored, story, state)
    if found.changed:
        await store.commit(account, "recompute", _outcome(story, state, stored), status)
    return replace(found, changed_days=await store.rebuild_days(id_))


def _compared(account: Account, stored: AccountHistory, story: Story, state: AccountState) -> Rebuilt:
    return Rebuilt(
        account=account.id,
        rows=len(story.rows),
        changed_rows=_different(stored.rows, story.rows),
        changed_events=_different(stored.events, story.events),
        changed_state=_order_free(state) != _order_free(account.state) or stored.inception != _inception(story),
    )


def _different(stored: Sequence[Row] | Sequence[Event], rebuilt: Sequence[Row] | Sequence[Event]) -> int:
    same = sum(one == other for one, other in zip(stored, rebuilt, strict=False))
    return max(len(stored), len(rebuilt)) - same


def _order_free(state: AccountState) -> AccountState:
    return replace(
        state,
        ahead=tuple(sorted(state.ahead, key=lambda flow: (flow.at, flow.id))),
        prices=tuple(sorted(state.prices, key=lambda price: (price.at, price.asset))),
    )


def _inception(story: Story) -> object:
    return story.checkpoint.inception if story.checkpoint else None


def _outcome(story: Story, state: AccountState, stored: AccountHistory) -> Outcome:
    """Return an outcome that replaces everything derived."""
    instants = [event.at for event in (*stored.events, *story.events)]
    return Outcome(
        state=state,
        snapshot=None,
        completed=(),
        booked=(),
        revalued=(),
        prices=(),
        rebalances=(),
        rows=story.rows,
        events=story.events,
        restated_from=min(instants, default=None),
    )
