"""The world's clock: stands still until it is set forward, or runs ahead of another clock; waiting costs nothing."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from lib.errors import InvalidInput


class WorldClock:
    """A `lib.ports.Clock` on which a wait passes at once.

    With `wall` it runs: now is `wall()` plus a shift, which waiting and `pass_time` raise. Without, it stands at `at`.
    Waits that begin together pass together; the earliest end comes first.
    """

    def __init__(self, at: datetime, wall: Callable[[], datetime] | None = None) -> None:
        if at.tzinfo is None:
            raise InvalidInput("at", "needs a time zone")
        self._wall = wall
        self._at = at
        self._shift = at - wall() if wall is not None else timedelta()
        self._waiting: list[datetime] = []

    def now(self) -> datetime:
        """Return the current instant of the world."""
        return self._at if self._wall is None else self._wall() + self._shift

    @property
    def shift(self) -> timedelta:
        """Return how far a running clock is ahead of its wall."""
        return self._shift

    def set(self, at: datetime) -> None:
        """Go forward to `at`. Raises: InvalidInput where that is in the past: the world has no way back."""
        ahead = at - self.now()
        if ahead < timedelta():
            raise InvalidInput("at", f"is {-ahead.total_seconds():.3f} s before the world's now")
        self._go(ahead)

    def _go(self, ahead: timedelta) -> None:
        self._at += ahead
        self._shift += ahead

    def run(self, wall: Callable[[], datetime]) -> None:
        """Go on with `wall` from now on, at its own time where that is ahead."""
        at = max(self.now(), wall())
        self._wall, self._at, self._shift = wall, at, at - wall()

    def pass_time(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        if seconds < 0:
            raise InvalidInput("seconds", f"must not be negative, got {seconds}")
        self._go(timedelta(seconds=seconds))

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass; everyone else who is ready goes first."""
        end = self.now() + timedelta(seconds=max(0.0, seconds))
        self._waiting.append(end)
        try:
            await asyncio.sleep(0)
            while (ahead := end - self.now()) > timedelta():
                if end == min(self._waiting):
                    self._go(ahead)
                else:
                    await asyncio.sleep(0)
        finally:
            self._waiting.remove(end)
