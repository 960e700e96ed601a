"""Prices of the demo world: a pure function of scenario timeline, seed and instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import pairwise
from math import exp
from typing import Literal, get_args

from lib.demo.instants import from_ms, to_ms
from lib.demo.listing import ASSETS, BY_SYMBOL, MARKETS, Listed, Status
from lib.demo.noise import PROCESSES, Noise, Vector
from lib.domain.money import EXACT
from lib.errors import InvalidInput, NotFound

type Scenario = Literal["bull", "bear", "crash", "flat", "choppy"]
SCENARIOS: tuple[Scenario, ...] = get_args(Scenario.__value__)

_COMMON_VOLATILITY = 0.021  # of the move all coins share, a day
_DAY_S = 86_400.0
_LISTED_BEFORE_EPOCH = timedelta(days=400)
_ONE, _ZERO = Decimal(1), Decimal(0)
_DOLLARS = frozenset({"USDT", "LDUSDT", "BNFCR", "BFUSD", "RWUSD"})


@dataclass(frozen=True, slots=True)
class Weather:
    """What a scenario does to the common move, in the log of the price, and how much noise it leaves."""

    drift_per_day: float
    slow: float
    fast: float
    fall: float = 0.0
    fall_s: float = 1.0


_WEATHER: Mapping[Scenario, Weather] = {
    "bull": Weather(0.0045, 0.5, 0.9),
    "bear": Weather(-0.0055, 0.5, 1.1),
    "crash": Weather(-0.001, 0.5, 1.6, fall=-0.26, fall_s=4 * 3600.0),
    "flat": Weather(0.0, 0.1, 0.3),
    "choppy": Weather(0.0, 0.5, 1.3),
}


@dataclass(frozen=True, slots=True)
class _Segment:
    start_s: float  # since the epoch
    weather: Weather
    offset: Vector  # per process: makes the path continuous where the segment begins


class Market:
    """All markets of the demo exchange; immutable, with a memory for what it has computed.

    At `epoch` every price is its asset's level; the seed tells the same story from whatever epoch. A scenario acts
    from its instant on: earlier prices never change.
    """

    def __init__(self, seed: int, epoch: datetime, timeline: tuple[tuple[datetime, Scenario], ...] = ()) -> None:
        if any(later[0] <= earlier[0] for earlier, later in pairwise(timeline)):
            raise InvalidInput("timeline", "its instants must rise")
        self.seed, self.epoch, self.timeline = seed, epoch, timeline
        self.listed_from = epoch - _LISTED_BEFORE_EPOCH
        self._epoch_ms = to_ms(epoch)
        self._noise = Noise(seed)
        self._segments = self._build()
        ends = {market.symbol: self.ended_at(market) for market in MARKETS}
        self._ends_ms = {symbol: to_ms(end) for symbol, end in ends.items() if end is not None}
        self.prices_ms = lru_cache(maxsize=4096)(self._prices)

    def then(self, at: datetime, scenario: Scenario) -> "Market":
        """Return the market on which `scenario` reigns from `at` on."""
        if scenario not in SCENARIOS:
            raise InvalidInput("scenario", f"must be one of {', '.join(SCENARIOS)}, got {scenario!r}")
        kept = tuple(entry for entry in self.timeline if entry[0] < at)
        return Market(self.seed, self.epoch, (*kept, (at, scenario)))

    def _build(self) -> tuple[_Segment, ...]:
        first = _Segment(0.0, _WEATHER["choppy"], [0.0] * PROCESSES)
        segments = [_Segment(0.0, first.weather, [-value for value in _path(self._noise, first, 0.0)])]
        for at, scenario in self.timeline:
            at_s = (to_ms(at) - self._epoch_ms) / 1000
            reached = _path(self._noise, segments[-1], at_s)
            fresh = _Segment(at_s, _WEATHER[scenario], [0.0] * PROCESSES)
            offset = [was - now for was, now in zip(reached, _path(self._noise, fresh, at_s), strict=True)]
            segments.append(_Segment(at_s, fresh.weather, offset))
        return tuple(segments)

    def _prices(self, at_ms: int) -> Mapping[str, Decimal]:
        at_s = (at_ms - self._epoch_ms) / 1000
        segment = next((s for s in reversed(self._segments) if s.start_s <= at_s), self._segments[0])
        path = _path(self._noise, segment, at_s)
        common = path[-1] * _COMMON_VOLATILITY
        levels = {
            asset.name: asset.level * exp(asset.beta * common + asset.own_volatility * own)
            for asset, own in zip(ASSETS, path, strict=False)
        }
        with localcontext(EXACT):
            prices = _quote(levels)
        for symbol, end_ms in self._ends_ms.items():
            if at_ms > end_ms:
                prices[symbol] = self.prices_ms(end_ms)[symbol]
        return prices

    def prices(self, at: datetime) -> Mapping[str, Decimal]:
        """Return the price of every listed symbol at `at`."""
        return self.prices_ms(to_ms(at))

    def price(self, symbol: str, at: datetime) -> Decimal:
        """Return one symbol's price at `at`. Raises: NotFound where it is not listed."""
        if symbol not in BY_SYMBOL:
            raise NotFound(f"the demo exchange does not list {symbol}")
        return self.prices(at)[symbol]

    def usd(self, asset: str, at: datetime) -> Decimal:
        """Return what one unit of `asset` is worth at `at`; a receipt of Earn what its coin is.

        Units: USDT. Raises: NotFound.
        """
        if asset in _DOLLARS:
            return _ONE
        coin = asset.removeprefix("LD")
        receipt = coin != asset and f"{asset}USDT" not in BY_SYMBOL and f"{coin}USDT" in BY_SYMBOL
        return self.price(f"{coin if receipt else asset}USDT", at)

    def worth(self, asset: str, at: datetime) -> Decimal:
        """Return the same, and 0 for what has no market."""
        try:
            return self.usd(asset, at)
        except NotFound:
            return _ZERO

    def ended_at(self, market: Listed) -> datetime | None:
        """Return the instant after which a market trades no more, None where it goes on."""
        return None if market.ends_on_day is None else self.epoch + timedelta(days=market.ends_on_day)

    def status(self, market: Listed, at: datetime) -> Status:
        """Return a market's status at `at`; one that has ended keeps its last price on the board."""
        end = self.ended_at(market)
        return "BREAK" if end is not None and at > end else market.status

    def minute_open(self, asset: str, at: datetime) -> Decimal:
        """Return the open of the one-minute candle that contains `at`. Units: USDT."""
        at_ms = to_ms(at)
        return self.usd(asset, from_ms(at_ms - at_ms % 60_000))


