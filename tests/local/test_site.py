"""The site of a local server: the page, the functions, and nothing else of the disk."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from lib import settings
from lib.demo.transport import DemoTransport
from lib.local.demo import Demo
from lib.local.diary import Diary
from lib.local.server import Starting
from lib.local.site import ROOT, site
from lib.wiring import Wired
from tests.spine import BORN_AT, Spine, opened

FUNCTIONS = sorted(path.stem for path in (ROOT / "api").glob("*.py"))
CONFIG = json.loads((ROOT / "vercel.json").read_text())
HEADERS = {header["key"].lower(): header["value"] for rule in CONFIG["headers"] for header in rule["headers"]}
PROBLEM = ["type", "title", "status", "detail", "code", "request_id"]


def client_of(app: Starlette) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


def nobody() -> Demo | None:
    return None


async def not_yet() -> Wired:
    raise Starting("starting: the database is being opened")


@pytest.fixture
async def spine(database: str) -> AsyncIterator[Spine]:
    async with opened(database) as found:
        await found.add_accounts()
        yield found


@pytest.fixture
async def demo_site(spine: Spine) -> AsyncIterator[httpx.AsyncClient]:
    """The site of a demo whose history is half built."""
    demo = Demo(DemoTransport(spine.exchange), spine.clock, lambda: spine.now, Diary(spine.dsn))
    demo.progress.done, demo.progress.total = 50, 501

    async def wiring() -> Wired:
        return spine.wired

    async with client_of(site(wiring, lambda: demo)) as client:
        yield client


@pytest.fixture
async def own_site(spine: Spine) -> AsyncIterator[httpx.AsyncClient]:
    """The site of somebody's own accounts."""
    own = settings.read({"DEMO_MODE": "false", "API_TOKEN": "look"})

    async def wiring() -> Wired:
        return replace(spine.wired, settings=own)

    async with client_of(site(wiring, nobody)) as client:
        yield client


@pytest.fixture
async def starting_site() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(site(not_yet, nobody)) as client:
        yield client


def is_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert [name for name in answer.json() if name != "field"] == PROBLEM
    assert answer.json()["code"] == code


def test_the_house_has_headers_to_give() -> None:
    assert {"content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options"} <= set(HEADERS)


def test_vercel_json_asks_for_nothing_that_the_local_server_does_not_do() -> None:
    """One rule of headers for every path, no rewrites, and pages whose clean addresses it knows."""
    deploying = {"$schema", "framework", "regions", "installCommand", "buildCommand", "crons"}
    assert set(CONFIG) - deploying == {"cleanUrls", "outputDirectory", "functions", "headers"}
    assert [rule["source"] for rule in CONFIG["headers"]] == ["/(.*)"]
    pages = sorted(path.name for path in (ROOT / CONFIG["outputDirectory"]).rglob("*.html"))
    assert pages == ["index.html", "share.html"]


async def test_a_second_page_is_at_its_clean_address(demo_site: httpx.AsyncClient) -> None:
    page = await demo_site.get("/share")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.text == (ROOT / "public" / "share.html").read_text()
    assert (await demo_site.get("/nothing")).status_code == 404


async def test_the_routes_are_those_of_vercel_json(spine: Spine, tmp_path: Path) -> None:
    async def wiring() -> Wired:
        return spine.wired

    for folder in ("api", "shown"):
        (tmp_path / folder).mkdir()
    for name in ("collect", "health"):
        (tmp_path / "api" / f"{name}.py").touch()
    (tmp_path / "shown" / "index.html").write_text("hello")
    header = {"source": "/(.*)", "headers": [{"key": "X-Own", "value": "1"}]}
    elsewhere = {"source": "/api/(.*)", "headers": [{"key": "X-Own", "value": "2"}]}
    config = {"functions": {"api/h*.py": {}}, "outputDirectory": "shown", "headers": [header, elsewhere]}
    (tmp_path / "vercel.json").write_text(json.dumps(config))
    async with client_of(site(wiring, nobody, tmp_path)) as client:
        page = await client.get("/")
        assert (page.text, page.headers["x-own"]) == ("hello", "1")
        assert (await client.get("/api/health")).status_code == 200
        is_problem(await client.get("/api/collect"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", path) for path in ("/", "/index.html", "/js/main.js", "/css/base.css", "/favicon.svg", "/nothing")),
        *(("GET", f"/api/{name}") for name in (*FUNCTIONS, "demo", "nothing")),
        *(("POST", path) for path in ("/", "/api/collect", "/api/health")),
        *(("HEAD", path) for path in ("/", "/api/health")),
        *(("BREW", path) for path in ("/", "/api/health")),
    ],
)
async def test_the_headers_of_vercel_json_are_on_every_answer_once(
    demo_site: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await demo_site.request(method, path)
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value]
    (cached,) = answer.headers.get_list("cache-control")
    assert cached == ("private, no-store" if path.startswith("/api/") else "no-cache")


