"""`./monitor serve`: the page and the API at once, then the store, the demo's history, and the scheduler."""

import asyncio
import errno
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path

import uvicorn

from lib.errors import ConfigurationError, Unavailable
from lib.local import scheduler
from lib.local.demo import Demo, build_history
from lib.local.home import Home, opened
from lib.local.proxies import BehindProxies
from lib.local.site import site
from lib.settings import Settings
from lib.wiring import Wired

_GRACE_S = 5


async def serve(settings: Settings, data_dir: Path, say: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; when this returns, everything is closed.

    Raises: ConfigurationError for a taken port.
    """
    listening = listen(settings.host, settings.port)
    state = _State()
    config = uvicorn.Config(
        BehindProxies(site(state.wired, state.demo), settings.trusted_proxies),
        log_config=None,
        access_log=False,
        proxy_headers=False,  # it would believe whatever runs on this machine
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = _Server(config)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, server.handle_exit, number, None)
    say(f"Serving on http://{_shown(settings.host)}:{listening.getsockname()[1]} (Ctrl-C stops)")
    working = asyncio.create_task(_work(settings, data_dir, state, say))
    working.add_done_callback(lambda task: setattr(server, "should_exit", True) if _failed(task) else None)
    try:
        await server.serve(sockets=[listening])
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    if _failed(working):
        working.result()


class _Server(uvicorn.Server):
    """Uvicorn, save that it sends a signal on as soon as it has stopped: then nobody would close the store."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the loop's own handlers."""
        yield


class Starting(Unavailable):
    """The server answers already, and its store is being opened."""

    code = "starting"


class _State:
    """What is open so far; requests that come before are told to wait."""

    def __init__(self) -> None:
        self.home: Home | None = None

    async def wired(self) -> Wired:
        if self.home is None:
            raise Starting("starting: the database is being opened")
        return self.home.wired

    def demo(self) -> Demo | None:
        return self.home.demo if self.home else None


async def _work(settings: Settings, data_dir: Path, state: _State, say: Callable[[str], None]) -> None:
    async with AsyncExitStack() as stack:
        home = await stack.enter_async_context(opened(settings, data_dir))
        state.home = home
        for notice in home.notices:
            say(notice)
        if home.demo is not None:
            await _build(home.demo, home.wired, say)
        say(f"Collecting every {_minutes(settings.collect_every_minutes)}")
        await scheduler.run(home.wired, asyncio.sleep if home.demo is None else until_acted(home.demo))


def until_acted(demo: Demo) -> Callable[[float], Coroutine[object, object, None]]:
    """Make a wait that ends before its time where the world's clock was taken ahead: then the slots begin earlier.

    While something is done to the demo it goes on: a run of another slot length in between would leave gaps.
    """

    async def wait(seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(demo.acted.wait(), seconds)
        async with demo.turn:
            demo.acted.clear()

    return wait


async def _build(demo: Demo, wired: Wired, say: Callable[[str], None]) -> None:
    step = max(demo.progress.total // 10, 1)
    if demo.progress.building:
        say(f"Building 90 days of history: {demo.progress.done} of {demo.progress.total} runs")
    async for progress in build_history(demo, wired):
        if progress.done % step == 0 or not progress.building:
            say(f"Building 90 days of history: {progress.done} of {progress.total} runs")


def listen(host: str, port: int, by: str = "PORT") -> socket.socket:
    """Open the port; `by` is what sets it. Raises: ConfigurationError naming a taken one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        found = socket.create_server((host, port), family=family, backlog=128, reuse_port=False)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigurationError(f"port {port} is taken: stop what uses it, or set {by} to another one") from error
        raise ConfigurationError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    # Who is answered has it: an answer goes as head and body, and the body would wait for the head's receipt, 40 ms.
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found


def _failed(task: asyncio.Task[None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is not None


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _minutes(minutes: int) -> str:
    return "minute" if minutes == 1 else f"{minutes} minutes"
