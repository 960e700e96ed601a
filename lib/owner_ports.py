"""What only the owner's side needs from the store: who may come in, and accounts as their owner changes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from lib.records import LogEntry, Share, TryLimits


class Gate(Protocol):
    """What the store knows of who may come in. Each call is one request and one transaction.

    Raises: Unavailable when the database does not answer.
    """

    async def count_try(self, caller: str, at: datetime, limits: TryLimits) -> timedelta:
        """Count a try to log in before it is looked at; how long to wait where there were too many, and it is none."""
        ...

    async def open_session(self, caller: str, password_mark: str) -> int:
        """Forget the caller's tries, and return the generation of sessions. Another mark raises it. Retry: safe."""
        ...

    async def end_sessions(self) -> None:
        """Raise the generation: no session is one any more. Retry: safe."""
        ...

    async def generation(self) -> int:
        """Return the generation that a session must carry."""
        ...


class Register(Protocol):
    """The accounts as their owner changes them. Each call is one request and one transaction.

    Raises: NotFound for an account that is not there or closed; Unavailable when the database does not answer.
    """

    async def rename(self, account_id: str, name: str, run: str, logs: Sequence[LogEntry] = ()) -> bool:
        """Call an account by another name; False where it had it already, and then nothing is told.

        Raises: AccountExists. Retry: safe.
        """
        ...

    async def replace_key(
        self, account_id: str, uid: str, sealed_key: str, run: str, logs: Sequence[LogEntry] = ()
    ) -> None:
        """Put another key of the same exchange account in the place of an account's.

        Raises: OtherOwner; AccountExists. Retry: safe.
        """
        ...

    async def set_alerts(
        self, account_id: str, alerts: Mapping[str, str | None], at: datetime, run: str, logs: Sequence[LogEntry] = ()
    ) -> bool:
        """Change what an account's owner is told of; False where that changes nothing, and then nothing is told.

        A digest that is switched on tells of the periods that end after `at`. Retry: safe.
        """
        ...

    async def erase(self, account_id: str, name: str, run: str, logs: Sequence[LogEntry] = ()) -> None:
        """Delete an account, closed ones too, with all that is stored of it, its log lines too.

        Raises: OtherName where `name` is not its own.
        """
        ...


class Links(Protocol):
    """The links that show percentages. Each call is one request and one transaction.

    Raises: Unavailable when the database does not answer.
    """

    async def add(self, share: Share, token_hash: str) -> None:
        """Keep a link. Raises: NotFound for an unknown account."""
        ...

    async def all(self) -> tuple[Share, ...]:
        """List the links, newest first."""
        ...

    async def open(self, token_hash: str, at: datetime) -> str | None:
        """Note that a link was opened, and return the account it shows; None: all of them.

        Raises: NotFound where there is no such link.
        """
        ...

    async def revoke(self, share_id: str) -> bool:
        """Withdraw a link; False where there was none. Retry: safe."""
        ...
