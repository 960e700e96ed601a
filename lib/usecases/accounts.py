"""Add an account after asking Binance about its key, pause, resume or close it, and list them with their figures."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from lib.domain import alert_limits
from lib.domain.benchmark import Policy
from lib.domain.figures import active_return
from lib.domain.money import ONE, ZERO, money_text, plain
from lib.domain.replay import Row
from lib.domain.requests import ALL_ACCOUNTS
from lib.domain.schedule import slot_start
from lib.errors import InvalidInput
from lib.ports import Clock, Credentials, KeyRights, Store
from lib.records import AccountClosed, AccountExists, AccountSummary, LatestSnapshot, NewAccount, UnknownAccount
from lib.usecases import keycheck
from lib.usecases.collect import Collector
from lib.usecases.logbook import Logbook

_LONGEST_NAME = 60
_STALE_PRICE = timedelta(minutes=10)
_ACTIVE, _PAUSED, _CLOSED = "active", "paused", "closed"


async def add(collector: Collector, name: str, api_key: str, secret: str) -> NewAccount:
    """Check the key at the exchange, then store the account with its secret sealed.

    Raises: InvalidInput; KeyTooPowerful; AccountExists (same uid or name); the exchange's refusal.
    """
    wanted, shown = identified(name)
    account_id = _free(wanted, shown, await collector.store.accounts())
    key = Credentials(account_id, api_key, secret)
    rights = await checked(collector, key)
    account = NewAccount(
        id=account_id,
        name=shown,
        uid=rights.uid,
        created_at=collector.clock.now(),
        policy=Policy(),
        sealed_key=sealed(collector, key),
        risky=rights.risky,
    )
    await collector.store.add(account)
    return account


async def checked(collector: Collector, key: Credentials) -> KeyRights:
    """Ask the exchange what a key may do and whose it is, and return it where the key will do.

    Raises: InvalidInput; KeyTooPowerful; the exchange's refusal.
    """
    rights = await collector.exchange.rights(key)
    keycheck.refuse(rights.risky, allow_trading=collector.allow_trading_keys)
    if not rights.may_read:
        raise InvalidInput("api_key", "may not read: switch on Enable Reading on Binance")
    return rights


def sealed(collector: Collector, key: Credentials) -> str:
    """Return the key as the store keeps it."""
    return collector.vault.seal(key.account_id, json.dumps({"api_key": key.api_key, "secret": key.secret}))


def identified(name: str) -> tuple[str, str]:
    """Return the id that an account of this name has, and the name as it is shown. Raises: InvalidInput."""
    shown = name.strip()
    if not 0 < len(shown) <= _LONGEST_NAME or not shown.isprintable():
        raise InvalidInput("name", f"must have 1 to {_LONGEST_NAME} printable characters")
    account_id = _identifier(shown)
    if account_id == ALL_ACCOUNTS:
        raise InvalidInput("name", f"must not be {shown!r}: that means every account")
    return account_id, shown


async def pause(store: Store, clock: Clock, account_id: str) -> bool:
    """Collect an account no more until it is resumed; it leaves `all`. False where it was paused already.

    Raises: NotFound; AccountClosed. Retry: safe. Source: product, 4.9 and 6.
    """
    return await _turn(store, clock, account_id, _PAUSED, "is paused: it is not collected, and out of all accounts")


async def resume(store: Store, clock: Clock, account_id: str) -> bool:
    """Collect a paused account again, from the next run on. False where it was not paused.

    Raises: NotFound; AccountClosed. Retry: safe.
    """
    return await _turn(store, clock, account_id, _ACTIVE, "is resumed: the next run collects it")


async def close(store: Store, clock: Clock, account_id: str) -> bool:
    """Destroy an account's key and hide it for good; its history stays in `all`. False where it was closed already.

    Raises: NotFound. Retry: safe.
    """
    return await _turn(store, clock, account_id, _CLOSED, "is closed: its key is destroyed, its history stays")


async def listing(desk: Collector, role: str = "owner") -> dict[str, object]:
    """List the accounts that are not closed, as product 6 says, and who asks."""
    next_slot = slot_start(desk.clock.now(), desk.slot_minutes) + timedelta(minutes=desk.slot_minutes)
    return {
        "slot_minutes": desk.slot_minutes,
        "accounts": [_account(one, next_slot) for one in await desk.store.accounts() if one.state != _CLOSED],
        "role": role,
    }


async def open_alerts(store: Store) -> list[dict[str, object]]:
    """List what is the matter with accounts that are not closed, in the order of the accounts."""
    return [
        {"account": account.name, "kind": one.kind, "since": one.since, "detail": one.detail}
        for account in await store.accounts()
        for one in account.episodes
        if account.state != _CLOSED
    ]


async def _turn(store: Store, clock: Clock, account_id: str, state: str, message: str) -> bool:
    known = await store.accounts()
    found = next((one for one in known if one.id == account_id), None)
    if found is None:
        raise UnknownAccount(account_id, [(one.id, one.name) for one in known if one.state != _CLOSED])
    if found.state == state:
        return False
    if found.state == _CLOSED:
        raise AccountClosed(f"{found.name} is closed for good: its key is gone")
    run = secrets.token_hex(8)
    book = Logbook(run, clock, account_id).draft()
    book.tell(f"account.{'resumed' if state == _ACTIVE else state}", f"{found.name} {message}")
    turned = await store.set_state(account_id, state, clock.now(), run, book.entries)
    if turned:
        book.publish()
    return turned


def _free(wanted: str, name: str, known: Sequence[AccountSummary]) -> str:
    """Return the id or, where it is taken, be it by a closed account, the id with the next free number.

    Raises: AccountExists where an open one has the name: before the exchange is asked for nothing.
    """
    if any(one.name == name and one.state != _CLOSED for one in known):
        raise AccountExists(f"an account of the name {name!r} is there already")
    taken = {one.id for one in known}
    numbers = (f"{wanted}-{number}" for number in range(2, len(taken) + 2))
    return next(one for one in (wanted, *numbers) if one not in taken)


def _identifier(name: str) -> str:
    """Make an id that reads like the name: "Main" is main, "Ünï 2" is n-2."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in name.lower()).split()
    return "-".join(words) or "account"


