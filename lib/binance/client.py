"""The exchange as the use cases know it: ports.Exchange over Binance's own calls."""

from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

import httpx
from pydantic import TypeAdapter

from lib.binance import daily, flows, income, prices, rights, wallets
from lib.binance.endpoints import Endpoint, Host
from lib.binance.transport import Send, Transport
from lib.domain.estimates import DailyBalance
from lib.domain.flows import DEPOSITS, WITHDRAWALS, Movement
from lib.domain.income import IncomeReading
from lib.domain.portfolio import FUNDING, SPOT, USDM, Wallet, WalletReading
from lib.ports import Clock, Credentials, KeyRights, Usage

_WALLETS: Mapping[Wallet, Callable[[Send, Credentials], Awaitable[WalletReading]]] = MappingProxyType(
    {SPOT: wallets.spot, FUNDING: wallets.funding, USDM: wallets.usdm}
)


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
        data_url: str = "https://data-api.binance.vision",
    ) -> None:
        hosts: dict[Host, str] = {"api": api_url, "fapi": fapi_url, "dapi": dapi_url, "data": data_url}
        self._transport = Transport(http, clock, hosts)
        self._deadline: datetime | None = None

    def before(self, deadline: datetime) -> "BinanceClient":
        """Return this client for a run that ends at `deadline`: no wait and no retry goes past it."""
        bound = copy(self)
        bound._deadline = deadline  # noqa: SLF001
        return bound

    @property
    def clock_offset(self) -> timedelta:
        """What to add to our clock to have the exchange's, as last measured."""
        return self._transport.offset

    async def time(self) -> datetime:
        """Return the exchange's own time, and measure our clock by it."""
        return await self._transport.time(deadline=self._deadline)

    async def prices(self) -> Mapping[str, Decimal]:
        """Return the last price of every trading spot symbol, in one request."""
        return await prices.trading(self._send)

    async def candle_open(self, symbol: str, minute: datetime) -> Decimal | None:
        """Return the open of the spot symbol's one-minute candle that starts at `minute`; None if it did not trade."""
        return await prices.spot_open(self._send, symbol, minute)

    async def contract_open(self, symbol: str, minute: datetime) -> Decimal | None:
        """Return the same of a USD-M contract."""
        return await prices.contract_open(self._send, symbol, minute)

    async def totals(self, key: Credentials) -> Mapping[Wallet, Decimal]:
        """Return the exchange's own total of every wallet, zeros included. Units: USDT."""
        return await wallets.totals(self._send, key)

    async def wallet(self, key: Credentials, wallet: Wallet) -> WalletReading:
        """Read one itemised wallet; one of `readable`."""
        return await _WALLETS[wallet](self._send, key)

    @property
    def readable(self) -> tuple[Wallet, ...]:
        """Name the wallets that `wallet` can itemise."""
        return tuple(_WALLETS)

    @property
    def sources(self) -> tuple[str, ...]:
        """Name the flow sources that `movements` can read."""
        return (DEPOSITS, WITHDRAWALS)

    async def movements(self, key: Credentials, source: str, start: datetime, end: datetime) -> tuple[Movement, ...]:
        """Read every row of `source` listed in [start, end], all pages and windows, oldest first, each once."""
        match source:
            case "deposits":
                return await flows.read(self._send, key, flows.DEPOSIT_ROWS, start, end)
            case "withdrawals":
                return await flows.read(self._send, key, flows.WITHDRAWAL_ROWS, start, end)
        raise KeyError(source)

    async def income(self, key: Credentials, wallet: Wallet, start: datetime, end: datetime) -> IncomeReading:
        """Read what a futures wallet earned and paid in [start, end]."""
        return await income.read(self._send, key, wallet, start, end)

    async def daily_balances(self, key: Credentials, end: datetime) -> tuple[DailyBalance, ...]:
        """Read the exchange's own snapshots of the 30 days before `end`; heavy."""
        return await daily.balances(self._send, key, end)

    async def daily_closes(self, symbol: str, end: datetime) -> Mapping[date, Decimal]:
        """Return the price of a spot symbol at the end of each of the 30 days before `end`."""
        return await daily.closes(self._send, symbol, end)

    async def rights(self, key: Credentials) -> KeyRights:
        """Ask what the key may do and whose it is."""
        return await rights.read(self._send, key)

    def usage(self) -> Usage:
        """Return what has been spent since this client was made; its clones for a deadline count with it."""
        return self._transport.governor.usage()

    async def _send[T](
        self, endpoint: Endpoint, shape: TypeAdapter[T], query: str = "", key: Credentials | None = None
    ) -> T:
        return await self._transport.send(endpoint, shape, query, key, deadline=self._deadline)
