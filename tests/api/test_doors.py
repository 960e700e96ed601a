"""Doors: every function, method and credential, in demo mode and outside of it."""

import runpy
from itertools import product
from pathlib import Path

import httpx
import pytest

from lib.wiring import Wired
from tests.api.conftest import (
    API_TOKEN,
    CRON_SECRET,
    FUNCTIONS,
    LOCKED,
    OWN,
    PASSWORD,
    SITE,
    call,
    in_mode,
    owner,
    problem,
)
from tests.spine import ENCRYPTION_KEY, Spine

ROOT = Path(__file__).parent.parent.parent
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
SCHEDULER = ("collect", "rebalance")
VIEWER = ("accounts", "flows", "history", "holdings", "logs")
QUERY = {("history", "GET"): "account=all", ("flows", "GET"): "account=main", ("holdings", "GET"): "account=all"}
BODIES = {("session", "POST"): {"password": PASSWORD}}
WRONG = {
    "wrong": {"Authorization": "Bearer wrong"},
    "empty": {"Authorization": "Bearer "},
    "cut": {"Authorization": f"Bearer {CRON_SECRET[:-1]}"},
    "longer": {"Authorization": f"Bearer {API_TOKEN}x"},
    "bare": {"Authorization": CRON_SECRET},
    "other scheme": {"Authorization": f"Basic {CRON_SECRET}"},
    "a password": {"Authorization": f"Bearer {PASSWORD}"},
    "a cookie": {"Cookie": "__Host-monitor-session=v1.1.9999999999.a.b", "Origin": SITE},
}
RIGHT = {
    "CRON_SECRET": {"Authorization": f"Bearer {CRON_SECRET}"},
    "API_TOKEN": {"Authorization": f"Bearer {API_TOKEN}"},
    "lower case": {"Authorization": f"bearer {API_TOKEN}"},
}


def table() -> dict[tuple[str, str, str], dict[str, bool]]:
    """The doors as the documentation has them: (function, method, query) to who is let in."""
    page = (ROOT / "docs" / "security.md").read_text()
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:2] == "| "]
    heads, *found = rows
    doors = {}
    for call_, *cells in found:
        method, address = call_.split(" `/api/")
        name, _, query = address.partition("?")
        doors[name, method, query] = {who: cell == "yes" for who, cell in zip(heads[1:], cells, strict=True)}
        assert set(cells) <= {"yes", "no"}, call_
    return doors


DOORS = table()
ALLOW = {
    name: ", ".join(sorted({m for n, method, _ in DOORS if n == name for m in (method, *["HEAD"] * (method == "GET"))}))
    for name in FUNCTIONS
}


async def credentials(wired: Wired) -> dict[str, dict[str, str]]:
    """What each kind of caller sends, the wrong ones too."""
    worn = await owner(wired)
    link = await call(wired, "share", method="POST", json={"account": "main"}, headers=worn, site=SITE)
    return {
        "nobody": {},
        **WRONG,
        **RIGHT,
        "session": worn,
        "link": {"Authorization": f"Bearer {link.json()['token']}"},
    }


def is_let_in(name: str, method: str, query: str, who: str) -> bool:
    known = {"lower case": "API_TOKEN"}.get(who, who)
    row = DOORS[name, "GET" if method == "HEAD" else method, query]
    return row.get(known, row["nobody"])


def test_the_table_names_every_function() -> None:
    assert {name for name, _, _ in DOORS} == set(FUNCTIONS) == {path.stem for path in (ROOT / "api").glob("*.py")}


async def test_each_door_opens_as_the_documentation_says_and_nothing_happens_behind_a_closed_one(spine: Spine) -> None:
    locked = in_mode(spine.wired, LOCKED)
    known = await credentials(locked)
    for name, method, query in DOORS:
        for who, headers in known.items():
            for asked in ("GET", "HEAD") if method == "GET" else (method,):
                if (name, query) == ("session", "everywhere=true") and who == "session":
                    continue  # ends the session that the others are asked with
                spine.to_store.clear()
                spine.to_exchange.clear()
                body = None if asked in ("GET", "HEAD") else BODIES.get((name, method), {})
                query_ = query or QUERY.get((name, method), "")
                answer = await call(locked, name, query_, method=asked, headers=headers, site=SITE, json=body)
                said = (name, asked, query, who, answer.status_code, answer.text)
                assert answer.status_code < 500, said
                shut = (401, 404) if name == "share" and method == "GET" else (401,)  # an unknown link is not there
                assert (answer.status_code in shut) is not is_let_in(name, method, query, who), said
                tagged = (
                    name == "history" and answer.status_code == 200
                )  # kept by the reader's browser, and asked again
                assert ("etag" in answer.headers) is tagged, said
                kept = "private, no-cache" if tagged else "private, no-store"
                assert (answer.headers["cache-control"], answer.headers["x-request-id"] != "") == (kept, True)
                for hidden in (CRON_SECRET, API_TOKEN, PASSWORD, ENCRYPTION_KEY, "Traceback"):
                    assert hidden not in answer.text, said
                if answer.status_code == 401:
                    assert answer.headers["www-authenticate"] == "Bearer"
                    assert (spine.to_store.calls, spine.to_exchange.calls) == ([], []), said
    ended = await call(locked, "session", "everywhere=true", method="DELETE", headers=known["session"], site=SITE)
    assert ended.status_code == 200


async def test_no_other_method_is_there_for_anybody(spine: Spine) -> None:
    locked = in_mode(spine.wired, LOCKED)
    known = await credentials(locked)
    for name, method in product(FUNCTIONS, METHODS):
        if method in ALLOW[name].split(", "):
            continue
        for headers in known.values():
            spine.to_store.clear()
            answer = await call(locked, name, method=method, headers=headers, site=SITE)
            assert (answer.status_code, answer.headers["allow"]) == (405, ALLOW[name]), (name, method)
            assert spine.to_store.calls == []
            if method != "HEAD":
                problem(answer, 405, "method_not_allowed")


@pytest.mark.parametrize("environ", [{}, {"CRON_SECRET": CRON_SECRET, "API_TOKEN": API_TOKEN}], ids=["unset", "set"])
async def test_in_demo_mode_any_bearer_and_none_opens_everything(spine: Spine, environ: dict[str, str]) -> None:
    demo = in_mode(spine.wired, environ)
    assert demo.settings.demo
    readable = [name for name, method, _ in DOORS if method == "GET" and name != "share"]
    for name, headers in product(readable, ({}, *WRONG.values(), *RIGHT.values())):
        answer = await call(demo, name, QUERY.get((name, "GET"), ""), headers=headers)
        assert answer.status_code == 200, (name, headers, answer.text)


@pytest.mark.parametrize("bearer", [None, "", "None", "null", "undefined", CRON_SECRET])
async def test_a_secret_that_is_not_set_opens_for_nobody_and_is_named(spine: Spine, bearer: str | None) -> None:
    bare = in_mode(spine.wired, OWN)
    for name in (*SCHEDULER, *VIEWER):
        body = problem(await call(bare, name, QUERY.get((name, "GET"), ""), bearer=bearer), 401, "unauthorized")
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
        for method in ("GET", "POST"):  # without its settings it does not even look at the method
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
