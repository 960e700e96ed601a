"""The session's cookie: `__Host-` over HTTPS, a plain one on this machine. No script reads it."""

from starlette.requests import Request
from starlette.responses import Response

from lib import session
from lib.session import Session
from lib.web import caller
from lib.wiring import Wired

_NAME = "monitor-session"


def current(request: Request, wired: Wired) -> Session | None:
    """Return the session that the caller's cookie says it has; whether it was ended since, the store knows."""
    text = request.cookies.get(_name(request, wired))
    if text is None or wired.session_key is None:
        return None
    return session.read(wired.session_key, text, wired.clock.now())


def keep(response: Response, request: Request, wired: Wired, text: str) -> None:
    """Have the browser keep a session."""
    _set(response, request, wired, text, round(session.LIFETIME.total_seconds()))


def drop(response: Response, request: Request, wired: Wired) -> None:
    """Have the browser forget its session."""
    _set(response, request, wired, "", 0)


def _set(response: Response, request: Request, wired: Wired, text: str, max_age_s: int) -> None:
    secure = caller.is_secure(request, wired.settings)
    name = _name(request, wired)
    response.set_cookie(name, text, max_age=max_age_s, path="/", secure=secure, httponly=True, samesite="strict")


def _name(request: Request, wired: Wired) -> str:
    return f"__Host-{_NAME}" if caller.is_secure(request, wired.settings) else _NAME
