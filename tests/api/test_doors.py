"""Doors: every function, method and credential, in demo mode and outside of it."""

import runpy
from itertools import product
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import API_TOKEN, CRON_SECRET, FUNCTIONS, LOCKED, OWN, call, in_mode, problem
from tests.spine import Spine

ROOT = Path(__file__).parent.parent.parent
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
SCHEDULER = ("collect", "rebalance")
VIEWER = ("accounts", "flows", "history", "logs")
WRITES = (*SCHEDULER, "flows")
ALLOW = {name: "GET, HEAD, POST" if name in WRITES else "GET, HEAD" for name in FUNCTIONS}
CREDENTIALS = {
    "none": {},
    "wrong": {"Authorization": "Bearer wrong"},
    "empty": {"Authorization": "Bearer "},
    "cut": {"Authorization": f"Bearer {CRON_SECRET[:-1]}"},
    "longer": {"Authorization": f"Bearer {API_TOKEN}x"},
    "bare": {"Authorization": CRON_SECRET},
    "other scheme": {"Authorization": f"Basic {CRON_SECRET}"},
    "scheduler": {"Authorization": f"Bearer {CRON_SECRET}"},
    "viewer": {"Authorization": f"Bearer {API_TOKEN}"},
    "lower case": {"Authorization": f"bearer {API_TOKEN}"},
}
OPENS = {"scheduler": SCHEDULER, "viewer": VIEWER, "lower case": VIEWER}
QUERY = {"history": "account=all", "flows": "account=main"}


def expected(name: str, method: str, credential: str) -> int:
    if method not in ALLOW[name].split(", "):
        return 405
    if name == "flows" and method == "POST":
        return 401  # for the owner, who has no log-in yet
    return 200 if name == "health" or name in OPENS.get(credential, ()) else 401


async def test_each_door_opens_for_its_own_secret_alone_and_nothing_happens_behind_a_closed_one(spine: Spine) -> None:
    locked = in_mode(spine.wired, LOCKED)
    for name, method, credential in product(FUNCTIONS, METHODS, CREDENTIALS):
        spine.to_store.clear()
        spine.to_exchange.clear()
        answer = await call(locked, name, QUERY.get(name, ""), method=method, headers=CREDENTIALS[credential])
        status = expected(name, method, credential)
        assert answer.status_code == status, (name, method, credential, answer.text)
        assert answer.headers["x-now"] == spine.now.isoformat().replace("+00:00", "Z")
        assert answer.headers["x-request-id"]
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers.get("allow") == (ALLOW[name] if status == 405 else None)
        assert answer.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)
        if status != 200:
            assert (spine.to_store.calls, spine.to_exchange.calls) == ([], []), (name, method, credential)
        if status != 200 and method != "HEAD":
            problem(answer, status, {401: "unauthorized", 405: "method_not_allowed"}[status])


@pytest.mark.parametrize("environ", [{}, {"CRON_SECRET": CRON_SECRET, "API_TOKEN": API_TOKEN}], ids=["unset", "set"])
async def test_in_demo_mode_any_bearer_and_none_opens_everything(spine: Spine, environ: dict[str, str]) -> None:
    demo = in_mode(spine.wired, environ)
    assert demo.settings.demo
    for name, credential in product(FUNCTIONS, CREDENTIALS):
        answer = await call(demo, name, QUERY.get(name, ""), headers=CREDENTIALS[credential])
        assert answer.status_code == 200, (name, credential, answer.text)


@pytest.mark.parametrize("bearer", [None, "", "None", "null", "undefined", CRON_SECRET])
async def test_a_secret_that_is_not_set_opens_for_nobody_and_is_named(spine: Spine, bearer: str | None) -> None:
    bare = in_mode(spine.wired, OWN)
    for name in (*SCHEDULER, *VIEWER):
        body = problem(await call(bare, name, QUERY.get(name, ""), bearer=bearer), 401, "unauthorized")
        assert ("CRON_SECRET" if name in SCHEDULER else "API_TOKEN") in body["detail"]
    assert (spine.to_exchange.calls, await spine.wired.store.newest()) == ([], None)


