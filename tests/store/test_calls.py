"""What a call makes of a database that is away, behind, or says no; beneath the real client."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from supabase import AsyncClient, AsyncClientOptions, acreate_client

from lib.errors import MonitorError, NotFound, Unavailable
from lib.records import Account, Claim, VersionMoved
from lib.store import client as store_client
from lib.store import migrations
from lib.store.client import SupabaseStore
from lib.store.errors import MigrationsBehind, StoreConflict, StoreRefused
from lib.store.schema import SCHEMA_VERSION
from tests.database import SQL
from tests.store.builders import OK, complete, new_account, slot

type Answer = Callable[[httpx.Request], httpx.Response]


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[SupabaseStore]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        options = AsyncClientOptions(httpx_client=http, auto_refresh_token=False, persist_session=False)
        yield SupabaseStore(await acreate_client("http://test.invalid", "sb_secret_x", options=options))


def refusal(status: int, **body: Any) -> httpx.Response:
    return httpx.Response(status, json={"code": None, "message": None, "details": None, "hint": None, **body})


ANSWERS = {
    "a gateway's page": (httpx.Response(502, html="<h1>Bad gateway</h1>"), Unavailable),
    "a gateway's JSON": (httpx.Response(503, json={"message": "name resolution failed"}), Unavailable),
    "too many requests": (httpx.Response(429, text="slow down"), Unavailable),
    "a page with 200": (httpx.Response(200, html="<h1>Paused</h1>"), Unavailable),
    "no connection to the database": (refusal(503, code="PGRST001", message="lost"), Unavailable),
    "a statement that took too long": (refusal(500, code="57014", message="canceled"), Unavailable),
    "a deadlock": (refusal(500, code="40P01", message="deadlock detected"), Unavailable),
    "a function that is not there": (refusal(404, code="PGRST202", message="Could not find"), MigrationsBehind),
    "an old schema": (refusal(503, code="PT503", message="migrations_behind"), MigrationsBehind),
    "a wrong key": (httpx.Response(401, json={"message": "Invalid API key"}), StoreRefused),
    "a key without rights": (refusal(403, code="42501", message="permission denied"), StoreRefused),
    "a conflict": (refusal(409, code="PT409", message="version_moved"), StoreConflict),
    "nothing there": (refusal(404, code="PT404", message="account_not_found"), NotFound),
    "a broken rule": (refusal(400, code="23514", message="violates check constraint"), StoreRefused),
}


@pytest.mark.parametrize(("answer", "expected"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_an_answer_that_is_none_is_a_typed_error(answer: httpx.Response, expected: type[MonitorError]) -> None:
    async with answering(lambda request: answer) as store:
        with pytest.raises(expected, match="newest_snapshot") as caught:
            await store.newest()
    assert type(caught.value) is expected
    assert caught.value.retryable == (expected is Unavailable)


async def test_a_refusal_does_not_repeat_the_row_it_is_about() -> None:
    answer = refusal(400, code="23514", message="violates check", details="Failing row contains (main, sealed:main)")
    async with answering(lambda request: answer) as store:
        with pytest.raises(StoreRefused) as caught:
            await store.add(new_account("main"))
    assert "sealed" not in str(caught.value)


async def test_the_advice_for_an_old_schema_is_the_command(
    store: SupabaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_client, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    with pytest.raises(MigrationsBehind, match=r"run \./monitor migrate"):
        await store.claim("run", slot(0), lease_s=60, limit=1)


async def test_a_newer_schema_is_fine(store: SupabaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_client, "SCHEMA_VERSION", 1)
    assert await store.claim("run", slot(0), lease_s=60, limit=1) == Claim(())


def test_the_code_needs_the_newest_migration() -> None:
    assert migrations.latest(SQL) == SCHEMA_VERSION


class Flaky:
    """Breaks the first connections, then answers."""

    def __init__(self, broken: int, error: type[httpx.TransportError] = httpx.RemoteProtocolError) -> None:
        self.left, self.error, self.calls = broken, error, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise self.error("server disconnected", request=request)
        return httpx.Response(200, content=json.dumps(None))


async def test_a_read_over_a_connection_that_broke_is_tried_once_more() -> None:
    flaky = Flaky(1)
    async with answering(flaky) as store:
        assert await store.newest() is None
    assert flaky.calls == 2


@pytest.mark.parametrize(
    ("flaky", "calls"),
    [
        pytest.param(Flaky(2), 2, id="broken twice"),
        pytest.param(Flaky(1, httpx.ReadTimeout), 1, id="no answer in time"),
    ],
)
async def test_a_read_is_not_tried_for_ever(flaky: Flaky, calls: int) -> None:
    async with answering(flaky) as store:
        with pytest.raises(Unavailable, match=flaky.error.__name__):
            await store.newest()
    assert flaky.calls == calls


async def test_a_commit_is_never_repeated_by_itself(account: Account) -> None:
    """Its answer may have been lost after it was stored; whoever decided can look."""
    flaky = Flaky(1)
    async with answering(flaky) as store:
        with pytest.raises(Unavailable):
            await store.commit(account, "run", complete(0), OK)
    assert flaky.calls == 1


async def test_a_commit_whose_answer_was_lost_is_stored_and_says_so_when_repeated(
    store: SupabaseStore, account: Account
) -> None:
    await store.commit(account, "run", complete(0), OK)
    with pytest.raises(VersionMoved):
        await store.commit(account, "run", complete(0), OK)
    assert len((await store.history("main"))[0].rows) == 1


async def test_every_method_is_one_request(supabase_client: AsyncClient, account: Account) -> None:
    paths: list[str] = []

    async def note(request: httpx.Request) -> None:
        paths.append(request.url.path.removeprefix("/rest/v1/rpc/"))

    supabase_client.postgrest.session.event_hooks["request"].append(note)
    store = SupabaseStore(supabase_client)
    await store.add(new_account("other"))
    await store.claim("run", slot(0), lease_s=60, limit=1)
    await store.commit(await store.load("main"), "run", complete(0), OK)
    await store.finish("run", {})
    await store.truth("main")
    await store.bases("main", [slot(1), slot(2)])
    await store.accounts()
    await store.history(None)
    await store.parts()
    await store.editions(None)
    await store.newest()
    assert paths == [
        "add_account", "claim_accounts", "load_account", "commit_outcome", "finish_run",
        "read_truth", "read_bases", "list_accounts_unless", "read_history", "read_history", "read_editions",
        "newest_snapshot",
    ]  # fmt: skip
