"""The exchange beneath httpx and over ASGI, and the switches that break it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import pytest

from lib.demo.asgi import asgi_app
from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, describe
from lib.demo.faults import Fault
from lib.demo.instants import to_ms
from lib.demo.transport import DemoTransport
from tests.demo.conftest import BORN_AT, Asker, sign

HOST = "https://api.example.com"
DEPOSITS = "/sapi/v1/capital/deposit/hisrec"


@pytest.fixture
async def client(exchange: DemoExchange) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=DemoTransport(exchange), base_url=HOST) as found:
        yield found


def beneath(exchange: DemoExchange) -> httpx.AsyncBaseTransport:
    return DemoTransport(exchange)


def over_http(exchange: DemoExchange) -> httpx.AsyncBaseTransport:
    return httpx.ASGITransport(asgi_app(exchange))


@pytest.mark.parametrize("way", [beneath, over_http])
async def test_a_signed_post_with_a_body_is_answered(
    way: Callable[[DemoExchange], httpx.AsyncBaseTransport], exchange: DemoExchange
) -> None:
    account = exchange.world.account("Mixed")
    payload = f"asset=USDT&timestamp={to_ms(BORN_AT)}"
    async with httpx.AsyncClient(transport=way(exchange), base_url=HOST) as client:
        answer = await client.post(
            "/sapi/v1/asset/get-funding-asset",
            content=f"{payload}&signature={sign(account.api_secret, payload)}",
            headers={"x-mbx-apikey": account.api_key, "Content-Type": "application/x-www-form-urlencoded"},
        )
    assert answer.status_code == 200
    assert answer.json()[0]["free"] == "3500"
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert answer.headers["x-sapi-used-ip-weight-1m"] == "1"


async def test_latency_passes_on_the_worlds_clock_and_once_for_calls_at_once(
    exchange: DemoExchange, clock: WorldClock
) -> None:
    async with httpx.AsyncClient(transport=DemoTransport(exchange, latency_s=0.05), base_url=HOST) as client:
        await asyncio.gather(*(client.get("/api/v3/time") for _ in range(5)))
        assert clock.now() == BORN_AT + timedelta(seconds=0.05)
        assert (await client.get("/api/v3/time")).json()["serverTime"] == to_ms(BORN_AT) + 100


async def test_a_call_can_be_made_to_fail_for_one_account_and_some_times(ask: Asker) -> None:
    ask.exchange.faults.append(Fault(DEPOSITS, account="Main", status=503, body=b"{}", times=2))
    assert ask.signed_response("Spot", DEPOSITS).status == 200
    assert [ask.signed_response("Main", DEPOSITS).status for _ in range(3)] == [503, 503, 200]
    assert ask.exchange.requests[-1].path == DEPOSITS


async def test_a_fault_ends_with_its_time(ask: Asker, clock: WorldClock) -> None:
    ask.exchange.faults.append(Fault("/api/", status=451, until=BORN_AT + timedelta(minutes=1)))
    assert ask.raw("/api/v3/ping").status == 451
    assert ask.raw("/fapi/v1/time").status == 200
    clock.pass_time(60)
    assert ask.raw("/api/v3/ping").status == 200


async def test_connections_break_and_bodies_tear(client: httpx.AsyncClient, exchange: DemoExchange) -> None:
    exchange.faults += [
        Fault("/api/v3/time", "timeout", times=1),
        Fault("/api/v3/time", "disconnect", times=1),
        Fault("/api/v3/time", "torn body", times=1),
    ]
    with pytest.raises(httpx.ReadTimeout):
        await client.get("/api/v3/time")
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get("/api/v3/time")
    torn = await client.get("/api/v3/time")
    with pytest.raises(json.JSONDecodeError):
        torn.json()
    assert (await client.get("/api/v3/time")).json() == {"serverTime": to_ms(BORN_AT)}


async def test_an_answer_put_in_its_place_keeps_the_used_weight(ask: Asker) -> None:
    html = (("Content-Type", "text/html"), ("Retry-After", "45"))
    ask.exchange.faults.append(Fault("/api/", status=403, body=b"<html>", headers=html))
    answer = ask.raw("/api/v3/ping")
    assert (answer.status, answer.body) == (403, b"<html>")
    assert dict(answer.headers)["X-MBX-USED-WEIGHT-1M"] == "1"
    assert [value for name, value in answer.headers if name == "Content-Type"] == ["text/html"]


async def test_over_http_a_broken_connection_promises_more_than_it_sends(exchange: DemoExchange) -> None:
    exchange.faults.append(Fault("/api/v3/ping", "disconnect"))
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: object) -> None:
        sent.append(dict(message))  # type: ignore[call-overload]

    scope = {"type": "http", "method": "GET", "path": "/api/v3/ping", "query_string": b"", "headers": []}
    await asgi_app(exchange)(scope, receive, send)
    headers = dict(sent[0]["headers"])  # type: ignore[call-overload]
    assert int(headers[b"content-length"]) > len(sent[1]["body"])  # type: ignore[arg-type]
    assert sent[1]["more_body"] is True
    assert len(sent) == 2


async def test_the_application_lives_and_ends(exchange: DemoExchange) -> None:
    told = iter(["lifespan.startup", "lifespan.shutdown"])
    sent: list[str] = []

    async def receive() -> dict[str, object]:
        return {"type": next(told)}

    async def send(message: object) -> None:
        sent.append(message["type"])  # type: ignore[index]

    await asgi_app(exchange)({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_it_describes_itself(exchange: DemoExchange) -> None:
    told = json.loads(json.dumps(describe(exchange, "http://127.0.0.1:9")))
    assert told["url"] == "http://127.0.0.1:9"
    assert [account["name"] for account in told["accounts"]] == ["Main", "Spot", "Mixed"]
    for account in told["accounts"]:
        assert set(account) == {"name", "api_key", "api_secret", "kind"}
        assert len(account["api_key"]) == len(account["api_secret"]) == 64
    assert len({account["api_key"] for account in told["accounts"]}) == 3
