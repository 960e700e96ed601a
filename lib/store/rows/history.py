"""What is stored of an account over time."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import starmap
from typing import Any

from lib.domain.estimates import Estimate
from lib.domain.policies import from_words
from lib.domain.record import Record
from lib.domain.replay import Point, Row
from lib.domain.requests import HistoryRequest
from lib.domain.state import Truth
from lib.domain.worth import Worth
from lib.records import AccountHistory, AccountPart, Drawn, PartialSnapshot, Unexplained
from lib.store.rows.benchmark import decode_benchmark, decode_event
from lib.store.rows.ledger import decode_flows, decode_price_history, decode_prices
from lib.store.rows.logs import decode_log
from lib.store.rows.scalars import Instants, instant, instants, maybe_instant, maybe_stamp, numbers, split


def decode_truth(answer: Mapping[str, Any]) -> Truth:
    """Read all that figures follow from."""
    points = answer["points"]
    columns = (instants(points["at"]), instants(points["slot"]), numbers(points["nav_usd"]))
    return Truth(
        points=tuple(starmap(Point, zip(*columns, strict=True))),
        flows=decode_flows(answer["flows"]),
        prices=decode_prices(answer["prices"]),
        rebalances=tuple(instant(at) for at in answer["rebalances"]),
    )


def decode_record(answer: Mapping[str, Any]) -> Record:
    """Read what a history file carries."""
    return Record(
        name=answer["name"],
        policy=from_words(answer["policy"]),
        truth=decode_truth(answer),
        slot_minutes=tuple(int(minutes) for minutes in split(answer["slot_minutes"])),
        closed_at=maybe_instant(answer["closed_at"]),
    )


def encode_drawn(request: HistoryRequest) -> dict[str, object]:
    """Write which rows a request needs; a beginning or end of its own counts, not its length."""
    cut = request.since is not None or request.until is not None
    length_s = None if cut or request.length is None else request.length.total_seconds()
    return {
        "p_points": request.points,
        "p_length": None if length_s is None else f"{length_s} seconds",
        "p_since": maybe_stamp(request.since),
        "p_until": maybe_stamp(request.until),
    }


def decode_history(answer: Mapping[str, Any]) -> AccountHistory:
    """Read an account's history."""
    return AccountHistory(
        **_decode_shared(answer),
        rows=_decode_rows(answer["rows"]),
        prices=decode_price_history(answer["prices"]),
        drawn=_decode_drawn(answer["rows"]),
    )


def decode_parts(answers: Iterable[Mapping[str, Any]]) -> tuple[AccountPart, ...]:
    """Read the histories of all as parts of them; they tell of the same instants again and again."""
    known = Instants()
    return tuple(
        AccountPart(
            **_decode_shared(answer),
            rows=_decode_worths(answer["rows"], known),
            prices=decode_price_history(answer["prices"], known),
        )
        for answer in answers
    )


def _decode_shared(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Read what is told alike of an account by itself and as a part of all, by the names of the fields."""
    policy, held = from_words(answer["policy"]), answer["benchmark"]
    return {
        "id": answer["id"],
        "name": answer["name"],
        "policy": policy,
        "inception": maybe_instant(answer["inception"]),
        "slot_minutes": tuple(map(int, split(answer["rows"]["slot_minutes"]))),
        "partials": tuple(
            PartialSnapshot(instant(row["at"]), instant(row["slot"]), tuple(row["missing"]))
            for row in answer["partials"]
        ),
        "events": tuple(decode_event(row, policy.weights) for row in answer["events"]),
        "flows": decode_flows(answer["flows"]),
        "benchmark": None if held is None else decode_benchmark(held),
        "edition": answer["edition"],
        "estimates": tuple(Estimate(instant(row["at"]), Decimal(row["usd"])) for row in answer["estimates"]),
        "rebalances": tuple(instant(at) for at in answer["rebalances"]),
        "unexplained": tuple(
            Unexplained(instant(row["at"]), Decimal(row["usd"])) for row in answer.get("unexplained", ())
        ),
        "restated": tuple(decode_log(row).entry for row in answer["restated"]),
        "paused_at": maybe_instant(answer["paused_at"]),
        "closed_at": maybe_instant(answer["closed_at"]),
    }


def _decode_drawn(columns: Mapping[str, Any]) -> Drawn | None:
    if "drawn" not in columns:
        return None
    gaps = tuple((instant(start), instant(end)) for start, end in columns["gaps"])
    return Drawn(tuple(int(position) for position in split(columns["drawn"])), gaps)


def _decode_worths(columns: Mapping[str, Any], known: Instants) -> tuple[Worth, ...]:
    fields = (
        instants(columns["at"], known),
        instants(columns["slot"], known),
        numbers(columns["nav_usd"]),
        numbers(columns["benchmark_usd"]),
    )
    return tuple(starmap(Worth, zip(*fields, strict=True)))


def _decode_rows(columns: Mapping[str, Any]) -> tuple[Row, ...]:
    """Read the columns by the field: fifty thousand rows are looked at at once."""
    fields = (
        instants(columns["at"]),
        instants(columns["slot"]),
        numbers(columns["nav_usd"]),
        numbers(columns["benchmark_usd"]),
        numbers(columns["nav_index"]),
        numbers(columns["benchmark_index"]),
        numbers(columns["flow_usd"]),
        [int(rung) if rung else None for rung in split(columns["rung"])],
        [note or None for note in split(columns["note"])],
    )
    return tuple(starmap(Row, zip(*fields, strict=True)))
