"""What alerts need from outside: where they are kept until they are sent, and who takes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from lib.alert_records import Delivery, Message, Notice
from lib.records import LogEntry


class Notifier(Protocol):
    """The services that ALERT_URLS names. Nothing that is told of them holds an address."""

    async def send(self, title: str, body: str) -> tuple[Delivery, ...]:
        """Send a message to every service at once; one that fails is told of, not raised."""
        ...


class Alarms(Protocol):
    """What is the matter, and what is still to be sent. Each call is one request and one transaction.

    Raises: Unavailable when the database does not answer.
    """

    async def settle(
        self,
        run: str,
        notices: Sequence[Notice],
        at: datetime,
        oldest: datetime,
        lease_s: int,
        logs: Sequence[LogEntry] = (),
    ) -> tuple[tuple[Message, ...], int]:
        """Keep `notices`, and take every message that nobody is sending, for `lease_s`.

        What is kept already is kept no second time, nor told. What has waited since before `oldest` is dropped; how
        many is the second value. Retry: safe.
        """
        ...

    async def end(self, run: str, numbers: Sequence[int], *, sent: bool, logs: Sequence[LogEntry] = ()) -> None:
        """Forget messages that were sent, or let go of them for the next run. Retry: safe."""
        ...
