"""One URL: its methods, its door, its answer; every error becomes problem+json with a request id."""

import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from lib import log
from lib.clock import SystemClock
from lib.errors import InvalidInput, MonitorError
from lib.ports import Clock
from lib.session import TooManyTries
from lib.web import encode
from lib.web.access import READS, Access, Unauthorized, check
from lib.web.compress import compress
from lib.wiring import Wired, wired_from_environment

type Handler = Callable[[Request, Wired], Awaitable[object]]

ANYONE, VIEWER, OWNER = Access.ANYONE, Access.VIEWER, Access.OWNER
SCHEDULER, STARTER = Access.SCHEDULER, Access.STARTER

_ANY_METHOD: tuple[str, ...] = ()  # what the router makes of none: every one comes here, the odd ones too
_BODY_LIMIT = 64 * 1024
_STATUS = {
    "invalid_input": 400,
    "no_stored_prices": 400,
    "price_not_fetched": 503,
    "version_moved": 503,
    "unauthorized": 401,
    "wrong_password": 401,
    "other_name": 400,
    "other_site": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "account_exists": 409,
    "account_closed": 409,
    "other_owner": 409,
    "too_large": 413,
    "key_too_powerful": 422,
    "key_refused": 422,
    "too_many_tries": 429,
    **dict.fromkeys(
        ("binance_refused", "clock_skewed", "exchange_trouble", "rate_limited", "address_blocked", "banned"), 502
    ),
    **dict.fromkeys(("firewalled", "location_refused", "unreachable", "malformed_answer"), 502),
    "configuration": 503,
    "migrations_behind": 503,
    "starting": 503,
    "unavailable": 503,
}


class MethodNotAllowed(MonitorError):
    """This URL has other methods; `allow` names them."""

    code = "method_not_allowed"

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allow = ", ".join(sorted(allowed))
        super().__init__(f"allowed here: {self.allow}")


class TooLarge(MonitorError):
    """The body is longer than any call needs."""

    code = "too_large"


def endpoint(
    *,
    get: Handler | None = None,
    post: Handler | None = None,
    patch: Handler | None = None,
    delete: Handler | None = None,
    access: Access,
    write: Access | None = None,
) -> Starlette:
    """Make the ASGI application of one URL. `write` is the door of its writes where it is another one.

    A handler returns a value to encode, or a Response; the body is read before, and is in `request.state.body`.
    Who calls is in `request.state.role`.
    `app.state.wiring` gives the ports: a deployed function wires them on its first request, a local server hands in
    its own.
    """
    methods = {"GET": get, "HEAD": get, "POST": post, "PATCH": patch, "DELETE": delete}
    handlers = {method: handler for method, handler in methods.items() if handler}

    async def serve(request: Request) -> Response:
        request_id = secrets.token_hex(8)
        clock: Clock = SystemClock()  # until the wiring brings the product's own
        try:
            wired = await request.app.state.wiring()
            clock = wired.clock
            door = access if write is None or request.method in READS else write
            value = await _answer(request, wired, handlers, door)
            response = value if isinstance(value, Response) else encode.answer(value)
        except MonitorError as error:
            log.warning("request refused", path=request.url.path, request_id=request_id, code=error.code)
            response = _refusal(error, request_id)
        except Exception as failure:  # noqa: BLE001 - the last line: a caller gets an answer, never a stack
            log.error("request failed", failure, path=request.url.path, request_id=request_id)
            response = encode.problem(500, "internal", "Something went wrong inside; the log has it.", request_id, {})
        await compress(request, response)
        response.headers.update({"X-Now": encode.rfc3339(clock.now()), "X-Request-Id": request_id})
        if request.method == "HEAD":
            response.body = b""
        return response

    # The platform gives the whole path and only ever this function's; so any path is this one's.
    app = Starlette(routes=[Route("/{path:path}", serve, methods=_ANY_METHOD)])
    app.state.wiring = _once(wired_from_environment)
    return app


def writing[T](
    parse: Callable[[Request], T], act: Callable[[Wired, T], Awaitable[object]], status: int = 200
) -> Handler:
    """Make the handler that parses what is wanted and does it."""

    async def write(request: Request, wired: Wired) -> object:
        return encode.answer(await act(wired, parse(request)), status)

    return write


def _once(wire: Callable[[], Awaitable[Wired]]) -> Callable[[], Awaitable[Wired]]:
    """Wire on the first call and keep the outcome; a failure is tried again by the next call."""
    kept: list[Wired] = []

    async def wired() -> Wired:
        if not kept:
            kept.append(await wire())
        return kept[0]

    return wired


async def _answer(request: Request, wired: Wired, handlers: Mapping[str, Handler], access: Access) -> object:
    if request.method not in handlers:
        raise MethodNotAllowed(handlers)
    request.state.role = await check(access, request, wired)
    request.state.body = await _body(request)
    return await handlers[request.method](request, wired)


async def _body(request: Request) -> bytes:
    """Read the body. Raises: InvalidInput; TooLarge by what it says of itself, or by what comes."""
    declared = request.headers.get("content-length", "0")
    if not (declared.isascii() and declared.isdigit()):
        raise InvalidInput("content-length", "must be a number of bytes")
    too_large = TooLarge(f"the body has at most {_BODY_LIMIT} bytes")
    if len(declared.lstrip("0")) > len(str(_BODY_LIMIT)) or int(declared) > _BODY_LIMIT:
        raise too_large
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _BODY_LIMIT:
                raise too_large
    except ClientDisconnect:
        raise InvalidInput("body", "was broken off") from None
    return body


def _refusal(error: MonitorError, request_id: str) -> Response:
    status = _STATUS.get(error.code, 500)
    headers = {}
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = error.allow
    if isinstance(error, TooManyTries):
        headers["Retry-After"] = str(error.wait_s)
    return encode.problem(status, error.code, str(error), request_id, headers, error.facts)
