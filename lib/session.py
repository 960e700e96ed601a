"""Signed sessions: what a cookie says, under a key made of the encryption key and the password.

Another password or another encryption key makes another signing key, and what was signed before is void at once.
Source: product, 12.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lib.errors import MonitorError

LIFETIME = timedelta(days=30)
_VERSION = "v1"
_PARTS = 5
_LONGEST = 200
_NONCE_BYTES = 12


class TooManyTries(MonitorError):
    """Too many wrong passwords lately; `wait_s` says when the next try may be."""

    code = "too_many_tries"
    retryable = True

    def __init__(self, wait_s: int) -> None:
        minutes = -(-wait_s // 60)
        super().__init__(f"too many tries: try again in {minutes} {'minute' if minutes == 1 else 'minutes'}")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie says. `generation` is the store's at the log-in; a later one ends the session."""

    generation: int
    expires_at: datetime


def derived(key: bytes, purpose: str) -> bytes:
    """Return a key of its own for one purpose. Source: RFC 5869 (HKDF) with SHA-256, no salt, 32 bytes."""
    drawn = hmac.digest(bytes(hashlib.sha256().digest_size), key, "sha256")
    return hmac.digest(drawn, purpose.encode() + b"\x01", "sha256")


def signing_key(encryption_key: bytes, password: str) -> bytes:
    """Return the key that signs the sessions of this password."""
    return hmac.digest(derived(encryption_key, "portfolio-monitor session"), password.encode(), "sha256")


def mark(encryption_key: bytes, purpose: str, text: str) -> str:
    """Return what stands for `text` where it must not be kept itself: alike for alike, and telling nothing of it."""
    return hmac.digest(derived(encryption_key, f"portfolio-monitor {purpose}"), text.encode(), "sha256").hex()


def opened(generation: int, now: datetime) -> Session:
    """Return the session that begins now."""
    return Session(generation, now + LIFETIME)


def sign(key: bytes, session: Session) -> str:
    """Write a session for a cookie; no two are alike."""
    nonce = secrets.token_urlsafe(_NONCE_BYTES)
    said = f"{_VERSION}.{session.generation}.{int(session.expires_at.timestamp())}.{nonce}"
    return f"{said}.{_signature(key, said)}"


def read(key: bytes, text: str, now: datetime) -> Session | None:
    """Read a cookie; None where it is none of ours, was changed, or is over."""
    said, _, signature = text.rpartition(".")
    parts = text.split(".")
    if len(text) > _LONGEST or not text.isascii() or len(parts) != _PARTS or parts[0] != _VERSION:
        return None
    if not hmac.compare_digest(signature, _signature(key, said)):
        return None
    session = Session(int(parts[1]), datetime.fromtimestamp(int(parts[2]), UTC))
    return session if now < session.expires_at else None


def _signature(key: bytes, said: str) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, said.encode(), "sha256")).rstrip(b"=").decode()
