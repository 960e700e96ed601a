"""The exchange's time and prices for the accounts of one run: read once, and anew for those whose turn came later."""

import asyncio
from datetime import datetime, timedelta

from lib.domain.valuation import Book
from lib.ports import Clock, Exchange
from lib.usecases.reading import read_market

FRESH = timedelta(seconds=5)  # for so long balances that are read now go with a time that was read then


class SharedMarket:
    """What was read last, shared by all who ask while it is fresh."""

    def __init__(self, exchange: Exchange, clock: Clock) -> None:
        self._exchange, self._clock = exchange, clock
        self._last: tuple[datetime, tuple[datetime, Book]] | None = None
        self._reading = asyncio.Lock()

    @property
    def latest(self) -> tuple[datetime, Book] | None:
        """What was read last, however long ago; None: nothing was."""
        return None if self._last is None else self._last[1]

    async def __call__(self) -> tuple[datetime, Book]:
        """Return the exchange's time and its price list, of now or nearly so. Raises: what `read_market` raises."""
        async with self._reading:
            if self._last is None or self._clock.now() - self._last[0] > FRESH:
                found = await read_market(self._exchange)
                self._last = self._clock.now(), found
            return self._last[1]
