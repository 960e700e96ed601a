"""What a reverse proxy says of the browser behind it, believed of those in TRUSTED_PROXIES and of nobody else."""

from collections.abc import Sequence
from ipaddress import ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from lib.setting_values import Network

_SCHEMES = ("http", "https")


class BehindProxies:
    """Puts a trusted proxy's words in the request's place: the caller's address, the scheme, the host."""

    def __init__(self, app: ASGIApp, trusted: Sequence[Network]) -> None:
        self._app, self._trusted = app, tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer = scope.get("client")
        if scope["type"] == "http" and peer is not None and self._trusts(peer[0]):
            scope = self._as_told(scope, peer)
        await self._app(scope, receive, send)

    def _trusts(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._trusted)

    def _as_told(self, scope: Scope, peer: tuple[str, int]) -> Scope:
        told = dict(scope)
        if (scheme := _last(scope, b"x-forwarded-proto")) in _SCHEMES:
            told["scheme"] = scheme
        if host := _last(scope, b"x-forwarded-host"):
            others = [pair for pair in scope["headers"] if pair[0] != b"host"]
            told["headers"] = [*others, (b"host", host.encode("latin-1"))]
        told["client"] = (self._caller(_values(scope, b"x-forwarded-for"), peer[0]), peer[1])
        return told

    def _caller(self, chain: Sequence[str], peer: str) -> str:
        """Return the nearest address that is no proxy of ours: what stands further away, anybody may have written."""
        for address in reversed(chain):
            if not self._trusts(peer):
                break
            peer = address
        return peer


def _values(scope: Scope, name: bytes) -> list[str]:
    joined = b",".join(value for key, value in scope["headers"] if key == name).decode("latin-1")
    return [part.strip() for part in joined.split(",") if part.strip()]


def _last(scope: Scope, name: bytes) -> str:
    """Return what the nearest proxy said, "" where it said nothing."""
    return next(reversed(_values(scope, name)), "")
