"""`lib.alert_ports.Alarms` over the Supabase client: what is the matter, and what is still to be sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lib.alert_records import Message, Notice
from lib.records import LogEntry
from lib.store.calls import call
from lib.store.rows.alerts import encode_notice
from lib.store.rows.logs import encode_log
from lib.store.rows.scalars import stamp

if TYPE_CHECKING:
    from supabase import AsyncClient


class SupabaseAlarms:
    """Episodes and messages, over an async Supabase client that it neither makes nor closes.

    Raises: Unavailable, MigrationsBehind, StoreRefused from every method.
    """

    def __init__(self, client: "AsyncClient") -> None:
        self._client = client

    async def settle(
        self,
        run: str,
        notices: Sequence[Notice],
        at: datetime,
        oldest: datetime,
        lease_s: int,
        logs: Sequence[LogEntry] = (),
    ) -> tuple[tuple[Message, ...], int]:
        """Keep `notices`, and take every message that nobody is sending. Not retried: a lost answer's lease ends."""
        arguments = {
            "p_run": run,
            "p_changes": [encode_notice(notice) for notice in notices],
            "p_at": stamp(at),
            "p_oldest": stamp(oldest),
            "p_lease_s": lease_s,
            "p_logs": [encode_log(entry) for entry in logs],
        }
        answer = await call(self._client, "settle_alerts", arguments)
        messages = tuple(Message(row["number"], row["title"], row["body"]) for row in answer["messages"])
        return messages, int(answer["dropped"])

    async def end(self, run: str, numbers: Sequence[int], *, sent: bool, logs: Sequence[LogEntry] = ()) -> None:
        """Forget messages that were sent, or let go of them."""
        arguments = {
            "p_run": run,
            "p_numbers": list(numbers),
            "p_sent": sent,
            "p_logs": [encode_log(entry) for entry in logs],
        }
        await call(self._client, "end_messages", arguments)
