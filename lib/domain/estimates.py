"""The value before the first snapshot, estimated: the exchange's own daily snapshots at each day's closing prices.

They lack wallets, so they are drawn and nothing else: no return and no benchmark ever follows from them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lib.domain.money import ZERO, exact
from lib.domain.valuation import Book, along, route

MOST_COINS = 20

type Closes = Mapping[tuple[str, date], Decimal]  # by symbol and day


@dataclass(frozen=True, slots=True)
class DailyBalance:
    """What one part of an account held at the end of one UTC day."""

    part: str  # "spot", "margin", "futures"
    at: datetime
    quantities: Mapping[str, Decimal]  # coins by asset


@dataclass(frozen=True, slots=True)
class Estimate:
    """About what an account was worth at the end of a day. Units: USD."""

    at: datetime
    usd: Decimal


@exact
def coins(days: Iterable[DailyBalance], book: Book) -> tuple[str, ...]:
    """Return the coins that mattered most, by their greatest quantity at the prices of now; others are left out."""
    most: dict[str, Decimal] = {}
    for day in days:
        for asset, quantity in day.quantities.items():
            legs = route(asset, book)
            if legs is not None:
                most[asset] = max(most.get(asset, ZERO), abs(quantity * along(legs, book)))
    return tuple(sorted(most, key=lambda asset: (-most[asset], asset))[:MOST_COINS])


def symbols(assets: Iterable[str], book: Book) -> tuple[str, ...]:
    """Return the markets whose daily prices value `assets`."""
    return tuple(sorted({leg.symbol for asset in assets for leg in route(asset, book) or ()}))


@exact
def estimate(days: Sequence[DailyBalance], closes: Closes, book: Book, before: datetime) -> tuple[Estimate, ...]:
    """Value the days before `before`, oldest first. A day of which a part is missing is left out.

    A part that begins later was empty before; within its own first and last day each day must be there.
    """
    kept = coins(days, book)
    parts: dict[str, dict[date, DailyBalance]] = {}
    for day in days:
        parts.setdefault(day.part, {})[day.at.date()] = day
    found = []
    for when in sorted({day.at.date() for day in days}):
        there = [part[when] for part in parts.values() if when in part]
        lacking = any(when not in part and when > min(part) for part in parts.values())
        at = max(day.at for day in there)
        usd = None if lacking or at >= before else _usd(there, kept, closes, book, when)
        if usd is not None:
            found.append(Estimate(at, usd))
    return tuple(found)


def together(each: Sequence[Sequence[Estimate]]) -> tuple[Estimate, ...]:
    """Sum up the accounts' estimates over the days that all of them have."""
    days = [{one.at.date(): one for one in of} for of in each]
    shared = sorted(set(days[0]).intersection(*days[1:])) if days else []
    return tuple(Estimate(max(of[day].at for of in days), _sum(of[day].usd for of in days)) for day in shared)


def _usd(there: Iterable[DailyBalance], kept: Sequence[str], closes: Closes, book: Book, when: date) -> Decimal | None:
    """Return what the parts were worth together, None where a price of that day is not at hand."""
    usd = ZERO
    for day in there:
        for asset in kept:
            quantity = day.quantities.get(asset, ZERO)
            legs = route(asset, book) or ()
            if not quantity:
                continue
            prices = {leg.symbol: closes[leg.symbol, when] for leg in legs if (leg.symbol, when) in closes}
            if len(prices) < len(legs):
                return None
            usd += quantity * along(legs, prices)
    return usd


@exact
def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
