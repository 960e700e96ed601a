"""Before deciding: what a reading brings that is new, and which prices and past holdings deciding on it takes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from lib.domain import jump, pairs, schedule, turning
from lib.domain.benchmark import Policy
from lib.domain.flows import CashFlow, Movement, Stage
from lib.domain.jump import Jump, Sight
from lib.domain.ledger import fresh, wants_after, wants_of
from lib.domain.money import ZERO, exact
from lib.domain.pairs import Counted
from lib.domain.portfolio import Wallet
from lib.domain.reading import Basis, Reading, Want
from lib.domain.schedule import MOMENT
from lib.domain.snapshot import price_reading
from lib.domain.state import AccountState, Held, Truth
from lib.domain.turning import Turns
from lib.domain.valuation import Book, route, spot_price

ALWAYS_PRICED = ("BTC", "ETH")
FIRST_WINDOW = timedelta(days=30)
OVERLAP = timedelta(days=7)
_SECOND = timedelta(seconds=1)
_SETTLING = timedelta(seconds=5)  # an entry may be timed a little later than its money could be seen
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a reading asks for before it can be decided on.

    `movements` are to be booked, oldest first; `unpriced` ones wait for their coin to have a market. `rebalances` are
    due and their prices are not stored. `needs_truth`: history before the checkpoint changes. `counted`: what of all
    that is listed for the first time counts, whenever it moved. `turns`: rows that say otherwise than before.
    """

    movements: tuple[Movement, ...]
    unpriced: tuple[Movement, ...]
    rebalances: tuple[datetime, ...]
    needs_truth: bool
    counted: Counted
    turns: Turns


def window_start(state: AccountState, source: str, at: datetime) -> datetime:
    """Return where the next reading of `source` begins: an overlap back, and at its oldest unfinished row.

    One never read begins 30 days before the first snapshot that lacks it.
    Source: product, 5 (the first run reads 30 days); reference, F.4 (rows change after they were listed).
    """
    watermark = state.watermarks.get(source)
    if watermark is None:
        begun = [state.checkpoint.inception] if state.checkpoint else []
        return min([at, *begun, *(held.at for held in state.held)]) - FIRST_WINDOW
    unfinished = [movement.listed_at for movement in state.pending if movement.source == source]
    return min([watermark - OVERLAP, *unfinished])


def survey(state: AccountState, policy: Policy, reading: Reading, slot: datetime, truth: Truth | None = None) -> Survey:
    """Tell what is new in `reading`; of what has turned back, only with the truth where that is needed."""
    floor = _floor(state, reading)
    turns = turning.turns(state, reading, past_flows(state, truth), floor)
    unclear = {turn.row.id for turn in turns.unsettled}
    listed = (movement for rows in reading.sources.values() for movement in rows if movement.id not in unclear)
    held = {*state.last_prices, *(each.asset for answer in reading.wallets.values() for each in answer.holdings)}
    counted = pairs.count_once(fresh(listed, turning.unbooked(state), _BEGINNING), state, held)
    came = [*(each for each in counted.movements if each.at > floor), *turns.entries]
    new = (*state.waiting, *state.unpriced, *came)
    doubtful = _moved_meanwhile(state.held, (*past_flows(state, truth), *new))
    turns = replace(turns, doubtful=turns.doubtful | doubtful)
    # An empty price list says nothing of markets: everything new then waits for its candle.
    # A coin priced before counts in NAV at its last price, market or not.
    priced = [
        movement
        for movement in new
        if not reading.book or movement.asset in state.last_prices or route(movement.asset, reading.book) is not None
    ]
    last = state.checkpoint.last if state.checkpoint else None
    instants = [*(movement.at for movement in priced), *(held.at for held in state.held)]
    is_late = last is not None and (last.slot >= slot or min(instants, default=reading.at) <= last.at)
    return Survey(
        movements=tuple(sorted(priced, key=lambda movement: (movement.at, movement.id))),
        unpriced=tuple(movement for movement in new if movement not in priced),
        rebalances=_due(state, policy, reading),
        needs_truth=is_late or (last is not None and bool(turns.settled or turns.unsettled)),
        counted=counted,
        turns=turns,
    )


