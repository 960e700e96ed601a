"""What stands in for the server: the page's files with the house's headers, and a script of answers for /api."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.browser import canned, canned_holdings, canned_log

ROOT = Path(__file__).parent.parent.parent
PUBLIC = ROOT / "public"
BELOW = ("/api/holdings", "/api/flows")
WHOSE = "x-script"  # a request header: each test's pages are answered by its own script


def headers() -> dict[str, str]:
    """The headers every deployed file gets, read from where they are written once."""
    (rule,) = json.loads((ROOT / "vercel.json").read_text())["headers"]
    return {one["key"]: one["value"] for one in rule["headers"]}


@dataclass(slots=True)
class Script:
    """What /api answers; a test changes it while the page is open."""

    health: dict[str, Any] = field(default_factory=canned.health)
    demo: dict[str, Any] = field(default_factory=lambda: dict(canned.DEMO))
    acts: list[dict[str, Any]] = field(default_factory=list)  # what was done to the demo
    acted: dict[str, Any] = field(default_factory=lambda: {"run": "ok", "booked": None, "books_at": None})
    accounts: dict[str, Any] = field(default_factory=canned.accounts)
    past: canned.World = field(default_factory=canned.world)
    history: dict[str, Any] | None = None  # instead of what follows from `past`
    problem: dict[str, Any] | None = None  # answers all but health
    log: list[dict[str, Any]] = field(default_factory=canned_log.entries)  # newest first
    log_in: dict[str, Any] | None = None  # why nobody is let in by a password
    log_problem: dict[str, Any] | None = None  # answers the log alone
    holdings: dict[str, Any] = field(default_factory=canned_holdings.holdings)
    partials: dict[str, dict[str, Any]] = field(default_factory=dict)  # what is told of holdings at their very times
    flows: dict[str, Any] = field(default_factory=canned_holdings.flows)
    below_problem: dict[str, Any] | None = None  # answers what holdings and flows ask
    write_problem: dict[str, Any] | None = None  # answers each change
    shared: dict[str, Any] | None = None  # what a link shows; None: there is no such link
    held: asyncio.Event | None = None  # nothing is answered before it is set
    slow_ranges: dict[str, asyncio.Event] = field(default_factory=dict)  # a range is answered when its event is set
    now: datetime = canned.NOW
    asked: list[str] = field(default_factory=list)
    asked_log: list[str] = field(default_factory=list)
    asked_below: list[str] = field(default_factory=list)
    wrote: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)

    @property
    def histories(self) -> list[str]:
        """The histories that were asked for, in that order."""
        return [asked for asked in self.asked if asked.startswith("/api/history")]

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        if path == "/api/health":
            return 200, self.health
        if path == "/api/session":
            return (self.log_in["status"], self.log_in) if self.log_in else (200, {"role": "owner"})
        if self.problem:
            return self.problem["status"], self.problem
        if path == "/api/demo":
            return 200, self.demo
        if path == "/api/share":
            gone = canned.problem(404, "this link was withdrawn or never existed", "not_found")
            return (200, self.shared) if self.shared else (404, gone)
        if path == "/api/accounts":
            return 200, self.accounts
        if path == "/api/logs":
            return (
                (self.log_problem["status"], self.log_problem)
                if self.log_problem
                else (200, canned_log.answer(self.log, query))
            )
        if path in BELOW:
            held = self.partials.get(query.get("at", [""])[0], self.holdings)
            found = held if path == "/api/holdings" else self.flows
            return (self.below_problem["status"], self.below_problem) if self.below_problem else (200, found)
        assert path == "/api/history", path
        part = [datetime.fromisoformat(query[name][0]) for name in ("from", "to") if name in query]
        found = self.history or canned.history(
            self.past, query.get("range", ["all"])[0], query["account"][0], (part[0], part[1]) if part else None
        )
        (benchmark,) = query.get("benchmark", [""])
        if "SOL" in benchmark:
            return 400, canned.problem(400, "No prices of SOL are stored since 28 Aug 2025.", "no_stored_prices")
        return 200, canned.against(found, benchmark) if benchmark else found

    def write(self, change: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.wrote.append(change)
        if self.write_problem:
            return self.write_problem["status"], self.write_problem
        canned_holdings.changed(self.flows, change)
        return 200, {"flow": {}}

    def act(self, wanted: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Note what is done to the demo; it stands as `acted` says."""
        self.acts.append(wanted)
        self.demo = self.demo | {name: value for name, value in self.acted.items() if name in self.demo}
        return self.acted.get("status", 200), self.demo | self.acted

    async def reply(self, request: Request) -> Response:
        query = parse_qs(request.url.query)
        asked = {"/api/logs": self.asked_log, **dict.fromkeys(BELOW, self.asked_below)}.get(
            request.url.path, self.asked
        )
        asked.append(f"{request.url.path}?{request.url.query}" if query else request.url.path)
        self.tokens.append(request.headers.get("authorization"))
        for wait in (self.held, self.slow_ranges.get(query.get("range", [""])[0])):
            if wait:
                await wait.wait()
        writes = {"/api/flows": self.write, "/api/demo": self.act}
        write = writes.get(request.url.path) if request.method == "POST" else None
        status, body = write(await request.json()) if write else self.answer(request.url.path, query)
        if query.get("format") == ["csv"] and status == 200:
            table = "".join(f"{','.join(map(str, row))}\r\n" for row in [["time"], *zip(body["series"]["t"])])
            return Response(table, media_type="text/csv", headers={"X-Now": canned.stamp(self.now)})
        kind = "application/problem+json" if status >= 400 else "application/json"
        stamp = {"X-Now": canned.stamp(self.now), **({"Retry-After": "840"} if status == 429 else {})}
        return Response(json.dumps(body), status, stamp, kind)


class Site:
    """The running stand-in: its address, and the scripts of the tests that use it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.scripts: dict[str, Script] = {}
        self.headers = headers()
        # Read once: a test opens fifty of them.
        found = {f"/{path.relative_to(PUBLIC).as_posix()}": path for path in PUBLIC.rglob("*") if path.is_file()}
        found["/"] = PUBLIC / "index.html"
        self.files = {name: (path.read_bytes(), guess_type(path.name)[0]) for name, path in found.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await (await self.reply(request))(scope, receive, send)

    async def reply(self, request: Request) -> Response:
        path = request.url.path
        if path.startswith("/api/"):
            answer = await self.scripts[request.headers[WHOSE]].reply(request)
        elif path in self.files:
            body, kind = self.files[path]
            answer = Response(body, media_type=kind, headers={"Cache-Control": "max-age=600"})
        else:
            answer = Response(status_code=404)
        answer.headers.update(self.headers)
        return answer

    def admit(self, script: Script) -> dict[str, str]:
        """The request headers that lead a page to its script."""
        name = str(len(self.scripts))
        self.scripts[name] = script
        return {WHOSE: name}


class Quiet(uvicorn.Server):
    """Leaves the signals to the tests' runner."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving() -> AsyncIterator[Site]:
    """The stand-in, for as long as the block lasts, on the loop of the caller."""
    listener = socket.create_server(("127.0.0.1", 0))
    site = Site(f"http://127.0.0.1:{listener.getsockname()[1]}")
    server = Quiet(uvicorn.Config(site, log_level="error", ws="none", lifespan="off", timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield site
    finally:
        server.should_exit = True
        await running
        listener.close()
