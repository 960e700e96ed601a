"""The benchmark and its events."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lib.domain.benchmark import Benchmark
from lib.domain.replay import Event
from lib.store.rows.scalars import instant, maybe_instant, maybe_stamp, maybe_time, stamp


def encode_benchmark(benchmark: Benchmark) -> dict[str, Any]:
    """Write a benchmark."""
    return {
        "weights": encode_amounts(benchmark.weights),
        "units": encode_amounts(benchmark.units),
        "exhausted_at": maybe_stamp(benchmark.exhausted_at),
        "shortfall_usd": str(benchmark.shortfall_usd),
    }


def decode_benchmark(row: Mapping[str, Any]) -> Benchmark:
    """Read a benchmark."""
    return Benchmark(
        weights=decode_amounts(row["weights"]),
        units=decode_amounts(row["units"]),
        exhausted_at=maybe_time(row["exhausted_at"]),
        shortfall_usd=Decimal(row["shortfall_usd"]),
    )


def encode_event(event: Event) -> dict[str, Any]:
    """Write an event; its weights are the policy's."""
    return {
        "at": stamp(event.at),
        "kind": event.kind,
        "usd": str(event.usd),
        "value_usd": str(event.value_usd),
        "units": encode_amounts(event.benchmark.units),
        "exhausted_at": maybe_stamp(event.benchmark.exhausted_at),
        "shortfall_usd": str(event.benchmark.shortfall_usd),
    }


def decode_event(row: Mapping[str, Any], weights: Mapping[str, Decimal]) -> Event:
    """Read an event of a benchmark with these weights."""
    held = Benchmark(
        weights=weights,
        units=decode_amounts(row["units"]),
        exhausted_at=maybe_instant(row["exhausted_at"]),
        shortfall_usd=Decimal(row["shortfall_usd"]),
    )
    return Event(instant(row["at"]), row["kind"], Decimal(row["usd"]), Decimal(row["value_usd"]), held)


def encode_amounts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    """Write numbers by name."""
    return {name: str(amount) for name, amount in amounts.items()}


def decode_amounts(row: Mapping[str, str]) -> dict[str, Decimal]:
    """Read numbers by name, in the order of the names: sums over them round alike wherever they are made."""
    return {name: Decimal(row[name]) for name in sorted(row)}
