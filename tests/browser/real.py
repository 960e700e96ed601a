"""The real local server for tests of the page: a demo whose world stands still, or accounts of one's own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from lib.demo.transport import DemoTransport
from lib.local.demo import Demo
from lib.local.diary import Diary
from lib.local.site import site
from lib.wiring import Wired
from tests.browser.stand_in import Quiet
from tests.spine import Spine


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


@asynccontextmanager
async def demo_site(spine: Spine) -> AsyncIterator[str]:
    """Where the site of a demo answers whose history is built, and whose world stands still."""
    transport = DemoTransport(spine.exchange)
    spine.to_exchange.inner = transport  # the demo's own: what is broken of it strikes the runs, too
    demo = Demo(transport, spine.clock, lambda: spine.now, Diary(spine.dsn))

    async def wiring() -> Wired:
        return spine.wired

    async with listening(site(wiring, lambda: demo)) as address:
        yield address
