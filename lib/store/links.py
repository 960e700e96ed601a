"""`lib.owner_ports.Links` over the Supabase client: links that show percentages."""

from datetime import datetime
from typing import TYPE_CHECKING

from lib.errors import NotFound
from lib.records import Share
from lib.store.calls import call, read, unknown
from lib.store.rows.scalars import instant, maybe_instant, stamp

if TYPE_CHECKING:
    from supabase import AsyncClient


class SupabaseLinks:
    """Links, over an async Supabase client that it neither makes nor closes.

    Raises: Unavailable, MigrationsBehind, StoreRefused from every method, beside what the port says.
    """

    def __init__(self, client: "AsyncClient") -> None:
        self._client = client

    async def add(self, share: Share, token_hash: str) -> None:
        """Keep a link."""
        arguments = {
            "p_id": share.id,
            "p_token_hash": token_hash,
            "p_account": share.account,
            "p_created_at": stamp(share.created_at),
        }
        try:
            await call(self._client, "add_share", arguments)
        except NotFound as error:
            raise await unknown(self._client, str(share.account)) from error

    async def all(self) -> tuple[Share, ...]:
        """List the links, newest first."""
        return tuple(
            Share(row["id"], row["account"], instant(row["created_at"]), maybe_instant(row["last_opened_at"]))
            for row in await read(self._client, "list_shares", {})
        )

    async def open(self, token_hash: str, at: datetime) -> str | None:
        """Note that a link was opened, and return the account it shows."""
        found = await call(self._client, "open_share", {"p_token_hash": token_hash, "p_at": stamp(at)})
        if found is None:
            raise NotFound("this link was withdrawn or never existed")
        account: str | None = found["account"]
        return account

    async def revoke(self, share_id: str) -> bool:
        """Withdraw a link."""
        return bool(await call(self._client, "revoke_share", {"p_id": share_id}))
