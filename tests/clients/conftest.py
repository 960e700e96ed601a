"""The demo exchange on loopback, its clock standing still, and what each client found there and we stored."""

import asyncio
import json
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from lib.demo import archetypes, scenario
from lib.demo.asgi import asgi_app
from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, keys_of, other_keys_of
from lib.demo.faults import too_many
from lib.demo.instants import to_ms
from lib.domain.portfolio import PricedHolding
from lib.local.postgres import Server
from lib.local.server import listen
from tests.database import _fresh
from tests.numbers.environment import ROOT, NotInstalled, prepared
from tests.spine import BORN_AT, opened

AT = BORN_AT + timedelta(days=45, hours=5, seconds=31)
WORLD = archetypes.beside(scenario.build(scenario.SEED, BORN_AT))
OTHER_KEYS = other_keys_of(WORLD)  # Ed25519 and RSA
CLIENTS = ("ccxt", "python_binance", "official")

type Balances = Mapping[str, Mapping[str, Decimal]]  # by wallet and asset


@dataclass(frozen=True, slots=True)
class Found:
    """What a client found: by account, of the market, who its other keys are, its refusals, what it warned of."""

    client: str
    accounts: dict[str, dict[str, Any]]
    market: dict[str, Any]
    signers: list[int]
    refusals: dict[str, list[Any]]
    warnings: list[str]


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The address of the exchange; it answers 429 to who asks for its time."""
    exchange = DemoExchange(WORLD, WorldClock(AT), (*keys_of(WORLD), *OTHER_KEYS))
    exchange.faults.append(too_many("/api/v3/time", retry_after_s=7))
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(asgi_app(exchange), log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def python() -> Path:
    """The Python of the clients' environment."""
    try:
        return prepared("clients")
    except NotInstalled as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session", params=CLIENTS)
def found(request: pytest.FixtureRequest, served: str, python: Path) -> Found:
    """What a client found of all accounts, by a clock that stands where the exchange's does."""
    keys = {account.name: (account.api_key, account.api_secret) for account in WORLD.accounts}
    others = [(key.api_key, key.secret) for key in OTHER_KEYS]
    return ask(python, request.param, {"url": served, "at_ms": to_ms(AT), "accounts": keys, "others": others})


def ask(python: Path, client: str, asked: Mapping[str, object]) -> Found:
    """Return what a client finds in a process of its own."""
    command = (python, "-m", f"tests.clients.by_{client}")
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return Found(client, **json.loads(done.stdout))


@pytest.fixture(scope="session")
def stored(postgres_server: Server, database_template: str) -> dict[str, Balances]:
    """What is stored of each account after a collection of the same world at the same instant."""
    with contextmanager(_fresh)(postgres_server, database_template) as dsn:
        return asyncio.run(_collected(dsn))


async def _collected(dsn: str) -> dict[str, Balances]:
    async with opened(dsn, WORLD, AT) as spine:
        await spine.add_accounts()
        assert (await spine.collect()).status == "ok"
        latest = {account.name: account.latest for account in await spine.wired.store.accounts()}
    assert all(latest.values())
    return {name: _by_wallet(last.holdings) for name, last in latest.items() if last}


def _by_wallet(holdings: Iterable[PricedHolding]) -> Balances:
    wallets: dict[str, dict[str, Decimal]] = {}
    for holding in (priced.holding for priced in holdings):
        assets = wallets.setdefault(holding.wallet, {})
        assets[holding.asset] = assets.get(holding.asset, Decimal(0)) + holding.quantity
    return wallets
