"""Keeps us within the exchange's limits: what was spent, how full each pool is, and who has to wait.

Source: reference, C. Everything is measured on the clock that was handed in.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from lib.binance.endpoints import Endpoint, Pool
from lib.binance.errors import AddressBlocked, RateLimited
from lib.binance.instants import EPOCH
from lib.ports import Clock, Usage

OWN_RESTS_S = (15.0, 30.0, 60.0)  # after a 429 that names no wait; a pool turns within a minute
_SOON_S = 0.001  # a real clock may wake a moment early

_HEADERS: Mapping[Pool, tuple[str, ...]] = {
    "api": ("x-mbx-used-weight-1m",),
    "data": ("x-mbx-used-weight-1m",),
    "futures": ("x-mbx-used-weight-1m",),
    "eapi": ("x-mbx-used-weight-1m",),
    "papi": ("x-mbx-used-weight-1m",),
    "sapi": ("x-sapi-used-ip-weight-1m",),
    "sapi_uid": ("x-sapi-used-uid-weight-1s", "x-sapi-used-uid-weight-1m"),
}


class Governor:
    """The memory of one address: spending and rests by pool, and a block of the whole address."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._requests = 0
        self._spent: Counter[str] = Counter()
        self._used: dict[str, tuple[int, int]] = {}  # bucket: (number of its window, highest total seen in it)
        self._rests: dict[str, datetime] = {}
        self._strikes: Counter[str] = Counter()
        self._block: AddressBlocked | None = None

    async def admit(self, endpoint: Endpoint, bucket: str, limit: datetime) -> None:
        """Wait until `bucket` may be asked.

        Raises: Banned or Firewalled while the address is blocked; RateLimited if the wait would end after `limit`.
        """
        while True:
            now = self._clock.now()
            if self._block is not None and now < self._block.until:
                raise type(self._block)(endpoint.call, self._block.status, self._block.reason, self._block.until)
            rest = self._rests.get(bucket)
            if rest is None or rest <= now:
                return
            if rest > limit:
                wait_s = (rest - now).total_seconds()
                raise RateLimited(endpoint.call, 0, None, f"its pool rests for {wait_s:.0f} s", wait_s)
            await self._clock.sleep(max((rest - now).total_seconds(), _SOON_S))

    def sending(self, endpoint: Endpoint) -> None:
        """Count a request that is about to leave, whatever comes of it."""
        self._requests += 1
        self._spent[endpoint.pool] += endpoint.weight

    def answered(self, endpoint: Endpoint, bucket: str, headers: Mapping[str, str]) -> None:
        """Note how full the exchange says the pool is. Answers may overtake each other: the highest total counts."""
        for name in _HEADERS[endpoint.pool]:
            told = headers.get(name, "")
            if told.isdecimal():
                window = self._window(endpoint)
                seen, highest = self._used.get(bucket, (window, 0))
                self._used[bucket] = (window, max(int(told), highest if seen == window else 0))
                return

    def succeeded(self, bucket: str) -> None:
        """Forget the pool's strikes."""
        self._strikes.pop(bucket, None)

    def rest(self, bucket: str, wait_s: float | None) -> None:
        """Let the pool rest for `wait_s`, or, where that is unknown, longer with each strike in a row."""
        now = self._clock.now()
        if self._rests.get(bucket, now) <= now:  # of calls refused at once only the first is a strike
            self._strikes[bucket] += 1
        own_s = OWN_RESTS_S[min(self._strikes[bucket], len(OWN_RESTS_S)) - 1]
        until = now + timedelta(seconds=own_s if wait_s is None else wait_s)
        self._rests[bucket] = max(until, self._rests.get(bucket, until))

    def block(self, error: AddressBlocked) -> None:
        """Let nobody call before the error's time is over."""
        if self._block is None or self._block.until < error.until:
            self._block = error

    def used_weight(self, endpoint: Endpoint, bucket: str) -> int:
        """Return how full the exchange said the pool is in its present window; 0 once that has turned."""
        window, highest = self._used.get(bucket, (0, 0))
        return highest if window == self._window(endpoint) else 0

    def usage(self) -> Usage:
        """Return requests sent and their weight by pool, each at its documented weight.

        The headers' totals do not tell what was ours: the address may be shared.
        """
        return Usage(self._requests, dict(self._spent))

    def _window(self, endpoint: Endpoint) -> int:
        return (self._clock.now() - EPOCH) // timedelta(seconds=endpoint.window_s)
