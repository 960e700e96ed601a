"""Logging in and out over HTTP: what a use case decides becomes a cookie."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from lib.errors import ConfigurationError, InvalidInput
from lib.owner_ports import Gate
from lib.ports import Clock
from lib.web import bodies, caller, cookies, encode, params
from lib.web.access import Access, Role, check
from lib.web.endpoint import Handler
from lib.wiring import Wired

type LogIn = Callable[[Gate, Clock, tuple[bytes, str | None], str, str], Awaitable[str]]


def logging_in(log_in: LogIn) -> Handler:
    """Make the handler that takes a password and gives a cookie. In demo mode nobody needs one."""

    async def post(request: Request, wired: Wired) -> Response:
        given = bodies.password(request)
        response = encode.answer({"role": Role.OWNER.value})
        settings = wired.settings
        if settings.demo:
            return encode.answer({"role": Role.DEMO.value})
        if settings.encryption_key is None:
            raise ConfigurationError("ENCRYPTION_KEY is not set: ./monitor keygen makes one")
        if not (caller.is_secure(request, settings) or caller.is_on_this_machine(request)):
            raise InvalidInput(
                "host", "a password crosses the network over HTTPS only; behind a proxy, name it in TRUSTED_PROXIES"
            )
        keys = (settings.encryption_key, settings.dashboard_password)
        text = await log_in(wired.gate, wired.clock, keys, given, caller.network(request, settings))
        cookies.keep(response, request, wired, text)
        return response

    return post


def logging_out(everywhere: Callable[[Gate], Awaitable[None]]) -> Handler:
    """Make the handler that has the browser forget its session, and with `everywhere` ends all there are."""

    async def delete(request: Request, wired: Wired) -> Response:
        if params.log_out(request):
            await check(Access.OWNER, request, wired)
            await everywhere(wired.gate)
        response = encode.answer({"role": Role.NOBODY.value})
        cookies.drop(response, request, wired)
        return response

    return delete
