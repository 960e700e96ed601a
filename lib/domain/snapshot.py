"""A snapshot: an account's NAV at one instant, made from a reading, with what is missing from it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.domain.levels import Levels
from lib.domain.money import ONE, ZERO, exact
from lib.domain.ownership import counted, is_unified, unread
from lib.domain.portfolio import PORTFOLIO_MARGIN, UNIFIED, OpenPosition, PricedHolding, Wallet, value_usd
from lib.domain.prices import PricePoint
from lib.domain.reading import Reading
from lib.domain.valuation import price_holding

FLOWS = "flows:"  # and the source that was due and could not be read
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
    return missing.startswith((FLOWS, "price:")) and missing != FLOWS_BETWEEN


def price_reading(
    reading: Reading, readable: Container[Wallet], last: Mapping[str, PricePoint]
) -> tuple[PricedHolding, ...]:
    """Price all that counts of a reading. Source: product, 4.1 and 4.3."""
    return tuple(price_holding(holding, reading.at, reading.book, last) for holding in counted(reading, readable))


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
    theirs = _theirs(reading, reading.totals)
    named = sorted({wallet for wallet, total in theirs.items() if total} | set(ours))
    return tuple(WalletCheck(wallet, ours.get(wallet, ZERO), theirs.get(wallet, ZERO)) for wallet in named)


def _theirs(reading: Reading, totals: Mapping[Wallet, Decimal]) -> Mapping[Wallet, Decimal]:
    """Return the totals; what a portfolio margin account contains is its own, under whatever name it is told."""
    if not is_unified(reading):
        return totals
    others = {wallet: total for wallet, total in totals.items() if wallet not in UNIFIED}
    contained = sum((totals.get(wallet, ZERO) for wallet in UNIFIED), ZERO)
    return {**others, PORTFOLIO_MARGIN: totals.get(PORTFOLIO_MARGIN, ZERO) + contained}


def missing_value(
    reading: Reading, readable: Container[Wallet], seen_totals: Mapping[Wallet, Decimal] | None
) -> tuple[str, ...]:
    """Name the parts of NAV itself that could not be read.

    Without the exchange's own total, a wallet known only by it is missing if it was worth a dollar when last seen,
    and everything is uncertain while no total was ever seen, a refusal for good excepted.
    Source: product, 4.2 and 4.3.
    """
    missing = {*reading.failed_wallets, *unread(reading, readable)}
    if reading.totals is None:
        denied = {wallet for wallet, answer in reading.wallets.items() if not answer.exists}
        missing |= {
            wallet
            for wallet, total in (seen_totals or {}).items()
            if abs(total) >= _DUST_USD and (wallet not in readable or wallet in denied)
        }
        if seen_totals is None and not reading.totals_refused:
            missing.add(NO_TOTALS)
    if not reading.book:
        missing.add(NO_PRICES)
    return tuple(sorted(missing))