def as_of_balances(reading: Reading) -> Reading:
    """Return the reading with what moved after its balances, while lists were waited for, as still on its way.

    It is booked by the next run, which knows what the account was worth before it: this very snapshot.
    """
    last = reading.span[1] + _SETTLING

    def seen(row: Movement) -> Movement:
        return replace(row, stage=Stage.PENDING) if row.stage is Stage.DONE and row.at > last else row

    return replace(reading, sources={source: tuple(map(seen, rows)) for source, rows in reading.sources.items()})


def lookbacks(state: AccountState, found: Survey, truth: Truth | None) -> tuple[datetime, ...]:
    """Return the instants whose last whole snapshot before tells of new movements.

    Those are their own, and, where they were late, the moment after the first snapshot that has what moved.
    """
    own = {movement.at for movement in found.movements}
    late = (next_whole(state, truth, at) for at in own)
    return tuple(sorted(own | {at + MOMENT for at in late if at is not None}))


def _moved_meanwhile(held: Iterable[Held], moved: Iterable[CashFlow | Movement]) -> frozenset[Held]:
    """Return the held snapshots during whose reading money moved: their balances may be of before it or of after.

    They were taken while the list that tells of it was not read, so nobody read them once more.
    """
    instants = [each.at for each in moved]
    return frozenset(one for one in held if any(one.span[0] < at <= one.span[1] for at in instants))


def wants(
    state: AccountState,
    policy: Policy,
    reading: Reading,
    found: Survey,
    past: Mapping[datetime, Basis | None],
    truth: Truth | None,
) -> frozenset[Want]:
    """Name every price of a past minute that deciding on `reading` takes. `past` has the basis of each new flow."""
    always = tracked(policy, state.day_one)
    wanted = {Want(asset, at) for at in found.rebalances for asset in always if route(asset, reading.book)}
    ledger = past_flows(state, truth)
    flows = (*ledger, *(_as_flow(movement) for movement in found.movements))
    for movement in found.movements:
        coins = (movement.asset, *always)
        wanted |= wants_of(movement.at, coins, past.get(movement.at), flows, reading.book)
        wanted |= wants_after(movement, changed_by(state, truth, movement.at), reading.book)
    return frozenset(wanted)


def tracked(policy: Policy, day_one: Iterable[str]) -> frozenset[str]:
    """Return the assets whose prices are kept at every snapshot, flow and rebalance.

    They are the policy's, and those that another benchmark may be asked with. Source: product, 5 (prices stored).
    """
    return frozenset((*ALWAYS_PRICED, *policy.weights, *day_one))


def has_candles(asset: str, book: Book) -> bool:
    """Tell whether past prices of `asset` can be asked for; without a price list that is taken for granted."""
    legs = route(asset, book)
    return bool(legs) or (legs is None and not book)


def past_flows(state: AccountState, truth: Truth | None) -> tuple[CashFlow, ...]:
    """Return the ledger as far as it is at hand: all of it with the truth, else what lies after the checkpoint."""
    return tuple(truth.flows) if truth else state.ahead


def changed_by(state: AccountState, truth: Truth | None, at: datetime) -> tuple[CashFlow, ...]:
    """Return the flows of the ledger whose value before would have been another, had a flow at `at` been known."""
    # One that was taken anew is no more, yet the flows after it were valued when it was there.
    seen = (next_whole(state, truth, at), *(taken for taken in state.retaken if taken >= at))
    until = min((taken for taken in seen if taken is not None), default=None)
    return tuple(flow for flow in past_flows(state, truth) if at < flow.at and (until is None or flow.at <= until))


def next_whole(state: AccountState, truth: Truth | None, after: datetime) -> datetime | None:
    """Return the time of the first whole snapshot that contains what moved at `after`, None if there is none yet."""
    points = (point.at for point in truth.points) if truth else ()
    return min((at for at in (*points, *(held.at for held in state.held)) if at >= after), default=None)


