"""What changed an account's value: the parts of product 4.10, which add up to the change whatever happened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lib.domain.income import COMMISSION, FUNDING, KINDS, OTHER, REALISED, REWARDS
from lib.domain.levels import Levels
from lib.domain.money import ZERO, cents, exact
from lib.domain.portfolio import Holding, Wallet
from lib.domain.prices import PricePoint
from lib.domain.reading import Basis, Reading
from lib.domain.valuation import price_holding

FLOWS, UNREALISED, REVALUATION = "flows", "unrealised", "revaluation"
PARTS = (FLOWS, REALISED, FUNDING, COMMISSION, UNREALISED, REVALUATION, REWARDS, OTHER)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is stored of one account over a period: sums of income by kind, and where the levels stood.

    `begin` is at the period's start, or at the first snapshot in it that knows its levels, which is `known_at`.
    `moved_usd` is what prices did to coins that came or left, from then to the snapshot that holds them, or not, first.
    """

    begin: Levels | None
    end: Levels | None
    income: Mapping[str, Decimal] = field(default_factory=dict)
    moved_usd: Decimal = ZERO
    known_at: datetime | None = None
    income_until: datetime | None = None  # None: it has no futures


@dataclass(frozen=True, slots=True)
class Attribution:
    """A change of NAV and its parts, all of `PARTS`; the residual is what they leave. Units: USD."""

    nav_from: Decimal
    nav_to: Decimal
    parts: Mapping[str, Decimal]

    @property
    def residual(self) -> Decimal:
        return _rest(self)


@exact
def attribute(nav_from: Decimal, nav_to: Decimal, flows_usd: Decimal, stretches: Sequence[Stretch]) -> Attribution:
    """Take a change of NAV apart. `stretches` are of one account, or of each while it was part of the sum.

    Source: product, 4.10.
    """
    known = [(one.begin, one.end) for one in stretches if one.begin is not None and one.end is not None]
    income = {kind: sum((one.income.get(kind, ZERO) for one in stretches), ZERO) for kind in KINDS}
    moved = sum((one.moved_usd for one in stretches), ZERO)
    found = {
        FLOWS: flows_usd,
        UNREALISED: sum((end.unrealised_usd - begin.unrealised_usd for begin, end in known), ZERO),
        REVALUATION: sum((end.revalued_usd - begin.revalued_usd for begin, end in known), moved),
        **income,
    }
    return Attribution(nav_from, nav_to, {part: found[part] for part in PARTS})


@exact
def in_cents(told: Attribution) -> Attribution:
    """Round for showing: every figure to the cent, so that the residual closes the sum to the cent as well."""
    return Attribution(cents(told.nav_from), cents(told.nav_to), {part: cents(usd) for part, usd in told.parts.items()})


@exact
def levels(basis: Basis | None, reading: Reading, last_prices: Mapping[str, PricePoint]) -> Levels:
    """Return where the sums stand at `reading`, from where they stood at the last whole snapshot.

    What was held then is worth more or less by its price alone. A futures wallet's balance is its margin without the
    open profit, so that nothing counts twice. Flows are left to the reader: they may become known much later.
    """

    def price_usd(asset: str) -> Decimal:
        priced = price_holding(Holding("", asset, ZERO), reading.at, reading.book, last_prices)
        return ZERO if priced.price_usd is None else priced.price_usd

    profits = [profit for answer in reading.wallets.values() for profit in answer.profits]
    unrealised = sum((profit.quantity * price_usd(profit.asset) for profit in profits), ZERO)
    if basis is None or basis.levels is None:
        return Levels(unrealised, ZERO)
    return Levels(unrealised, basis.levels.revalued_usd + _revalued(basis, price_usd))


def _revalued(basis: Basis, price_usd: Callable[[str], Decimal]) -> Decimal:
    """Return what prices did since to what was held at `basis`."""
    profits: dict[tuple[Wallet, str], Decimal] = {}
    for profit in basis.profits:
        place = profit.wallet, profit.asset
        profits[place] = profits.get(place, ZERO) + profit.quantity
    usd = ZERO
    for priced in basis.holdings:
        held, before = priced.holding, priced.price_usd or ZERO
        own = held.quantity - profits.get((held.wallet, held.asset), ZERO)
        usd += own * (price_usd(held.asset) - before)
    return usd


@exact
def _rest(told: Attribution) -> Decimal:
    return told.nav_to - told.nav_from - sum(told.parts.values(), ZERO)