def _account(summary: AccountSummary, next_slot: datetime) -> dict[str, object]:
    latest = summary.latest
    return {
        "id": summary.id,
        "name": summary.name,
        "state": summary.state,
        "created_at": summary.created_at,
        "inception": summary.inception,
        "status": {
            "code": summary.status.code,
            "detail": summary.status.detail,
            "cause": summary.status.cause,
        },
        "latest": _latest(latest) if latest else None,
        "last_try": {
            "at": summary.last_try.at,
            "complete": not summary.last_try.missing,
            "missing": summary.last_try.missing,
            "wallets": summary.last_try.wallets,
        }
        if summary.last_try
        else None,
        "difference": _difference(summary, latest.row) if latest else None,
        "active_return": _active(summary, latest.row) if latest else None,
        "next_slot": next_slot,
        "alerts": {
            **alert_limits.in_words(summary.limits),
            "open": [{"kind": one.kind, "since": one.since, "detail": one.detail} for one in summary.episodes],
        },
    }


def _latest(latest: LatestSnapshot) -> dict[str, object]:
    row = latest.row
    priced = [one for one in latest.holdings if one.price_usd is not None]
    stale = [one for one in priced if one.priced_at is not None and row.at - one.priced_at > _STALE_PRICE]
    return {
        "at": row.at,
        "slot": row.slot,
        "nav": money_text(row.nav_usd),
        "benchmark": money_text(row.benchmark_usd),
        "wallets": sorted({one.holding.wallet for one in latest.holdings}),
        "reconciliation": _reconciliation(latest),
        "stale_prices": [
            {
                "asset": one.holding.asset,
                "quantity": plain(one.holding.quantity),
                "price": plain(one.price_usd),
                "value": money_text(one.holding.quantity * one.price_usd),
                "priced_at": one.priced_at,
            }
            for one in stale
            if one.price_usd is not None
        ],
        "unpriced": [
            {"asset": one.holding.asset, "quantity": plain(one.holding.quantity)}
            for one in latest.holdings
            if one.price_usd is None
        ],
    }


def _reconciliation(latest: LatestSnapshot) -> dict[str, str] | None:
    if latest.checks is None:
        return None
    theirs = sum((check.theirs_usd for check in latest.checks), ZERO)
    ours = sum((check.ours_usd for check in latest.checks), ZERO)
    return {"total": money_text(theirs), "difference": money_text(ours - theirs)}


def _difference(summary: AccountSummary, row: Row) -> str:
    shortfall = summary.benchmark.shortfall_usd if summary.benchmark else ZERO
    return money_text(row.nav_usd - (row.benchmark_usd - shortfall))


def _active(summary: AccountSummary, row: Row) -> float | None:
    """Return the return beyond the benchmark's since the start; over a wipe-out all is lost, whatever came after."""
    twr = -ONE if summary.wiped_out else row.nav_index - ONE
    ratio = active_return(twr, row.benchmark_index - ONE)
    return None if ratio is None else float(ratio)
