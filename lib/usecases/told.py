"""One account's history, or that of all together, in one shape, with the part of it that a range shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.domain.aggregate import Absence, Member, Total, aggregate
from lib.domain.benchmark import Policy
from lib.domain.figures import Span, last, span
from lib.domain.flows import CashFlow, NetFlow, net_by_instant
from lib.domain.prices import PriceHistory, together
from lib.domain.replay import Event, Row
from lib.domain.requests import ALL_ACCOUNTS, HistoryRequest
from lib.domain.series import Gap, gaps, with_partials
from lib.ports import Store
from lib.records import AccountHistory, AccountPart
from lib.usecases.whatif import as_if


@dataclass(frozen=True, slots=True)
class Told:
    """A history of one account or of all, in one shape."""

    account: str
    policies: Sequence[Policy]
    rows: Sequence[Row]
    slot_minutes: Sequence[int]
    gaps: tuple[Gap, ...]
    events: Sequence[tuple[str, Event]]  # with the account each belongs to
    flows: Sequence[CashFlow]
    net_flows: Sequence[NetFlow]
    total: Total | None = None  # of all accounts
    drawn: Sequence[int] | None = None  # which rows are to be drawn; None: that is still to be chosen, all are there


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request is about: the stored histories, all of them as one, and the rows that its range shows."""

    histories: tuple[AccountPart, ...]
    told: Told
    shown: Span | None  # None: there is nothing in the range

    @property
    def editions(self) -> tuple[str, ...]:
        """What all of it follows from."""
        return tuple(one.edition for one in self.histories)


async def editions(store: Store, request: HistoryRequest) -> tuple[str, ...]:
    """Tell what the answer to a request would follow from, for one small call. Raises: NotFound."""
    return await store.editions(None if request.account == ALL_ACCOUNTS else request.account)


async def gather(store: Store, request: HistoryRequest, *, to_draw: bool = False) -> Asked:
    """Read what a request asks for, against the benchmark that it names: all rows, or those needed `to_draw` it.

    What all accounts were together, or another benchmark, follows from every row of each.
    Raises: NotFound for an unknown account; NoStoredPrices.
    """
    everybody = request.account == ALL_ACCOUNTS
    histories: tuple[AccountPart, ...]
    if everybody and request.benchmark is None:
        histories = await store.parts()
        told = _of_all(histories)
    else:
        fewer = to_draw and request.benchmark is None
        found = await store.history(None if everybody else request.account, drawn=request if fewer else None)
        if request.benchmark is not None:
            found = tuple([await as_if(store, one, request.benchmark) for one in found])
        histories, told = found, _of_all(found) if everybody else _of_one(found[0])
    shown = (
        span(told.rows, request.since, request.until)
        if request.since or request.until
        else last(told.rows, request.length)
    )
    return Asked(histories, told, shown)


def _of_one(history: AccountHistory) -> Told:
    drawn, partials = history.drawn, _partials(history)
    return Told(
        account=history.id,
        policies=(history.policy,),
        rows=history.rows,
        slot_minutes=history.slot_minutes,
        gaps=gaps(history.rows, history.slot_minutes, partials)
        if drawn is None
        else with_partials(drawn.apart, partials, history.inception),
        events=[(history.id, event) for event in history.events],
        flows=history.flows,
        net_flows=net_by_instant(history.flows),
        drawn=None if drawn is None else drawn.positions,
    )


def members_of(histories: Sequence[AccountPart]) -> list[Member]:
    """Return accounts as parts of a sum: what came and went counts after the inception."""
    return [
        Member(
            one.id,
            one.policy,
            one.rows,
            one.events,
            [flow for flow in one.flows if one.inception and flow.at > one.inception],
            one.closed_at or one.paused_at,
        )
        for one in histories
    ]


def prices_of(histories: Sequence[AccountPart]) -> PriceHistory:
    """Return the prices that were read with any of them."""
    return together(one.prices for one in histories)


def slot_lengths(histories: Sequence[AccountPart]) -> dict[datetime, int]:
    """Return how many minutes each slot is long."""
    return {row.slot: minutes for one in histories for row, minutes in zip(one.rows, one.slot_minutes, strict=True)}


def _of_all(histories: Sequence[AccountPart]) -> Told:
    members = members_of(histories)
    total = aggregate(members, prices_of(histories))
    lengths = slot_lengths(histories)
    minutes = [lengths[row.slot] for row in total.rows]
    events = [(one.id, event) for one in histories for event in one.events]
    return Told(
        account=ALL_ACCOUNTS,
        policies=[one.policy for one in histories],
        rows=total.rows,
        slot_minutes=minutes,
        gaps=gaps(total.rows, minutes, [*_absences(total.absences, histories, lengths), *_failed(histories, lengths)]),
        events=sorted(events, key=lambda told: told[1].at),
        flows=[flow for member in members for flow in member.flows],
        net_flows=total.flows,
        total=total,
    )


def _absences(
    absences: Sequence[Absence], histories: Sequence[AccountPart], lengths: Mapping[datetime, int]
) -> list[Gap]:
    """Name the accounts that lack a complete snapshot where others have one."""
    names = {one.id: one.name for one in histories}
    return [
        Gap(
            absence.slot,
            absence.slot + timedelta(minutes=lengths[absence.slot]),
            "partial",
            tuple(names[member] for member in absence.members),
        )
        for absence in absences
    ]


def _failed(histories: Sequence[AccountPart], lengths: Mapping[datetime, int]) -> list[Gap]:
    """Name the accounts of slots in which nobody has a complete snapshot."""
    found: dict[datetime, list[tuple[datetime, str]]] = {}
    for one in histories:
        for partial in one.partials:
            if partial.slot not in lengths and one.inception is not None and partial.at > one.inception:
                found.setdefault(partial.slot, []).append((partial.at, one.name))
    return [
        Gap(slot, max(slot, *(at for at, _ in tries)), "partial", tuple(name for _, name in tries))
        for slot, tries in found.items()
    ]


def _partials(history: AccountPart) -> list[Gap]:
    return [Gap(one.slot, max(one.at, one.slot), "partial", one.missing) for one in history.partials]
