"""The client as it is used, over pytest-httpx, on a clock on which waiting passes at once."""

from collections.abc import AsyncIterator

import httpx
import pytest

from lib.binance.client import BinanceClient
from lib.demo.clock import WorldClock
from tests.binance.wire import AT


@pytest.fixture
def clock() -> WorldClock:
    return WorldClock(AT)


@pytest.fixture
async def binance(clock: WorldClock) -> AsyncIterator[BinanceClient]:
    async with httpx.AsyncClient() as http:
        yield BinanceClient(http, clock)
