"""What tests put between a client and what answers it: a count, hooks, a sudden death, rounds in step."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

type Turn = Callable[[httpx.Request], Awaitable[None]]
type Edit = Callable[[httpx.Request, httpx.Response], httpx.Response]

_QUIET_TURNS = 40  # of the event loop without a new request: everybody waits for an answer


@dataclass(frozen=True, slots=True)
class Call:
    """One request that went through."""

    path: str
    status: int


@dataclass(slots=True)
class Wire(httpx.AsyncBaseTransport):
    """Passes requests on and notes them; `before` and `after` may look, wait, change or break."""

    inner: httpx.AsyncBaseTransport
    calls: list[Call] = field(default_factory=list)
    before: list[Turn] = field(default_factory=list)
    after: list[Turn] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for turn in tuple(self.before):
            await turn(request)
        response = await self.inner.handle_async_request(request)
        for edit in self.edits:
            response = edit(request, response)
        self.calls.append(Call(request.url.path, response.status_code))
        for turn in tuple(self.after):
            await turn(request)
        return response

    def clear(self) -> None:
        self.calls.clear()
        self.before.clear()
        self.after.clear()
        self.edits.clear()

    def count(self, path: str) -> int:
        return sum(call.path.endswith(path) for call in self.calls)


class Killed(BaseException):
    """The process is gone: nobody catches this, and nothing it does afterwards reaches anyone."""


@dataclass(slots=True)
class Death:
    """Kills whoever makes the `at`-th call of all wires it hangs on; with `answered` the call still gets through."""

    at: int
    answered: bool = False
    seen: int = 0
    dead: bool = False

    def hang(self, *wires: Wire) -> None:
        for wire in wires:
            wire.before.append(self.leaving)
            wire.after.append(self.arriving)

    async def leaving(self, _: httpx.Request) -> None:
        self.seen += 1
        if self.dead or (self.seen >= self.at and not self.answered):
            self.dead = True
            raise Killed
        if self.seen >= self.at:
            self.dead = True  # this one call still leaves, and its answer finds nobody

    async def arriving(self, _: httpx.Request) -> None:
        if self.dead:
            raise Killed


class Rounds:
    """Lets requests go in step: those that wait together are one round."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: list[asyncio.Future[None]] = []
        self._arrived = 0

    async def __call__(self, _: httpx.Request) -> None:
        gate = asyncio.get_running_loop().create_future()
        self._waiting.append(gate)
        self._arrived += 1
        if len(self._waiting) == 1:
            await self._until_quiet()
            self.count += 1
            waiting, self._waiting = self._waiting, []
            for other in waiting:
                other.set_result(None)
        await gate

    async def _until_quiet(self) -> None:
        quiet = 0
        while quiet < _QUIET_TURNS:
            before = self._arrived
            await asyncio.sleep(0)
            quiet = quiet + 1 if before == self._arrived else 0


def at_call(number: int, path: str, act: Callable[[], None]) -> Turn:
    """Return a turn that acts just before the `number`-th request to `path`."""
    seen = 0

    async def turn(request: httpx.Request) -> None:
        nonlocal seen
        if request.url.path.endswith(path):
            seen += 1
            if seen == number:
                act()

    return turn


def without_rows(path: str, id_: str) -> Edit:
    """Return an edit that keeps the row of that id out of the answers of `path`."""

    def edit(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if not request.url.path.endswith(path):
            return response
        rows = [row for row in json.loads(response.content) if row["id"] != id_]
        return httpx.Response(200, json=rows, request=request)

    return edit