def _path(noise: Noise, segment: _Segment, at_s: float) -> Vector:
    weather = segment.weather
    slow, fast = noise.at(at_s)
    path = [
        offset + weather.slow * low + weather.fast * high
        for offset, low, high in zip(segment.offset, slow, fast, strict=True)
    ]
    passed_s = max(0.0, at_s - segment.start_s)
    drift = weather.drift_per_day * passed_s / _DAY_S
    path[-1] += (drift + weather.fall * (1.0 - exp(-passed_s / weather.fall_s))) / _COMMON_VOLATILITY
    return path


_TICKS = {market.symbol: Decimal(1).scaleb(-market.digits) for market in MARKETS}
_DIRECT = tuple(
    (market.symbol, market.base, 10**market.digits, _TICKS[market.symbol])
    for market in MARKETS
    if market.quote == "USDT"
)


def _quote(levels: Mapping[str, float]) -> dict[str, Decimal]:
    prices = {symbol: max(1, round(levels[base] * scale)) * tick for symbol, base, scale, tick in _DIRECT}
    prices["USDTTRY"] = round(levels["TRY"] * 100) * _TICKS["USDTTRY"]
    for base in ("ETH", "BNB"):
        symbol = f"{base}BTC"
        prices[symbol] = (prices[f"{base}USDT"] / prices["BTCUSDT"]).quantize(_TICKS[symbol])
    prices["BTCBUSD"] = _STALE_BTCBUSD  # trading ended long ago; its last price stays on the board
    return prices


_STALE_BTCBUSD = Decimal("42105.33")
