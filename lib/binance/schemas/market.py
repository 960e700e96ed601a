"""Shapes of the public market data. Source: reference, B.2 and D.1."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, TypeAdapter

from lib.binance.schemas.row import LIMIT, Amount, InstantMs, Row, Text

_CLOSE = 4  # place of the close in a candle

type Price = Annotated[Decimal, Field(allow_inf_nan=False, gt=0, lt=LIMIT)]


class ServerTime(Row):
    """The exchange's own time."""

    server_time: InstantMs


class Ticker(Row):
    """The last price of one symbol; 0 where it never traded."""

    symbol: Text
    price: Amount


def _opening(candle: object) -> object:
    """Keep open time and open of a candle: the rest of the twelve is not for us."""
    return candle[:2] if isinstance(candle, list) else candle


def _closing(candle: object) -> object:
    """Keep open time and close of a candle; what is too short to have them is none."""
    return [candle[0], *candle[_CLOSE : _CLOSE + 1]] if isinstance(candle, list) and candle else candle


type Opening = Annotated[tuple[InstantMs, Price], BeforeValidator(_opening)]
type Closing = Annotated[tuple[InstantMs, Price], BeforeValidator(_closing)]

SERVER_TIME = TypeAdapter(ServerTime)
TICKERS = TypeAdapter(list[Ticker])
CANDLES = TypeAdapter(list[Opening])
DAILY_CANDLES = TypeAdapter(list[Closing])
