"""What a run tells of the exchange: the calls that failed, a clock that is off, an address that is banned."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from lib.errors import MonitorError
from lib.ports import Clock, Exchange
from lib.records import Claim
from lib.usecases.logbook import Logbook

CALL_FAILED, CLOCK_OFF, BANNED = "exchange.call_failed", "exchange.clock_off", "exchange.banned"
_NOTEWORTHY = timedelta(seconds=2)  # the way of an answer counts as drift, too


def failures(book: Logbook, heard: Sequence[MonitorError]) -> None:
    """Tell every failure once, and how often it was met."""
    times = Counter((error.code, str(error)) for error in heard)
    for (code, message), count in times.items():
        book.warn(CALL_FAILED, message, code=code, times=count)


def address(book: Logbook, exchange: Exchange) -> None:
    """Tell how the exchange and this machine stand after a run."""
    offset_s = exchange.clock_offset.total_seconds()
    if abs(exchange.clock_offset) >= _NOTEWORTHY:
        way = "behind" if offset_s > 0 else "ahead of"
        message = f"this machine's clock is {abs(offset_s):.0f} s {way} the exchange's; calls are signed with its time"
        book.warn(CLOCK_OFF, message, offset_s=round(offset_s, 3))
    if exchange.banned_until is not None:
        message = f"the exchange has banned this address until {exchange.banned_until:%d %b %Y %H:%M:%S} UTC"
        book.fail(BANNED, message, until=exchange.banned_until)


async def knock(exchange: Exchange, claim: Claim, clock: Clock) -> None:
    """Ask whether this address is answered where an earlier run was banned: it may be another one by now.

    Raises: Banned, or whatever else is answered.
    """
    ends = [end for end in (claim.banned_until, exchange.banned_until) if end is not None]
    if ends and clock.now() < max(ends):
        await exchange.ping()
