"""What can be broken of the demo exchange, by name: which calls go wrong, how slow it is, how far off its clock is."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from lib.demo.faults import Fault, banned, too_many

type Broken = Literal["429", "418", "5xx", "slow", "clock_skew", "wallet_down"]
BREAKABLE: tuple[Broken, ...] = get_args(Broken.__value__)

_RETRY_AFTER_S = 30
_BAN = timedelta(minutes=30)
_SLOW_S = 6.0  # an answer takes less than what is waited for one
_SKEW = timedelta(seconds=20)  # further than a signature may be off
_EVERYTHING, _FUTURES = "/", "/fapi"
_BUSY = b'{"code":-1008,"msg":"Server is currently overloaded with other requests. Please try again in a few minutes."}'


@dataclass(frozen=True, slots=True)
class Breakage:
    """How the exchange misbehaves. `until` is when it mends itself, None where somebody has to mend it."""

    what: Broken | None = None
    faults: tuple[Fault, ...] = ()
    latency_s: float = 0.0
    skew: timedelta = timedelta()
    until: datetime | None = None


WHOLE = Breakage()


def breakage(what: Broken, now: datetime) -> Breakage:
    """Return what breaking that means from `now` on."""
    match what:
        case "429":
            return Breakage(what, (too_many(_EVERYTHING, retry_after_s=_RETRY_AFTER_S),))
        case "418":
            until = now + _BAN
            return Breakage(what, (replace(banned(until), until=until),), until=until)
        case "5xx":
            return Breakage(what, (Fault(_EVERYTHING, status=503, body=_BUSY),))
        case "slow":
            return Breakage(what, latency_s=_SLOW_S)
        case "clock_skew":
            return Breakage(what, skew=_SKEW)
        case "wallet_down":
            return Breakage(what, (Fault(_FUTURES, "timeout"),))
