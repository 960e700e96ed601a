"""The daily snapshots that the exchange itself takes of an account, and the daily prices to value them with.

Source: reference, D.3. They weigh 2400 of 12 000 a minute each, so they are asked for once in an account's life.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from pydantic import TypeAdapter

from lib.binance.endpoints import ACCOUNT_SNAPSHOT, CANDLES, PUBLIC_CANDLES
from lib.binance.errors import LocationRefused, UnknownSymbol
from lib.binance.instants import from_ms, to_ms
from lib.binance.schemas import daily, market
from lib.binance.schemas.daily import Days, FuturesData, MarginData, SpotData
from lib.binance.signing import encode
from lib.binance.transport import Send
from lib.domain.estimates import DailyBalance
from lib.domain.money import ZERO, exact
from lib.ports import Credentials

SPAN = timedelta(days=30) - timedelta(milliseconds=1)  # the exchange takes less than 30 days, of the last month
_MOST_DAYS = 30


@dataclass(frozen=True, slots=True)
class _Kind[Data]:
    name: str
    shape: TypeAdapter[Days[Data]]
    quantities: Callable[[Data], Iterable[tuple[str, Decimal]]]


def _spot(data: SpotData) -> Iterable[tuple[str, Decimal]]:
    return ((row.asset, row.free + row.locked) for row in data.balances)


def _margin(data: MarginData) -> Iterable[tuple[str, Decimal]]:
    return ((row.asset, row.net_asset) for row in data.user_assets)


def _futures(data: FuturesData) -> Iterable[tuple[str, Decimal]]:
    return ((row.asset, row.margin_balance) for row in data.assets)


async def balances(send: Send, key: Credentials, end: datetime) -> tuple[DailyBalance, ...]:
    """Read what spot, cross margin and USD-M held at the end of each of the 30 days before `end`; 3 calls."""
    parts = await asyncio.gather(
        _read(send, key, _Kind("spot", daily.SPOT_DAYS, _spot), end),
        _read(send, key, _Kind("margin", daily.MARGIN_DAYS, _margin), end),
        _read(send, key, _Kind("futures", daily.FUTURES_DAYS, _futures), end),
    )
    return tuple(day for part in parts for day in part)


async def closes(send: Send, symbol: str, end: datetime) -> Mapping[date, Decimal]:
    """Return the price of a spot symbol at the end of each of the days before `end`; none where it is not known."""
    query = encode({"symbol": symbol, "interval": "1d", "endTime": to_ms(end), "limit": _MOST_DAYS + 2})
    try:
        candles = await send(CANDLES, market.DAILY_CANDLES, query)
    except LocationRefused:
        candles = await send(PUBLIC_CANDLES, market.DAILY_CANDLES, query)
    except UnknownSymbol:
        return {}
    return {from_ms(opened_ms).date(): close for opened_ms, close in candles}


async def _read[Data](send: Send, key: Credentials, kind: _Kind[Data], end: datetime) -> list[DailyBalance]:
    span = {"startTime": to_ms(end - SPAN), "endTime": to_ms(end), "limit": _MOST_DAYS}
    answer = await send(ACCOUNT_SNAPSHOT, kind.shape, encode({"type": kind.name.upper(), **span}), key)
    return [
        DailyBalance(kind.name, from_ms(day.update_time), _summed(kind.quantities(day.data)))
        for day in answer.snapshot_vos
    ]


@exact
def _summed(rows: Iterable[tuple[str, Decimal]]) -> Mapping[str, Decimal]:
    """Sum up by asset, the zeros left out. A generator is consumed in here, so that its own sums are exact too."""
    sums: dict[str, Decimal] = {}
    for asset, quantity in rows:
        sums[asset] = sums.get(asset, ZERO) + quantity
    return {asset: quantity for asset, quantity in sums.items() if quantity}
