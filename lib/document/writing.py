"""Writes a history file: the same record gives the same bytes."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from lib.document.shape import FORMAT
from lib.domain.money import plain
from lib.domain.policies import in_words
from lib.domain.prices import PricePoint
from lib.domain.record import Record

type Row = dict[str, object]

_USUAL_MINUTES = 60


def write(record: Record) -> str:
    """Write the document, one snapshot, flow or price row a line, all digits kept. Source: product, 8."""
    minutes = record.slot_minutes[-1] if record.slot_minutes else _USUAL_MINUTES
    account: Row = {"name": record.name}
    if record.closed_at is not None:
        account["closed_at"] = _stamp(record.closed_at)
    parts = {
        "format": _line(FORMAT),
        "account": _line(account),
        "policy": _line(in_words(record.policy)),
        "slot_minutes": _line(minutes),
        "snapshots": _lines(_snapshots(record, minutes)),
        "flows": _lines(_flows(record)),
        "rebalances": _lines({"at": _stamp(at)} for at in sorted(record.truth.rebalances)),
        "prices": _lines(_prices(record.truth.prices)),
    }
    return "{" + ",\n ".join(f'"{key}": {words}' for key, words in parts.items()) + "}\n"


def _snapshots(record: Record, minutes: int) -> Iterable[Row]:
    for point, length in zip(record.truth.points, record.slot_minutes, strict=True):
        row: Row = {"at": _stamp(point.at), "slot": _stamp(point.slot), "nav": plain(point.nav_usd), "complete": True}
        yield row if length == minutes else {**row, "slot_minutes": length}


def _flows(record: Record) -> Iterable[Row]:
    for flow in sorted(record.truth.flows, key=lambda one: (one.at, one.id)):
        row: Row = {"id": flow.id, "at": _stamp(flow.at), "usd": plain(flow.usd)}
        before = flow.value_before_usd
        yield row if before is None else {**row, "value_before": plain(before)}


def _prices(points: Iterable[PricePoint]) -> Iterable[Row]:
    """Join the prices of each instant, oldest first."""
    rows: dict[datetime, dict[str, str]] = {}
    for point in points:
        rows.setdefault(point.at, {})[point.asset] = plain(point.usd)
    for at in sorted(rows):
        yield {"at": _stamp(at), **dict(sorted(rows[at].items()))}


def _lines(rows: Iterable[Row]) -> str:
    lines = ",\n  ".join(map(_line, rows))
    return f"[\n  {lines}]" if lines else "[]"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _stamp(at: datetime) -> str:
    """Write an instant in UTC, with fractions of a second only where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
