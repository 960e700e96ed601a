"""What an account remembers of a run: how far its sources were read, what is settled, and the prices it will need."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from lib.domain import pairs
from lib.domain.benchmark import Policy
from lib.domain.flows import CashFlow, Movement, Stage
from lib.domain.keys import KeyCheck
from lib.domain.pairs import Counted
from lib.domain.portfolio import PORTFOLIO_MARGIN
from lib.domain.prices import USD, PricePoint
from lib.domain.reading import Observation, Reading, Want
from lib.domain.replay import Checkpoint
from lib.domain.snapshot import Snapshot
from lib.domain.sources import TRANSFERS
from lib.domain.state import AccountState
from lib.domain.survey import Survey, tracked, window_start
from lib.domain.valuation import spot_price


def remember(
    state: AccountState, reading: Reading, waiting: tuple[Movement, ...], unpriced: tuple[Movement, ...]
) -> AccountState:
    """Return the state with the sources that were read: watermarks, settled rows, and those still on their way."""
    listed = [movement for rows in reading.sources.values() for movement in rows]
    unread = [movement for movement in state.pending if movement.source not in reading.sources]
    answered = (*reading.sources, *reading.refused_sources)
    settled = {movement.id: movement.listed_at for movement in listed if movement.stage is not Stage.PENDING}
    remembered = replace(
        state,
        # A reading decided on late, after a newer one was stored, moves no window back: ids are forgotten behind it.
        watermarks={
            **state.watermarks,
            **{source: max(reading.at, state.watermarks.get(source, reading.at)) for source in reading.sources},
        },
        pending=(*(movement for movement in listed if movement.stage is Stage.PENDING), *unread),
        waiting=waiting,
        unpriced=unpriced,
        totals=reading.totals if reading.totals is not None else state.totals,
        checked=reading.checked or _believed(state, reading),
        refused={
            **{source: at for source, at in state.refused.items() if source not in answered},
            **dict.fromkeys(reading.refused_sources, reading.at),
        },
        used=state.used | {source for source, rows in reading.sources.items() if rows and source in TRANSFERS},
    )
    # What this reading listed stays known until the next one has: another run may decide on the same window later.
    return replace(remembered, known={**_still_listed(remembered, state.known, reading.at), **settled})


def _believed(state: AccountState, reading: Reading) -> KeyCheck | None:
    """Return what was learned of the key before; nothing where the portfolio margin account it told of is not there."""
    denied = PORTFOLIO_MARGIN in reading.wallets and not reading.wallets[PORTFOLIO_MARGIN].exists
    return None if denied and state.checked is not None and state.checked.portfolio_margin else state.checked


def remember_pairs(state: AccountState, counted: Counted, at: datetime) -> AccountState:
    """Return the state with what may still show in another list, one that is behind or was never read."""
    lists = [source for source in (*state.watermarks, *state.refused) if source in pairs.SOURCES]
    since = min((window_start(state, source, at) for source in lists), default=at)
    return pairs.remembered(state, counted, since)


def learn_prices(
    state: AccountState,
    policy: Policy,
    observation: Observation,
    snapshot: Snapshot,
    instants: Iterable[datetime],
) -> AccountState:
    """Return the state with the prices of this run: the snapshot's, and those at the `instants` of other events.

    An instant that has a price keeps it: the first one stored is the one in force.
    """
    book, at = observation.reading.book, observation.reading.at
    held = {priced.holding.asset: priced for priced in snapshot.holdings if priced.price_usd is not None}
    day_one = tuple(sorted(held)) if _is_first(state, snapshot) else state.day_one
    found: dict[tuple[str, datetime], PricePoint] = {}
    # Partial or not: the accounts of a run share its prices, and an instant has one price for all of them.
    for asset in tracked(policy, day_one) - {USD}:  # which is 1 wherever it is looked up
        price = spot_price(asset, book)
        if price is not None:
            found[asset, at] = PricePoint(asset, at, price)
    for instant in instants:
        for asset in tracked(policy, state.day_one):
            opened = observation.opens.get(Want(asset, instant))
            if opened is not None:
                found.setdefault((asset, instant), PricePoint(asset, instant, opened))
    known = {(point.asset, point.at) for point in state.prices}
    fresh = {
        asset: PricePoint(asset, at, priced.price_usd)
        for asset, priced in held.items()
        if priced.price_usd is not None and priced.priced_at == at
    }
    return replace(
        state,
        prices=(*state.prices, *(found[key] for key in sorted(found) if key not in known)),
        last_prices={**state.last_prices, **fresh},
        day_one=day_one,
    )


def _is_first(state: AccountState, snapshot: Snapshot) -> bool:
    """Tell whether a snapshot is the first one so far: there is none yet, or it takes the first one's place."""
    begun, waiting = state.checkpoint, min(state.held, key=lambda held: held.at, default=None)
    if begun is not None:
        return snapshot.complete and begun.last.at == begun.inception and begun.last.slot == snapshot.slot
    return waiting is None or (snapshot.whole and waiting.slot == snapshot.slot)


def forget_before(
    state: AccountState, checkpoint: Checkpoint | None, flows: Iterable[CashFlow], policy: Policy
) -> AccountState:
    """Return the state at `checkpoint`, without what it has already accounted for. `flows` are all still at hand."""
    if checkpoint is None:
        return replace(state, ahead=tuple(flows))
    since, kept = checkpoint.last.at, tracked(policy, state.day_one)
    mine = sorted((point for point in state.prices if point.asset in kept), key=lambda point: (point.at, point.asset))
    # What is without a price of its own instant takes the one before it, so each coin's last one goes along.
    latest = {point.asset: point for point in mine if point.at <= since}
    return replace(
        state,
        checkpoint=checkpoint,
        ahead=tuple(flow for flow in flows if flow.at > since),
        prices=(*latest.values(), *(point for point in mine if point.at > since)),
        rebalances=tuple(at for at in state.rebalances if at > since),
    )


def needed_for(found: Survey, booked: Iterable[CashFlow]) -> tuple[datetime, ...]:
    """Return the instants whose prices the benchmark needs."""
    return tuple(sorted({*found.rebalances, *(flow.at for flow in booked)}))


def _still_listed(state: AccountState, known: Mapping[str, datetime], at: datetime) -> dict[str, datetime]:
    """Forget the ids that no later reading can list again."""
    read = (source for source in state.watermarks if source not in state.refused or source not in TRANSFERS)
    oldest = min((window_start(state, source, at) for source in read), default=None)
    return {id_: listed for id_, listed in known.items() if oldest is None or listed >= oldest}
