"""Shapes of the futures accounts and of open positions. Source: reference, D.8, D.10 and D.11."""

from typing import Self

from pydantic import TypeAdapter, model_validator

from lib.binance.schemas.row import Amount, AmountOrEmpty, MaybeAmount, PositionSide, Row, Text
from lib.domain.money import ZERO


class MarginAsset(Row):
    """One collateral asset; unrealised profit is inside."""

    asset: Text
    margin_balance: Amount
    unrealized_profit: Amount


class Position(Row):
    """One position, long or short. In one-way mode the sign of the amount says which."""

    symbol: Text
    position_side: PositionSide = "BOTH"
    position_amt: Amount
    notional: Amount


class FuturesAccount(Row):
    """The wallet's assets, zeros included, and its positions."""

    assets: list[MarginAsset]
    positions: list[Position]


class CoinAccount(Row):
    """The COIN-M wallet's assets, zeros included, in coins."""

    assets: list[MarginAsset]


class PositionRisk(Row):
    """How one position stands. The families differ in how they tell notional, leverage and kind of margin.

    Units: of an inverse contract the amount is contracts, notional value and profit are coins.
    """

    symbol: Text
    position_side: PositionSide = "BOTH"
    position_amt: Amount
    entry_price: Amount
    mark_price: Amount
    un_realized_profit: AmountOrEmpty
    liquidation_price: MaybeAmount = None
    notional_value: AmountOrEmpty = ZERO
    leverage: MaybeAmount = None
    margin_type: str | None = None
    isolated_wallet: MaybeAmount = None
    initial_margin: MaybeAmount = None
    position_initial_margin: MaybeAmount = None

    @model_validator(mode="after")
    def _has_a_price(self) -> Self:
        if self.position_amt and self.mark_price <= 0:
            raise ValueError("an open position without a mark price")
        return self


FUTURES_ACCOUNT = TypeAdapter(FuturesAccount)
COIN_ACCOUNT = TypeAdapter(CoinAccount)
POSITION_RISKS = TypeAdapter(list[PositionRisk])
