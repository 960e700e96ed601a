"""Snapshots: their derived rows, and what they were made of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from lib.domain.money import plain
from lib.domain.portfolio import Holding, OpenPosition, PricedHolding, Terms
from lib.domain.reading import Basis
from lib.domain.replay import Row
from lib.domain.snapshot import Snapshot, WalletCheck
from lib.store.rows.changes import decode_levels, encode_levels
from lib.store.rows.scalars import instant, maybe_number, maybe_plain, stamp, time


def encode_row(row: Row) -> dict[str, Any]:
    """Write what is derived for one complete snapshot."""
    return {
        "at": stamp(row.at),
        "slot": stamp(row.slot),
        "nav_usd": str(row.nav_usd),
        "benchmark_usd": str(row.benchmark_usd),
        "nav_index": str(row.nav_index),
        "benchmark_index": str(row.benchmark_index),
        "flow_usd": str(row.flow_usd),
        "rung": row.rung,
        "note": row.note,
    }


def decode_row(row: Mapping[str, Any], at: datetime, slot: datetime) -> Row:
    """Read it; the two times differ in form by where it was kept."""
    return Row(
        at=at,
        slot=slot,
        nav_usd=Decimal(row["nav_usd"]),
        benchmark_usd=Decimal(row["benchmark_usd"]),
        nav_index=Decimal(row["nav_index"]),
        benchmark_index=Decimal(row["benchmark_index"]),
        flow_usd=Decimal(row["flow_usd"]),
        rung=row["rung"],
        note=row["note"],
    )


def encode_snapshot(snapshot: Snapshot) -> dict[str, Any]:
    """Write a snapshot with what it was made of."""
    return {
        "at": stamp(snapshot.at),
        "slot": stamp(snapshot.slot),
        "slot_minutes": snapshot.slot_minutes,
        "nav_usd": str(snapshot.nav_usd),
        "whole": snapshot.whole,
        "missing": list(snapshot.missing),
        "unreconciled": snapshot.checks is None,
        "holdings": _encode_holdings(snapshot.holdings, snapshot.at),
        "positions": _encode_positions(snapshot.positions),
        "checks": encode_checks(snapshot.checks),
        **encode_levels(snapshot.levels),
    }


def encode_basis(basis: Basis) -> dict[str, Any]:
    """Write what a snapshot was made of, for the memory of its account."""
    return {
        "at": stamp(basis.at),
        "holdings": _encode_holdings(basis.holdings, basis.at),
        "positions": _encode_positions(basis.positions),
        **({"profits": [_encode_profit(profit) for profit in basis.profits]} if basis.profits else {}),
        **(encode_levels(basis.levels) if basis.levels is not None else {}),
    }


def remembered_basis(row: Mapping[str, Any] | None) -> Basis | None:
    """Read what `encode_basis` wrote."""
    return None if row is None else _basis(time(row["at"]), row)


def decode_basis(row: Mapping[str, Any] | None) -> Basis | None:
    """Read a past snapshot's holdings, None where they are not kept."""
    return None if row is None else _basis(instant(row["at"]), row)


def decode_holdings(rows: Sequence[Sequence[Any]], at: datetime) -> tuple[PricedHolding, ...]:
    """Read the holdings of a snapshot of `at`."""
    return tuple(_decode_holding(row, at) for row in rows)


def encode_checks(checks: tuple[WalletCheck, ...] | None) -> list[list[str]] | None:
    """Write a reconciliation; None where there was none."""
    return (
        None if checks is None else [[check.wallet, plain(check.ours_usd), plain(check.theirs_usd)] for check in checks]
    )


def decode_checks(rows: Sequence[Sequence[str]] | None) -> tuple[WalletCheck, ...] | None:
    """Read a reconciliation."""
    if rows is None:
        return None
    return tuple(WalletCheck(wallet, Decimal(ours), Decimal(theirs)) for wallet, ours, theirs in rows)


def decode_snapshot(row: Mapping[str, Any]) -> Snapshot:
    """Read a whole snapshot with what it was made of, as the database answers it."""
    basis = _basis(instant(row["at"]), row)
    return Snapshot(
        at=basis.at,
        slot=instant(row["slot"]),
        slot_minutes=row["slot_minutes"],
        nav_usd=Decimal(row["nav_usd"]),
        missing=tuple(row["missing"]),
        holdings=basis.holdings,
        positions=basis.positions,
        checks=decode_checks(row["checks"]),
    )


def _basis(at: datetime, row: Mapping[str, Any]) -> Basis:
    profits = (Holding(wallet, asset, Decimal(quantity)) for wallet, asset, quantity in row.get("profits", ()))
    return Basis(
        at,
        decode_holdings(row["holdings"], at),
        _decode_positions(row["positions"]),
        tuple(profits),
        decode_levels(row),
    )


def _encode_holdings(rows: Sequence[PricedHolding], at: datetime) -> list[list[str | None]]:
    return [_encode_holding(priced, at) for priced in rows]


def _encode_profit(profit: Holding) -> list[str]:
    return [profit.wallet, profit.asset, plain(profit.quantity)]


def _encode_positions(rows: Sequence[OpenPosition]) -> list[list[Any]]:
    return list(map(_encode_position, rows))


def _encode_position(position: OpenPosition) -> list[Any]:
    """Write [wallet, symbol, side, quantity, price], and by name what else is known of it."""
    row = [position.wallet, position.symbol, position.side, plain(position.quantity), plain(position.price_usd)]
    more: dict[str, Any] = {} if position.coin is None else {"coin": position.coin}
    if position.terms is not None:
        more["terms"] = _encode_terms(position.terms)
    return [*row, more] if more else row


def _encode_terms(terms: Terms) -> list[str | None]:
    return [
        plain(terms.entry_usd),
        maybe_plain(terms.leverage),
        terms.margin,
        maybe_plain(terms.liquidation_usd),
        plain(terms.unrealised_usd),
    ]


def _encode_holding(priced: PricedHolding, at: datetime) -> list[str | None]:
    """Write [wallet, asset, quantity, price], and when the price was seen where that was not at the snapshot."""
    holding = priced.holding
    row = [holding.wallet, holding.asset, plain(holding.quantity), maybe_plain(priced.price_usd)]
    if priced.priced_at is not None and priced.priced_at != at:
        row.append(stamp(priced.priced_at))
    return row


def _decode_holding(row: Sequence[Any], at: datetime) -> PricedHolding:
    wallet, asset, quantity, price_usd, *seen = row
    priced_at = time(seen[0]) if seen else at if price_usd is not None else None
    return PricedHolding(Holding(wallet, asset, Decimal(quantity)), maybe_number(price_usd), priced_at)


def _decode_positions(rows: Sequence[Sequence[Any]]) -> tuple[OpenPosition, ...]:
    return tuple(map(_decode_position, rows))


def _decode_position(row: Sequence[Any]) -> OpenPosition:
    """Read a position; an older release wrote five columns and no more."""
    wallet, symbol, side, quantity, price_usd, *more = row
    known = more[0] if more else {}
    return OpenPosition(
        wallet,
        symbol,
        side,
        Decimal(quantity),
        Decimal(price_usd),
        coin=known.get("coin"),
        terms=_decode_terms(known["terms"]) if "terms" in known else None,
    )


def _decode_terms(row: Sequence[Any]) -> Terms:
    entry, leverage, margin, liquidation, unrealised = row
    return Terms(Decimal(entry), maybe_number(leverage), margin, maybe_number(liquidation), Decimal(unrealised))
