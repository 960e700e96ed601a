"""Last prices of coins whose markets have ended: looked up once a coin, then remembered with their age."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime

from lib.domain.cadence import DAILY, LOOK_AT_KEY, is_due
from lib.domain.portfolio import WalletReading
from lib.domain.prices import PricePoint
from lib.domain.reading import Basis
from lib.domain.state import AccountState
from lib.domain.valuation import Book, along, route
from lib.ports import Exchange
from lib.usecases.attempts import or_none


async def read_closed(
    exchange: Exchange, answers: Iterable[WalletReading], state: AccountState, book: Book, at: datetime, who: str
) -> Mapping[str, PricePoint]:
    """Ask the list of all markets, ended ones included, about coins that no trading market prices.

    Asked when a coin is seen so for the first time, be it new or priced in the last snapshot, and once a day: between
    its last snapshot and its end a market moved on. Source: product, 4.1; reference, E.2.
    """
    held = {holding.asset for answer in answers for holding in (*answer.holdings, *answer.flexible)}
    unlisted = {asset for asset in held if route(asset, book) is None}
    again = is_due(state.checked.at if state.checked else None, at, DAILY, who, LOOK_AT_KEY)
    wanted = sorted(unlisted if again else unlisted - _known_closed(state.basis))
    listed = await or_none(exchange.listed_prices) if wanted and book else None
    if listed is None:
        return {}
    found = await asyncio.gather(*(_last(exchange, asset, listed, book) for asset in wanted))
    return {point.asset: point for point in found if point is not None}


def _known_closed(basis: Basis | None) -> set[str]:
    """Return the coins that had no trading market in the last snapshot already."""
    return {each.holding.asset for each in basis.holdings if each.priced_at != basis.at} if basis else set()


async def _last(exchange: Exchange, asset: str, listed: Book, book: Book) -> PricePoint | None:
    """Return the coin's last price and when it was made; None where no market ever led to dollars.

    Of two markets on the way the one that goes on counts at that minute, not at today's price.
    """
    legs = route(asset, listed)
    ended = [leg.symbol for leg in legs or () if leg.symbol not in book]
    times = await asyncio.gather(*(or_none(exchange.last_traded, symbol) for symbol in ended))
    known = [time for time in times if time is not None]
    if not legs or not known or len(known) < len(ended):
        return None
    last = min(known)
    going_on = [leg.symbol for leg in legs if leg.symbol in book]
    opens = await asyncio.gather(*(or_none(exchange.candle_open, symbol, last) for symbol in going_on))
    prices = {symbol: listed[symbol] for symbol in ended}
    prices |= {symbol: price for symbol, price in zip(going_on, opens, strict=True) if price is not None}
    return PricePoint(asset, last, along(legs, prices)) if len(prices) == len(legs) else None
