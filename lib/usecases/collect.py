"""Collect: claim what is due, read the market once, then each account: gather, decide, commit."""

import asyncio
import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lib import log
from lib.domain import cycle
from lib.domain import survey as surveying
from lib.domain.reading import Observation, Reading
from lib.domain.requests import CollectOrder
from lib.domain.schedule import slot_start
from lib.domain.state import Outcome
from lib.domain.valuation import Book
from lib.errors import MonitorError
from lib.ports import Clock, Credentials, Exchange, Store, Usage, Vault
from lib.records import Account, LogLimits, VersionMoved
from lib.usecases import estimating, runs, telling
from lib.usecases.income import tell_unread
from lib.usecases.logbook import Logbook
from lib.usecases.reading import read_account, read_market, read_opens
from lib.usecases.runs import AccountReport, RunReport

DEADLINE_S = 100
_CLAIM_LIMIT = 200
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Collector:
    """The ports a run needs, the length of its slots and of its leases."""

    exchange: Exchange
    store: Store
    vault: Vault
    clock: Clock
    slot_minutes: int
    lease_s: int = DEADLINE_S + 10  # for so long a run that was killed keeps others from its accounts
    log_limits: LogLimits = field(default_factory=LogLimits)


@dataclass(frozen=True, slots=True)
class _Run:
    id: str
    slot: datetime
    at: datetime
    book: Book
    order: CollectOrder
    logbook: Logbook


async def collect(collector: Collector, order: CollectOrder | None = None) -> RunReport:
    """Run once over the accounts that are due. Any number of runs at once leave one snapshot per account and slot.

    One account's failure never stops another. Raises: NotFound for an unknown account; Unavailable when the database
    does not answer, and then nothing is half-stored. Retry: safe. Source: product, 5.
    """
    order = order or CollectOrder()
    store, clock = collector.store, collector.clock
    run_id, started, before = secrets.token_hex(8), clock.now(), collector.exchange.usage()
    collector = replace(collector, exchange=collector.exchange.before(started + timedelta(seconds=DEADLINE_S)))
    slot = slot_start(started, collector.slot_minutes)
    force = order.retake != "no"
    logbook = Logbook(run_id, clock)
    try:
        accounts = await store.claim(
            run_id, slot, lease_s=collector.lease_s, limit=_CLAIM_LIMIT, account=order.account, force=force
        )
        if order.account is not None and not accounts:
            await store.load(order.account)  # one that is not there is an error, not one that is not due
        reports = await _collect_claimed(collector, accounts, slot, order, (run_id, logbook)) if accounts else ()
    except (asyncio.CancelledError, Exception):
        with suppress(MonitorError):
            await store.finish(run_id, {})  # nobody should wait for the leases of a run that is no more
        raise
    report = _report(collector, run_id, started, before, reports)
    if accounts:
        await _finish(collector, report, logbook)
    return report


def _report(
    collector: Collector, run_id: str, started: datetime, before: Usage, reports: tuple[AccountReport, ...]
) -> RunReport:
    spent = collector.exchange.usage()
    return RunReport(
        run=run_id,
        status=runs.overall(reports),
        started_at=started,
        duration_ms=_since_ms(collector.clock, started),
        requests=spent.requests - before.requests,
        weight={pool: used - before.weight.get(pool, 0) for pool, used in spent.weight.items()},
        accounts=reports,
    )


async def _finish(collector: Collector, report: RunReport, logbook: Logbook) -> None:
    """End the leases that are left, note the failures and keep what the run tells.

    Everything that counts is committed by now: a database that does not answer here must not fail the run.
    """
    logbook.tell(
        "run.finished",
        f"{report.status}: " + ", ".join(f"{one.name} {one.status}" for one in report.accounts),
        requests=report.requests,
        weight=report.weight,
        duration_ms=report.duration_ms,
    )
    failures = {one.id: one.failure for one in report.accounts if one.failure is not None}
    try:
        await collector.store.finish(report.run, failures, logbook.take(), report.started_at, collector.log_limits)
    except MonitorError as error:
        log.error("run not finished", error, run=report.run)


async def _collect_claimed(
    collector: Collector,
    accounts: Sequence[Account],
    slot: datetime,
    order: CollectOrder,
    named: tuple[str, Logbook],
) -> tuple[AccountReport, ...]:
    run_id, logbook = named
    try:
        at, book = await read_market(collector.exchange)
    except MonitorError as error:
        logbook.fail("run.failed", str(error))
        return tuple(runs.failed(account, slot, error) for account in accounts)
    run = _Run(run_id, slot, at, book, order, logbook)
    reports = tuple(await asyncio.gather(*(_collect_one(collector, run, account) for account in accounts)))
    await _estimate_one(collector, run, accounts, reports)
    return reports


