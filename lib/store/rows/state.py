"""The memory of an account between runs, as JSON: exact both ways."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lib.domain.replay import Checkpoint
from lib.domain.state import AccountState, Held
from lib.store.rows import benchmark, changes, ledger, snapshot
from lib.store.rows.keys import decode_check, encode_check
from lib.store.rows.scalars import stamp, time


def encode_state(state: AccountState) -> dict[str, Any]:
    """Write a state."""
    return {
        "watermarks": {source: stamp(at) for source, at in state.watermarks.items()},
        "known": {id_: stamp(at) for id_, at in state.known.items()},
        "turns": dict(state.turns),
        "pending": [ledger.encode_movement(movement) for movement in state.pending],
        "waiting": [ledger.encode_movement(movement) for movement in state.waiting],
        "unpriced": [ledger.encode_movement(movement) for movement in state.unpriced],
        "held": [_encode_held(held) for held in state.held],
        "ahead": [ledger.encode_flow(flow) for flow in state.ahead],
        "prices": [ledger.encode_price(point) for point in state.prices],
        "rebalances": [stamp(at) for at in state.rebalances],
        "checkpoint": None if state.checkpoint is None else _encode_checkpoint(state.checkpoint),
        "last_prices": {key: ledger.encode_price(point) for key, point in state.last_prices.items()},
        "day_one": list(state.day_one),
        "totals": None if state.totals is None else benchmark.encode_amounts(state.totals),
        "checked": None if state.checked is None else encode_check(state.checked),
        "basis": None if state.basis is None else snapshot.encode_basis(state.basis),
        "income": changes.encode_marks(state.income),
        "estimated": state.estimated,
        "refused": {source: stamp(at) for source, at in state.refused.items()},
        "used": sorted(state.used),
        "twins": [ledger.encode_movement(movement) for movement in state.twins],
        "aliases": dict(state.aliases),
        "jumps": [ledger.encode_jump(jump) for jump in state.jumps],
        "retaken": [stamp(at) for at in state.retaken],
    }


def decode_state(row: Mapping[str, Any]) -> AccountState:
    """Read a state. What an older release did not write yet is as in a new account."""
    checkpoint, totals = row.get("checkpoint"), row.get("totals")
    return AccountState(
        watermarks={source: time(at) for source, at in row.get("watermarks", {}).items()},
        known={id_: time(at) for id_, at in row.get("known", {}).items()},
        turns=dict(row.get("turns", {})),
        pending=tuple(ledger.decode_movement(movement) for movement in row.get("pending", ())),
        waiting=tuple(ledger.decode_movement(movement) for movement in row.get("waiting", ())),
        unpriced=tuple(ledger.decode_movement(movement) for movement in row.get("unpriced", ())),
        held=tuple(_decode_held(held) for held in row.get("held", ())),
        ahead=tuple(ledger.decode_flow(flow) for flow in row.get("ahead", ())),
        prices=tuple(ledger.decode_price(point) for point in row.get("prices", ())),
        rebalances=tuple(time(at) for at in row.get("rebalances", ())),
        checkpoint=None if checkpoint is None else _decode_checkpoint(checkpoint),
        last_prices={key: ledger.decode_price(point) for key, point in row.get("last_prices", {}).items()},
        day_one=tuple(row.get("day_one", ())),
        totals=None if totals is None else benchmark.decode_amounts(totals),
        checked=decode_check(row.get("checked")),
        basis=snapshot.remembered_basis(row.get("basis")),
        income=changes.decode_marks(row.get("income", {})),
        estimated=row.get("estimated", False),
        refused={source: time(at) for source, at in row.get("refused", {}).items()},
        used=frozenset(row.get("used", ())),
        twins=tuple(ledger.decode_movement(movement) for movement in row.get("twins", ())),
        aliases=dict(row.get("aliases", {})),
        jumps=tuple(ledger.decode_jump(jump) for jump in row.get("jumps", ())),
        retaken=tuple(time(at) for at in row.get("retaken", ())),
    )


def _encode_held(held: Held) -> dict[str, Any]:
    return {
        "at": stamp(held.at),
        "slot": stamp(held.slot),
        "nav_usd": str(held.nav_usd),
        "missing": list(held.missing),
        **{name: stamp(at) for name, at in (("since", held.since), ("until", held.until)) if at is not None},
    }


def _decode_held(row: Mapping[str, Any]) -> Held:
    span = {name: time(row[name]) for name in ("since", "until") if row.get(name)}
    return Held(time(row["at"]), time(row["slot"]), Decimal(row["nav_usd"]), tuple(row["missing"]), **span)


def _encode_checkpoint(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "inception": stamp(checkpoint.inception),
        "last": snapshot.encode_row(checkpoint.last),
        "benchmark": benchmark.encode_benchmark(checkpoint.benchmark),
    }


def _decode_checkpoint(row: Mapping[str, Any]) -> Checkpoint:
    last = row["last"]
    return Checkpoint(
        inception=time(row["inception"]),
        last=snapshot.decode_row(last, time(last["at"]), time(last["slot"])),
        benchmark=benchmark.decode_benchmark(row["benchmark"]),
    )
