"""How full one counter of the exchange is, as far as anyone can tell from here.

The exchange counts in fixed windows and tells its total with every answer. Calls whose answer is not here yet count in
full, in the window they left in and, as they may arrive late, in the one after it.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lib.binance.instants import EPOCH


@dataclass(slots=True)
class Gauge:
    """One counter. Units: weight; `room` is how much of it we allow ourselves in one window."""

    room: int
    window_s: int
    line: asyncio.Lock = field(default_factory=asyncio.Lock)  # first come, first served
    waiting: int = 0  # weight of those in line
    in_flight: int = 0
    rests_until: datetime | None = None
    strikes: int = 0
    _window: int = -1
    _used: int = 0

    def used(self, now: datetime) -> int:
        """Return what is known to be spent in the present window, by whomever; a window that turned is empty."""
        window = (now - EPOCH) // timedelta(seconds=self.window_s)
        if window != self._window:
            self._window, self._used = window, 0
        return self._used

    def fits(self, weight: int, now: datetime) -> bool:
        """Tell whether a call may leave now; one that is too big for any window leaves when it is alone."""
        taken = self.used(now) + self.in_flight
        return taken == 0 or taken + weight <= self.room

    def turn(self, now: datetime, windows: int = 1) -> datetime:
        """Return when the present window has turned `windows` times."""
        self.used(now)
        return EPOCH + (self._window + windows) * timedelta(seconds=self.window_s)

    def expected(self, weight: int, now: datetime) -> datetime:
        """Return when a call that goes to the end of the line can leave at the earliest."""
        free = max(self.room - self.used(now) - self.in_flight, 0)
        ahead = self.waiting + weight - free
        return now if ahead <= 0 or self.fits(self.waiting + weight, now) else self.turn(now, -(-ahead // self.room))

    def leave(self, weight: int, now: datetime) -> int:
        """Count a call that leaves; return the window it leaves in."""
        self.used(now)
        self.in_flight += weight
        return self._window

    def settle(self, weight: int, left_in: int, total: int | None, now: datetime) -> None:
        """Count a call that is over. `total` is what the exchange says; said in another window, it is of the past.

        Answers may overtake each other, so the highest total of a window counts.
        """
        used = self.used(now)
        self.in_flight -= weight
        fresh = total is not None and left_in == self._window
        self._used = max(used, total) if total is not None and fresh else used + weight
