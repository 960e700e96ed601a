"""The web application of a local server: the page, the functions of `api/`, and in demo mode `/api/demo`."""

import importlib
import json
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.errors import NotFound
from lib.local import demo_route
from lib.local.demo import Demo
from lib.web.endpoint import ANYONE, endpoint
from lib.wiring import Wired

ROOT = Path(__file__).parents[2]

type Wiring = Callable[[], Awaitable[Wired]]


def site(wiring: Wiring, demo: Callable[[], Demo | None], root: Path = ROOT) -> Starlette:
    """Make the application; `wiring` raises Starting until the store is open, `demo` is None outside of one.

    Routes, folder of the page and headers are those of `vercel.json`. Source: product, 12.
    """
    config = json.loads((root / "vercel.json").read_text())
    files = sorted({path for pattern in config["functions"] for path in root.glob(pattern)})
    functions = {path.stem: _function(path.stem) for path in files}
    functions["demo"] = demo_route.function(demo)
    functions["{path:path}"] = endpoint(get=_unknown, post=_unknown, patch=_unknown, delete=_unknown, access=ANYONE)
    for function in functions.values():
        function.state.wiring = wiring
    routes: list[BaseRoute] = [Route(f"/api/{name}", _Whole(function)) for name, function in functions.items()]
    routes.append(Route("/api", _Whole(functions["{path:path}"])))
    routes.append(Mount("/", _Pages(directory=root / config["outputDirectory"], html=True, check_dir=False)))
    return Starlette(routes=routes, middleware=[Middleware(_WithHeaders, headers=_headers(config["headers"]))])


class _Whole:
    """Hands a request on as it is: a function answers every method of its URL itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class _Pages(StaticFiles):
    """The page's files; a second page is found at its clean address, too, as the platform has it."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Return where the file lies, and what it is."""
        found = super().lookup_path(path)
        return found if found[1] is not None or Path(path).suffix else super().lookup_path(f"{path}.html")


class _WithHeaders:
    """Adds the headers that `vercel.json` asks for everywhere, and keeps browsers from guessing at a cache's age."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                more = [*self._headers, (b"cache-control", b"no-cache")]
                message["headers"] = [*message["headers"], *(pair for pair in more if pair[0] not in given)]
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


def _function(name: str) -> Starlette:
    app: Starlette = importlib.import_module(f"api.{name}").app
    return app


async def _unknown(request: Request, _: Wired) -> object:
    raise NotFound(f"there is no {request.url.path}")


def _headers(rules: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the headers of every path: written once, in `vercel.json`."""
    return {each["key"]: each["value"] for rule in rules if rule["source"] == "/(.*)" for each in rule["headers"]}
