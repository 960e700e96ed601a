"""Keeps API secrets unreadable outside of this process: AES-256-GCM under a key from the environment.

A sealed secret is one text, `v1:KEY_ID:BASE64(nonce + ciphertext)`, bound to its account: moved to another it cannot
be opened. Source: product, 12.
"""

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lib.errors import ConfigurationError, MonitorError

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = "v1"


class WrongKey(MonitorError):
    """The secret was sealed under a key that is not here; the message names both by their ids."""

    code = "wrong_key"


class Tampered(MonitorError):
    """The sealed text was changed, cut, or belongs to another account."""

    code = "tampered"


class Vault:
    """Seals under the first key and opens under any of them. Shows nothing of them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ConfigurationError(f"ENCRYPTION_KEY must be {KEY_BYTES} random bytes in base64")
        self._ciphers = {key_id(key): AESGCM(key) for key in reversed(keys)}
        self._sealing = key_id(keys[0])

    def __repr__(self) -> str:
        return "Vault()"

    def seal(self, account_id: str, plaintext: str) -> str:
        """Encrypt for one account; the same text is never sealed alike twice."""
        nonce = os.urandom(_NONCE_BYTES)
        context = _context(self._sealing, account_id)
        ciphertext = self._ciphers[self._sealing].encrypt(nonce, plaintext.encode(), context)
        return f"{_VERSION}:{self._sealing}:{base64.b64encode(nonce + ciphertext).decode()}"

    def open(self, account_id: str, sealed: str) -> str:
        """Decrypt what was sealed for this account.

        Raises: WrongKey, Tampered.
        """
        version, _, rest = sealed.partition(":")
        sealed_under, _, payload = rest.partition(":")
        if version != _VERSION or not sealed_under:
            raise Tampered(f"the stored secret of account {account_id} is not a sealed one")
        if (cipher := self._ciphers.get(sealed_under)) is None:
            raise WrongKey(
                f"the secret of account {account_id} was sealed under key {sealed_under[:16]}, here are "
                f"{', '.join(sorted(self._ciphers))}: put that key into ENCRYPTION_KEY or ENCRYPTION_KEYS_OLD"
            )
        try:
            data = base64.b64decode(payload, validate=True)
            plaintext = cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _context(sealed_under, account_id))
        except (binascii.Error, ValueError, InvalidTag):
            raise Tampered(f"the stored secret of account {account_id} was changed or belongs to another") from None
        return plaintext.decode()

    def is_current(self, sealed: str) -> bool:
        """Tell whether it was sealed under the key that seals now."""
        return sealed.startswith(f"{_VERSION}:{self._sealing}:")


def _context(sealed_under: str, account_id: str) -> bytes:
    """Return what a ciphertext is bound to besides its key."""
    return f"{_VERSION}:{sealed_under}:{account_id}".encode()


def key_id(key: bytes) -> str:
    """Return the key's short public name; nothing of the key can be told from it."""
    return hashlib.sha256(b"portfolio-monitor key id" + key).hexdigest()[:8]


def generate_key() -> str:
    """Return a new key as ENCRYPTION_KEY takes it."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def decode_key(text: str) -> bytes:
    """Return the bytes of a key.

    Raises: ConfigurationError, without the text.
    """
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigurationError(f"an encryption key is {KEY_BYTES} random bytes in base64: ./monitor keygen makes one")
    return key


def load_or_create_key(path: Path) -> str:
    """Return the key in the file, made on first use; of several processes at once all get the same one.

    Raises: ConfigurationError where the file holds no key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(generate_key() + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(unfinished, path)  # never replaces: who comes second takes what is there
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    text = path.read_text().strip()
    try:
        decode_key(text)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    return text
