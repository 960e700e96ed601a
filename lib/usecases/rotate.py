"""Seal the stored keys anew under the present encryption key, while runs go on.

Source: product, 12.
"""

from dataclasses import dataclass
from typing import Literal

from lib.errors import MonitorError, NotFound, Unavailable
from lib.ports import Store, Vault

type Result = Literal["resealed", "current", "unreadable"]

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came of one account's key: sealed anew, under the present key already, or opened by no key that is here."""

    account: str
    name: str
    result: Result
    detail: str | None = None  # why it cannot be opened
    remedy: str | None = None


async def rotate(store: Store, vault: Vault) -> tuple[Rotated, ...]:
    """Reseal the key of every account that has one, one after another, each in a transaction of its own.

    A key that cannot be opened is left as it is and hinders no other.
    Raises: Unavailable. Retry: safe; what is under the present key already is not written again.
    """
    done = [await _rotated(store, vault, account.id) for account in await store.accounts()]
    return tuple(one for one in done if one is not None)


def remedy(account_id: str) -> str:
    """Say what to do about a key that no encryption key at hand opens."""
    return (
        "put the encryption key that sealed it into ENCRYPTION_KEYS_OLD; where that one is lost for good, give the "
        f"account its key again: ./monitor accounts edit {account_id} --key"
    )


async def _rotated(store: Store, vault: Vault, account_id: str) -> Rotated | None:
    """Reseal one key; None where the account has none, or is gone by now."""
    for _ in range(_TRIES):
        try:
            account = await store.load(account_id)
        except NotFound:
            return None
        was = account.sealed_key
        if not was:
            return None
        try:
            plaintext = vault.open(account_id, was)
        except MonitorError as error:
            return Rotated(account_id, account.name, "unreadable", str(error), remedy(account_id))
        if vault.is_current(was):
            return Rotated(account_id, account.name, "current")
        if await store.reseal(account_id, was, vault.seal(account_id, plaintext)):
            return Rotated(account_id, account.name, "resealed")
    raise Unavailable(f"the key of account {account_id} was replaced {_TRIES} times meanwhile: try again")
