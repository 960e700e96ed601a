"""One call of a named SQL function through the Supabase client, with what can go wrong made typed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx

from lib.errors import MonitorError, NotFound, Unavailable
from lib.records import UnknownAccount
from lib.store.errors import MigrationsBehind, StoreConflict, StoreRefused

if TYPE_CHECKING:
    from postgrest import APIError
    from supabase import AsyncClient

_CONFLICT = "PT409"
_NO_SUCH = "PT404"
_BEHIND = frozenset({"PT503", "PGRST202", "42883"})  # the last two: the function, or this form of it, is not there
_DENIED = frozenset({"401", "403", "42501"})
_AWAY = frozenset({"PGRST000", "PGRST001", "PGRST002", "PGRST003"})
_AWAY_CLASSES = frozenset({"08", "40", "53", "57"})  # of SQLSTATE: connection, rollback, resources, intervention
_ABOUT_THE_KEY = "api key"  # what stands before the database answers without a code: of the key, or that it is busy
_GATEWAY = frozenset({"408", "429"})  # an HTTP status stands where something before the database answered
_HTTP_STATUS_DIGITS = 3


async def call(client: "AsyncClient", function: str, arguments: Mapping[str, object]) -> Any:
    """Call `function` once and return its JSON value.

    Raises: Unavailable, MigrationsBehind, NotFound, StoreConflict, StoreRefused. Retry: never done here.
    """
    from postgrest import APIError

    try:
        answer = (await client.rpc(function, dict(arguments)).execute()).data
    except httpx.TransportError as error:
        raise Unavailable(f"{function}: the database cannot be reached ({type(error).__name__})") from error
    except APIError as error:
        raise _named(function, error) from error
    if isinstance(answer, str):  # no function of ours answers with a bare text: somebody else spoke
        raise Unavailable(f"{function}: the answer is not the database's")
    return answer


async def read(client: "AsyncClient", function: str, arguments: Mapping[str, object]) -> Any:
    """Call a function that only reads; a connection that breaks is tried once more, as idle ones do.

    Raises: as `call`.
    """
    try:
        return await call(client, function, arguments)
    except Unavailable as error:
        if not isinstance(error.__cause__, (httpx.NetworkError, httpx.RemoteProtocolError)):
            raise
    return await call(client, function, arguments)


async def unknown(client: "AsyncClient", account_id: str) -> UnknownAccount:
    """Return the error for an account that is not there, with those there are. Raises: as `call`."""
    rows = await read(client, "list_accounts", {})
    return UnknownAccount(account_id, [(row["id"], row["name"]) for row in rows if row["state"] != "closed"])


def _named(function: str, error: "APIError") -> MonitorError:
    """Return our error for the database's. Its message is repeated, its detail is not: that may quote a row."""
    code, message = error.code or "", error.message or "no reason given"
    if code == _CONFLICT:
        return StoreConflict(function, message)
    if code == _NO_SUCH:
        return NotFound(f"{function}: {message}")
    if code in _BEHIND:
        return MigrationsBehind(function)
    if code in _DENIED:
        return StoreRefused(function, f"{code} {message}: the key may not do this; it takes a secret (service) key")
    if _is_away(code) or not (code or _ABOUT_THE_KEY in message.lower()):
        return Unavailable(f"{function}: the database does not answer at the moment ({code} {message})")
    return StoreRefused(function, f"{code} {message}".strip())


def _is_away(code: str) -> bool:
    if len(code) == _HTTP_STATUS_DIGITS:
        return code.startswith("5") or code in _GATEWAY
    return code in _AWAY or code[:2] in _AWAY_CLASSES
