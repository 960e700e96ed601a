"""Recompute histories without a database: the figures of each, and of all of them together."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from lib.domain.aggregate import Member, aggregate, befell, held_at
from lib.domain.benchmark import Benchmark
from lib.domain.figures import Span, figures
from lib.domain.flows import NetFlow, net_by_instant
from lib.domain.money import ZERO, money_text, units_text
from lib.domain.prices import USD, PriceHistory, history_of
from lib.domain.record import Record, facts_of
from lib.domain.replay import Event, Facts, Row, Story, replay
from lib.domain.requests import ALL_ACCOUNTS
from lib.usecases import metrics

_FRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A record and what follows from it."""

    record: Record
    story: Story
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One account, or all of them, ready to be told."""

    name: str
    rows: Sequence[Row]
    events: Sequence[Event]
    held: Sequence[Benchmark]  # at the end, one a benchmark
    flows: Sequence[NetFlow]
    risk_free: Decimal
    warnings: Sequence[str]


def tell(record: Record) -> Told:
    """Compute everything that follows from `record`. Raises: MissingPrice. Source: product, 4.4 to 4.8 and 8."""
    facts = facts_of(record)
    story = replay(facts)
    return Told(record, story, (*story.warnings, *_left_out(record, story), *_aged(facts, story)))


def answer(told: Sequence[Told]) -> dict[str, object]:
    """Write the accounts and their total. Raises: MissingPrice. Source: product, 8."""
    *accounts, total = parts(told)
    return {"accounts": [in_words(one) for one in accounts], "total": in_words(total)}


def parts(told: Sequence[Told]) -> tuple[Part, ...]:
    """Return each account, and all of them together as the last. Raises: MissingPrice. Source: product, 4.9."""
    return (*map(_of_one, told), _of_all(told))


def metrics_of(part: Part) -> dict[str, object] | None:
    """Return its figures as of its last row in words, None where it has no row."""
    rows = part.rows
    if not rows:
        return None
    return metrics.in_words(figures(rows, Span(0, len(rows) - 1), _shortfall(part), part.flows, part.risk_free))


def _shortfall(part: Part) -> Decimal:
    return sum((one.shortfall_usd for one in part.held), ZERO)


def _of_one(told: Told) -> Part:
    end = told.story.checkpoint
    return Part(
        name=told.record.name,
        rows=told.story.rows,
        events=told.story.events,
        held=(end.benchmark,) if end else (),
        flows=net_by_instant(told.record.truth.flows),
        risk_free=told.record.policy.risk_free,
        warnings=told.warnings,
    )


def _of_all(told: Sequence[Told]) -> Part:
    by_id = {str(place): one for place, one in enumerate(told)}
    total = aggregate(
        [_member(id_, one) for id_, one in by_id.items()],
        history_of(point for one in told for point in one.record.truth.prices),
    )
    events = [event for id_, one in by_id.items() for event in one.story.events if befell(total, id_, event)]
    until = total.rows[-1].at if total.rows else None
    rates = {one.record.policy.risk_free for one in told}
    return Part(
        name=ALL_ACCOUNTS,
        rows=total.rows,
        events=sorted(events, key=lambda event: event.at),
        held=held_at(total, until) if until else (),
        flows=total.flows,
        risk_free=rates.pop() if len(rates) == 1 else ZERO,
        warnings=[f"{one.record.name}: {warning}" for one in told for warning in one.warnings],
    )


def _member(id_: str, told: Told) -> Member:
    end = told.story.checkpoint
    return Member(
        id_,
        told.record.policy,
        told.story.rows,
        told.story.events,
        [flow for flow in told.record.truth.flows if end and flow.at > end.inception],
        told.record.closed_at,
    )


def _left_out(record: Record, story: Story) -> list[str]:
    """Name the flows that are later than the last complete snapshot."""
    if story.checkpoint is None:
        return ["there is no complete snapshot"]
    last = story.checkpoint.last.at
    return [
        f"the flow {flow.id!r} of {_time(flow.at)} is later than the last complete snapshot and left out"
        for flow in record.truth.flows
        if flow.at > last
    ]


def _aged(facts: Facts, story: Story) -> list[str]:
    """Tell of which coins prices older than an hour had to do."""
    needed = sorted({row.at for row in story.rows}.union(event.at for event in story.events))
    found = []
    for asset in facts.policy.weights if needed else ():
        old = [] if asset == USD else _old(facts.prices, asset, needed)
        if old:
            more = f" and at {len(old) - 1} other times" if len(old) > 1 else ""
            found.append(f"the price of {asset} is more than an hour old at {_time(old[0])}{more}")
    return found


def _old(prices: PriceHistory, asset: str, needed: Iterable[datetime]) -> list[datetime]:
    times = prices.columns[asset][0]
    exact = frozenset(times)
    return [at for at in needed if at not in exact and at - times[bisect_right(times, at) - 1] > _FRESH]


def in_words(part: Part) -> dict[str, object]:
    """Write everything that is known of a part. Source: product, 8."""
    rows, held = part.rows, part.held
    units: dict[str, Decimal] = {}
    for one in held:
        for asset, quantity in one.units.items():
            units[asset] = units.get(asset, ZERO) + quantity
    return {
        "name": part.name,
        "series": [_row(row) for row in rows],
        "benchmark": {
            "value": money_text(rows[-1].benchmark_usd) if rows else None,
            "units": {asset: units_text(quantity) for asset, quantity in units.items()},
            "exhausted": any(one.exhausted_at is not None for one in held),
            "shortfall": money_text(_shortfall(part)),
            "events": [_event(event) for event in part.events],
        },
        "metrics": metrics_of(part),
        "warnings": list(part.warnings),
    }


def _row(row: Row) -> dict[str, object]:
    return {
        "at": _time(row.at),
        "nav": money_text(row.nav_usd),
        "benchmark": money_text(row.benchmark_usd),
        "nav_index": float(row.nav_index),
        "benchmark_index": float(row.benchmark_index),
        "flow": money_text(row.flow_usd) if row.flow_usd else "0",
        "rung": row.rung,
        "note": row.note,
    }


def _event(event: Event) -> dict[str, object]:
    return {
        "at": _time(event.at),
        "kind": event.kind,
        "usd": money_text(event.usd),
        "value": money_text(event.value_usd),
        "units": {asset: units_text(quantity) for asset, quantity in event.benchmark.units.items()},
    }


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
