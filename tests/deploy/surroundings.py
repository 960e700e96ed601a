"""What a deployed function talks to, on loopback: a Data API over an embedded Postgres, and the demo exchange."""

import base64
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import uvicorn

from lib.demo import scenario
from lib.demo.asgi import Application, Message, Receive, Send, asgi_app
from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, keys_of
from lib.demo.world import World
from lib.domain.schedule import slot_start
from lib.local import data_api, postgres
from lib.local.data_api import DataApiTransport
from lib.local.demo import HISTORY
from lib.store import migrations
from tests.deploy.source import ROOT

_DATABASE = "deployed"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the world is, and the settings that lead there."""

    world: World
    settings: dict[str, str] = field(repr=False)

    @property
    def secrets(self) -> dict[str, str]:
        """What must never be seen: settings and the accounts' keys."""
        named = {name: self.settings[name] for name in ("SUPABASE_SECRET_KEY", "ENCRYPTION_KEY", "CRON_SECRET")}
        accounts = {f"{account.name}'s secret": account.api_secret for account in self.world.accounts}
        return {**named, "API_TOKEN": self.settings["API_TOKEN"], **accounts}


@contextmanager
def surroundings(folder: Path) -> Iterator[Surroundings]:
    """Start all of it, and stop it."""
    now = datetime.now(UTC)
    world = scenario.build(scenario.SEED, slot_start(now, 60) - HISTORY)
    exchange = DemoExchange(world, WorldClock(now, lambda: datetime.now(UTC)), keys_of(world))
    with (
        postgres.running(folder, durable=False) as server,
        _served(_Bridge(_migrated(server)), lifespan="on") as store_url,
        _served(asgi_app(exchange), lifespan="off") as exchange_url,
    ):
        yield Surroundings(world, {
            "SUPABASE_URL": store_url,
            "SUPABASE_SECRET_KEY": data_api.SECRET_KEY,
            "ENCRYPTION_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "CRON_SECRET": secrets.token_urlsafe(24),
            "API_TOKEN": secrets.token_urlsafe(24),
            "BINANCE_API_URL": exchange_url,
            "BINANCE_FAPI_URL": exchange_url,
            "BINANCE_DAPI_URL": exchange_url,
            "BINANCE_EAPI_URL": exchange_url,
            "BINANCE_PAPI_URL": exchange_url,
            "BINANCE_DATA_URL": exchange_url,
        })  # fmt: skip


class _Bridge:
    """The Data API over real HTTP: hands each request to the transport that the local server uses."""

    def __init__(self, dsn: str) -> None:
        self._opening: AbstractAsyncContextManager[DataApiTransport] = data_api.connected(dsn, connections=4)
        self._transport: DataApiTransport | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and self._transport is not None:
            request = httpx.Request(
                scope["method"],
                f"http://data-api{scope['path']}",
                headers=scope["headers"],
                content=await _body(receive),
            )
            response = await self._transport.handle_async_request(request)
            await send({"type": "http.response.start", "status": response.status_code, "headers": response.headers.raw})
            await send({"type": "http.response.body", "body": await response.aread()})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self._opening as self._transport:
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message: dict[str, Any] = dict(await receive())
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


@contextmanager
def _served(app: Application | _Bridge, lifespan: str) -> Iterator[str]:
    """Serve in a thread on a free port of loopback."""
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on" if lifespan == "on" else "off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def _migrated(server: postgres.Server) -> str:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {_DATABASE}")
    migrations.apply(server.dsn(_DATABASE), ROOT / "sql", local=True)
    return server.dsn(_DATABASE)
