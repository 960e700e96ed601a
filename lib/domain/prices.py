"""Prices in USD: at one instant, over time, and the exchange's whole list from which both come."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.domain.money import ONE
from lib.errors import MonitorError

USD = "USD"


class MissingPrice(MonitorError):
    """A price that a rule needs is not there."""

    code = "missing_price"

    def __init__(self, asset: str, at: datetime) -> None:
        super().__init__(f"no price of {asset} at or before {at.isoformat()}")
        self.asset, self.at = asset, at


@dataclass(frozen=True, slots=True)
class PricePoint:
    """One asset's price at one instant, in USD."""

    asset: str
    at: datetime
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of one instant. USD is 1."""

    at: datetime
    usd: Mapping[str, Decimal]

    def of(self, asset: str) -> Decimal:
        """Return USD per coin. Raises: MissingPrice."""
        if asset == USD:
            return ONE
        try:
            return self.usd[asset]
        except KeyError:
            raise MissingPrice(asset, self.at) from None


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """Prices of some assets over time, each looked up as the latest at or before an instant."""

    columns: Mapping[str, tuple[tuple[datetime, ...], tuple[Decimal, ...]]]

    def at(self, instant: datetime, assets: Iterable[str]) -> Prices:
        """Return the prices of `assets` in force at `instant`. Raises: MissingPrice."""
        return Prices(instant, {asset: self._one(asset, instant) for asset in assets})

    def _one(self, asset: str, instant: datetime) -> Decimal:
        if asset == USD:
            return ONE
        times, values = self.columns.get(asset, ((), ()))
        seen = bisect_right(times, instant)
        if not seen:
            raise MissingPrice(asset, instant)
        return values[seen - 1]

    def has(self, asset: str, instant: datetime) -> bool:
        """Tell whether there is a price of exactly this instant."""
        if asset == USD:
            return True
        times, _ = self.columns.get(asset, ((), ()))
        seen = bisect_right(times, instant)
        return bool(seen) and times[seen - 1] == instant


def history_of(points: Iterable[PricePoint]) -> PriceHistory:
    """Arrange `points` by asset and time; of two at one instant the last given wins."""
    by_asset: dict[str, dict[datetime, Decimal]] = {}
    for point in points:
        by_asset.setdefault(point.asset, {})[point.at] = point.usd
    return PriceHistory(
        {
            asset: (tuple(sorted(rows)), tuple(rows[at] for at in sorted(rows)))
            for asset, rows in sorted(by_asset.items())
        }
    )
