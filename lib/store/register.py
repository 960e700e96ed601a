"""`lib.owner_ports.Register` over the Supabase client: accounts as their owner changes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lib.errors import NotFound
from lib.records import AccountExists, LogEntry, OtherName, OtherOwner
from lib.store.calls import call, unknown
from lib.store.errors import StoreConflict
from lib.store.rows.logs import encode_log
from lib.store.rows.scalars import stamp

if TYPE_CHECKING:
    from supabase import AsyncClient


class SupabaseRegister:
    """Changes of accounts, over an async Supabase client that it neither makes nor closes.

    Raises: Unavailable, MigrationsBehind, StoreRefused from every method, beside what the port says.
    """

    def __init__(self, client: "AsyncClient") -> None:
        self._client = client

    async def rename(self, account_id: str, name: str, run: str, logs: Sequence[LogEntry] = ()) -> bool:
        """Call an account by another name."""
        try:
            return bool(await self._change("rename_account", account_id, run, logs, {"p_name": name}))
        except StoreConflict as error:
            raise AccountExists(f"an account of the name {name!r} is there already") from error

    async def replace_key(
        self, account_id: str, uid: str, sealed_key: str, run: str, logs: Sequence[LogEntry] = ()
    ) -> None:
        """Put another key in the place of an account's."""
        try:
            await self._change("replace_key", account_id, run, logs, {"p_uid": uid, "p_sealed_key": sealed_key})
        except StoreConflict as error:
            if error.reason == "other_uid":
                raise OtherOwner("the key belongs to another account of the exchange: add that one anew") from error
            raise AccountExists("the exchange's account behind the key is there already", "api_key") from error

    async def set_alerts(
        self, account_id: str, alerts: Mapping[str, str | None], at: datetime, run: str, logs: Sequence[LogEntry] = ()
    ) -> bool:
        """Change what an account's owner is told of."""
        more = {"p_alerts": dict(alerts), "p_at": stamp(at)}
        return bool(await self._change("set_alerts", account_id, run, logs, more))

    async def erase(self, account_id: str, name: str, run: str, logs: Sequence[LogEntry] = ()) -> None:
        """Delete an account with all that is stored of it."""
        try:
            await self._change("erase_account", account_id, run, logs, {"p_name": name})
        except StoreConflict as error:
            raise OtherName("name", "is not the account's own: to erase it, type it letter by letter") from error

    async def _change(
        self, function: str, account_id: str, run: str, logs: Sequence[LogEntry], more: Mapping[str, object]
    ) -> Any:
        told = [encode_log(entry) for entry in logs]
        try:
            return await call(self._client, function, {"p_account": account_id, "p_run": run, "p_logs": told, **more})
        except NotFound as error:
            raise await unknown(self._client, account_id) from error
