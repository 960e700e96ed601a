"""The functions of `api/` as they are deployed, over the real store and the demo exchange."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from lib import settings
from lib.demo.faults import Fault
from lib.local.postgres import Server
from lib.wiring import Wired
from tests.database import _fresh
from tests.spine import BORN_AT, ENCRYPTION_KEY, Spine, opened

CRON_SECRET, API_TOKEN = "tick-tock-tick-tock", "look-but-do-not-touch"
PASSWORD = "correct horse battery"
OWN = {"DEMO_MODE": "false", "ENCRYPTION_KEY": ENCRYPTION_KEY}
LOCKED = {**OWN, "CRON_SECRET": CRON_SECRET, "API_TOKEN": API_TOKEN, "DASHBOARD_PASSWORD": PASSWORD}
FUNCTIONS = ("accounts", "collect", "flows", "health", "history", "holdings", "logs", "rebalance", "session", "share")
SITE = "https://monitor.test"
COARSE_MINUTES = 360
# Day 4 brings Spot its first deposit; 12 hours are missing before day 6, and Mixed lacks a wallet at its begin.
QUIET = (timedelta(days=5, hours=12), timedelta(days=6))
PARTIAL = timedelta(days=6)
LIVED = timedelta(days=9)


def in_mode(wired: Wired, environ: dict[str, str]) -> Wired:
    """The same adapters under the settings of another environment."""
    return replace(wired, settings=settings.read(environ))


async def call(
    wired: Wired, name: str, query: str = "", *, method: str = "GET", bearer: str | None = None, **rest: Any
) -> httpx.Response:
    """Call the function of that name over HTTP, without a socket."""

    async def wiring() -> Wired:
        return wired

    app = importlib.import_module(f"api.{name}").app
    app.state.wiring = wiring
    headers = {**rest.pop("headers", {}), **({"Authorization": f"Bearer {bearer}"} if bearer is not None else {})}
    site = rest.pop("site", "http://monitor.test")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=site) as client:
        return await client.request(method, f"/api/{name}{'?' if query else ''}{query}", headers=headers, **rest)


async def log_in(wired: Wired, password: str = PASSWORD, site: str = SITE, **rest: Any) -> httpx.Response:
    """Try to log in, as the page on `site` does."""
    headers = {"Origin": site, **rest.pop("headers", {})}
    return await call(wired, "session", method="POST", site=site, headers=headers, json={"password": password}, **rest)


def worn(answer: httpx.Response) -> dict[str, str]:
    """The headers of who wears the cookie that `answer` set, on its own site's page."""
    cookie = answer.headers["set-cookie"].partition(";")[0]
    return {"Cookie": cookie, "Origin": SITE, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}


async def owner(wired: Wired) -> dict[str, str]:
    """The headers of an owner who has just logged in."""
    return worn(await log_in(wired))


@pytest.fixture
async def spine(database: str) -> AsyncIterator[Spine]:
    """The three accounts, added and not collected yet."""
    async with opened(database) as found:
        await found.add_accounts()
        found.to_exchange.clear()
        found.to_store.clear()
        yield found


@pytest.fixture(scope="session")
def lived_database(postgres_server: Server, database_template: str) -> Iterator[str]:
    """The DSN of a database in which three accounts have lived for nine days; only ever read."""
    with contextmanager(_fresh)(postgres_server, database_template) as dsn:
        asyncio.run(_live(dsn))
        yield dsn


@pytest.fixture
async def lived(lived_database: str) -> AsyncIterator[Spine]:
    async with _later(lived_database) as found:
        yield found


@asynccontextmanager
async def _later(dsn: str) -> AsyncIterator[Spine]:
    async with opened(dsn, at=BORN_AT + LIVED) as spine:
        yield spine


async def _live(dsn: str) -> None:
    async with opened(dsn) as spine:
        await spine.add_accounts()
        for step in range(LIVED // timedelta(minutes=COARSE_MINUTES) + 1):
            age = timedelta(minutes=COARSE_MINUTES) * step
            if QUIET[0] <= age < QUIET[1]:
                continue
            broken = age == PARTIAL
            if broken:
                spine.exchange.faults.append(Fault("/sapi/v1/asset/get-funding-asset", account="Mixed"))
            report = await spine.collect(BORN_AT + age, slot_minutes=COARSE_MINUTES)
            assert report.status == ("partial" if broken else "ok")
            spine.exchange.faults.clear()


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Return the problem an answer is, after looking that it is a whole one and says no more than it should."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    body: dict[str, Any] = answer.json()
    more = {"field": {"field"}, "key_too_powerful": {"rights"}, "key_refused": {"likely"}}
    usual = ["type", "title", "status", "detail", "code", "request_id"]
    assert list(body)[: len(usual)] == usual
    assert set(body) - set(usual) <= more.get(code, more["field"])
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"] == answer.headers["x-request-id"]
    assert "x-now" in answer.headers
    assert answer.headers["cache-control"] == "private, no-store"
    for hidden in (CRON_SECRET, API_TOKEN, PASSWORD, ENCRYPTION_KEY, "Traceback", 'File "'):
        assert hidden not in answer.text
    return body
