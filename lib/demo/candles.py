"""Candles of the demo market: the open is the price at the candle's start, the close the price at its end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice

from lib.demo import chance
from lib.demo.instants import from_ms, to_ms
from lib.demo.market import Market

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_DAY_MS = 24 * _HOUR_MS
_LENGTHS_MS = {
    "1s": 1000,
    **{f"{n}m": n * _MINUTE_MS for n in (1, 3, 5, 15, 30)},
    **{f"{n}h": n * _HOUR_MS for n in (1, 2, 4, 6, 8, 12)},
    "1d": _DAY_MS,
    "3d": 3 * _DAY_MS,
    "1w": 7 * _DAY_MS,
}
_FIRST_MONDAY_MS = 4 * _DAY_MS  # the epoch was a Thursday
INTERVALS = (*_LENGTHS_MS, "1M")


@dataclass(frozen=True, slots=True)
class Range:
    """Which candles are asked for. Units: `zone_ms` shifts where days begin; bounds are inclusive, None is open."""

    interval: str
    start_ms: int | None
    end_ms: int | None
    limit: int
    zone_ms: int = 0


def opens_at(interval: str, at_ms: int, zone_ms: int = 0) -> int:
    """Return the open time of the candle that contains `at_ms`."""
    local_ms = at_ms + zone_ms
    if interval == "1M":
        month = from_ms(local_ms).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return to_ms(month) - zone_ms
    length_ms = _LENGTHS_MS[interval]
    origin_ms = _FIRST_MONDAY_MS if interval == "1w" else 0
    return local_ms - (local_ms - origin_ms) % length_ms - zone_ms


def next_open(interval: str, open_ms: int, zone_ms: int = 0) -> int:
    """Return the open time of the candle after the one that opens at `open_ms`."""
    if interval == "1M":
        return opens_at("1M", open_ms + 31 * _DAY_MS + _HOUR_MS, zone_ms)
    return open_ms + _LENGTHS_MS[interval]


def _forward(asked: Range, first_ms: int, last_ms: int) -> Iterator[int]:
    open_ms = opens_at(asked.interval, first_ms, asked.zone_ms)
    if open_ms < first_ms:
        open_ms = next_open(asked.interval, open_ms, asked.zone_ms)
    while open_ms <= last_ms:
        yield open_ms
        open_ms = next_open(asked.interval, open_ms, asked.zone_ms)


def _backward(asked: Range, first_ms: int, last_ms: int) -> Iterator[int]:
    open_ms = opens_at(asked.interval, last_ms, asked.zone_ms)
    while open_ms >= first_ms:
        yield open_ms
        open_ms = opens_at(asked.interval, open_ms - 1, asked.zone_ms)


def candles(market: Market, symbol: str, asked: Range, now: datetime, write: Callable[[Decimal], str]) -> list[object]:
    """Return the candles of a range, oldest first: from the start where it is given, else the newest ones.

    `write` turns a price into text; the newest candle ends now.
    """
    listed_ms, now_ms = to_ms(market.listed_from), to_ms(now)
    first_ms = max(listed_ms, asked.start_ms or 0)
    last_ms = now_ms if asked.end_ms is None else min(now_ms, asked.end_ms)
    if asked.start_ms is None:
        opens = list(islice(_backward(asked, first_ms, last_ms), asked.limit))[::-1]
    else:
        opens = list(islice(_forward(asked, first_ms, last_ms), asked.limit))
    return [
        _candle(market, symbol, open_ms, next_open(asked.interval, open_ms, asked.zone_ms), now_ms, write)
        for open_ms in opens
    ]


def _candle(
    market: Market, symbol: str, open_ms: int, end_ms: int, now_ms: int, write: Callable[[Decimal], str]
) -> list[object]:
    last_ms = min(end_ms, now_ms)
    reached = last_ms - open_ms
    path = [market.prices_ms(open_ms + reached * part // 3)[symbol] for part in range(4)]
    minutes = Decimal(max(1, reached // 1000)) / 60
    volume = round(minutes * Decimal(f"{chance.between(market.seed, 4, 40, symbol, open_ms):.3f}"), 3)
    turnover = round(volume * path[0], 5)
    return [
        open_ms,
        write(path[0]),
        write(max(path)),
        write(min(path)),
        write(path[-1]),
        f"{volume:.8f}",
        end_ms - 1,
        f"{turnover:.8f}",
        int(volume * 7) + 1,
        f"{volume / 2:.8f}",
        f"{turnover / 2:.8f}",
        "0",
    ]


def zone(text: str) -> int | None:
    """Return the shift of a time zone such as "8", "-3:30" or "0", None where it is not one. Units: milliseconds."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    hours, _, minutes = digits.partition(":")
    if not (hours.isascii() and hours.isdigit() and (minutes or "0").isascii() and (minutes or "0").isdigit()):
        return None
    shift_ms = sign * (int(hours) * _HOUR_MS + int(minutes or "0") * _MINUTE_MS)
    return (
        shift_ms
        if -12 * _HOUR_MS <= shift_ms <= 14 * _HOUR_MS and int(minutes or "0") * _MINUTE_MS < _HOUR_MS
        else None
    )
