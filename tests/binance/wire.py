"""What the tests of the wire share: a key, instants, the sample answers, and how to name a call."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import httpx

from lib.binance.client import BinanceClient
from lib.demo.clock import WorldClock
from lib.ports import Credentials

KEY = Credentials("acc", "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A", "s" * 60 + "tail")
AT = datetime(2026, 1, 1, tzinfo=UTC)  # 1767225600000
AT_MS = 1_767_225_600_000
SAMPLES = Path(__file__).parent.parent / "fixtures" / "binance"

TIME = re.compile(r"https://api\.binance\.com/api/v3/time$")
FUTURES_TIME = re.compile(r"https://fapi\.binance\.com/fapi/v1/time$")
TOTALS = re.compile(r"https://api\.binance\.com/sapi/v1/asset/wallet/balance\?.*")
SPOT = re.compile(r"https://api\.binance\.com/sapi/v3/asset/getUserAsset\?.*")
FUNDING = re.compile(r"https://api\.binance\.com/sapi/v1/asset/get-funding-asset\?.*")
FUTURES = re.compile(r"https://fapi\.binance\.com/fapi/v3/account\?.*")
PRICES = re.compile(r"https://api\.binance\.com/api/v3/ticker/price\?.*")


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


def sent(request: httpx.Request) -> dict[str, str]:
    """Return the parameters of a request's query."""
    return {name: values[0] for name, values in parse_qs(request.url.query.decode(), strict_parsing=True).items()}


def waited_s(clock: WorldClock) -> float:
    return (clock.now() - AT).total_seconds()


@asynccontextmanager
async def answering(body: bytes) -> AsyncIterator[BinanceClient]:
    """Give a client whose exchange says `body` to everything."""
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=body))
    async with httpx.AsyncClient(transport=transport) as http:
        yield BinanceClient(http, WorldClock(AT))
