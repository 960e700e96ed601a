"""Prices in USD: at one instant, over time, and the exchange's whole list from which both come."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from operator import itemgetter, lt

from lib.domain.money import ONE
from lib.errors import MonitorError

USD = "USD"

type _Column = tuple[tuple[datetime, ...], tuple[Decimal, ...]]  # instants, oldest first, and the price at each


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

    columns: Mapping[str, _Column]

    def at(self, instant: datetime, assets: Iterable[str]) -> Prices:
        """Return the prices of `assets` in force at `instant`. Raises: MissingPrice."""
        return Prices(instant, {asset: self._one(asset, instant) for asset in assets})

    def along(self, instants: Sequence[datetime], assets: Iterable[str]) -> Mapping[str, Sequence[Decimal]]:
        """Return for each of `assets` the price in force at each of `instants`, which ascend. Raises: MissingPrice."""
        return {asset: self._along(asset, instants) for asset in assets}

    def _along(self, asset: str, instants: Sequence[datetime]) -> list[Decimal]:
        if asset == USD or not instants:
            return [ONE] * len(instants)
        self._one(asset, instants[0])  # where the first has a price, so have all
        times, values = self.columns[asset]
        return [values[known - 1] for known in _known_at(times, instants)]

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

    def first_old(self, asset: str, instants: Sequence[datetime], most: Sequence[timedelta]) -> datetime | None:
        """Return the first of `instants`, which ascend, at which there is no price, or an older one than its `most`."""
        if asset == USD:
            return None
        times, _ = self.columns.get(asset, ((), ()))
        for instant, oldest, known in zip(instants, most, _known_at(times, instants), strict=True):
            if not known or instant - times[known - 1] > oldest:
                return instant
        return None


def history_of(points: Iterable[PricePoint]) -> PriceHistory:
    """Arrange `points` by asset and time; of two at one instant the last given wins."""
    by_asset: dict[str, list[PricePoint]] = {}
    for point in points:
        by_asset.setdefault(point.asset, []).append(point)
    return PriceHistory(
        {
            asset: _column([point.at for point in by_asset[asset]], [point.usd for point in by_asset[asset]])
            for asset in sorted(by_asset)
        }
    )


def together(histories: Iterable[PriceHistory]) -> PriceHistory:
    """Return all the prices of several histories; an instant's price is the same in each."""
    columns: dict[str, _Column] = {}
    for history in histories:
        for asset, (times, values) in history.columns.items():
            known = columns.get(asset, ((), ()))
            columns[asset] = known if known == (times, values) else _column((*known[0], *times), (*known[1], *values))
    return PriceHistory(columns)


def _known_at(times: Sequence[datetime], instants: Sequence[datetime]) -> Iterator[int]:
    """Yield how many of `times` have come at each of `instants`; both ascend."""
    known, end = bisect_right(times, instants[0]) if instants else 0, len(times)
    for instant in instants:
        while known < end and times[known] <= instant:
            known += 1
        yield known


def _column(times: Sequence[datetime], values: Sequence[Decimal]) -> _Column:
    if all(map(lt, times, times[1:])):  # as they are stored
        return tuple(times), tuple(values)
    latest = dict(sorted(zip(times, values, strict=True), key=itemgetter(0)))  # stable: the last of equal ones stays
    return tuple(latest), tuple(latest.values())
