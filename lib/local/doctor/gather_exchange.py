"""Ask every host whether it answers this machine, and about each account's key. Nothing is stored."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from lib.domain import asking
from lib.errors import MonitorError
from lib.local.doctor.facts import ExchangeFacts, HostFacts, KeyFacts
from lib.ports import Clock, Credentials, Exchange
from lib.settings import Settings

_PATIENCE = timedelta(seconds=15)  # one that does not answer by then does not answer


async def look(
    settings: Settings, exchange: Exchange, clock: Clock, keys: Sequence[tuple[str, Credentials]]
) -> ExchangeFacts:
    """Ask the hosts first; where the first of them does not answer, no key can be tried."""
    asked = exchange.before(clock.now() + _PATIENCE)
    hosts = await asyncio.gather(*(_host(asked, clock, name, address) for name, address in asked.hosts.items()))
    tried = keys if hosts[0].error is None and await _is_set_by(asked) else ()
    return ExchangeFacts(
        hosts=tuple(hosts),
        keys=tuple(await asyncio.gather(*(_key(asked, clock, name, key) for name, key in tried))),
        by_proxy=settings.binance_proxy_url is not None,
        imitated=settings.demo,
        allow_trading=settings.allow_risky_keys,
    )


async def _is_set_by(exchange: Exchange) -> bool:
    """Measure our clock: keys are tried by the exchange's time, and ours is judged by itself."""
    try:
        await exchange.time()
    except MonitorError:
        return False
    return True


async def _host(exchange: Exchange, clock: Clock, name: str, address: str) -> HostFacts:
    try:
        told = await exchange.probe(name)
    except MonitorError as error:
        return HostFacts(name, address, error)
    return HostFacts(name, address, ahead=told - clock.now())


async def _key(exchange: Exchange, clock: Clock, name: str, key: Credentials) -> KeyFacts:
    """Ask about the key, then for the wallets that a run would read: one that was never opened is nobody's fault."""
    try:
        rights = await exchange.rights(key)
        totals, checked = await asyncio.gather(exchange.totals(key), exchange.check(key, clock.now()))
    except MonitorError as error:
        return KeyFacts(name, error)
    wallets = asking.wallets(exchange.readable, totals, checked, None, fresh=True)
    errors = await asyncio.gather(*(_unreadable(exchange, key, wallet) for wallet in wallets))
    return KeyFacts(
        name,
        may_read=rights.may_read,
        risky=rights.risky,
        bound_to_addresses=rights.bound_to_addresses,
        unreadable=tuple((wallet, error) for wallet, error in zip(wallets, errors, strict=True) if error is not None),
    )


async def _unreadable(exchange: Exchange, key: Credentials, wallet: str) -> MonitorError | None:
    try:
        await exchange.wallet(key, wallet)
    except MonitorError as error:
        return error
    return None
