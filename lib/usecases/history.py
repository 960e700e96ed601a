"""Read a history: series to draw, events, gaps, and the figures of a range; of one account or of all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Any

from lib.domain.aggregate import Absence, Member, Total, aggregate, befell, held_at
from lib.domain.benchmark import Benchmark, Policy
from lib.domain.figures import Span, account_index, benchmark_index, figures, last, span
from lib.domain.flows import CashFlow, NetFlow, net_by_instant
from lib.domain.money import ZERO, cents_text, money_text, plain, units_text
from lib.domain.policies import in_words
from lib.domain.prices import history_of
from lib.domain.replay import Event, Row
from lib.domain.requests import ALL_ACCOUNTS, HistoryRequest
from lib.domain.series import Gap, gaps, thin
from lib.domain.statistics import drawdowns
from lib.ports import Store
from lib.records import AccountHistory, LogEntry, Unexplained
from lib.usecases import metrics
from lib.usecases.changes import attribution
from lib.usecases.estimated import estimated
from lib.usecases.whatif import as_if

_INDEX_DIGITS = 8
_DRAWDOWN_DIGITS = 4


@dataclass(frozen=True, slots=True)
class _Told:
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


async def read(store: Store, request: HistoryRequest) -> dict[str, object]:
    """Answer a history request with the shape of product 6.

    Raises: NotFound for an unknown account. Source: product, 4.6 to 4.9 and 6.
    """
    everybody = request.account == ALL_ACCOUNTS
    histories = await store.history(None if everybody else request.account, prices=everybody)
    if request.benchmark is not None:
        histories = tuple([await as_if(store, one, request.benchmark) for one in histories])
    told = _of_all(histories) if everybody else _of_one(histories[0])
    notes = [note for one in histories for note in one.restated]
    shown = (
        span(told.rows, request.since, request.until)
        if request.since or request.until
        else last(told.rows, request.length)
    )
    answer = _answer(told, shown, request.points)
    stays = told.total.stays if told.total is not None else None
    answer["estimated"] = estimated(request, told.rows, shown, histories, stays)
    answer["attribution"] = await attribution(store, told.rows, shown, histories, stays)
    jumps = [_unexplained(one.id, jump) for one in histories for jump in one.unexplained]
    answer["events"] = [*_events(told, shown), *map(_restated, notes), *jumps]
    return answer


def _of_one(history: AccountHistory) -> _Told:
    return _Told(
        account=history.id,
        policies=(history.policy,),
        rows=history.rows,
        slot_minutes=history.slot_minutes,
        gaps=gaps(history.rows, history.slot_minutes, _partials(history)),
        events=[(history.id, event) for event in history.events],
        flows=history.flows,
        net_flows=net_by_instant(history.flows),
    )


def _of_all(histories: Sequence[AccountHistory]) -> _Told:
    members = [
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
    prices = history_of(point for one in histories for point in one.prices)
    total = aggregate(members, prices)
    lengths = {row.slot: minutes for one in histories for row, minutes in zip(one.rows, one.slot_minutes, strict=True)}
    minutes = [lengths[row.slot] for row in total.rows]
    events = [(one.id, event) for one in histories for event in one.events]
    return _Told(
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
    absences: Sequence[Absence], histories: Sequence[AccountHistory], lengths: Mapping[datetime, int]
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


def _failed(histories: Sequence[AccountHistory], lengths: Mapping[datetime, int]) -> list[Gap]:
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


def _partials(history: AccountHistory) -> list[Gap]:
    return [Gap(one.slot, max(one.at, one.slot), "partial", one.missing) for one in history.partials]


def _answer(told: _Told, shown: Span | None, points: int) -> dict[str, object]:
    rows = told.rows[shown.base : shown.end + 1] if shown else ()
    since, until = (rows[0].at, rows[-1].at) if rows else (None, None)
    kept = thin(rows, points)
    held = _held(told, until) if until else ()
    shortfall = sum((one.shortfall_usd for one in held), ZERO)
    found = figures(told.rows, shown, shortfall, told.net_flows, _risk_free(told.policies)) if shown else None
    return {
        "account": told.account,
        "inception": told.rows[0].at if told.rows else None,
        "from": since,
        "to": until,
        "benchmark": {
            "policy": _policy(told.policies),
            "value": money_text(rows[-1].benchmark_usd) if rows else None,
            "units": {asset: units_text(quantity) for asset, quantity in _units(held).items()},
            "exhausted_at": held[0].exhausted_at if len(held) == 1 else None,
            "shortfall": money_text(shortfall),
        },
        "resolution_s": _resolution_s(rows, kept),
        "series": _series(rows, kept),
        "estimated": {"t": [], "nav": []},
        "gaps": [
            {"from": gap.start, "to": gap.end, "kind": gap.kind, "missing": gap.missing}
            for gap in told.gaps
            if since and until and gap.end > since and (until == told.rows[-1].at or gap.start < until)
        ],
        "events": [],
        "attribution": None,
        "metrics": metrics.in_words(found) if found else None,
    }


def _series(rows: Sequence[Row], kept: Sequence[int]) -> dict[str, list[object]]:
    """Columns of equal length; a flow of a row left out counts with none, since thinning keeps every one."""
    below, benchmark_below = drawdowns(account_index(rows), kept), drawdowns(benchmark_index(rows), kept)
    shown = [rows[position] for position in kept]
    return {
        "t": [_epoch_s(row.at) for row in shown],
        "nav": [cents_text(row.nav_usd) for row in shown],
        "benchmark": [cents_text(row.benchmark_usd) for row in shown],
        "nav_index": [round(float(row.nav_index), _INDEX_DIGITS) for row in shown],
        "benchmark_index": [round(float(row.benchmark_index), _INDEX_DIGITS) for row in shown],
        "drawdown": [_fall(fall) for fall in below],
        "benchmark_drawdown": [_fall(fall) for fall in benchmark_below],
        "flow": [cents_text(row.flow_usd) for row in shown],
    }


def _fall(ratio: Decimal) -> float:
    return round(float(ratio), _DRAWDOWN_DIGITS) + 0.0  # one too small to be shown is 0, not -0


def _events(told: _Told, shown: Span | None) -> list[dict[str, object]]:
    if shown is None:
        return []
    since, until = told.rows[shown.base].at, told.rows[shown.end].at
    coins: dict[tuple[datetime, bool], list[CashFlow]] = {}
    for flow in told.flows:
        coins.setdefault((flow.at, flow.usd > 0), []).append(flow)
    answers: list[dict[str, Any]] = []
    for account, event in told.events:
        if since <= event.at <= until and (told.total is None or befell(told.total, account, event)):
            of = coins.get((event.at, event.usd > 0), [])
            single = of[0] if len(of) == 1 else None
            answers.append(
                {
                    "at": event.at,
                    "kind": event.kind,
                    "usd": money_text(event.usd),
                    "account": account,
                    "asset": single.asset if single else None,
                    "quantity": plain(single.quantity) if single else None,
                }
            )
    answers += [move for move in _moves(told) if since <= move["at"] <= until]
    return sorted(answers, key=itemgetter("at"))


def _moves(told: _Told) -> Iterator[dict[str, Any]]:
    """Yield the accounts that joined the others or left them, as the flows that they were."""
    for stay in told.total.stays if told.total else ():
        joined = (stay.joined_at, "join", stay.joined_usd) if stay.joined_at > told.rows[0].at else None
        left = (stay.left_at, "leave", -stay.left_usd) if stay.left_at is not None else None
        for at, kind, usd in filter(None, (joined, left)):
            shown = {"at": at, "kind": kind, "usd": money_text(usd), "account": stay.member}
            yield {**shown, "asset": None, "quantity": None}


def _held(told: _Told, until: datetime) -> tuple[Benchmark, ...]:
    """Return what the benchmark of each account that is there at `until` holds then."""
    if told.total is not None:
        return held_at(told.total, until)
    so_far = [event.benchmark for _, event in told.events if event.at <= until]
    return tuple(so_far[-1:])


def _units(held: Sequence[Benchmark]) -> dict[str, Decimal]:
    units: dict[str, Decimal] = {}
    for one in held:
        for asset, quantity in one.units.items():
            units[asset] = units.get(asset, ZERO) + quantity
    return units


def _risk_free(policies: Sequence[Policy]) -> Decimal:
    """Return the rate all policies share, 0 where they differ."""
    rates = {policy.risk_free for policy in policies}
    return rates.pop() if len(rates) == 1 else ZERO


def _restated(entry: LogEntry) -> dict[str, object]:
    """Tell from when on an account's history was computed anew, when that was, and why."""
    return {
        "at": datetime.fromisoformat(str(entry.data["since"])),
        "kind": "restated",
        "usd": "0",
        "account": entry.account,
        "known_at": entry.at,
        "detail": entry.message,
    }


def _unexplained(account: str, jump: Unexplained) -> dict[str, object]:
    """Tell of a change of value that neither prices nor flows explain, at the snapshot that shows it."""
    return {
        "at": jump.at,
        "kind": "unexplained",
        "usd": money_text(jump.usd),
        "account": account,
        "detail": "explained by no price, holding or flow",
    }


def _policy(policies: Sequence[Policy]) -> dict[str, object] | None:
    """Describe the policy; None where accounts differ in it."""
    if not policies or any(policy != policies[0] for policy in policies):
        return None
    return in_words(policies[0])


def _resolution_s(rows: Sequence[Row], kept: Sequence[int]) -> int | None:
    """Return the mean distance of the points that are shown."""
    if len(kept) < 2:  # noqa: PLR2004 - a distance needs two points
        return None
    return round((rows[kept[-1]].at - rows[kept[0]].at).total_seconds() / (len(kept) - 1))


def _epoch_s(at: datetime) -> float | int:
    seconds = at.timestamp()
    return int(seconds) if seconds.is_integer() else round(seconds, 3)