async def _estimate_one(
    collector: Collector, run: _Run, accounts: Sequence[Account], reports: Sequence[AccountReport]
) -> None:
    """Estimate the past of one account that was just stored, if there is one left to do it for and time for it."""
    stored = {report.id for report in reports if report.status == runs.STORED}
    account = estimating.chosen([account for account in accounts if account.id in stored], run.slot)
    if account is not None:
        book = run.logbook.of(account.id)
        patient = collector.exchange.before(collector.clock.now() + estimating.PATIENCE)
        tools = estimating.Estimating(patient, collector.store, collector.vault, run.id)
        await estimating.take(tools, account, run.at, run.book, book)
        run.logbook.keep(book)


async def _collect_one(collector: Collector, run: _Run, account: Account) -> AccountReport:
    book = run.logbook.of(account.id)
    try:
        return await _read_and_store(collector, run, account, book)
    except MonitorError as error:
        book.fail("account.failed", str(error), code=error.code)
        return runs.failed(account, run.slot, error)
    except Exception as failure:  # noqa: BLE001 - what is wrong with one account must not stop the others
        book.fail("account.failed", "internal error", failure)
        return runs.failed(account, run.slot, MonitorError("internal error"))
    finally:
        run.logbook.keep(book)


async def _read_and_store(collector: Collector, run: _Run, account: Account, book: Logbook) -> AccountReport:
    """Read the account, decide and commit; decide again on the same reading where somebody else stored meanwhile."""
    clock = collector.clock
    began = clock.now()
    reading = await _read(collector, run, account, book)
    read_ms = _since_ms(clock, began)
    for _ in range(_ATTEMPTS):
        if _is_passed(account, run, reading):
            return AccountReport(account.id, account.name, runs.FRESH, run.slot)
        began = clock.now()
        outcome = await _decide(collector, run, account, reading)
        told = book.draft()
        telling.outcome(told, outcome, {"read_ms": read_ms, "decide_ms": _since_ms(clock, began)})
        logs = (*book.entries, *told.entries)
        try:
            await collector.store.commit(account, run.id, outcome, runs.status_of(outcome), logs)
        except VersionMoved:
            account = await collector.store.load(account.id)
        else:
            book.take()  # they are kept with the commit
            told.publish()
            return runs.stored(account, run.slot, outcome)
    return AccountReport(account.id, account.name, runs.BUSY, run.slot)


async def _read(collector: Collector, run: _Run, account: Account, book: Logbook) -> Reading:
    """Read the account, once more at a new time if money moved in between."""
    secret = json.loads(collector.vault.open(account.id, account.sealed_key))
    key = Credentials(account.id, secret["api_key"], secret["secret"])
    reading = await read_account(collector.exchange, key, account.state, run.at, run.book)
    if surveying.crosses(account.state, account.policy, reading, run.slot):
        book.tell("account.reread", "money moved while the account was read, so it is read once more")
        at, prices = await read_market(collector.exchange)
        reading = await read_account(collector.exchange, key, account.state, at, prices)
    tell_unread(book, reading)
    return reading


async def _decide(collector: Collector, run: _Run, account: Account, reading: Reading) -> Outcome:
    """Fetch what deciding takes beyond the reading, if anything is new, and decide."""
    state, policy, store = account.state, account.policy, collector.store
    asked = (reading.at,) if run.order.retake == "rebalance" else ()
    state = replace(state, rebalances=(*state.rebalances, *asked))
    found = surveying.survey(state, policy, reading, run.slot)
    truth = await store.truth(account.id) if found.needs_truth else None
    instants = sorted({movement.at for movement in found.movements})
    bases = await store.bases(account.id, instants) if instants else {}
    wanted = surveying.wants(state, policy, reading, found, bases, truth)
    opens = await read_opens(collector.exchange, wanted, reading.book) if wanted else {}
    observation = Observation(run.slot, collector.slot_minutes, reading, opens, bases)
    outcome = cycle.advance(cycle.Case(state, policy, observation, collector.exchange.readable, truth))
    return replace(outcome, rebalances=asked)


def _is_passed(account: Account, run: _Run, reading: Reading) -> bool:
    """Tell whether what is stored is later than the reading, or as good: another run was here, or a clock went back."""
    last = account.state.checkpoint.last if account.state.checkpoint is not None else None
    if last is not None and (last.slot > run.slot or last.at >= reading.at):
        return True
    if any(held.slot != run.slot and held.at >= reading.at for held in account.state.held):
        return True
    return last is not None and last.slot == run.slot and run.order.retake == "no"


def _since_ms(clock: Clock, began: datetime) -> int:
    return round((clock.now() - began).total_seconds() * 1000)
