"""`lib.owner_ports.Gate` over the Supabase client: sessions and the tries to open one."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lib.records import TryLimits
from lib.store.calls import call, read
from lib.store.rows.scalars import stamp

if TYPE_CHECKING:
    from supabase import AsyncClient


class SupabaseGate:
    """Who may come in, over an async Supabase client that it neither makes nor closes.

    Raises: Unavailable, MigrationsBehind, StoreRefused from every method.
    """

    def __init__(self, client: "AsyncClient") -> None:
        self._client = client

    async def count_try(self, caller: str, at: datetime, limits: TryLimits) -> timedelta:
        """Count a try to log in, or return how long to wait."""
        arguments = {
            "p_caller": caller,
            "p_at": stamp(at),
            "p_window_s": round(limits.within.total_seconds()),
            "p_of_caller": limits.of_caller,
            "p_of_all": limits.of_all,
        }
        return timedelta(microseconds=await call(self._client, "try_log_in", arguments))

    async def open_session(self, caller: str, password_mark: str) -> int:
        """Forget the caller's tries, and return the generation."""
        asked = {"p_caller": caller, "p_password_mark": password_mark}
        return int(await call(self._client, "open_session", asked))

    async def end_sessions(self) -> None:
        """Raise the generation."""
        await call(self._client, "end_sessions", {})

    async def generation(self) -> int:
        """Return the generation that a session must carry."""
        return int(await read(self._client, "read_session_generation", {}))
