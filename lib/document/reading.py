"""Reads a history file into domain values."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from lib.document.errors import InvalidDocument
from lib.document.scalars import instant, price, shown
from lib.document.shape import FORMAT, DocumentShape, FlowShape
from lib.domain.benchmark import Policy
from lib.domain.flows import CashFlow
from lib.domain.policies import from_words
from lib.domain.prices import USD, PricePoint
from lib.domain.record import Record
from lib.domain.replay import Point
from lib.domain.schedule import slot_start
from lib.domain.state import Truth
from lib.errors import InvalidInput

_TOLD = {  # what pydantic says of these is of a program's own words, not of a file's
    "missing": "is missing",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "string_too_short": "must not be empty",
}


def read(text: str, file: str) -> tuple[Record, ...]:
    """Read the documents of a file, one or several after another.

    Raises: InvalidDocument naming the file and the place. Source: product, 8.
    """
    found = [_record(document, where) for document, where in _documents(text, file)]
    if not found:
        raise InvalidDocument(file, "", "is empty")
    return tuple(found)


def _documents(text: str, file: str) -> Iterator[tuple[object, str]]:
    decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse)
    position, count = 0, 0
    text = text.removeprefix("\ufeff")
    while (position := len(text) - len(text[position:].lstrip())) < len(text):
        where = f"{file}: document {count + 1}" if count else file
        try:
            document, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            raise InvalidDocument(where, place, f"no JSON: {error.msg}") from None
        except (ValueError, RecursionError) as error:
            raise InvalidDocument(where, "", f"no JSON we can read: {error}") from None
        count += 1
        yield document, where


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no number")


def _record(document: object, file: str) -> Record:
    try:
        shape = DocumentShape.model_validate(document)
    except ValidationError as error:
        raise _placed(error, file) from None
    try:
        policy = from_words(shape.policy)
    except InvalidInput as error:
        raise InvalidDocument(file, f"policy.{error.field}", str(error).removeprefix(f"{error.field}: ")) from None
    points, lengths = _points(shape, file)
    truth = Truth(
        points=points,
        flows=tuple(_flows(shape.flows, file)),
        prices=tuple(_prices(shape.prices, policy, file)),
        rebalances=tuple(sorted({rebalance.at for rebalance in shape.rebalances})),
    )
    return Record(shape.account.name, policy, truth, lengths, shape.account.closed_at)


def _points(shape: DocumentShape, file: str) -> tuple[tuple[Point, ...], tuple[int, ...]]:
    """Return the complete snapshots, oldest first, the last given of each instant, and the lengths of their slots."""
    found: dict[datetime, tuple[Point, int, int]] = {}
    for place, one in enumerate(shape.snapshots):
        if not one.complete:
            continue
        if one.nav is None:
            raise InvalidDocument(file, f"snapshots[{place}].nav", "a complete snapshot needs its value")
        minutes = one.slot_minutes or shape.slot_minutes
        slot = slot_start(one.at, minutes) if one.slot is None else one.slot
        if slot > one.at:
            raise InvalidDocument(file, f"snapshots[{place}].slot", "begins after the snapshot was taken")
        found[one.at] = (Point(one.at, slot, one.nav), minutes, place)
    ordered = [found[at] for at in sorted(found)]
    for (before, _, _), (after, _, place) in pairwise(ordered):
        if after.slot < before.slot:
            raise InvalidDocument(file, f"snapshots[{place}].slot", "begins before that of an earlier snapshot")
    return tuple(point for point, _, _ in ordered), tuple(minutes for _, minutes, _ in ordered)


def _flows(shapes: Iterable[FlowShape], file: str) -> Iterator[CashFlow]:
    """Yield each flow once, oldest first."""
    seen: dict[str, FlowShape] = {}
    for place, one in enumerate(shapes):
        if seen.setdefault(one.id, one) != one:
            raise InvalidDocument(file, f"flows[{place}].id", f"{one.id!r} is there already as another flow")
    for one in sorted(seen.values(), key=lambda flow: (flow.at, flow.id)):
        yield CashFlow(one.id, one.at, one.usd, one.value_before, quantity=one.usd)


def _prices(rows: Iterable[Mapping[str, Any]], policy: Policy, file: str) -> Iterator[PricePoint]:
    """Yield the prices in the order given. A key with a small letter is no coin, unless the policy says so."""
    coins: dict[str, bool] = {**dict.fromkeys(policy.weights, True), USD: False, "at": False}
    for place, row in enumerate(rows):
        key = "at"
        try:
            at = instant(row.get("at"))
            for key, value in row.items():
                if coins.get(key) or (key not in coins and coins.setdefault(key, key == key.upper())):
                    yield PricePoint(key, at, price(value))
        except ValueError as error:
            raise InvalidDocument(file, f"prices[{place}].{key}", str(error)) from None


def _placed(error: ValidationError, file: str) -> InvalidDocument:
    """Say the first thing that is wrong and where."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = ""
    for part in first["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else part
    message = _TOLD.get(first["type"], first["msg"].removeprefix("Value error, "))
    if place == "format" and first["type"] != "missing":
        message = f"must be {FORMAT}, got {shown(first['input'])}"
    return InvalidDocument(file, place, message[:1].lower() + message[1:])
