"""Signatures by a private key of the owner's own making: RSA or Ed25519, kept as a PEM block in the secret's place.

Source: reference, B.1. What it takes is imported only where an account has such a key.
"""

import base64
from functools import lru_cache
from typing import TYPE_CHECKING

from lib.errors import MonitorError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_BEGINS = "-----BEGIN "
_REMEMBERED = 64  # reading an RSA key takes longer than signing with it


class UnreadableKey(MonitorError):
    """The private key cannot be read, or is of a kind that Binance does not know. Nothing of it is repeated."""

    code = "unreadable_key"


def is_private_key(secret: str) -> bool:
    """Tell whether a secret is a private key; any other is one for HMAC."""
    return secret.lstrip().startswith(_BEGINS)


def signature(pem: str, payload: bytes) -> str:
    """Return the signature in base64: RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519.

    Raises: UnreadableKey.
    """
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256

    key = _read(pem)
    signed = (
        key.sign(payload) if isinstance(key, Ed25519PrivateKey) else key.sign(payload, padding.PKCS1v15(), SHA256())
    )
    return base64.b64encode(signed).decode()


@lru_cache(_REMEMBERED)
def _read(pem: str) -> "Ed25519PrivateKey | RSAPrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.strip().encode(), None)
    except TypeError:
        raise UnreadableKey("the private key has a password: store one without, it is encrypted here") from None
    except (ValueError, UnsupportedAlgorithm):
        raise UnreadableKey("the private key cannot be read: give the whole PEM block, from BEGIN to END") from None
    if not isinstance(key, Ed25519PrivateKey | RSAPrivateKey):
        raise UnreadableKey("the private key is neither RSA nor Ed25519")
    return key
