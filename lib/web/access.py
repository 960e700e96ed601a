"""Doors: who may call what. Deny by default."""

import hmac
from enum import Enum

from starlette.requests import Request

from lib.errors import InvalidInput, MonitorError
from lib.web import caller, cookies
from lib.wiring import Wired

READS = ("GET", "HEAD")
_OWN_SITE = ("same-origin", "none")  # none: typed by a person, not sent by a page


class Access(Enum):
    """The least a caller must be."""

    ANYONE = "anyone"
    VIEWER = "viewer"  # may read: the API token, or a session
    OWNER = "owner"  # may change what counts: a session
    SCHEDULER = "scheduler"  # may start a run: the scheduler's secret
    STARTER = "starter"  # may start a run by hand: the scheduler's secret, or a session


class Role(Enum):
    """Who a caller turned out to be."""

    NOBODY = "nobody"
    VIEWER = "viewer"
    OWNER = "owner"
    SCHEDULER = "scheduler"
    DEMO = "demo"  # whoever it is: in demo mode credentials are not looked at


class Unauthorized(MonitorError):
    """The caller did not show what this door asks for."""

    code = "unauthorized"


class OtherSite(MonitorError):
    """A write comes from another site's page, or cannot show that it does not."""

    code = "other_site"


async def check(access: Access, request: Request, wired: Wired) -> Role:
    """Let the caller in and say who it is, or not.

    Each door opens for its own secret only; one that is not set opens for nobody. In demo mode credentials are not
    looked at. Raises: Unauthorized; OtherSite and InvalidInput for a write that another site's page could send;
    Unavailable where a session cannot be looked up. Source: product, 12.
    """
    settings = wired.settings
    if access in (Access.SCHEDULER, Access.STARTER) and _shows(request, settings.cron_secret):
        return Role.SCHEDULER
    if request.method not in READS:
        _refuse_other_sites(request, wired)
    if settings.demo:
        return Role.DEMO
    if access is Access.ANYONE:
        return Role.NOBODY
    if access is Access.VIEWER and _shows(request, settings.api_token):
        return Role.VIEWER
    if access is not Access.SCHEDULER and await _has_session(request, wired):
        if request.method not in READS:
            _require_own_page(request)
        return Role.OWNER
    raise Unauthorized(_wanted(access, wired))


def bearer(request: Request) -> bytes | None:
    """Return what the caller shows as its token, the bytes as sent; None where it shows none."""
    scheme, _, given = request.headers.get("authorization", "").encode("latin-1").partition(b" ")
    return given.strip() if scheme.lower() == b"bearer" else None


def _shows(request: Request, secret: str | None) -> bool:
    given = bearer(request)
    return bool(secret) and given is not None and hmac.compare_digest(given, (secret or "").encode())


async def _has_session(request: Request, wired: Wired) -> bool:
    found = cookies.current(request, wired)
    return found is not None and found.generation == await wired.gate.generation()


def _refuse_other_sites(request: Request, wired: Wired) -> None:
    """Refuse what another site's page sends in its visitor's name."""
    origin, own = request.headers.get("origin"), caller.own_origin(request, wired.settings)
    foreign = origin is not None and origin != own
    if foreign or request.headers.get("sec-fetch-site", "none") not in _OWN_SITE:
        raise OtherSite(
            f"this call comes from a page of another site than {own}; "
            "behind a reverse proxy, TRUSTED_PROXIES must name its address"
        )


def _require_own_page(request: Request) -> None:
    """Refuse what a cookie alone may have sent. A browser always names the origin of a write."""
    if request.headers.get("origin") is None:
        raise OtherSite("a change needs the header Origin with this site's own address")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise InvalidInput("content-type", "must be application/json")


def _wanted(access: Access, wired: Wired) -> str:
    settings = wired.settings
    by_session = "a session (POST /api/session)"
    if settings.dashboard_password is None:
        by_session = "a session, and DASHBOARD_PASSWORD is not set, so nobody can log in"
    name, secret = (
        ("API_TOKEN", settings.api_token) if access is Access.VIEWER else ("CRON_SECRET", settings.cron_secret)
    )
    by_token = f"`Authorization: Bearer` with the value of {name}" if secret else f"{name}, which is not set"
    if access is Access.OWNER:
        return f"this call needs {by_session}; or use ./monitor"
    return f"this call needs {by_token}" + ("" if access is Access.SCHEDULER else f", or {by_session}")
