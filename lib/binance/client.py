"""The exchange as the use cases know it: ports.Exchange over Binance's own calls."""

from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import httpx
from pydantic import TypeAdapter

from lib.binance import daily, flows, income, key_check, prices, rights, wallets
from lib.binance.budgets import SHARE
from lib.binance.endpoints import Endpoint, Host
from lib.binance.errors import NotPermitted, SourceRefused
from lib.binance.instants import from_ms
from lib.binance.probes import PROBES
from lib.binance.schemas.market import SERVER_TIME
from lib.binance.transport import Transport
from lib.binance.wallets import totals, usdm
from lib.domain.estimates import DailyBalance
from lib.domain.flows import Movement
from lib.domain.income import IncomeReading
from lib.domain.keys import KeyCheck
from lib.domain.portfolio import Side, Terms, Wallet, WalletReading
from lib.errors import MonitorError
from lib.ports import Clock, Credentials, KeyRights, Usage


class BinanceClient:
    """ports.Exchange: Binance, or whatever answers like it beneath the same httpx client.

    Made once a process and shared by all accounts: its governor's memory is what keeps the address welcome.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        clock: Clock,
        *,
        api_url: str = "https://api.binance.com",
        fapi_url: str = "https://fapi.binance.com",
        dapi_url: str = "https://dapi.binance.com",
        eapi_url: str = "https://eapi.binance.com",
        papi_url: str = "https://papi.binance.com",
        data_url: str = "https://data-api.binance.vision",
        share: Fraction = SHARE,
    ) -> None:
        hosts: dict[Host, str] = {"api": api_url, "fapi": fapi_url, "dapi": dapi_url, "data": data_url}
        self._transport = Transport(http, clock, {**hosts, "eapi": eapi_url, "papi": papi_url}, share)
        self._deadline: datetime | None = None
        self._hear: Callable[[MonitorError], None] = _nobody

    def before(self, deadline: datetime) -> "BinanceClient":
        """Return this client for a run that ends at `deadline`: no wait and no retry goes past it."""
        bound = copy(self)
        bound._deadline = deadline  # noqa: SLF001
        return bound

    def heard_by(self, hear: Callable[[MonitorError], None]) -> "BinanceClient":
        """Return this client for one reading: `hear` is told of each question that got no answer, and why."""
        bound = copy(self)
        bound._hear = hear  # noqa: SLF001
        return bound

    @property
    def banned_until(self) -> datetime | None:
        """Return when the ban of this address ends; None where none is known of."""
        return self._transport.governor.banned_until

    async def ping(self) -> None:
        """Ask once, unsigned, whether this address is answered; if so, a ban that was remembered is over."""
        await self._transport.ping(deadline=self._deadline)

    @property
    def clock_offset(self) -> timedelta:
        """What to add to our clock to have the exchange's, as last measured."""
        return self._transport.offset

    @property
    def hosts(self) -> Mapping[str, str]:
        """Return the hosts that can be probed, by their short names, with their addresses."""
        return {name: self._transport.address(probe.host) for name, probe in PROBES.items()}

    async def probe(self, host: str) -> datetime:
        """Return the time that one of `hosts` tells, unsigned; nothing is measured by it."""
        return from_ms((await self._send(PROBES[host], SERVER_TIME)).server_time)

    async def time(self) -> datetime:
        """Return the exchange's own time, and measure our clock by it."""
        return await self._transport.time(deadline=self._deadline)

    async def prices(self) -> Mapping[str, Decimal]:
        """Return the last price of every trading spot symbol, in one request."""
        return await self._heard(prices.trading(self._send))

    async def listed_prices(self) -> Mapping[str, Decimal]:
        """Return the last price of every spot symbol, also of those that trade no more."""
        return await self._heard(prices.listed(self._send))

    async def last_traded(self, symbol: str) -> datetime | None:
        """Return when a spot symbol last traded, to the minute; None if that is not known."""
        return await self._heard(prices.last_traded(self._send, symbol))

    async def candle_open(self, symbol: str, minute: datetime) -> Decimal | None:
        """Return the open of the spot symbol's one-minute candle that starts at `minute`; None if it did not trade."""
        return await self._heard(prices.spot_open(self._send, symbol, minute))

    async def contract_open(self, symbol: str, minute: datetime) -> Decimal | None:
        """Return the same of a futures contract, whatever it is margined in."""
        return await self._heard(prices.contract_open(self._send, symbol, minute))

    async def totals(self, key: Credentials) -> Mapping[Wallet, Decimal]:
        """Return the exchange's own total of every wallet, zeros included. Units: USDT."""
        return await self._heard(totals.read(self._send, key))

    async def wallet(self, key: Credentials, wallet: Wallet) -> WalletReading:
        """Read one itemised wallet; one of `readable`."""
        return await self._heard(wallets.read(self._send, key, wallet))

    async def usdm_terms(self, key: Credentials) -> Mapping[tuple[str, Side], Terms]:
        """Ask how the open positions of the USD-M wallet stand; those of others come with their wallet."""
        return await self._heard(usdm.terms(self._send, key))

    @property
    def readable(self) -> tuple[Wallet, ...]:
        """Name the wallets that `wallet` can itemise."""
        return tuple(wallets.READERS)

    @property
    def sources(self) -> tuple[str, ...]:
        """Name the flow sources that `movements` can read."""
        return tuple(flows.SOURCES)

    async def movements(self, key: Credentials, source: str, start: datetime, end: datetime) -> tuple[Movement, ...]:
        """Read every row of `source` listed in [start, end], all pages and windows, oldest first, each once.

        Raises: SourceRefused where the exchange refuses it for good.
        """
        return await self._heard(flows.movements(self._send, key, source, start, end))

    async def check(self, key: Credentials, at: datetime) -> KeyCheck:
        """Ask what the key may do and which wallets its account has."""
        return await self._heard(key_check.read(self._send, key, at))

    async def income(self, key: Credentials, wallet: Wallet, start: datetime, end: datetime) -> IncomeReading:
        """Read what a futures wallet earned and paid in [start, end]."""
        return await self._heard(income.read(self._send, key, wallet, start, end))

    async def daily_balances(self, key: Credentials, end: datetime) -> tuple[DailyBalance, ...]:
        """Read the exchange's own snapshots of the 30 days before `end`; heavy."""
        return await self._heard(daily.balances(self._send, key, end))

    async def daily_closes(self, symbol: str, end: datetime) -> Mapping[date, Decimal]:
        """Return the price of a spot symbol at the end of each of the 30 days before `end`."""
        return await self._heard(daily.closes(self._send, symbol, end))

    async def rights(self, key: Credentials) -> KeyRights:
        """Ask what the key may do and whose it is."""
        return await self._heard(rights.read(self._send, key))

    async def risky_rights(self, key: Credentials) -> tuple[str, ...]:
        """Name the rights of the key that it should not have, in one call of weight 1."""
        return await self._heard(rights.read_risky(self._send, key))

    def usage(self) -> Usage:
        """Return what has been spent since this client was made; its clones for a deadline count with it."""
        return self._transport.governor.usage()

    async def _send[T](
        self, endpoint: Endpoint, shape: TypeAdapter[T], query: str = "", key: Credentials | None = None
    ) -> T:
        return await self._transport.send(endpoint, shape, query, key, deadline=self._deadline)

    async def _heard[T](self, asking: Awaitable[T]) -> T:
        """Return the answer; a question without one is told to whoever listens. A refusal for good is an answer."""
        try:
            return await asking
        except MonitorError as error:
            if not isinstance(error, NotPermitted | SourceRefused):
                self._hear(error)
            raise


def _nobody(_: MonitorError) -> None:
    """Hear nothing."""
