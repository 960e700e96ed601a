"""Signed queries: encoded once, and exactly the bytes that are signed are sent.

Source: reference, B. Keys of every kind sign the same bytes, each with its own algorithm.
"""

import hmac
from collections.abc import Mapping
from urllib.parse import quote

from lib.binance import private_keys

RECV_WINDOW_MS = 10_000


def encode(params: Mapping[str, str | int]) -> str:
    """Percent-encode parameters in their order, UTF-8, a space as %20."""
    return "&".join(f"{quote(name, safe='')}={quote(str(value), safe='')}" for name, value in params.items())


def signature(secret: str, payload: bytes) -> str:
    """Return the HMAC-SHA256 of `payload` in lower-case hex or, by a private key, its signature in base64.

    `payload` is the encoded query without its `?`, followed by the body with nothing between. Raises: UnreadableKey.
    """
    if private_keys.is_private_key(secret):
        return private_keys.signature(secret, payload)
    return hmac.digest(secret.encode(), payload, "sha256").hex()


def signed(query: str, secret: str, timestamp_ms: int) -> str:
    """Return an encoded query with time and signature added, the signature last."""
    start = f"{query}&" if query else ""
    payload = f"{start}recvWindow={RECV_WINDOW_MS}&timestamp={timestamp_ms}"
    return f"{payload}&signature={quote(signature(secret, payload.encode()), safe='')}"
