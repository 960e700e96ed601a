"""Read a history: series to draw, events, gaps, and the figures of a range; of one account or of all."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from lib.domain.aggregate import befell, held_at
from lib.domain.benchmark import Benchmark, Policy
from lib.domain.figures import Span, account_index, benchmark_index, figures
from lib.domain.flows import CashFlow
from lib.domain.money import ZERO, cents_text, money_text, plain, units_text
from lib.domain.policies import in_words
from lib.domain.replay import Row
from lib.domain.requests import HistoryRequest
from lib.domain.series import thin
from lib.domain.statistics import drawdowns
from lib.ports import Store
from lib.records import LogEntry, Unexplained
from lib.usecases import metrics
from lib.usecases.changes import attribution
from lib.usecases.estimated import estimated
from lib.usecases.told import Told, gather

_INDEX_DIGITS = 8
_DRAWDOWN_DIGITS = 4


async def read(store: Store, request: HistoryRequest) -> dict[str, object]:
    """Answer a history request with the shape of product 6.

    Raises: NotFound for an unknown account. Source: product, 4.6 to 4.9 and 6.
    """
    return (await tagged(store, request))[1]


async def tagged(store: Store, request: HistoryRequest) -> tuple[tuple[str, ...], dict[str, object]]:
    """Answer a history request with the editions of the accounts that the answer follows from.

    Raises: as `read`.
    """
    asked = await gather(store, request, to_draw=True)
    histories, told, shown = asked.histories, asked.told, asked.shown
    notes = [note for one in histories for note in one.restated]
    answer = _answer(told, shown, request.points)
    stays = told.total.stays if told.total is not None else None
    answer["estimated"] = estimated(request, told.rows, shown, histories, stays)
    answer["attribution"] = await attribution(store, told.rows, shown, histories, stays)
    jumps = [_unexplained(one.id, jump) for one in histories for jump in one.unexplained]
    answer["events"] = [*_events(told, shown), *map(_restated, notes), *jumps]
    return asked.editions, answer


def _answer(told: Told, shown: Span | None, points: int) -> dict[str, object]:
    rows = told.rows[shown.base : shown.end + 1] if shown else ()
    since, until = (rows[0].at, rows[-1].at) if rows else (None, None)
    kept = _drawn(told.drawn, shown) if told.drawn is not None and shown else thin(rows, points)
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


def _drawn(positions: Sequence[int], shown: Span) -> tuple[int, ...]:
    """Return which rows of the range are to be drawn, counted from its base."""
    return tuple(position - shown.base for position in positions)


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


def _events(told: Told, shown: Span | None) -> list[dict[str, object]]:
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


def _moves(told: Told) -> Iterator[dict[str, Any]]:
    """Yield the accounts that joined the others or left them, as the flows that they were."""
    for stay in told.total.stays if told.total else ():
        joined = (stay.joined_at, "join", stay.joined_usd) if stay.joined_at > told.rows[0].at else None
        left = (stay.left_at, "leave", -stay.left_usd) if stay.left_at is not None else None
        for at, kind, usd in filter(None, (joined, left)):
            shown = {"at": at, "kind": kind, "usd": money_text(usd), "account": stay.member}
            yield {**shown, "asset": None, "quantity": None}


def _held(told: Told, until: datetime) -> tuple[Benchmark, ...]:
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
        **({"detail": why} if (why := entry.message.partition(": ")[2]) else {}),
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