async def test_one_secret_set_does_not_open_the_other_door(spine: Spine) -> None:
    only_scheduler = in_mode(spine.wired, {**OWN, "CRON_SECRET": CRON_SECRET})
    problem(await call(only_scheduler, "accounts", bearer=CRON_SECRET), 401, "unauthorized")
    only_viewer = in_mode(spine.wired, {**OWN, "API_TOKEN": API_TOKEN})
    problem(await call(only_viewer, "collect", bearer=API_TOKEN), 401, "unauthorized")


async def test_a_secret_with_letters_beyond_ascii_was_refused_though_it_was_right(spine: Spine) -> None:
    secret = "schlüssel-ключ"
    wired = in_mode(spine.wired, {**OWN, "API_TOKEN": secret})
    sent = {"Authorization": f"Bearer {secret}".encode()}
    assert (await call(wired, "accounts", headers=sent)).status_code == 200
    sent = {"Authorization": "Bearer schlüssel-ключ!".encode()}
    problem(await call(wired, "accounts", headers=sent), 401, "unauthorized")


async def test_the_secret_in_the_address_is_no_credential(spine: Spine) -> None:
    locked = in_mode(spine.wired, LOCKED)
    for query in (f"token={CRON_SECRET}", f"authorization=Bearer%20{CRON_SECRET}", f"CRON_SECRET={CRON_SECRET}"):
        problem(await call(locked, "collect", query), 401, "unauthorized")


async def test_a_head_says_what_a_get_says_without_saying_it(spine: Spine) -> None:
    for name, query in (("health", ""), ("accounts", ""), ("history", "account=all"), ("history", "account=nope")):
        got = await call(spine.wired, name, query)
        head = await call(spine.wired, name, query, method="HEAD")
        assert head.content == b""
        assert head.status_code == got.status_code
        own = {"x-request-id", "x-now"}
        same = {key: value for key, value in got.headers.items() if key not in own}
        assert {key: value for key, value in head.headers.items() if key not in own} == same


def deployed(name: str) -> httpx.AsyncClient:
    """The function as a fresh process of the platform has it: nothing wired, its own environment."""
    app = runpy.run_path(str(ROOT / "api" / f"{name}.py"))["app"]
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://monitor.test")


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch, own_logging: None) -> pytest.MonkeyPatch:
    example = (ROOT / ".env.example").read_text().splitlines()
    for line in example:
        monkeypatch.delenv(line.removeprefix("# ").partition("=")[0], raising=False)
    monkeypatch.setenv("VERCEL", "1")
    return monkeypatch


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("demo", ["", "true"])
async def test_a_deployed_function_without_settings_names_them_and_never_enters_demo_mode(
    bare_environment: pytest.MonkeyPatch, name: str, demo: str
) -> None:
    bare_environment.setenv("DEMO_MODE", demo)
    async with deployed(name) as client:
        for method in ("GET", "POST"):
            body = problem(await client.request(method, f"/api/{name}"), 503, "configuration")
            for setting in ("SUPABASE_URL", "SUPABASE_SECRET_KEY", "ENCRYPTION_KEY"):
                assert setting in body["detail"]


async def test_a_deployed_function_with_a_wrong_setting_names_it_without_its_value(
    bare_environment: pytest.MonkeyPatch,
) -> None:
    bare_environment.setenv("ENCRYPTION_KEY", "hunter2")
    async with deployed("health") as client:
        answer = await client.get("/api/health")
    assert "ENCRYPTION_KEY" in problem(answer, 503, "configuration")["detail"]
    assert "hunter2" not in answer.text


async def test_a_deployed_function_uses_the_settings_once_they_are_there(
    bare_environment: pytest.MonkeyPatch,
) -> None:
    async with deployed("collect") as client:
        problem(await client.get("/api/collect"), 503, "configuration")
        for name, value in (
            LOCKED | {"SUPABASE_URL": "http://127.0.0.1:9", "SUPABASE_SECRET_KEY": "sb_secret_x"}
        ).items():
            bare_environment.setenv(name, value)
        problem(await client.get("/api/collect"), 401, "unauthorized")
        authorised = {"Authorization": f"Bearer {CRON_SECRET}"}
        problem(await client.get("/api/collect", headers=authorised), 503, "unavailable")
