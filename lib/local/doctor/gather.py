"""Gather what the checks look at. Nothing is changed: no schema is brought up to date, no account is claimed."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx

from lib import setting_values
from lib.domain.schedule import slot_start
from lib.errors import MonitorError, NotFound, Unavailable
from lib.local import data_api, postgres
from lib.local.doctor import catalogue, needs
from lib.local.doctor.facts import AccountFacts, Catalogue, Door, Facts, Outcome, Release
from lib.local.home import DATABASE, SQL, demo_key, embedded_folder
from lib.ports import Clock, Store
from lib.records import NO_KEY, AccountSummary
from lib.settings import Settings
from lib.store import sql_files
from lib.store.errors import MigrationsBehind
from lib.usecases.keycheck import credentials
from lib.vault import Vault, load_or_create_key
from lib.wiring import StoreHome, store_at

EMBEDDED, OWN, HOSTED, HOSTED_DIRECT = "embedded", "DATABASE_URL", "SUPABASE_URL", "SUPABASE_DB_URL"


async def gather(
    settings: Settings, data_dir: Path, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
) -> Facts:
    """Try every way into the store that the settings name, and look around; `transport` stands in for the network."""
    release = Release(sql_files.migrations(SQL), sql_files.checksum_of_all(sql_files.reapplied(SQL)))
    facts = Facts(clock.now(), settings, release, ())
    vault = _vault(settings, data_dir)
    if settings.supabase_url is not None:
        return await _hosted(facts, vault, clock, transport)
    if settings.database_url is not None and not settings.demo:
        return await _direct(facts, OWN, settings.database_url, vault, clock)
    folder = embedded_folder(settings, data_dir)
    if not folder.exists():
        return replace(facts, doors=(Door(EMBEDDED, Outcome.EMPTY),))
    with ExitStack() as stack:
        try:
            running = postgres.running(folder, durable=not settings.demo)
            server = await asyncio.to_thread(stack.enter_context, running)
        except MonitorError as error:
            return replace(facts, doors=(Door(EMBEDDED, Outcome.AWAY, str(error)),))
        return await _direct(facts, EMBEDDED, server.dsn(DATABASE), vault, clock)


async def _hosted(facts: Facts, vault: Vault | None, clock: Clock, transport: httpx.AsyncBaseTransport | None) -> Facts:
    settings = facts.settings
    if settings.supabase_url is not None and settings.supabase_key is not None:
        home = StoreHome(settings.supabase_url, settings.supabase_key, transport)
        async with store_at(home) as store:
            facts = await _told(facts, HOSTED, store, vault, clock)
    if settings.supabase_db_url is not None:
        door, found = await _looked(HOSTED_DIRECT, settings.supabase_db_url)
        facts = replace(facts, doors=(*facts.doors, door), catalogue=found)
    return facts


async def _direct(facts: Facts, name: str, dsn: str, vault: Vault | None, clock: Clock) -> Facts:
    """Look into a Postgres that is reached directly, then through the Data API that the product lays over it."""
    door, found = await _looked(name, dsn)
    facts = replace(facts, doors=(door,), catalogue=found)
    if found is None or found.recorded is None:
        return facts  # the roles that the Data API speaks for may not be there yet
    async with (
        data_api.connected(dsn, connections=1) as transport,
        store_at(StoreHome(data_api.URL, data_api.SECRET_KEY, transport)) as store,
    ):
        told = await _told(facts, name, store, vault, clock)
    return replace(told, doors=told.doors[-1:])  # what came last is the stricter answer


async def _looked(name: str, dsn: str) -> tuple[Door, Catalogue | None]:
    try:
        wanted = needs.needs([*sql_files.migrations(SQL), *sql_files.reapplied(SQL)])
        found = await asyncio.to_thread(catalogue.read, dsn, wanted)
    except NotFound as error:
        return Door(name, Outcome.EMPTY, str(error)), None
    except Unavailable as error:
        return Door(name, Outcome.AWAY, str(error)), None
    return Door(name, Outcome.OPEN), found


async def _told(facts: Facts, name: str, store: Store, vault: Vault | None, clock: Clock) -> Facts:
    """Ask the store as a run does: the schema by a claim of no account, then the accounts."""
    try:
        behind = await _is_behind(store, facts, clock)
        accounts = await _accounts(store, vault) if not behind else None
    except MonitorError as error:
        outcome = Outcome.AWAY if isinstance(error, Unavailable) else Outcome.REFUSED
        return replace(facts, doors=(*facts.doors, Door(name, outcome, str(error))))
    return replace(facts, doors=(*facts.doors, Door(name, Outcome.OPEN)), is_behind=behind, accounts=accounts)


async def _is_behind(store: Store, facts: Facts, clock: Clock) -> bool:
    slot = slot_start(clock.now(), facts.settings.collect_every_minutes)
    try:
        await store.claim("doctor", slot, lease_s=1, limit=0)
    except MigrationsBehind:
        return True
    return False


async def _accounts(store: Store, vault: Vault | None) -> tuple[AccountFacts, ...]:
    return tuple([await _account(store, vault, one) for one in await store.accounts()])


async def _account(store: Store, vault: Vault | None, summary: AccountSummary) -> AccountFacts:
    facts = AccountFacts(
        id=summary.id,
        name=summary.name,
        state=summary.state,
        created_at=summary.created_at,
        status=summary.status,
        newest_at=summary.latest.row.at if summary.latest else None,
        missing=summary.last_try.missing if summary.last_try else (),
        unpriced=_unpriced(summary),
        keyless=summary.status.cause == NO_KEY,
    )
    if vault is None or facts.keyless:
        return facts
    sealed = (await store.load(summary.id)).sealed_key
    try:
        key = credentials(vault, summary.id, sealed)
    except MonitorError as error:
        return replace(facts, sealed_wrong=str(error))
    return replace(facts, sealed_formerly=not vault.is_current(sealed), key=key)


def _unpriced(summary: AccountSummary) -> tuple[str, ...]:
    held = summary.latest.holdings if summary.latest else ()
    return tuple(sorted({one.holding.asset for one in held if one.price_usd is None}))


def _vault(settings: Settings, data_dir: Path) -> Vault | None:
    """Return the keys at hand; the demo's is in a file of its own, and is not made here."""
    keys: Sequence[bytes] = [settings.encryption_key] if settings.encryption_key else []
    if settings.demo:
        path = demo_key(data_dir)
        keys = [setting_values.key(load_or_create_key(path))] if path.exists() else []
    return Vault([*keys, *settings.encryption_keys_old]) if keys else None
