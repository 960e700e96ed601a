"""Where a request comes from: the caller's address, and the page's own origin as its browser names it."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.requests import Request

from lib.settings import Settings

_IPV6_NETWORK_BITS = 64  # what one connection gets: its holder can choose among all of its addresses
_ANY_ADDRESS = "unknown"


def is_secure(request: Request, settings: Settings) -> bool:
    """Tell whether the browser speaks HTTPS: a deployed function is reached no other way."""
    return settings.deployed or request.url.scheme == "https"


def is_on_this_machine(request: Request) -> bool:
    """Tell whether the page was opened by a name of this machine, which no other one answers to."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def own_origin(request: Request, settings: Settings) -> str:
    """Return what a page of this site says in its Origin header."""
    return f"{'https' if is_secure(request, settings) else 'http'}://{request.headers.get('host', '')}"


def network(request: Request, settings: Settings) -> str:
    """Return the caller's address, of IPv6 the network that one caller has to itself.

    Source: the platform sets `x-real-ip` itself, over whatever was sent; a local server knows its peer.
    """
    said = request.headers.get("x-real-ip", "") if settings.deployed else request.client.host if request.client else ""
    try:
        address = ip_address(said)
    except ValueError:
        return _ANY_ADDRESS
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> _IPV6_NETWORK_BITS << _IPV6_NETWORK_BITS))
    return str(getattr(address, "ipv4_mapped", None) or address)
