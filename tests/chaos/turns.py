"""Lets one call through at a time, so that what runs at once can be played again: who goes next is thrown with dice."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import httpx

_QUIET_TURNS = 12  # of the event loop without a new call: everybody waits for a turn, or for time to pass


class Turns:
    """Hands out turns while it is `open`; `count` are those so far, and `watchers` are told of each."""

    def __init__(self) -> None:
        self.count = 0
        self.trace: list[str] = []
        self.watchers: list[Callable[[int], None]] = []
        self._dice = random.Random()
        self._waiting: list[asyncio.Future[None]] = []
        self._taken = False
        self._stirred = asyncio.Event()
        self._arrived = 0

    @asynccontextmanager
    async def opened(self, seed: int) -> AsyncIterator[asyncio.Task[None]]:
        """Hand out turns in the order that `seed` gives, counted from 0; what is yielded does it."""
        self._dice, self.count, self._stirred = random.Random(seed), 0, asyncio.Event()
        self._waiting, self._taken = [], False
        handing_out = asyncio.create_task(self._hand_out())
        try:
            yield handing_out
        finally:
            handing_out.cancel()
            self.watchers.clear()
            with suppress(asyncio.CancelledError):
                await handing_out

    async def take(self, what: str) -> None:
        """Wait for a turn."""
        gate = asyncio.get_running_loop().create_future()
        self._waiting.append(gate)
        self._arrived += 1
        self._stirred.set()
        try:
            await gate
        except asyncio.CancelledError:
            if gate in self._waiting:
                self._waiting.remove(gate)
            else:
                self.give_back()
            raise
        self.trace.append(what)

    def give_back(self) -> None:
        """Let the next one go."""
        self._taken = False
        self._stirred.set()

    async def _hand_out(self) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            await self._until_quiet()
            if self._waiting and not self._taken:
                gate = self._waiting.pop(self._dice.randrange(len(self._waiting)))
                self._taken = True
                self.count += 1
                for watcher in tuple(self.watchers):
                    watcher(self.count)
                if gate.cancelled():
                    self.give_back()
                else:
                    gate.set_result(None)

    async def _until_quiet(self) -> None:
        quiet = 0
        while quiet < _QUIET_TURNS:
            before = self._arrived
            await asyncio.sleep(0)
            quiet = quiet + 1 if before == self._arrived else 0


class InTurn(httpx.AsyncBaseTransport):
    """Passes each request on when its turn has come."""

    def __init__(self, inner: httpx.AsyncBaseTransport, turns: Turns) -> None:
        self._inner, self._turns = inner, turns

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._turns.take(request.url.path)
        try:
            return await self._inner.handle_async_request(request)
        finally:
            self._turns.give_back()
