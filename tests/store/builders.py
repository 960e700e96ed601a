"""Accounts and outcomes for tests of the store, as short as they can be said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lib.domain.benchmark import Benchmark, Policy
from lib.domain.flows import CashFlow
from lib.domain.portfolio import Holding, OpenPosition, PricedHolding
from lib.domain.prices import PricePoint
from lib.domain.replay import Checkpoint, Event, Row
from lib.domain.snapshot import Snapshot, WalletCheck
from lib.domain.state import AccountState, Outcome
from lib.records import NewAccount, Status

START = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OK = Status("ok")
WEIGHTS = Policy().weights
THIRD = Decimal(1) / Decimal(3)  # more digits than any column may cut


def slot(hour: int) -> datetime:
    return START + hour * HOUR


def at(hour: int) -> datetime:
    """The time of the snapshot of that hour: a little after its slot began."""
    return slot(hour) + timedelta(seconds=2, microseconds=123_457)


def new_account(id_: str = "main", **changes: object) -> NewAccount:
    account = NewAccount(id_, id_.title(), f"uid-{id_}", START, Policy(), "sealed:" + id_)
    return replace(account, **changes)  # type: ignore[arg-type]


def snapshot(hour: int, nav: str = "100", missing: tuple[str, ...] = (), late: int = 0) -> Snapshot:
    taken = at(hour) + timedelta(minutes=late)
    return Snapshot(
        at=taken,
        slot=slot(hour),
        slot_minutes=60,
        nav_usd=Decimal(nav),
        missing=missing,
        holdings=(
            PricedHolding(Holding("spot", "BTC", Decimal("0.5")), Decimal("100000.10"), taken),
            PricedHolding(Holding("spot", "OLD", Decimal("7")), Decimal("0.3"), START),
            PricedHolding(Holding("funding", "NEW", Decimal("1E+3")), None, None),
        ),
        positions=(OpenPosition("usdm", "ETHUSDT", "short", Decimal("2"), Decimal("2500.5")),),
        checks=(WalletCheck("spot", Decimal(nav), Decimal(nav) + THIRD),),
    )


def row(hour: int, nav: str = "100", late: int = 0) -> Row:
    return Row(
        at=at(hour) + timedelta(minutes=late),
        slot=slot(hour),
        nav_usd=Decimal(nav),
        benchmark_usd=Decimal(nav) * THIRD,
        nav_index=1 + THIRD * hour,
        benchmark_index=1 - THIRD / (1 + hour),
        flow_usd=Decimal(0),
        rung=None if hour else 1,
        note=None if hour else "start",
    )


def benchmark(units: str = "1.5") -> Benchmark:
    return Benchmark(WEIGHTS, {"BTC": Decimal(units) * THIRD, "ETH": Decimal(units)})


def event(when: datetime, kind: str = "deposit", usd: str = "5") -> Event:
    held = replace(benchmark(), exhausted_at=when, shortfall_usd=THIRD)
    return Event(when, kind, Decimal(usd), Decimal("10") * THIRD, held)


def flow(id_: str, when: datetime, usd: str = "50", before: str | None = None) -> CashFlow:
    return CashFlow(
        id=id_,
        at=when,
        usd=Decimal(usd),
        value_before_usd=None if before is None else Decimal(before),
        asset="SOL",
        quantity=Decimal(usd) * THIRD,
        source="deposits",
        detail='über SOL, "fast"',
    )


def prices(*instants: datetime, usd: str = "100000.10") -> tuple[PricePoint, ...]:
    return tuple(PricePoint(asset, when, Decimal(usd)) for when in instants for asset in ("BTC", "ETH"))


def state(last: Row | None, inception: datetime | None = None) -> AccountState:
    if last is None:
        return AccountState()
    return AccountState(checkpoint=Checkpoint(inception or at(0), last, benchmark()), totals={"spot": THIRD})


def outcome(
    taken: Snapshot | None = None,
    rows: Sequence[Row] = (),
    *,
    restated_from: datetime | None = None,
    completed: Sequence[datetime] = (),
    booked: Sequence[CashFlow] = (),
    revalued: Sequence[CashFlow] = (),
    events: Sequence[Event] = (),
    known_prices: Sequence[PricePoint] = (),
    rebalances: Sequence[datetime] = (),
) -> Outcome:
    return Outcome(
        state=state(rows[-1] if rows else None),
        snapshot=taken,
        completed=tuple(completed),
        booked=tuple(booked),
        revalued=tuple(revalued),
        prices=tuple(known_prices),
        rebalances=tuple(rebalances),
        rows=tuple(rows),
        events=tuple(events),
        restated_from=restated_from,
    )


def complete(hour: int, nav: str = "100", late: int = 0) -> Outcome:
    """An outcome that appends one complete snapshot."""
    return outcome(
        snapshot(hour, nav, late=late),
        [row(hour, nav, late)],
        known_prices=prices(at(hour) + timedelta(minutes=late)),
    )
