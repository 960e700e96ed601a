"""Rows that turn back after they were final: money credited and taken back, or gone and returned.

The exchange changes the row and hardly ever tells when the money moved. What moved first stays booked, for snapshots
had it; the way back is an entry of its own at the time that the row tells, else at that of the first snapshot without
it. So no return shows a gain when it came nor a loss when it went.
Source: product, 1, 4.2 and 4.4; reference, F.4 (deposits reversed, orders refunded).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from lib.domain.flows import CashFlow, Movement, Stage
from lib.domain.reading import Reading
from lib.domain.state import AccountState, Held

DETAIL = "reversed"
_OVER = frozenset({Stage.DROPPED, Stage.REVERSED})


@dataclass(frozen=True, slots=True)
class Turn:
    """A row that says otherwise than what was counted of it. `count`: the entries it has led to with this turn."""

    row: Movement
    count: int


@dataclass(frozen=True, slots=True)
class Turns:
    """What turned in a reading.

    `entries` are the ways back to be booked. Of the `unsettled` the balances may be of before or after. `doubtful` are
    held snapshots of which nothing tells whether they have the money, or other money that moved while they were taken.
    """

    settled: tuple[Turn, ...] = ()
    unsettled: tuple[Turn, ...] = ()
    entries: tuple[Movement, ...] = ()
    doubtful: frozenset[Held] = frozenset()


def turned(state: AccountState, reading: Reading) -> tuple[Turn, ...]:
    """Return the rows that say otherwise than what is remembered of them."""
    rows = (row for listed in reading.sources.values() for row in listed)
    return tuple(Turn(row, count) for row in rows if (count := _turn(state, reading, row)) is not None)


def turns(state: AccountState, reading: Reading, ledger: Iterable[CashFlow], floor: datetime) -> Turns:
    """Tell what to do about the rows that turned, with all that is booked at hand.

    An entry that a person has voided or replaced is left to them; what came before `floor` has none, and its way back
    counts all the same.
    """
    settled, unsettled, entries, doubtful = [], [], [], set[Held]()
    booked: tuple[CashFlow | Movement, ...] = (*state.waiting, *state.unpriced, *ledger)
    known = {one.id: (one.asset, one.quantity, one.at) for one in booked}
    for turn in turned(state, reading):
        row = turn.row
        origin = known.get(_origin(state, turn))
        if origin is None and row.stage is Stage.REVERSED and row.id in state.known and row.at <= floor:
            origin = (row.asset, row.quantity, row.at)
        is_told = origin is not None and row.at > origin[2]
        if not is_told and (origin is not None or row.id not in state.known):
            doubtful |= _between(state, reading, row)
        if _is_old(state, reading, row) or not (is_told or row.id in reading.seen):
            unsettled.append(turn)
            continue
        settled.append(turn)
        if origin is not None and (at := row.at if is_told else reading.at) > floor:
            entries.append(_way_back(turn, origin[0], -origin[1], at))
    return Turns(tuple(settled), tuple(unsettled), tuple(entries), frozenset(doubtful))


def turning_back(reading: Reading, state: AccountState) -> frozenset[str]:
    """Return the rows that a reading shows turned: a later one of the same run has the balances of after."""
    return frozenset(turn.row.id for turn in turned(state, reading))


def remembered(state: AccountState, before: AccountState, reading: Reading, found: Turns) -> AccountState:
    """Return the state with how often each row has turned; what is not settled is met again as it was `before`."""
    open_ids = {turn.row.id for turn in found.unsettled}
    listed = [row for rows in reading.sources.values() for row in rows if row.id not in open_ids]
    booked = {row.id for row in listed if row.stage is Stage.DONE}
    counts = {id_: count for id_, count in before.turns.items() if count or id_ not in booked}
    counts |= {row.id: 0 for row in listed if row.stage in _OVER and row.id not in before.known}
    counts |= {turn.row.id: turn.count for turn in found.settled}
    known = {id_: at for id_, at in state.known.items() if id_ not in open_ids or id_ in before.known}
    return replace(state, known=known, turns={id_: count for id_, count in counts.items() if id_ in known})


def unbooked(state: AccountState) -> Mapping[str, datetime]:
    """Return the known rows save those that were dropped before they ever counted: they may still be credited."""
    return {id_: at for id_, at in state.known.items() if state.turns.get(id_) != 0}


def row_of(entry_id: str) -> tuple[str, int]:
    """Return which row an entry is of, and the how manieth of its entries it is."""
    row, mark, count = entry_id.rpartition("~")
    return (row, int(count)) if mark and count.isdecimal() else (entry_id, 1)


def _turn(state: AccountState, reading: Reading, row: Movement) -> int | None:
    """Return how many entries the row has led to with this turn, None where it says what is known."""
    if row.id not in state.known:
        return 0 if row.stage is Stage.REVERSED else None  # it came and went while nobody looked
    count = state.turns.get(row.id, 1)
    if _is_old(state, reading, row):
        later = any(row_of(flow.id) == (row.id, count) and flow.at > reading.at for flow in state.ahead)
        differs = (row.stage is Stage.DONE) != bool(count % 2)
        return count if row.stage is not Stage.PENDING and (differs or (later and count > 1)) else None
    if count % 2:
        return count + 1 if row.stage in _OVER else None
    return count + 1 if count and row.stage is Stage.DONE else None


def _is_old(state: AccountState, reading: Reading, row: Movement) -> bool:
    """Tell whether a later reading of the row's list was decided on before this one: it knows less."""
    return reading.at < state.watermarks.get(row.source, reading.at)


def _origin(state: AccountState, turn: Turn) -> str:
    """Name the entry whose way back this is."""
    id_, count = turn.row.id, turn.count - 1
    return f"{id_}~{count}" if count > 1 else state.aliases.get(id_, id_)


def _way_back(turn: Turn, asset: str, quantity: Decimal, at: datetime) -> Movement:
    row = turn.row
    id_ = f"{row.id}~{turn.count}"
    return Movement(id_, row.source, asset, quantity, Stage.DONE, row.listed_at, at, DETAIL)


def _between(state: AccountState, reading: Reading, row: Movement) -> set[Held]:
    """Return the held snapshots taken after the row was last seen as it was, and before it was seen turned."""
    since = state.watermarks.get(row.source)
    seen = [held for held in state.held if held.at < reading.at and (since is None or held.at > since)]
    return {held for held in seen if row.id in state.known or held.span[1] >= row.at}
