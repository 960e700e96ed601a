"""Domain values as short as they can be said. The calendar is January 2026, whose 5th is a Monday."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lib.domain.benchmark import Benchmark, Policy
from lib.domain.flows import CashFlow, NetFlow
from lib.domain.money import exact
from lib.domain.portfolio import Holding, PricedHolding
from lib.domain.prices import PriceHistory, PricePoint, Prices, history_of
from lib.domain.replay import Point, Row
from lib.domain.schedule import slot_start

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def at(text: str) -> datetime:
    """`10:05`, `10:05:30` of Monday the 5th; with a day of January before it: `12 10:05`."""
    day, _, clock = text.rpartition(" ")
    hours, minutes, *seconds = clock.split(":")
    passed = timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds[0]) if seconds else 0)
    return MONDAY.replace(day=int(day or 5)) + passed


def decs(*texts: str | int) -> tuple[Decimal, ...]:
    return tuple(Decimal(text) for text in texts)


def dec(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def amounts(**texts: str) -> dict[str, Decimal]:
    """`amounts(BTC="0.5")`."""
    return {asset: Decimal(text) for asset, text in texts.items()}


def prices(when: datetime = MONDAY, **usd: str) -> Prices:
    return Prices(when, amounts(**usd))


def history(*rows: tuple[str, Mapping[str, str]]) -> PriceHistory:
    """`history(("10:00", {"BTC": "100"}), …)`."""
    return history_of(PricePoint(asset, at(when), Decimal(usd)) for when, row in rows for asset, usd in row.items())


@exact
def added(found: Iterable[Decimal]) -> Decimal:
    """Sum up with the digits of the rules."""
    return sum(found, Decimal(0))


def policy(weekly: bool = True, **weights: str) -> Policy:
    """A policy of these weights, half BTC and half ETH without any; `weekly=False` never rebalances."""
    chosen = amounts(**weights) or Policy().weights
    return Policy(chosen) if weekly else Policy(chosen, None)


def benchmark(weights: Mapping[str, Decimal] | None = None, **units: str) -> Benchmark:
    return Benchmark(weights or amounts(BTC="0.5", ETH="0.5"), amounts(**units))


def flow(when: str | datetime, usd: str, before: str | None = None, id_: str | None = None) -> CashFlow:
    moment = at(when) if isinstance(when, str) else when
    return CashFlow(id_ or f"{moment.isoformat()} {usd}", moment, Decimal(usd), dec(before))


def net(when: str | datetime, usd: str, before: str | None = None) -> NetFlow:
    return NetFlow(at(when) if isinstance(when, str) else when, Decimal(usd), dec(before))


def point(when: str | datetime, nav: str | Decimal, slot_minutes: int = 60) -> Point:
    moment = at(when) if isinstance(when, str) else when
    return Point(moment, slot_start(moment, slot_minutes), Decimal(nav))


def row(
    when: str | datetime,
    nav: str = "100",
    index: str = "1",
    *,
    benchmark: str = "100",
    benchmark_index: str = "1",
    flow: str = "0",
    note: str | None = None,
) -> Row:
    moment = at(when) if isinstance(when, str) else when
    return Row(
        at=moment,
        slot=slot_start(moment, 60),
        nav_usd=Decimal(nav),
        benchmark_usd=Decimal(benchmark),
        nav_index=Decimal(index),
        benchmark_index=Decimal(benchmark_index),
        flow_usd=Decimal(flow),
        rung=None,
        note=note,
    )


def priced(asset: str, quantity: str, usd: str | None, when: datetime = MONDAY, wallet: str = "spot") -> PricedHolding:
    return PricedHolding(Holding(wallet, asset, Decimal(quantity)), dec(usd), None if usd is None else when)
