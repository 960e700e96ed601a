"""One URL on its own: wiring once, kept answers, bodies, and a last line that never tells."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from lib import settings
from lib.errors import ConfigurationError
from lib.local import data_api
from lib.vault import generate_key
from lib.web.endpoint import ANYONE, Handler, endpoint
from lib.wiring import StoreHome, Wired, build

SETTINGS = settings.read({"DEMO_MODE": "false", "ENCRYPTION_KEY": generate_key()})


def wired() -> Wired:
    return build(SETTINGS, store=StoreHome(data_api.URL, data_api.SECRET_KEY))


async def ready() -> Wired:
    return wired()


def app_of(handler: Handler, wiring: Callable[[], Awaitable[Wired]] = ready) -> Starlette:
    app = endpoint(get=handler, post=handler, access=ANYONE)
    app.state.wiring = wiring
    return app


async def ask(app: Starlette, method: str = "GET", content: bytes = b"") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://monitor.test") as client:
        return await client.request(method, "/api/anything?a=1", content=content)


async def test_a_handler_finds_the_body_that_was_measured() -> None:
    async def told(request: Request, _: Wired) -> object:
        return {"body": request.state.body.decode()}

    assert (await ask(app_of(told), "POST", b"hello")).json() == {"body": "hello"}
    assert (await ask(app_of(told))).json() == {"body": ""}


async def test_a_response_of_a_handlers_own_is_kept_and_completed() -> None:
    async def own(_: Request, __: Wired) -> object:
        return Response("a,b\n", 200, {"Cache-Control": "no-store"}, media_type="text/csv")

    answer = await ask(app_of(own))
    assert (answer.text, answer.headers["content-type"]) == ("a,b\n", "text/csv; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    assert {"x-now", "x-request-id"} <= set(answer.headers)


async def test_a_value_that_cannot_be_told_is_an_internal_error_and_no_broken_answer() -> None:
    async def odd(_: Request, __: Wired) -> object:
        return {"a": {1, 2}}

    answer = await ask(app_of(odd))
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "set" not in answer.json()["detail"]


async def test_every_request_has_an_id_of_its_own() -> None:
    async def empty(_: Request, __: Wired) -> object:
        return {}

    app = app_of(empty)
    assert len({(await ask(app)).headers["x-request-id"] for _ in range(20)}) == 20


async def test_a_deployed_function_wires_once_and_again_only_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes: list[Wired | Exception] = [ConfigurationError("ENCRYPTION_KEY is not set"), OSError("no disk"), wired()]

    async def from_environment() -> Wired:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def empty(_: Request, __: Wired) -> object:
        return {}

    monkeypatch.setattr("lib.web.endpoint.wired_from_environment", from_environment)
    app = endpoint(get=empty, access=ANYONE)
    assert [(await ask(app)).status_code for _ in range(5)] == [503, 500, 200, 200, 200]
    assert outcomes == []
