"""Doors: who may call what. Deny by default."""

import hmac
from enum import Enum

from starlette.requests import Request

from lib.errors import MonitorError
from lib.settings import Settings


class Access(Enum):
    """The least a caller must be."""

    ANYONE = "anyone"
    VIEWER = "viewer"  # may read
    OWNER = "owner"  # may change what counts
    SCHEDULER = "scheduler"  # may start a run


class Unauthorized(MonitorError):
    """The caller did not show what this door asks for."""

    code = "unauthorized"


def check(access: Access, request: Request, settings: Settings) -> None:
    """Let the caller in, or not. Raises: Unauthorized.

    Each door opens for its own secret only; one that is not set opens for nobody. In demo mode credentials are not
    looked at. Source: product, 12.
    """
    if access is Access.OWNER:
        _check_origin(request)
    if access is Access.ANYONE or settings.demo:
        return
    if access is Access.OWNER:
        raise Unauthorized("changes are made with ./monitor: this server has no log-in for its owner")
    name, expected = (
        ("CRON_SECRET", settings.cron_secret) if access is Access.SCHEDULER else ("API_TOKEN", settings.api_token)
    )
    if not expected:
        raise Unauthorized(f"{name} is not set, so this call is refused")
    scheme, _, given = request.headers.get("authorization", "").encode("latin-1").partition(b" ")  # the bytes as sent
    if scheme.lower() != b"bearer" or not hmac.compare_digest(given.strip(), expected.encode()):
        raise Unauthorized(f"this call needs `Authorization: Bearer` with the value of {name}")


def _check_origin(request: Request) -> None:
    """Refuse what another site's page sends in its visitor's name."""
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        raise Unauthorized("this call comes from a page of another site")
