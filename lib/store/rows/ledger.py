"""Movements, flows and prices."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import chain, starmap
from typing import Any

from lib.domain.flows import CashFlow, Movement, Stage
from lib.domain.jump import Jump
from lib.domain.prices import PriceHistory, PricePoint
from lib.domain.state import Decision
from lib.records import AccountFlows, LedgerEntry
from lib.store.rows.scalars import Instants, instant, instants, maybe_number, maybe_text, numbers, stamp, time


def encode_flow(flow: CashFlow) -> dict[str, Any]:
    """Write a booked flow."""
    return {
        "id": flow.id,
        "at": stamp(flow.at),
        "usd": str(flow.usd),
        "value_before_usd": maybe_text(flow.value_before_usd),
        "asset": flow.asset,
        "quantity": str(flow.quantity),
        "source": flow.source,
        "detail": flow.detail,
    }


def decode_flow(row: Mapping[str, Any]) -> CashFlow:
    """Read a flow as `encode_flow` wrote it."""
    return _flow(row, time(row["at"]))


def decode_flows(columns: Mapping[str, Sequence[Any]]) -> tuple[CashFlow, ...]:
    """Read the ledger as the database answers it: columns of equal length."""
    names = tuple(columns)
    rows = (dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True))
    return tuple(_flow(row, instant(row["at"])) for row in rows)


def _flow(row: Mapping[str, Any], at: datetime) -> CashFlow:
    return CashFlow(
        id=row["id"],
        at=at,
        usd=Decimal(row["usd"]),
        value_before_usd=maybe_number(row["value_before_usd"]),
        asset=row["asset"],
        quantity=Decimal(row["quantity"]),
        source=row["source"],
        detail=row["detail"],
    )


def encode_movement(movement: Movement) -> dict[str, Any]:
    """Write a movement that is not booked yet."""
    return {
        "id": movement.id,
        "source": movement.source,
        "asset": movement.asset,
        "quantity": str(movement.quantity),
        "stage": movement.stage.value,
        "listed_at": stamp(movement.listed_at),
        "at": stamp(movement.at),
        "detail": movement.detail,
        "fee": str(movement.fee),
    }


def decode_movement(row: Mapping[str, Any]) -> Movement:
    """Read a movement."""
    return Movement(
        id=row["id"],
        source=row["source"],
        asset=row["asset"],
        quantity=Decimal(row["quantity"]),
        stage=Stage(row["stage"]),
        listed_at=time(row["listed_at"]),
        at=time(row["at"]),
        detail=row["detail"],
        fee=Decimal(row.get("fee", "0")),
    )


def encode_jump(jump: Jump) -> dict[str, str]:
    """Write a change of value that nothing explains."""
    return {
        "slot": stamp(jump.slot),
        "at": stamp(jump.at),
        "since": stamp(jump.since),
        "usd": str(jump.usd),
        "tolerance_usd": str(jump.tolerance_usd),
    }


def decode_jump(row: Mapping[str, str]) -> Jump:
    """Read it."""
    slot, at, since = (time(row[name]) for name in ("slot", "at", "since"))
    return Jump(slot, at, since, Decimal(row["usd"]), Decimal(row["tolerance_usd"]))


def encode_price(point: PricePoint) -> dict[str, str]:
    """Write one price."""
    return {"asset": point.asset, "at": stamp(point.at), "usd": str(point.usd)}


def decode_price(row: Mapping[str, str]) -> PricePoint:
    """Read one price."""
    return PricePoint(row["asset"], time(row["at"]), Decimal(row["usd"]))


def decode_prices(columns: Iterable[Mapping[str, Any]]) -> tuple[PricePoint, ...]:
    """Read stored prices as the database answers them: joined columns by asset."""
    return tuple(
        chain.from_iterable(
            starmap(
                partial(PricePoint, column["asset"]), zip(instants(column["at"]), numbers(column["usd"]), strict=True)
            )
            for column in columns
        )
    )


def decode_price_history(columns: Iterable[Mapping[str, Any]], known: Instants | None = None) -> PriceHistory:
    """Read the same without making a value of each price, nor of an instant that is `known`."""
    return PriceHistory(
        {
            column["asset"]: (tuple(instants(column["at"], known)), tuple(numbers(column["usd"])))
            for column in columns
            if column["at"] is not None
        }
    )


def encode_decision(decision: Decision) -> dict[str, Any]:
    """Write what was decided about an entry."""
    return {
        "flow_id": decision.flow_id,
        "decision": decision.decision,
        "by_flow_id": decision.by_flow_id,
        "reason": decision.reason,
        "decided_at": stamp(decision.decided_at),
    }


def decode_account_flows(row: Mapping[str, Any]) -> AccountFlows:
    """Read an account's ledger with what is not in it yet."""
    return AccountFlows(
        account=row["id"],
        entries=tuple(map(_decode_entry, row["entries"])),
        pending=tuple(map(decode_movement, row["pending"])),
        waiting=tuple(map(decode_movement, row["waiting"])),
    )


def _decode_entry(row: Mapping[str, Any]) -> LedgerEntry:
    """Read an entry of the ledger with what was decided about it."""
    flow = CashFlow(
        id=row["id"],
        at=instant(row["at"]),
        usd=Decimal(row["usd"]),
        value_before_usd=maybe_number(row["value_before_usd"]),
        asset=row["asset"],
        quantity=Decimal(row["quantity"]),
        source=row["source"],
        detail=row["detail"],
    )
    if row["decision"] is None:
        return LedgerEntry(flow)
    decided_at = instant(row["decided_at"])
    return LedgerEntry(flow, Decision(row["id"], row["decision"], row["reason"], decided_at, row["by_flow_id"]))
