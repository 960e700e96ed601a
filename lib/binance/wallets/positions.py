"""Open positions: of linear contracts, which pay in dollars, and of inverse ones, which pay in their coin.

Source: reference, D.8 and D.10.
"""

from decimal import Decimal
from typing import Literal, Protocol

from lib.binance.schemas.futures import PositionRisk
from lib.domain.money import exact
from lib.domain.portfolio import OpenPosition, Side, Terms, Wallet

_SHOWN = Decimal("0.01")  # of a leverage


class Sided(Protocol):
    """A position as its wallet tells it: in one-way mode ("BOTH") the sign of the amount is its side."""

    @property
    def position_side(self) -> Literal["BOTH", "LONG", "SHORT"]: ...

    @property
    def position_amt(self) -> Decimal: ...


def side_of(position: Sided) -> Side:
    """Return which way the position points."""
    if position.position_side == "BOTH":
        return "long" if position.position_amt > 0 else "short"
    return "long" if position.position_side == "LONG" else "short"


@exact
def linear(wallet: Wallet, row: PositionRisk) -> OpenPosition:
    """Return a position of a contract whose amount is coins and whose profit is dollars."""
    quantity = abs(row.position_amt)
    terms = _terms(row, quantity * row.mark_price, row.un_realized_profit)
    return OpenPosition(wallet, row.symbol, side_of(row), quantity, row.mark_price, terms=terms)


@exact
def inverse(wallet: Wallet, row: PositionRisk) -> OpenPosition:
    """Return a position of a contract whose amount is contracts of so many dollars and whose profit is coins.

    Units: its quantity is the coins it is worth at the mark price. Contract sizes are whole dollars; the size follows
    from the notional, which is told in coins.
    """
    amount = abs(row.position_amt)
    size_usd = (abs(row.notional_value) * row.mark_price / amount).to_integral_value()
    quantity = amount * size_usd / row.mark_price if size_usd else abs(row.notional_value)
    terms = _terms(row, quantity * row.mark_price, row.un_realized_profit * row.mark_price)
    coin = row.symbol.partition("USD_")[0]
    return OpenPosition(wallet, row.symbol, side_of(row), quantity, row.mark_price, coin=coin, terms=terms)


def _terms(row: PositionRisk, notional_usd: Decimal, unrealised_usd: Decimal) -> Terms:
    margin = row.margin_type or ("isolated" if row.isolated_wallet else "cross")
    return Terms(
        entry_usd=row.entry_price,
        leverage=_leverage(row, notional_usd),
        margin="isolated" if margin.casefold() == "isolated" else "cross",
        liquidation_usd=row.liquidation_price or None,
        unrealised_usd=unrealised_usd,
    )


def _leverage(row: PositionRisk, notional_usd: Decimal) -> Decimal | None:
    """Return the leverage; where it is not told it is the notional over the position's initial margin."""
    if row.leverage:
        return row.leverage
    margin = row.position_initial_margin or row.initial_margin
    return (notional_usd / margin).quantize(_SHOWN) if margin else None
