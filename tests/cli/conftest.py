"""The command line in this process: its own home, its own settings, and a demo exchange on a real port."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn

from lib.cli import terminal
from lib.cli.__main__ import main
from lib.demo import scenario
from lib.demo.access import Key
from lib.demo.asgi import asgi_app
from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, keys_of
from lib.demo.limits import Meter
from lib.demo.signatures import ed25519_key
from lib.local.server import listen
from lib.vault import generate_key
from tests.cli.process import environment

RISKY = Key("Main", "R" * 64, "risky-secret", frozenset({"enableReading", "enableWithdrawals", "enableFutures"}))
SEED = bytes(range(32))
ED25519 = Key("Mixed", "E" * 64, ed25519_key(SEED))
TRADING = Key("Spot", "T" * 64, "trading-secret", frozenset({"enableReading", "enableFutures"}))
BLIND = Key("Spot", "B" * 64, "blind-secret", frozenset())


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


type Command = Callable[..., Done]


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own_logging: None
) -> Command:
    """Run `./monitor ARGUMENTS` under nothing but the settings given."""
    monkeypatch.setattr(terminal, "DATA", tmp_path / "data")
    monkeypatch.setattr(terminal, "DOTENV", tmp_path / ".env")

    def run(*arguments: str, **settings: str) -> Done:
        alone = environment(**settings)
        with monkeypatch.context() as patch:
            for name in os.environ.keys() - alone:
                patch.delenv(name)
            for name, value in alone.items():
                patch.setenv(name, value)
            try:
                code = main(arguments)
            except SystemExit as leaving:
                code = int(leaving.code or 0)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return run


@dataclass(frozen=True, slots=True)
class Served:
    """A demo exchange and its address."""

    exchange: DemoExchange
    url: str


@pytest.fixture(scope="session")
def served_exchange() -> Iterator[Served]:
    """A demo exchange that a real client finds on loopback; four more keys than accounts."""
    now = datetime.now(UTC)
    world = scenario.build(scenario.SEED, now - timedelta(days=20))
    exchange = DemoExchange(
        world, WorldClock(now, lambda: datetime.now(UTC)), (*keys_of(world), RISKY, BLIND, ED25519, TRADING)
    )
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(asgi_app(exchange), log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield Served(exchange, f"http://127.0.0.1:{listening.getsockname()[1]}")
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def exchange(served_exchange: Served) -> Iterator[Served]:
    """The served exchange with nothing broken, and nothing asked of it yet: each test is a person of its own."""
    served_exchange.exchange.meter = Meter()  # by the wall clock, a minute's weight of others would have to pass first
    yield served_exchange
    served_exchange.exchange.faults.clear()


@pytest.fixture
def own(database: str, exchange: Served) -> dict[str, str]:
    """Settings of somebody with a database of their own, and the demo exchange for Binance."""
    return {
        "DATABASE_URL": database.replace("@/", "@localhost/"),
        "ENCRYPTION_KEY": generate_key(),
        "BINANCE_API_URL": exchange.url,
        "BINANCE_FAPI_URL": exchange.url,
        "BINANCE_DAPI_URL": exchange.url,
        "BINANCE_EAPI_URL": exchange.url,
        "BINANCE_PAPI_URL": exchange.url,
        "BINANCE_DATA_URL": exchange.url,
    }