def crosses(state: AccountState, policy: Policy, reading: Reading, slot: datetime) -> bool:
    """Tell whether money moved while the account was being read, so that balances and flows may not belong together.

    Some histories tell whole seconds only: what moved in the second of the reading may have moved after it. What moved
    when all balances were read, while the lists were waited for, is in none of them. Of a row that turned back nothing
    may tell at all when its money moved.
    """
    found = survey(state, policy, reading, slot)
    since, until = reading.span[0] - _SECOND, reading.span[1] + _SETTLING
    return bool(found.turns.unsettled) or any(
        since < movement.at <= until for movement in (*found.movements, *found.unpriced)
    )


def moved_between(reading: Reading, found: Survey, ledger: Iterable[CashFlow]) -> bool:
    """Tell whether the balances may have money that is not of its time, or lack some that is.

    Another run may have booked that money already. What counts as turned back at the reading's own instant was seen
    turned by the reading before it.
    """
    since, until = reading.span
    before = [entry.id for entry in found.turns.entries if entry.at == reading.at]
    known = any(since < each.at <= until for each in ledger)
    new = (each for each in (*found.movements, *found.unpriced) if each.id not in before)
    moved = any(each.at > since for each in new)
    return bool(found.turns.unsettled) or known or moved


@exact
def unexplained(
    state: AccountState, reading: Reading, found: Survey, readable: Collection[Wallet], slot: datetime
) -> Jump | None:
    """Return the change of value that nothing explains since the last whole snapshot.

    None too where a part of the value was not read, or where there is no such snapshot that is sure of what it has.
    """
    if state.basis is None or reading.failed_wallets or not reading.book:
        return None
    if any(held.at == state.basis.at for held in found.turns.doubtful):
        return None
    known = [flow for flow in state.ahead if flow.at > state.basis.at]
    sight = Sight(
        at=reading.at,
        slot=slot,
        holdings=price_reading(reading, readable, state.last_prices),
        positions=tuple(position for answer in reading.wallets.values() for position in answer.positions),
        book=reading.book,
    )
    return jump.find(state.basis, sight, [*known, *(_worth_now(each, state, reading) for each in found.movements)])


def _worth_now(movement: Movement, state: AccountState, reading: Reading) -> CashFlow:
    last = state.last_prices.get(movement.asset)
    price = spot_price(movement.asset, reading.book) or (last.usd if last else ZERO)
    return replace(_as_flow(movement), usd=movement.quantity * price)


def _floor(state: AccountState, reading: Reading) -> datetime:
    """Return the inception, or the earliest instant that may still become it: no flow up to there ever counts."""
    if state.checkpoint is not None:
        return state.checkpoint.inception
    return min([held.at for held in state.held], default=reading.at)


def _due(state: AccountState, policy: Policy, reading: Reading) -> tuple[datetime, ...]:
    """Return the rebalances after the checkpoint (or the first snapshot to come) that lack any of their prices.

    One at the very instant of the reading takes the reading's own prices.
    """
    until = reading.at
    if state.checkpoint is not None:
        after = state.checkpoint.last.at
    elif state.held:
        after = min(held.at for held in state.held)
    else:
        return ()
    known = {(point.asset, point.at) for point in state.prices}
    coins = [asset for asset in tracked(policy, state.day_one) if has_candles(asset, reading.book)]
    asked = [at for at in state.rebalances if after < at <= until]
    due = {*asked, *schedule.due(policy.rebalance, after, until)} - {until}
    return tuple(sorted(at for at in due if any((asset, at) not in known for asset in coins)))


def _as_flow(movement: Movement) -> CashFlow:
    """Stand in for a movement that is not valued yet, where only its coin and time matter."""
    return CashFlow(movement.id, movement.at, movement.quantity, asset=movement.asset, quantity=movement.quantity)