async def test_the_page_and_its_parts_are_served_as_what_they_are(demo_site: httpx.AsyncClient) -> None:
    for path, kind in (
        ("/", "text/html; charset=utf-8"),
        ("/js/main.js", "text/javascript; charset=utf-8"),
        ("/css/base.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
        ("/icon.png", "image/png"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ):
        answer = await demo_site.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        again = await demo_site.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "session"])  # that one has nothing to read
async def test_every_function_is_at_its_address(demo_site: httpx.AsyncClient, name: str) -> None:
    answer = await demo_site.get(
        f"/api/{name}", params={"account": "all"} if name in {"history", "holdings", "flows"} else {}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert "x-now" in answer.headers


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nothing", "/api/health/", "/api/health/x", "/api/a/b/c", "/api/health.py"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
async def test_an_unknown_address_below_api_was_a_page_not_found(
    demo_site: httpx.AsyncClient, method: str, path: str
) -> None:
    is_problem(await demo_site.request(method, path), 404, "not_found")


@pytest.mark.parametrize(
    "path",
    [
        *("/../lib/errors.py", "/%2e%2e/lib/errors.py", "/..%2flib/errors.py", "/..%5clib%5cerrors.py"),
        *("/js/../../lib/errors.py", "/js/%2e%2e/%2e%2e/lib/errors.py", "/....//lib/errors.py", "/%252e%252e/lib"),
        *("//etc/passwd", "/%2fetc/passwd", "/etc/passwd", "/file:///etc/passwd", "/public/index.html"),
        *("/lib/errors.py", "/.env", "/.env.example", "/.git/config", "/.data/demo.key", "/vercel.json", "/api.py"),
        *("/index.html%00.js", "/%00", "/%ff", "/" + "a" * 300, "/js", "/js/", "/css/", "/~root", "/C:/x"),
    ],
)
async def test_nothing_outside_of_the_page_is_given_away(own_site: httpx.AsyncClient, path: str) -> None:
    answer = await own_site.get(httpx.URL(f"http://127.0.0.1:8000{path}"))
    assert answer.status_code == 404
    for inside in ("MonitorError", "root:", "[core]", "ENCRYPTION_KEY", "buildCommand"):
        assert inside not in answer.text


async def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    for folder in ("api", "public"):
        (tmp_path / folder).mkdir()
    (tmp_path / "vercel.json").write_text('{"functions": {}, "outputDirectory": "public", "headers": []}')
    (tmp_path / "secret").write_text("hunter2")
    (tmp_path / "public" / "link").symlink_to(tmp_path / "secret")
    async with client_of(site(not_yet, nobody, tmp_path)) as client:
        answer = await client.get("/link")
    assert (answer.status_code, "hunter2" in answer.text) == (404, False)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_page_is_read_only(own_site: httpx.AsyncClient, method: str) -> None:
    answer = await own_site.request(method, "/", content=b"x" * 100_000)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_the_demos_progress_is_told_and_ends(spine: Spine, demo_site: httpx.AsyncClient) -> None:
    answer = await demo_site.get("/api/demo")
    assert answer.json() == {
        "building": {"done": 50, "total": 501},
        "passing": None,
        "scenario": "choppy",
        "broken": None,
        "accounts": ["Main", "Spot", "Mixed"],
    }
    assert answer.headers["x-now"] == BORN_AT.isoformat().replace("+00:00", "Z")
    is_problem(await demo_site.put("/api/demo"), 405, "method_not_allowed")


async def test_outside_of_demo_mode_there_is_no_demo(own_site: httpx.AsyncClient) -> None:
    is_problem(await own_site.get("/api/demo"), 404, "not_found")
    is_problem(await own_site.post("/api/demo", json={"action": "mend"}), 404, "not_found")


async def test_outside_of_demo_mode_the_page_is_open_and_the_data_are_not(own_site: httpx.AsyncClient) -> None:
    assert (await own_site.get("/")).status_code == 200
    is_problem(await own_site.get("/api/accounts"), 401, "unauthorized")
    assert (await own_site.get("/api/accounts", headers={"Authorization": "Bearer look"})).status_code == 200
    is_problem(await own_site.post("/api/collect", headers={"Authorization": "Bearer look"}), 401, "unauthorized")


@pytest.mark.parametrize("name", [*FUNCTIONS, "demo"])
async def test_before_the_store_is_open_every_call_is_told_to_wait(starting_site: httpx.AsyncClient, name: str) -> None:
    answer = await starting_site.get(f"/api/{name}")
    is_problem(answer, 503, "starting")
    assert answer.json()["detail"].startswith("starting")
    assert "x-now" in answer.headers, "an answer from before the wiring once came without the time"
    assert (await starting_site.get("/")).status_code == 200


async def test_a_site_moves_on_as_soon_as_the_store_is_open(spine: Spine) -> None:
    opened_stores: list[Wired] = []

    async def wiring() -> Wired:
        return opened_stores[0] if opened_stores else await not_yet()

    async with client_of(site(wiring, nobody)) as client:
        assert (await client.get("/api/health")).status_code == 503
        opened_stores.append(spine.wired)
        assert (await client.get("/api/health")).status_code == 200
