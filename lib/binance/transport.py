"""Sends one call until it is answered or cannot be: timeouts, retries, time and signature.

Source: product, the table of section 5; reference, B and C.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Protocol

import httpx
from pydantic import TypeAdapter

from lib.binance.answers import content, shaped
from lib.binance.budgets import SHARE
from lib.binance.endpoints import FUTURES_TIME, PING, PUBLIC_TIME, TIME, Endpoint, Host, bucket
from lib.binance.errors import (
    AddressBlocked,
    ClockSkewed,
    ExchangeTrouble,
    KeyRefused,
    LocationRefused,
    MalformedAnswer,
    ProxyRefused,
    RateLimited,
    TurnNotCome,
    Unreachable,
)
from lib.binance.governor import Governor, Leave
from lib.binance.instants import from_ms, to_ms
from lib.binance.private_keys import UnreadableKey
from lib.binance.schemas.market import SERVER_TIME
from lib.binance.signing import signed
from lib.ports import Clock, Credentials

TRIES = 3
PAUSES_S = (0.5, 2.0)  # before the second and the third try
PATIENCE = timedelta(seconds=120)  # what one call may take where its run names no deadline
CONNECT_S, READ_S, QUEUE_S = 5.0, 10.0, 30.0


def _unsigned(record: logging.LogRecord) -> bool:
    """Keep a signed address out of httpx's own log, which writes each request's in full."""
    return not any("signature=" in str(part) for part in (record.msg, *(record.args or ())))


logging.getLogger("httpx").addFilter(_unsigned)


class Send(Protocol):
    """A way to ask the exchange: what the modules that know one family of calls take."""

    async def __call__[T](
        self, endpoint: Endpoint, shape: TypeAdapter[T], query: str = "", key: Credentials | None = None
    ) -> T:
        """Return the answer in its shape. `query` is encoded already; with a key the call is signed."""
        ...


class Transport:
    """What all calls of this process share: the connection, the governor, and how far our clock is off."""

    def __init__(
        self, http: httpx.AsyncClient, clock: Clock, hosts: Mapping[Host, str], share: Fraction = SHARE
    ) -> None:
        self._http, self._clock = http, clock
        self._hosts = {host: url.rstrip("/") for host, url in hosts.items()}
        self.governor = Governor(clock, share)
        self._measured = 0
        self._measuring = asyncio.Lock()

    async def send[T](
        self,
        endpoint: Endpoint,
        shape: TypeAdapter[T],
        query: str = "",
        key: Credentials | None = None,
        *,
        deadline: datetime | None = None,
    ) -> T:
        """Return the answer to one call, read in its shape.

        Raises: BinanceError. Retry: done here, at most three tries, each with its own time and signature.
        """
        limit = deadline or self._clock.now() + PATIENCE
        skewed = False
        for pause_s in (*PAUSES_S, None):
            measured = self._measured
            try:
                return shaped(endpoint.call, shape, await self._try(endpoint, query, key, limit))
            except ClockSkewed:
                if skewed or pause_s is None or key is None:  # what carries no time cannot be mended by measuring
                    raise
                skewed = True
                await self._measure_again(endpoint, measured, limit)
            except RateLimited as error:
                if pause_s is None or isinstance(error, TurnNotCome):
                    raise
            except ProxyRefused:
                raise
            except (Unreachable, ExchangeTrouble):
                if pause_s is None or self._clock.now() + timedelta(seconds=pause_s) >= limit:
                    raise
                await self._clock.sleep(pause_s)
        raise AssertionError  # the last round returns or raises

    def address(self, host: Host) -> str:
        """Return where a host is."""
        return self._hosts[host]

    @property
    def offset(self) -> timedelta:
        """What to add to our clock to have theirs, as last measured."""
        return self.governor.offset

    async def time(self, endpoint: Endpoint = TIME, *, deadline: datetime | None = None) -> datetime:
        """Return the exchange's time, and measure by it how far our clock is off.

        The answer's way counts as if it took no time: an error then makes our timestamps a little old, which the
        exchange forgives for ten seconds, never early, which it forgives for one. Where the place is refused, the host
        of public data tells it.
        """
        try:
            server_ms = (await self.send(endpoint, SERVER_TIME, deadline=deadline)).server_time
        except LocationRefused:
            if endpoint is not TIME:
                raise
            return await self.time(PUBLIC_TIME, deadline=deadline)
        server = from_ms(server_ms)
        self.governor.offset = server - self._clock.now()
        self._measured += 1
        return server

    async def ping(self, *, deadline: datetime | None = None) -> None:
        """Ask once, unsigned, whether this address is answered, whatever is remembered; if so, everybody may call.

        Raises: BinanceError; Banned with the ban's end as it is now.
        """
        limit = deadline or self._clock.now() + PATIENCE
        await self._answer(self.governor.knock(PING, bucket(PING, None)), "", None, limit)
        self.governor.unblock()

    async def _measure_again(self, endpoint: Endpoint, measured: int, limit: datetime) -> None:
        """Measure the clock's offset, once for all calls that found it wrong together."""
        async with self._measuring:
            if self._measured == measured:
                await self.time(FUTURES_TIME if endpoint.host == "fapi" else TIME, deadline=limit)

    async def _try(self, endpoint: Endpoint, query: str, key: Credentials | None, limit: datetime) -> object:
        leave = await self.governor.admit(endpoint, bucket(endpoint, key.account_id if key else None), limit)
        return await self._answer(leave, query, key, limit)

    async def _answer(self, leave: Leave, query: str, key: Credentials | None, limit: datetime) -> object:
        """Send a call that may leave, and tell the governor how it ended."""
        endpoint, headers = leave.endpoint, None
        try:
            request = self._request(endpoint, query, key, limit)  # after the wait: its time has to be fresh
            self.governor.sending(leave)
            response = await self._exchange(endpoint, request)
            headers = response.headers
        finally:
            self.governor.ended(leave, headers)
        try:
            body = content(endpoint.call, response, self._clock.now())
        except RateLimited as error:
            self.governor.rest(leave, error.retry_after_s)
            raise
        except AddressBlocked as error:
            self.governor.block(error)
            raise
        except LocationRefused as error:
            self.governor.refuse(endpoint, error)
            raise
        self.governor.succeeded(leave)
        return body

    def _request(self, endpoint: Endpoint, query: str, key: Credentials | None, limit: datetime) -> httpx.Request:
        now = self._clock.now()
        left_s = (limit - now).total_seconds()
        if left_s <= 0:
            raise Unreachable(endpoint.call, "no time left to ask")
        headers = {"Accept-Encoding": "gzip"}
        if key is not None:
            if not key.api_key.isascii() or not key.api_key.isprintable():  # httpx would quote it in its error
                raise KeyRefused(endpoint.call, 0, -2014, "the API key has characters that no key has")
            headers["X-MBX-APIKEY"] = key.api_key
            try:
                query = signed(query, key.secret, to_ms(now + self.offset))
            except UnreadableKey as error:
                raise KeyRefused(endpoint.call, 0, None, str(error)) from None
        url = f"{self._hosts[endpoint.host]}{endpoint.path}" + (f"?{query}" if query else "")
        waits = {"connect": min(CONNECT_S, left_s), "read": min(READ_S, left_s), "write": READ_S, "pool": QUEUE_S}
        return httpx.Request(endpoint.method, url, headers=headers, extensions={"timeout": waits})

    async def _exchange(self, endpoint: Endpoint, request: httpx.Request) -> httpx.Response:
        try:
            return await self._http.send(request, follow_redirects=False)
        except httpx.DecodingError:
            raise MalformedAnswer(endpoint.call, 0, "its encoding") from None
        except httpx.ProxyError:  # its text may carry the proxy's address and whoever logs in there
            raise ProxyRefused(endpoint.call, "the proxy does not let us through") from None
        except httpx.TransportError as error:  # its text may carry an address or a header: the kind is enough
            raise Unreachable(endpoint.call, type(error).__name__) from None
