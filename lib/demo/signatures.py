"""The three kinds of API keys: how a signature of each is checked, and private keys to sign with."""

import base64
import binascii
import hmac
from functools import lru_cache
from hashlib import sha256
from urllib.parse import unquote_to_bytes

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

_BEGINS = "-----BEGIN "
_RSA_BITS, _RSA_EXPONENT = 2048, 65537


def fits(secret: str, payload: bytes, sent: bytes) -> bool:
    """Tell whether `sent`, as it stood in the query, signs `payload`; hex in any case, base64 to the letter."""
    signature = unquote_to_bytes(sent)
    if not secret.startswith(_BEGINS):
        expected = hmac.digest(secret.encode(), payload, sha256).hex()
        return hmac.compare_digest(expected.encode(), signature.lower())
    key = _public(secret)
    try:
        raw = base64.b64decode(signature, validate=True)
        if isinstance(key, Ed25519PublicKey):
            key.verify(raw, payload)
        else:
            key.verify(raw, payload, padding.PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error):
        return False
    return True


def ed25519_key(seed: bytes) -> str:
    """Return the Ed25519 private key of 32 bytes."""
    return _pem(Ed25519PrivateKey.from_private_bytes(seed))


def rsa_key() -> str:
    """Return an RSA private key that nobody had before."""
    return _pem(generate_private_key(_RSA_EXPONENT, _RSA_BITS))


@lru_cache(16)
def _public(pem: str) -> Ed25519PublicKey | RSAPublicKey:
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, Ed25519PrivateKey | RSAPrivateKey):
        raise TypeError(type(key).__name__)
    return key.public_key()


def _pem(key: Ed25519PrivateKey | RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
