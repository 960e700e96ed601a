"""Signed queries: encoded once, and exactly the bytes that are signed are sent.

Source: reference, B. A key of another kind signs the same bytes with another algorithm.
"""

import hmac
from collections.abc import Mapping
from urllib.parse import quote

RECV_WINDOW_MS = 10_000


def encode(params: Mapping[str, str | int]) -> str:
    """Percent-encode parameters in their order, UTF-8, a space as %20."""
    return "&".join(f"{quote(name, safe='')}={quote(str(value), safe='')}" for name, value in params.items())


def signature(secret: str, payload: bytes) -> str:
    """Return the HMAC-SHA256 of `payload` in lower-case hex.

    `payload` is the encoded query without its `?`, followed by the body with nothing between.
    """
    return hmac.digest(secret.encode(), payload, "sha256").hex()


def signed(query: str, secret: str, timestamp_ms: int) -> str:
    """Return an encoded query with time and signature added, the signature last."""
    start = f"{query}&" if query else ""
    payload = f"{start}recvWindow={RECV_WINDOW_MS}&timestamp={timestamp_ms}"
    return f"{payload}&signature={signature(secret, payload.encode())}"
