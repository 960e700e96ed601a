"""Accounts as their owner changes them: added, renamed, given another key or policy, paused, closed, erased."""

import secrets
from collections.abc import Mapping

from lib.domain import policies
from lib.domain.requests import AccountChange, AccountEntry, AccountRemoval, CollectOrder, KeyPair
from lib.errors import Unavailable
from lib.owner_ports import Register
from lib.ports import Clock, Credentials
from lib.usecases import accounts, policy, runs
from lib.usecases.collect import Collector, collect
from lib.usecases.logbook import Logbook

_RUN_BYTES = 8


async def enter(desk: Collector, wanted: AccountEntry) -> dict[str, object]:
    """Add an account and take its first snapshot. The account is there even where the snapshot is not.

    Raises: as `accounts.add`.
    """
    account = await accounts.add(desk, wanted.name, wanted.key.api_key, wanted.key.secret)
    run = await _collected(desk, account.id)
    return {"account": account.id, "name": account.name, "rights": account.risky, "run": run}


async def change(register: Register, desk: Collector, wanted: AccountChange) -> dict[str, object]:
    """Change one thing of an account. With another key it is read at once.

    Raises: InvalidInput; NotFound; what the change itself raises. Retry: safe.
    """
    answer: dict[str, object] = {"account": wanted.account}
    if wanted.name is not None:
        await rename(register, desk.clock, wanted.account, wanted.name)
    elif wanted.key is not None:
        answer["rights"] = await replace_key(register, desk, wanted.account, wanted.key)
        answer["run"] = await _collected(desk, wanted.account)
    elif wanted.policy is not None:
        answer["policy"] = policies.in_words(await policy.change(desk, wanted.account, wanted.policy))
    elif wanted.alerts is not None:
        await set_alerts(register, desk.clock, wanted.account, wanted.alerts)
    elif wanted.state == "paused":
        await accounts.pause(desk.store, desk.clock, wanted.account)
    else:
        await accounts.resume(desk.store, desk.clock, wanted.account)
    return answer


async def remove(register: Register, desk: Collector, wanted: AccountRemoval) -> dict[str, object]:
    """Close an account: its key is destroyed, its history stays; or erase it where its name was typed.

    Raises: NotFound; OtherName.
    """
    if wanted.erase is not None:
        await erase(register, desk.clock, wanted.account, wanted.erase)
        return {"account": wanted.account, "state": "erased"}
    await accounts.close(desk.store, desk.clock, wanted.account)
    return {"account": wanted.account, "state": "closed"}


async def rename(register: Register, clock: Clock, account_id: str, name: str) -> bool:
    """Call an account by another name; its id stays. False where it had that name already.

    Raises: InvalidInput; NotFound; AccountExists. Retry: safe.
    """
    _, shown = accounts.identified(name)
    book = _book(clock, account_id)
    book.tell("account.renamed", f"is called {shown} from now on")
    return await register.rename(account_id, shown, book.run, book.take())


async def set_alerts(register: Register, clock: Clock, account_id: str, alerts: Mapping[str, str | None]) -> bool:
    """Change what an account's owner is told of. False where that changes nothing.

    Raises: NotFound. Retry: safe.
    """
    book = _book(clock, account_id)
    parts = ", ".join(f"{name} {value or 'off'}" for name, value in alerts.items())
    book.tell("account.alerts", f"alerts are set: {parts}")
    return await register.set_alerts(account_id, alerts, clock.now(), book.run, book.take())


async def replace_key(register: Register, desk: Collector, account_id: str, pair: KeyPair) -> tuple[str, ...]:
    """Check another key of the same exchange account, and read with it from the next run on.

    Returns the rights it has beyond reading, where the settings let in such a key.

    Raises: InvalidInput; NotFound; KeyTooPowerful; OtherOwner; AccountExists; the exchange's refusal. Retry: safe.
    """
    await desk.store.load(account_id)  # before the exchange is asked for nothing
    key = Credentials(account_id, pair.api_key, pair.secret)
    rights = await accounts.checked(desk, key)
    book = _book(desk.clock, account_id)
    book.tell("account.key_replaced", "has another key of the same exchange account")
    await register.replace_key(account_id, rights.uid, accounts.sealed(desk, key), book.run, book.take())
    return rights.risky


async def erase(register: Register, clock: Clock, account_id: str, name: str) -> None:
    """Delete an account with all that is stored of it, its log lines too. `name` must be its own, as typed.

    Raises: NotFound, of a second call too; OtherName.
    """
    book = _book(clock, None)
    book.tell("account.erased", "an account was erased with all that was stored of it")
    await register.erase(account_id, name, book.run, book.take())


async def _collected(desk: Collector, account_id: str) -> dict[str, object] | None:
    """Collect an account and tell the run; None where the database went away meanwhile: the next run does it."""
    try:
        return runs.answer(await collect(desk, CollectOrder(account_id, "force")))
    except Unavailable:
        return None


def _book(clock: Clock, account_id: str | None) -> Logbook:
    return Logbook(secrets.token_hex(_RUN_BYTES), clock, account_id)
