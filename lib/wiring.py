"""Puts the adapters together: one client for the exchange, one for the store, the vault and the clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from supabase import AsyncClient, AsyncClientOptions

from lib import garbage, log, session
from lib import settings as configuration
from lib.alert_ports import Alarms
from lib.binance.client import BinanceClient
from lib.clock import SystemClock
from lib.errors import ConfigurationError
from lib.notify.services import Services
from lib.owner_ports import Gate, Links, Register
from lib.ports import Clock, Exchange, Store
from lib.records import LogLimits
from lib.settings import Settings
from lib.store.alarms import SupabaseAlarms
from lib.store.client import SupabaseStore
from lib.store.gate import SupabaseGate
from lib.store.links import SupabaseLinks
from lib.store.register import SupabaseRegister
from lib.usecases.alerting import Alerting
from lib.usecases.collect import Collector
from lib.vault import Vault

_EXCHANGE_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_STORE_TIMEOUT = httpx.Timeout(15.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class StoreHome:
    """Where the Data API is, and what carries requests there (None: the network)."""

    url: str
    key: str
    transport: httpx.AsyncBaseTransport | None = None

    def __repr__(self) -> str:
        return f"StoreHome({self.url!r})"


@dataclass(frozen=True, slots=True)
class Wired:
    """Everything a handler or a command needs."""

    settings: Settings
    clock: Clock
    exchange: Exchange
    store: Store
    gate: Gate
    register: Register
    links: Links
    vault: Vault
    alarms: Alarms
    connections: tuple[httpx.AsyncClient, ...] = field(default=(), repr=False)

    async def close(self) -> None:
        """Close what is open; a deployed function never does."""
        for connection in self.connections:
            await connection.aclose()

    @property
    def session_key(self) -> bytes | None:
        """The key that signs sessions; None where nobody can log in."""
        key, password = self.settings.encryption_key, self.settings.dashboard_password
        return None if key is None or password is None else session.signing_key(key, password)

    @property
    def alerting(self) -> Alerting | None:
        """What tells people; None where no service is named."""
        urls = self.settings.alert_urls
        return Alerting(self.alarms, Services(urls), self.store, self.clock) if urls else None

    @property
    def collector(self) -> Collector:
        """The ports of a run."""
        return self.collector_for(self.settings.collect_every_minutes)

    def collector_for(self, slot_minutes: int) -> Collector:
        """The ports of a run whose slots have another length."""
        limits = LogLimits(self.settings.log_retention_days, self.settings.max_log_entries)
        return Collector(
            self.exchange,
            self.store,
            self.vault,
            self.clock,
            slot_minutes,
            log_limits=limits,
            allow_trading_keys=self.settings.allow_risky_keys,
            alerting=self.alerting,
        )


def build(
    settings: Settings,
    *,
    store: StoreHome | None = None,
    exchange: httpx.AsyncBaseTransport | None = None,
    clock: Clock | None = None,
) -> Wired:
    """Wire the adapters; a deployed function passes none of the seams, local use and tests hand in theirs.

    Raises: ConfigurationError naming every setting that is missing.
    """
    if store is None:
        configuration.require(settings)
    home = store or _hosted(settings)
    if settings.encryption_key is None:
        raise ConfigurationError("ENCRYPTION_KEY is not set: ./monitor keygen makes one")
    the_clock = clock or SystemClock()
    to_exchange = _to_exchange(settings, exchange)
    to_store = httpx.AsyncClient(transport=home.transport, timeout=_STORE_TIMEOUT)
    binance = _binance(settings, to_exchange, the_clock)
    vault = Vault([settings.encryption_key, *settings.encryption_keys_old])
    client = _client(home, to_store)
    return Wired(
        settings=settings,
        clock=the_clock,
        exchange=binance,
        store=SupabaseStore(client),
        gate=SupabaseGate(client),
        register=SupabaseRegister(client),
        links=SupabaseLinks(client),
        vault=vault,
        alarms=SupabaseAlarms(client),
        connections=(to_exchange, to_store),
    )


@asynccontextmanager
async def exchange_at(
    settings: Settings, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[BinanceClient]:
    """Open the exchange alone, for those who need nothing else."""
    async with _to_exchange(settings, transport) as http:
        yield _binance(settings, http, clock)


@asynccontextmanager
async def store_at(home: StoreHome) -> AsyncIterator[SupabaseStore]:
    """Open the store alone, for those who need nothing else."""
    async with httpx.AsyncClient(transport=home.transport, timeout=_STORE_TIMEOUT) as http:
        yield SupabaseStore(_client(home, http))


async def wired_from_environment() -> Wired:
    """Wire a deployed function from its own environment, and let its process log and clear up as we do.

    The platform's own handler, which is there before, writes neither fields nor run ids and redacts nothing.
    """
    garbage.look_rarely()
    log.configure()  # settings that are wrong are told of, too
    settings = configuration.from_environment()
    log.configure(settings.log_level or "INFO")
    return build(settings)


def _to_exchange(settings: Settings, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Make the connection; a transport that was handed in needs no proxy, and none of the environment counts."""
    proxy = settings.binance_proxy_url if transport is None else None
    return httpx.AsyncClient(transport=transport, proxy=proxy, timeout=_EXCHANGE_TIMEOUT)


def _binance(settings: Settings, http: httpx.AsyncClient, clock: Clock) -> BinanceClient:
    return BinanceClient(
        http,
        clock,
        api_url=settings.binance_api_url,
        fapi_url=settings.binance_fapi_url,
        dapi_url=settings.binance_dapi_url,
        eapi_url=settings.binance_eapi_url,
        papi_url=settings.binance_papi_url,
        data_url=settings.binance_data_url,
    )


def _client(home: StoreHome, http: httpx.AsyncClient) -> AsyncClient:
    """Make the Supabase client on an httpx client of our own: its default one waits two minutes."""
    options = AsyncClientOptions(httpx_client=http, auto_refresh_token=False, persist_session=False)
    return AsyncClient(home.url, home.key, options=options)


def _hosted(settings: Settings) -> StoreHome:
    if settings.supabase_url is None or settings.supabase_key is None:
        raise ConfigurationError("SUPABASE_URL and SUPABASE_SECRET_KEY are needed here")
    return StoreHome(settings.supabase_url, settings.supabase_key)
