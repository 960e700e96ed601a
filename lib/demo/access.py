"""Who may ask: the key, its signature over the bytes as sent, the clock, and the key's rights."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from lib.demo import signatures
from lib.demo.messages import Refused, Request

_KEY = re.compile(r"[A-Za-z0-9]{64}")
_SIGNATURE = re.compile(rb"(?:^|&)signature=([^&]*)")
_UNENCODED = re.compile(rb"[^A-Za-z0-9._~%&=+*!'();/?$-]")  # brackets, quotes, commas, colons, @, anything not ASCII
_WINDOW = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?")
_DEFAULT_WINDOW_MS = "5000"
_WIDEST_WINDOW_MS = 60_000
_AHEAD_MS = 1000
_MICROSECOND_DIGITS = 16  # microseconds are accepted, too

_FUTURES = frozenset({"fapi", "dapi", "eapi", "papi"})

RIGHTS = (
    "enableReading",
    "enableWithdrawals",
    "enableInternalTransfer",
    "enableMargin",
    "enableFutures",
    "permitsUniversalTransfer",
    "enableVanillaOptions",
    "enableFixApiTrade",
    "enableFixReadOnly",
    "enableSpotAndMarginTrading",
    "enablePortfolioMarginTrading",
)


@dataclass(frozen=True, slots=True)
class Key:
    """An API key of a demo account; `rights` are those of `RIGHTS` it has.

    `futures` tells whether it may read the futures families. `secret` is what its owner signs with: a text for HMAC, or
    an RSA or Ed25519 private key in PEM.
    """

    account: str
    api_key: str = field(repr=False)
    secret: str = field(repr=False)
    rights: frozenset[str] = frozenset({"enableReading"})
    futures: bool = True
    addresses: frozenset[str] | None = None  # those that may use it; None: all


def admit(request: Request, family: str, key: Key | None, params: dict[str, str], now_ms: int) -> Key:
    """Return the key of a signed request. Raises: Refused, at the first thing that is wrong, in Binance's order."""
    if not _KEY.fullmatch(request.api_key):
        raise Refused(401, -2014, "API-key format invalid.")
    for name in ("timestamp", "signature"):
        if not params.get(name):
            raise missing(name)
    if key is None:
        raise Refused(400, -2008, "Invalid Api-Key ID.") if family == "sapi" else _not_permitted(request, family)
    if key.addresses is not None and request.address not in key.addresses:
        raise _not_permitted(request, family)
    _check_time(params, now_ms)
    if not _is_signed(request, key):
        raise Refused(400, -1022, "Signature for this request is not valid.")
    if "enableReading" not in key.rights or (family in _FUTURES and not key.futures):
        raise _not_permitted(request, family)
    return key


def missing(name: str) -> Refused:
    """Return the refusal of a call that lacks a parameter."""
    return Refused(400, -1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")


def _not_permitted(request: Request, family: str) -> Refused:
    seen = f", request ip: {request.address}" if family in ("fapi", "dapi") else ""
    return Refused(401, -2015, f"Invalid API-key, IP, or permissions for action{seen or '.'}")


def _check_time(params: dict[str, str], now_ms: int) -> None:
    asked = params.get("recvWindow") or _DEFAULT_WINDOW_MS
    if not _WINDOW.fullmatch(asked):
        raise missing("recvWindow")
    window_ms = Decimal(asked)
    if window_ms > _WIDEST_WINDOW_MS:
        raise Refused(400, -1131, "recvWindow must be less than 60000")
    text = params["timestamp"]
    if not (text.isascii() and text.isdigit()):
        raise missing("timestamp")
    sent_ms = int(text) // 1000 if len(text) >= _MICROSECOND_DIGITS else int(text)
    if sent_ms >= now_ms + _AHEAD_MS:
        raise Refused(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    if now_ms - sent_ms > window_ms:
        raise Refused(400, -1021, "Timestamp for this request is outside of the recvWindow.")


def _is_signed(request: Request, key: Key) -> bool:
    """Tell whether the signature fits the query and the body as they came, itself cut out, nothing between them."""
    sent = b""
    parts = []
    for part in (request.body, request.query):  # the query's value wins
        found = _SIGNATURE.search(part)
        if found:
            sent = found.group(1)
            parts.append((part[: found.start()] + part[found.end() :]).removeprefix(b"&"))
        else:
            parts.append(part)
    payload = parts[1] + parts[0]
    if _UNENCODED.search(payload):
        return False
    return signatures.fits(key.secret, payload, sent)
