"""The real local server for tests of the page, over a real database and the demo exchange, all in this process."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from lib import settings
from lib.demo.transport import DemoTransport
from lib.local.demo import Demo
from lib.local.diary import Diary
from lib.local.server import Starting
from lib.local.site import site
from lib.wiring import Wired
from tests.spine import ENCRYPTION_KEY, Spine

PUBLIC = Path(__file__).parent.parent.parent / "public"
PASSWORD = "correct horse battery"
API_TOKEN = "a token that reads and nothing else"
OWN = {"DEMO_MODE": "false", "ENCRYPTION_KEY": ENCRYPTION_KEY, "DASHBOARD_PASSWORD": PASSWORD}


class Quiet(uvicorn.Server):
    """Leaves the signals to the tests' runner."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def listening(app: ASGIApp, **how: Any) -> AsyncIterator[str]:
    """The address at which the application answers, for as long as the block lasts."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Quiet(uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=1, **how))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listener.close()


@dataclass(slots=True)
class House:
    """One installation that is served: what it works with, its world, and where a browser finds it."""

    spine: Spine
    wired: Wired
    demo: Demo | None
    address: str = ""
    starting: bool = False  # its store is not open yet

    async def ask(self, path: str) -> Any:
        """What the installation answers to somebody who may see everything."""
        opened = _Site(replace(self, wired=self.spine.wired, starting=False))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(opened), base_url="http://127.0.0.1") as client:
            answer = await client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def lose(self, *calls: str) -> None:
        """The database does not answer these calls any more, or none of them."""

        async def fail(request: httpx.Request) -> None:
            if not calls or request.url.path.endswith(calls):
                raise httpx.ReadTimeout("the database did not respond", request=request)

        self.spine.to_store.before.append(fail)

    def find(self) -> None:
        """It answers again."""
        self.spine.to_store.before.clear()


_SERVED: ContextVar[House] = ContextVar("served")


async def _wired() -> Wired:
    house = _SERVED.get()
    if house.starting:
        raise Starting("starting: the database is being opened")
    return house.wired


def take_over() -> ASGIApp:
    """Make the site whose requests are answered by the house they came to.

    The functions of `api/` are one for the whole process, and whoever made a site last has them.
    """
    return site(_wired, lambda: _SERVED.get().demo)


class _Site:
    """The site of one house: any number of them are open at once."""

    def __init__(self, house: House) -> None:
        self._house, self._app = house, take_over()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _SERVED.set(self._house)
        await self._app(scope, receive, send)


@asynccontextmanager
async def serving(spine: Spine, environment: Mapping[str, str] | None = None) -> AsyncIterator[House]:
    """The house of a spine: a demo whose past is built and whose world stands still, or one's own installation."""
    transport = DemoTransport(spine.exchange)
    if environment is None:
        spine.to_exchange.inner = transport  # the demo's own: what is broken of it strikes the runs, too
        house = House(spine, spine.wired, Demo(transport, spine.clock, lambda: spine.now, Diary(spine.dsn)))
    else:
        house = House(spine, replace(spine.wired, settings=settings.read(environment)), None)
    async with listening(_Site(house), proxy_headers=False, lifespan="off") as address:
        house.address = address
        yield house
    if house.demo is not None:
        await house.demo.close()


@asynccontextmanager
async def demo_site(spine: Spine) -> AsyncIterator[str]:
    """Where the site of a demo answers whose history is built, and whose world stands still."""
    async with serving(spine) as house:
        yield house.address
