"""A demo world, an exchange on a clock that stands still, and someone who asks it."""

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, keys_of
from lib.demo.instants import to_ms
from lib.demo.messages import Request, Response
from lib.demo.scenario import SEED, build
from lib.demo.world import World

BORN_AT = datetime(2026, 8, 24, 7, 12, 5, 250_000, tzinfo=UTC)


@dataclass(frozen=True)
class Asker:
    """Asks the exchange as a client would."""

    exchange: DemoExchange
    clock: WorldClock

    def raw(self, path: str, query: str = "", **rest: Any) -> Response:
        method = rest.pop("method", "GET")
        return self.exchange.handle(Request(method, path, query.encode(), **rest))

    def public(self, path: str, query: str = "") -> Any:
        return read(self.raw(path, query))

    def signed_response(self, account: str, path: str, query: str = "", method: str = "GET") -> Response:
        found = self.exchange.world.account(account)
        text = query + "&" * bool(query) + f"timestamp={to_ms(self.clock.now())}"
        signature = sign(found.api_secret, text)
        return self.raw(path, f"{text}&signature={signature}", method=method, api_key=found.api_key)

    def signed(self, account: str, path: str, query: str = "", method: str = "GET") -> Any:
        return read(self.signed_response(account, path, query, method))


def sign(secret: str, payload: str) -> str:
    return hmac.new(secret.encode(), payload.encode(), sha256).hexdigest()


def read(response: Response) -> Any:
    assert response.status == 200, response.body
    return json.loads(response.body)


def refused(response: Response) -> tuple[int, int]:
    return response.status, json.loads(response.body)["code"]


@pytest.fixture(scope="session")
def world() -> World:
    return build(SEED, BORN_AT)


@pytest.fixture
def clock() -> WorldClock:
    return WorldClock(BORN_AT)


@pytest.fixture
def exchange(world: World, clock: WorldClock) -> DemoExchange:
    return DemoExchange(world, clock, keys_of(world))


@pytest.fixture
def ask(exchange: DemoExchange, clock: WorldClock) -> Asker:
    return Asker(exchange, clock)
