"""Shapes of the USD-M futures account. Source: reference, D.8."""

from typing import Literal

from pydantic import TypeAdapter

from lib.binance.schemas.row import Amount, Row, Text


class MarginAsset(Row):
    """One collateral asset; unrealised profit is inside."""

    asset: Text
    margin_balance: Amount
    unrealized_profit: Amount


class Position(Row):
    """One position, long or short. In one-way mode the sign of the amount says which."""

    symbol: Text
    position_side: Literal["BOTH", "LONG", "SHORT"] = "BOTH"
    position_amt: Amount
    notional: Amount


class FuturesAccount(Row):
    """The wallet's assets, zeros included, and its positions."""

    assets: list[MarginAsset]
    positions: list[Position]


FUTURES_ACCOUNT = TypeAdapter(FuturesAccount)
