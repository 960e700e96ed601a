"""Answers with an ETag: who has one that still holds is told so, for one small call of the database."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from lib.domain.requests import HistoryRequest
from lib.ports import Store
from lib.web import encode, params
from lib.web.endpoint import Handler
from lib.wiring import Wired

_KEPT = "private, no-cache"  # by the reader's own browser, which asks each time whether it still holds

type Editions = tuple[str, ...]  # what an answer follows from, in a few characters each
type Tell = Callable[[Store, HistoryRequest], Awaitable[Editions]]
type Read[T] = Callable[[Store, HistoryRequest], Awaitable[tuple[Editions, T]]]


def histories(editions: Tell, read: Read[dict[str, object]], table: Read[Sequence[Sequence[object]]]) -> Handler:
    """Make the handler of histories: 304 where the caller names the tag of what it would get, else JSON or CSV.

    `read` and `table` tell the editions they have read: a tag never says more than its answer.

    Source: RFC 9110, 13.1.2.
    """

    async def get(request: Request, wired: Wired) -> Response:
        asked = params.history(request.query_params)
        known = _named(request.headers.get("if-none-match", ""))
        if known and (tag := _tag(request, await editions(wired.store, asked))) in known:
            return Response(status_code=304, headers={"ETag": tag, "Cache-Control": _KEPT})
        if asked.form == "csv":
            found, rows = await table(wired.store, asked)
            response = encode.csv(rows, f"history-{asked.account}")
        else:
            found, value = await read(wired.store, asked)
            response = encode.answer(value)
        response.headers.update({"ETag": _tag(request, found), "Cache-Control": _KEPT})
        return response

    return get


def _tag(request: Request, editions: Editions) -> str:
    """Return the weak tag of a request's answer: compressed on its way, it is still the same."""
    parameters = sorted(request.query_params.multi_items())
    return f'W/"{hashlib.sha256(repr((parameters, editions)).encode()).hexdigest()[:32]}"'


def _named(header: str) -> frozenset[str]:
    """Read the tags of a header; whether one is weak does not count."""
    tags = (tag.strip().removeprefix("W/") for tag in header.split(","))
    return frozenset(f"W/{tag}" for tag in tags if tag)
