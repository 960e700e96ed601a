"""A snapshot: an account's NAV at one instant, made from a reading, with what is missing from it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.domain.levels import Levels
from lib.domain.money import ONE, ZERO, exact
from lib.domain.portfolio import (
    EARN,
    SPOT,
    Holding,
    OpenPosition,
    PricedHolding,
    Wallet,
    value_usd,
)
from lib.domain.prices import USD, PricePoint
from lib.domain.reading import Reading
from lib.domain.valuation import is_earn_receipt, price_holding

FLOWS_BETWEEN = "flows:between"
NO_PRICES = "prices"
NO_TOTALS = "totals"

_DUST_USD = ONE


@dataclass(frozen=True, slots=True)
class WalletCheck:
    """What we count in one wallet beside what the exchange says it is worth. Units: USD."""

    wallet: Wallet
    ours_usd: Decimal
    theirs_usd: Decimal


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The NAV of one account at one instant.

    `missing` names what could not be read; empty means complete. A `whole` one has its entire value and lacks at
    most flows or a candle: it becomes complete later without being taken again. `checks` None: unreconciled.
    `levels` are those of a whole one.
    """

    at: datetime
    slot: datetime
    slot_minutes: int
    nav_usd: Decimal
    missing: tuple[str, ...]
    holdings: tuple[PricedHolding, ...]
    positions: tuple[OpenPosition, ...]
    checks: tuple[WalletCheck, ...] | None
    levels: Levels | None = None

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def whole(self) -> bool:
        return all(can_come_later(name) for name in self.missing)


def can_come_later(missing: str) -> bool:
    """Tell whether a missing part is no part of NAV itself: flows or a candle, which a later run can still read."""
    return missing.startswith(("flows:", "price:")) and missing != FLOWS_BETWEEN


def price_reading(
    reading: Reading, readable: Container[Wallet], last: Mapping[str, PricePoint]
) -> tuple[PricedHolding, ...]:
    """Price all that was read; a wallet known only by its total counts as so many USD.

    Each coin has one owner: where the exchange gives Earn its own total, the LD… mirrors in spot are left out.
    Source: product, 4.1 and 4.3.
    """
    totals = reading.totals or {}
    earn_counts = totals.get(EARN, ZERO) > 0
    itemised = [
        holding
        for answer in reading.wallets.values()
        for holding in answer.holdings
        if not (earn_counts and holding.wallet == SPOT and is_earn_receipt(holding.asset, reading.book))
    ]
    total_only = [Holding(wallet, USD, total) for wallet, total in totals.items() if total and wallet not in readable]
    return tuple(price_holding(holding, reading.at, reading.book, last) for holding in itemised + total_only)


@exact
def nav(holdings: tuple[PricedHolding, ...]) -> Decimal:
    """Return the sum of what the holdings count. Units: USD. Source: product, 4.1."""
    return sum((value_usd(priced) for priced in holdings), ZERO)


@exact
def reconcile(reading: Reading, holdings: tuple[PricedHolding, ...]) -> tuple[WalletCheck, ...] | None:
    """Put our value of each wallet beside the exchange's; None where the exchange gave no total."""
    if reading.totals is None:
        return None
    ours: dict[Wallet, Decimal] = {}
    for priced in holdings:
        wallet = priced.holding.wallet
        ours[wallet] = ours.get(wallet, ZERO) + value_usd(priced)
    named = sorted({wallet for wallet, total in reading.totals.items() if total} | set(ours))
    return tuple(WalletCheck(wallet, ours.get(wallet, ZERO), reading.totals.get(wallet, ZERO)) for wallet in named)


def missing_value(
    reading: Reading, readable: Container[Wallet], seen_totals: Mapping[Wallet, Decimal] | None
) -> tuple[str, ...]:
    """Name the parts of NAV itself that could not be read.

    Without the exchange's own total, a wallet known only by it is missing if it was worth a dollar when last seen,
    and everything is uncertain while no total was ever seen. Source: product, 4.2 and 4.3.
    """
    missing = list(reading.failed_wallets)
    if reading.totals is None and seen_totals is None:
        missing.append(NO_TOTALS)
    elif reading.totals is None and seen_totals is not None:
        missing += [
            wallet for wallet, total in seen_totals.items() if abs(total) >= _DUST_USD and wallet not in readable
        ]
    if not reading.book:
        missing.append(NO_PRICES)
    return tuple(sorted(missing))
