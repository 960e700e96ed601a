"""Prices now and then: the last of every symbol, and the open of one minute. Source: reference, D.1 and E.3."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from lib.binance.endpoints import (
    CANDLES,
    COIN_CONTRACT_CANDLES,
    CONTRACT_CANDLES,
    PRICES,
    PUBLIC_CANDLES,
    PUBLIC_PRICES,
    Endpoint,
)
from lib.binance.errors import LocationRefused, UnknownSymbol
from lib.binance.instants import from_ms, to_ms
from lib.binance.schemas import market
from lib.binance.signing import encode
from lib.binance.transport import Send

_IN_COINS = re.compile(r"USD_(PERP|\d{6})$")  # "BTCUSD_PERP", and not "BTCUSDT_261225"
_TRADING = encode({"symbolStatus": "TRADING"})  # a delisted symbol keeps its last price for years


async def trading(send: Send) -> Mapping[str, Decimal]:
    """Return the last price of every trading spot symbol; one that never traded (price 0) is left out."""
    try:
        tickers = await send(PRICES, market.TICKERS, _TRADING)
    except LocationRefused:
        tickers = await send(PUBLIC_PRICES, market.TICKERS, _TRADING)
    return {ticker.symbol: ticker.price for ticker in tickers if ticker.price > 0}


async def listed(send: Send) -> Mapping[str, Decimal]:
    """Return the last price of every spot symbol ever listed and not removed, ended ones included."""
    tickers = await send(PRICES, market.TICKERS)
    return {ticker.symbol: ticker.price for ticker in tickers if ticker.price > 0}


async def last_traded(send: Send, symbol: str) -> datetime | None:
    """Return when the newest one-minute candle of a spot symbol began; None if it has none."""
    candles = await send(CANDLES, market.CANDLES, encode({"symbol": symbol, "interval": "1m", "limit": 1}))
    return from_ms(candles[-1][0]) if candles else None


async def spot_open(send: Send, symbol: str, minute: datetime) -> Decimal | None:
    """Return the open of a spot symbol's candle; None if it did not trade then."""
    try:
        return await _open(send, CANDLES, symbol, minute)
    except LocationRefused:
        return await _open(send, PUBLIC_CANDLES, symbol, minute)


async def contract_open(send: Send, symbol: str, minute: datetime) -> Decimal | None:
    """Return the open of a contract's candle, USD-M or COIN-M; None if it did not trade then."""
    endpoint = COIN_CONTRACT_CANDLES if _IN_COINS.search(symbol) else CONTRACT_CANDLES
    return await _open(send, endpoint, symbol, minute)


async def _open(send: Send, endpoint: Endpoint, symbol: str, minute: datetime) -> Decimal | None:
    asked_ms = to_ms(minute)
    query = encode({"symbol": symbol, "interval": "1m", "startTime": asked_ms, "limit": 1})
    try:
        candles = await send(endpoint, market.CANDLES, query)
    except UnknownSymbol:
        return None
    return next((price for opened_ms, price in candles if opened_ms == asked_ms), None)
