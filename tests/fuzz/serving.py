"""A local server with three accounts of one's own and every credential, in a thread with a loop of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import httpx
import uvicorn

from lib import settings
from lib.local.server import listen
from lib.local.site import site
from lib.usecases import share
from lib.wiring import Wired
from tests.spine import BORN_AT, ENCRYPTION_KEY, hours, opened

PASSWORD, CRON_SECRET, API_TOKEN = "correct horse battery", "tick-tock-tick-tock", "look-but-do-not-touch"
OWN = {
    "DEMO_MODE": "false",
    "ENCRYPTION_KEY": ENCRYPTION_KEY,
    "CRON_SECRET": CRON_SECRET,
    "API_TOKEN": API_TOKEN,
    "DASHBOARD_PASSWORD": PASSWORD,
}


@dataclass(frozen=True, slots=True)
class Served:
    """Where it is, and what each kind of caller sends."""

    url: str
    callers: dict[str, dict[str, str]]


@contextmanager
def served(dsn: str) -> Iterator[Served]:
    """Serve until the block ends."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    listening = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    found: list[tuple[uvicorn.Server, str]] = []

    async def serve() -> None:
        async with opened(dsn) as spine:
            await spine.add_accounts()
            await spine.collect_at([BORN_AT, *hours(BORN_AT, 3)])
            own = replace(spine.wired, settings=settings.read(OWN))

            async def wiring() -> Wired:
                return own

            link = await share.make(own.links, own.clock, "all")
            config = uvicorn.Config(site(wiring, lambda: None), log_config=None, access_log=False, lifespan="off")
            server = uvicorn.Server(config)
            found.append((server, str(link["token"])))
            ready.set()
            await server.serve(sockets=[listening])

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(60)
    server, link = found[0]
    try:
        yield Served(url, _callers(url, link))
    finally:
        server.should_exit = True
        thread.join(20)
        loop.close()


def _callers(url: str, link: str) -> dict[str, dict[str, str]]:
    entered = httpx.post(f"{url}/api/session", json={"password": PASSWORD}, headers={"Origin": url}, timeout=60)
    cookie = entered.headers["set-cookie"].partition(";")[0]
    return {
        "nobody": {},
        "scheduler": {"Authorization": f"Bearer {CRON_SECRET}"},
        "viewer": {"Authorization": f"Bearer {API_TOKEN}"},
        "link": {"Authorization": f"Bearer {link}"},
        "owner": {"Cookie": cookie, "Origin": url},
    }
