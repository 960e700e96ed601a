"""What stands on the wires while something is measured: real latency, and a stopwatch."""

import asyncio
import time
from dataclasses import dataclass

import httpx

from tests.wires import Turn


def lag(latency_s: float) -> Turn:
    """Return a turn that makes every request wait, each by itself, as a network does."""

    async def wait(_: httpx.Request) -> None:
        await asyncio.sleep(latency_s)

    return wait


@dataclass(slots=True)
class Stopwatch(httpx.AsyncBaseTransport):
    """Adds up the time in which `inner` is at work. Over requests that overlap, it adds up each."""

    inner: httpx.AsyncBaseTransport
    total_s: float = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on."""
        began = time.perf_counter()
        try:
            return await self.inner.handle_async_request(request)
        finally:
            self.total_s += time.perf_counter() - began
