"""What can go wrong at the exchange, drawn as a tree.

    BinanceError            binance_refused    it answered, and the answer was no
    ├── KeyRefused          key_refused        the owner has to look at the key
    ├── NotPermitted        not_permitted      this account may never use this call
    ├── UnknownSymbol       unknown_symbol     no such market
    ├── ClockSkewed         clock_skewed       our time is not theirs, even after measuring
    ├── ExchangeTrouble     exchange_trouble   their side failed, tries exhausted
    ├── Unreachable         unreachable        no whole answer came
    │   └── ProxyRefused    proxy_refused      what BINANCE_PROXY_URL names does not let us through
    ├── RateLimited         rate_limited       the pool is empty for longer than we may wait
    │   └── TurnNotCome     turn_not_come      it will be, for all who are behind this address; nothing was sent
    ├── AddressBlocked                         this address may not call for a while
    │   ├── Banned          banned             418
    │   └── Firewalled      firewalled         403 with a page instead of an answer
    ├── LocationRefused     location_refused   this address may never call
    ├── SourceRefused       source_refused     a list of flows that this account is not told
    └── MalformedAnswer     malformed_answer   not what the endpoint promises

Messages name the call by method and path, never its query, and never carry a body.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from lib.errors import MonitorError

_LIKELY = MappingProxyType(
    {
        -1022: "the secret, or the private key, does not belong to this API key",
        -2008: "the key does not exist (any more)",
        -2014: "the API key is not complete",
        -2015: "the key is unknown, its list of addresses leaves this one out, or it lacks the right for this call",
    }
)
_NOT_PERMITTED = -2015
_BEYOND_SPOT = ("/fapi/", "/dapi/", "/eapi/", "/papi/")
NOT_READABLE = (  # reference, H.4: what the exchange asks for here was told in two ways
    "the key cannot read this wallet: a key made before the wallet was opened never can, so make a new one; if that "
    "does not help, switch on Enable Futures for the key, which takes the setting ALLOW_RISKY_KEYS"
)
_SECRETIVE = re.compile(r"\S*[=?&]\S*|[A-Za-z0-9+/_-]{32,}")
_MAX_TEXT = 200


def told(text: str) -> str:
    """Return a message of the exchange fit to be shown: one short line without anything like a key or a query."""
    printable = "".join(char if char.isprintable() else " " for char in text[: 4 * _MAX_TEXT])
    return _SECRETIVE.sub("…", printable)[:_MAX_TEXT].strip()


class BinanceError(MonitorError):
    """Binance answered, and the answer was no."""

    code = "binance_refused"

    def __init__(self, call: str, status: int, reason: int | None, text: str) -> None:
        number = f"{reason or status} " if reason or status else ""  # neither: nothing was sent
        super().__init__(f"{call}: {number}{told(text)}".strip())  # call = "GET /api/v3/account"
        self.call, self.status, self.reason = call, status, reason


class KeyRefused(BinanceError):
    """The key, its secret or its rights do not do; only the owner can mend that."""

    code = "key_refused"

    def __init__(self, call: str, status: int, reason: int | None, text: str) -> None:
        super().__init__(call, status, reason, text)
        beyond_spot = reason == _NOT_PERMITTED and call.partition(" ")[2].startswith(_BEYOND_SPOT)
        self.likely = NOT_READABLE if beyond_spot else _LIKELY.get(reason or 0, "the key is not accepted")
        if status or reason:  # neither: the key was refused here, and the text says why
            self.args = (f"{str(self).removesuffix('.')}. Likely: {self.likely}.",)
        else:
            self.likely = text

    @property
    def facts(self) -> Mapping[str, object]:
        """Return what most likely is wrong with the key."""
        return {"likely": self.likely}


class NotPermitted(BinanceError):
    """The account may never use this call: the product is not opened to it, or the right is not given."""

    code = "not_permitted"


class UnknownSymbol(BinanceError):
    """There is no such market."""

    code = "unknown_symbol"


class ClockSkewed(BinanceError):
    """The exchange does not accept our time."""

    code = "clock_skewed"
    retryable = True


class ExchangeTrouble(BinanceError):
    """The exchange failed on its own side."""

    code = "exchange_trouble"
    retryable = True


class RateLimited(BinanceError):
    """Too much was asked of one pool. `retry_after_s` is None where the exchange did not say."""

    code = "rate_limited"
    retryable = True

    def __init__(self, call: str, status: int, reason: int | None, text: str, retry_after_s: float | None) -> None:
        super().__init__(call, status, reason, text)
        self.retry_after_s = retry_after_s


class TurnNotCome(RateLimited):
    """So many want to ask that our turn does not come in time; nothing was sent."""

    code = "turn_not_come"


class AddressBlocked(BinanceError):
    """No call from this address is answered before `until`."""

    code = "address_blocked"
    retryable = True

    def __init__(self, call: str, status: int, reason: int | None, until: datetime) -> None:
        super().__init__(call, status, reason, f"no call from this address before {until:%Y-%m-%dT%H:%M:%SZ}")
        self.until = until


class Banned(AddressBlocked):
    """This address asked too much for too long."""

    code = "banned"


class Firewalled(AddressBlocked):
    """The network before the exchange turned us away."""

    code = "firewalled"


class LocationRefused(BinanceError):
    """The exchange does not serve the place this address is in; only another place helps."""

    code = "location_refused"


class Unreachable(BinanceError):
    """No whole answer came: a timeout, a dropped connection, or no time left to ask."""

    code = "unreachable"
    retryable = True

    def __init__(self, call: str, why: str) -> None:
        super().__init__(call, 0, None, "")
        self.args = (f"{call}: no answer ({why})",)


class ProxyRefused(Unreachable):
    """The proxy does not let us through; only its address or its password can be wrong."""

    code = "proxy_refused"


class MalformedAnswer(BinanceError):
    """The answer is not what the endpoint promises. `field` says where; what was there instead is not kept."""

    code = "malformed_answer"
    retryable = True

    def __init__(self, call: str, status: int, field: str) -> None:
        super().__init__(call, status, None, "")
        self.args = (f"{call}: unexpected answer at {field}",)
        self.field = field


class SourceRefused(BinanceError):
    """The exchange does not tell this account such rows: a right is missing, or it does not have the product."""

    code = "source_refused"

    def __init__(self, source: str, error: BinanceError) -> None:
        super().__init__(error.call, error.status, error.reason, "")
        self.args = (f"{source}: {error}",)
