"""An account's life as values: years of hourly snapshots, prices and flows, told by the domain itself."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lib.domain.benchmark import Policy
from lib.domain.flows import CashFlow
from lib.domain.prices import PricePoint, history_of
from lib.domain.replay import Facts, Point

BORN_AT = datetime(2021, 1, 4, 7, 0, tzinfo=UTC)
HOURS_A_YEAR = 8760
POLICY = Policy()
_HOUR = timedelta(hours=1)
_FLOW_EVERY = 30 * 24
_START = {"BTC": 32_000.0, "ETH": 1_000.0}
_CENT, _DUST = Decimal("0.01"), Decimal("0.00000001")


def points_and_prices(years: int, seed: int = 7) -> tuple[tuple[Point, ...], tuple[PricePoint, ...]]:
    """Return hourly snapshots and the prices of their instants: random walks, the same for the same seed."""
    chance = random.Random(seed)
    usd, nav = dict(_START), 96_250.0
    points: list[Point] = []
    prices: list[PricePoint] = []
    for hour in range(years * HOURS_A_YEAR):
        at = BORN_AT + hour * _HOUR
        moves = {asset: chance.gauss(0.00003, 0.006) for asset in usd}
        for asset, move in moves.items():
            usd[asset] *= 1 + move
            prices.append(PricePoint(asset, at, Decimal(usd[asset]).quantize(_CENT)))
        nav = nav * (1 + sum(moves.values()) / 2 + chance.gauss(0, 0.001)) + float(_flow_usd(hour))
        points.append(Point(at, at, Decimal(nav).quantize(_DUST)))
    return tuple(points), tuple(prices)


def flows(points: tuple[Point, ...]) -> tuple[CashFlow, ...]:
    """Return one flow a month, some minutes before a snapshot, three deposits for each withdrawal."""
    return tuple(_flows(points))


def facts(points: tuple[Point, ...], prices: tuple[PricePoint, ...], paid: tuple[CashFlow, ...]) -> Facts:
    """Return all that figures follow from, under the default policy."""
    return Facts(POLICY, points, paid, history_of(prices))


def _flows(points: tuple[Point, ...]) -> Iterator[CashFlow]:
    for hour in range(_FLOW_EVERY, len(points), _FLOW_EVERY):
        usd = _flow_usd(hour)
        at = points[hour].at - timedelta(minutes=17)
        source = "deposits" if usd > 0 else "withdrawals"
        before = points[hour - 1].nav_usd
        yield CashFlow(f"{source}:{hour}", at, usd, before, "USDT", usd, source, "TRX")


def _flow_usd(hour: int) -> Decimal:
    if not hour or hour % _FLOW_EVERY:
        return Decimal(0)
    return Decimal(-1_500) if hour // _FLOW_EVERY % 4 == 0 else Decimal(1_000)
