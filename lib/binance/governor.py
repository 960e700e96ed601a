"""Keeps us within the exchange's limits: what was spent, how full each pool is, and who has to wait.

Calls leave in the order they came in, as long as their pool is not filled beyond our share of it; then they wait for
the turn of its window. Everything is measured on the clock that was handed in, set right by how far it was found to be
off the exchange's. Source: reference, C; product, 5.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from lib.binance.answers import ELSEWHERE
from lib.binance.budgets import BUDGETS, SHARE
from lib.binance.endpoints import Endpoint
from lib.binance.errors import AddressBlocked, Banned, LocationRefused, RateLimited, TurnNotCome
from lib.binance.gauge import Gauge
from lib.ports import Clock, Usage

OWN_RESTS_S = (15.0, 30.0, 60.0)  # after a 429 that names no wait; a pool turns within a minute
LOCATION_REST = timedelta(
    minutes=4
)  # one call a run is enough to see whether this address may be somewhere else by now
_SOON_S = 0.001  # a real clock may wake a moment early


@dataclass(frozen=True, slots=True)
class Leave:
    """The leave one call was given; it is over when the governor has heard how it ended."""

    endpoint: Endpoint
    bucket: str
    window: int


class Governor:
    """The memory of one address: spending and rests by pool, and a block of the whole address.

    `share` is what of the address's limits is for us; of an account's own it is always four fifths. `offset` is what to
    add to our clock to have the exchange's, whose windows count.
    """

    def __init__(self, clock: Clock, share: Fraction = SHARE) -> None:
        self._clock, self._share = clock, share
        self._requests = 0
        self._spent: Counter[str] = Counter()
        self._gauges: dict[str, Gauge] = {}
        self._block: AddressBlocked | None = None
        self._elsewhere: dict[str, tuple[LocationRefused, datetime]] = {}  # by host, with when to ask it again
        self.offset = timedelta()

    async def admit(self, endpoint: Endpoint, bucket: str, limit: datetime) -> Leave:
        """Wait until the call may leave, first come, first served, and reserve its weight.

        Raises: Banned, Firewalled or LocationRefused while the address is blocked. If the wait would end after `limit`:
        TurnNotCome, or RateLimited where the exchange asked for it or the account alone is in its own way.
        """
        gauge = self._gauge(endpoint, bucket)
        self._check_block(endpoint)
        self._check_wait(endpoint, gauge, gauge.expected(endpoint.weight, self._now()), limit)
        gauge.waiting += endpoint.weight
        try:
            async with gauge.line:
                while (until := self._held_until(endpoint, gauge)) is not None:
                    self._check_wait(endpoint, gauge, until, limit)
                    await self._clock.sleep(max((until - self._now()).total_seconds(), _SOON_S))
                return Leave(endpoint, bucket, gauge.leave(endpoint.weight, self._now()))
        finally:
            gauge.waiting -= endpoint.weight

    def knock(self, endpoint: Endpoint, bucket: str) -> Leave:
        """Let a call leave although the address is blocked: it asks whether that is still so."""
        window = self._gauge(endpoint, bucket).leave(endpoint.weight, self._now())
        return Leave(endpoint, bucket, window)

    def sending(self, leave: Leave) -> None:
        """Count a request that is on its way, whatever comes of it."""
        self._requests += 1
        self._spent[leave.endpoint.pool] += leave.endpoint.weight

    def ended(self, leave: Leave, headers: Mapping[str, str] | None) -> None:
        """Note how a call ended: the headers of its answer say how full the pool is; None: there was no answer."""
        gauge = self._gauge(leave.endpoint, leave.bucket)
        gauge.settle(leave.endpoint.weight, leave.window, _told(leave.endpoint, headers or {}), self._now())

    def succeeded(self, leave: Leave) -> None:
        """Forget the pool's strikes."""
        self._gauge(leave.endpoint, leave.bucket).strikes = 0

    def rest(self, leave: Leave, wait_s: float | None) -> None:
        """Let the pool rest for `wait_s`, or, where that is unknown, longer with each strike in a row."""
        now, gauge = self._now(), self._gauge(leave.endpoint, leave.bucket)
        if gauge.rests_until is None or gauge.rests_until <= now:  # of calls refused at once only the first is a strike
            gauge.strikes += 1
        own_s = OWN_RESTS_S[min(gauge.strikes, len(OWN_RESTS_S)) - 1]
        until = now + timedelta(seconds=own_s if wait_s is None else wait_s)
        gauge.rests_until = max(until, gauge.rests_until or until)

    def block(self, error: AddressBlocked) -> None:
        """Let nobody call before the error's time is over."""
        if self._block is None or self._block.until < error.until:
            self._block = error

    def unblock(self) -> None:
        """Let everybody call: the exchange answers this address."""
        self._block = None

    def refuse(self, endpoint: Endpoint, error: LocationRefused) -> None:
        """Ask this host no more for a while: every call would be refused alike."""
        self._elsewhere[endpoint.host] = (error, self._clock.now() + LOCATION_REST)

    @property
    def banned_until(self) -> datetime | None:
        """Return when the ban of this address ends; None where there is none."""
        block = self._block
        return block.until if isinstance(block, Banned) and self._clock.now() < block.until else None

    def used_weight(self, endpoint: Endpoint, bucket: str) -> int:
        """Return how full the pool is known to be in its present window; 0 once that has turned."""
        return self._gauge(endpoint, bucket).used(self._now())

    def usage(self) -> Usage:
        """Return requests sent and their weight by pool, each at its documented weight.

        The headers' totals do not tell what was ours: the address may be shared.
        """
        return Usage(self._requests, dict(self._spent))

    def _now(self) -> datetime:
        """Return the exchange's time."""
        return self._clock.now() + self.offset

    def _gauge(self, endpoint: Endpoint, bucket: str) -> Gauge:
        if bucket not in self._gauges:
            budget = BUDGETS[endpoint.pool]
            share = SHARE if budget.by_account else self._share
            self._gauges[bucket] = Gauge(int(budget.limit * share), endpoint.window_s)
        return self._gauges[bucket]

    def _held_until(self, endpoint: Endpoint, gauge: Gauge) -> datetime | None:
        """Return until when whoever is first in line has to wait; None: it may leave."""
        self._check_block(endpoint)
        now = self._now()
        if gauge.rests_until is not None and gauge.rests_until > now:
            return gauge.rests_until
        return None if gauge.fits(endpoint.weight, now) else gauge.turn(now)

    def _check_block(self, endpoint: Endpoint) -> None:
        block = self._block
        if block is not None and self._clock.now() < block.until:
            raise type(block)(endpoint.call, block.status, block.reason, block.until)
        refused = self._elsewhere.get(endpoint.host)
        if refused is not None and self._clock.now() < refused[1]:
            raise LocationRefused(endpoint.call, refused[0].status, refused[0].reason, ELSEWHERE)

    def _check_wait(self, endpoint: Endpoint, gauge: Gauge, until: datetime, limit: datetime) -> None:
        now = self._now()
        asked = gauge.rests_until
        until = max(until, asked or until)
        if until <= limit + self.offset or until <= now:
            return
        wait_s = (until - now).total_seconds()
        if asked is not None and asked > now:
            raise RateLimited(endpoint.call, 0, None, f"its pool rests for {wait_s:.0f} s", wait_s)
        if BUDGETS[endpoint.pool].by_account:
            raise RateLimited(endpoint.call, 0, None, f"the account has asked enough for {wait_s:.0f} s", wait_s)
        raise TurnNotCome(endpoint.call, 0, None, f"its turn would come in {wait_s:.0f} s", wait_s)


def _told(endpoint: Endpoint, headers: Mapping[str, str]) -> int | None:
    for name in BUDGETS[endpoint.pool].headers:
        told = headers.get(name, "")
        if told.isdecimal():
            return int(told)
    return None
