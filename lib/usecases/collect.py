"""Collect: claim what is due, read the market once, then each account: gather, decide, commit."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lib import log
from lib.domain import cycle, turning
from lib.domain import survey as surveying
from lib.domain.reading import Observation, Reading
from lib.domain.requests import CollectOrder
from lib.domain.schedule import slot_start
from lib.domain.state import Outcome
from lib.errors import MonitorError
from lib.ports import Clock, Credentials, Exchange, Store, Usage, Vault
from lib.records import Account, Claim, LogLimits, VersionMoved
from lib.usecases import alerting, estimating, keycheck, runs, telling, watch
from lib.usecases.alerting import Alerting
from lib.usecases.flow_reading import widened, with_rows_of
from lib.usecases.income import tell_unread
from lib.usecases.logbook import Logbook
from lib.usecases.market import SharedMarket
from lib.usecases.opens import read_opens
from lib.usecases.reading import Market, read_account, read_market
from lib.usecases.renewal import renewed
from lib.usecases.runs import AccountReport, RunReport

DEADLINE_S = 100
_CLAIM_LIMIT = 400
_AT_ONCE = 100  # accounts; the others wait, so that those who began come to an end
_LAST_START_S = 15  # before the deadline: who begins later would hardly come to an end
_ATTEMPTS = 3
_NO_TURN = "turn_not_come"


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
    allow_trading_keys: bool = False
    alerting: Alerting | None = None  # None: nobody is told


@dataclass(frozen=True, slots=True)
class _Run:
    id: str
    slot: datetime
    market: SharedMarket
    order: CollectOrder
    logbook: Logbook
    last_start: datetime
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))


async def collect(collector: Collector, order: CollectOrder | None = None) -> RunReport:
    """Run once over the accounts that are due. Any number of runs at once leave one snapshot per account and slot.

    One account's failure never stops another. Raises: NotFound for an unknown account; Unavailable when the database
    does not answer, and then nothing is half-stored. Retry: safe. Source: product, 5.
    """
    order = order or CollectOrder()
    store, clock = collector.store, collector.clock
    run_id, started, before = secrets.token_hex(8), clock.now(), collector.exchange.usage()
    deadline = started + timedelta(seconds=DEADLINE_S)
    collector = replace(collector, exchange=collector.exchange.before(deadline))
    slot = slot_start(started, collector.slot_minutes)
    force = order.retake != "no"
    logbook = Logbook(run_id, clock)
    try:
        claim = await store.claim(
            run_id, slot, lease_s=collector.lease_s, limit=_CLAIM_LIMIT, account=order.account, force=force
        )
        if order.account is not None and not claim.accounts:
            await store.load(order.account)  # one that is not there is an error, not one that is not due
        reports = await _collect_claimed(collector, claim, slot, order, logbook, deadline)
    except (asyncio.CancelledError, Exception):
        with suppress(MonitorError):
            await store.finish(run_id, {})  # nobody should wait for the leases of a run that is no more
        raise
    report = _report(collector, run_id, started, before, reports)
    if claim.accounts:
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
    watch.address(logbook, collector.exchange)
    counts = Counter(one.status for one in report.accounts)  # no names: an account's own lines go when it is erased
    logbook.tell(
        "run.finished",
        f"{report.status}: " + ", ".join(f"{count} {status}" for status, count in sorted(counts.items())),
        requests=report.requests,
        weight=report.weight,
        duration_ms=report.duration_ms,
    )
    failures = {one.id: one.failure for one in report.accounts if one.failure is not None}
    deferred = [one.id for one in report.accounts if one.status == runs.DEFERRED]
    banned_until = collector.exchange.banned_until
    try:
        watched = await collector.store.finish(
            report.run,
            failures,
            logbook.take(),
            report.started_at,
            collector.log_limits,
            deferred=deferred,
            banned_until=banned_until,
            watch=collector.alerting is not None,
        )
    except MonitorError as error:
        log.error("run not finished", error, run=report.run)
        return
    if collector.alerting is not None and watched is not None:
        await alerting.tell(collector.alerting, watched, report.run, collector.slot_minutes)


async def _collect_claimed(
    collector: Collector, claim: Claim, slot: datetime, order: CollectOrder, logbook: Logbook, deadline: datetime
) -> tuple[AccountReport, ...]:
    """Collect every account in the claim's order, as many at once as there are places."""
    if not claim.accounts:
        return ()
    try:
        await watch.knock(collector.exchange, claim, collector.clock)
        market = SharedMarket(collector.exchange, collector.clock)
        await market()
    except MonitorError as error:
        logbook.fail("run.failed", str(error), code=error.code)
        return tuple(runs.failed(account, slot, error) for account in claim.accounts)
    run = _Run(logbook.run, slot, market, order, logbook, deadline - timedelta(seconds=_LAST_START_S))
    reports = tuple(await asyncio.gather(*(_in_turn(collector, run, account) for account in claim.accounts)))
    await _estimate_one(collector, run, claim.accounts, reports)
    return reports


async def _estimate_one(
    collector: Collector, run: _Run, accounts: Sequence[Account], reports: Sequence[AccountReport]
) -> None:
    """Estimate the past of one account that was just stored, if there is one left to do it for and time for it."""
    stored = {report.id for report in reports if report.status == runs.STORED}
    account = estimating.chosen([account for account in accounts if account.id in stored], run.slot)
    now, market = collector.clock.now(), run.market.latest
    if account is None or market is None or now >= run.last_start:
        return
    book = run.logbook.of(account.id)
    patient = collector.exchange.before(now + estimating.PATIENCE)
    tools = estimating.Estimating(patient, collector.store, collector.vault, run.id)
    await estimating.take(tools, account, *market, book)
    run.logbook.keep(book)


async def _in_turn(collector: Collector, run: _Run, account: Account) -> AccountReport:
    """Wait for a place, then collect; what gets none in time, or no leave to ask the exchange, is deferred."""
    async with run.places:
        if collector.clock.now() < run.last_start:
            report = await _collect_one(collector, run, account)
        else:
            report = runs.deferred(account, run.slot)
    if report.status == runs.DEFERRED:
        run.logbook.tell(
            "account.deferred", f"{account.name}: its turn did not come in this run; it is first in the next"
        )
    return report


async def _collect_one(collector: Collector, run: _Run, account: Account) -> AccountReport:
    book = run.logbook.of(account.id)
    try:
        return await _read_and_store(collector, run, account, book)
    except MonitorError as error:
        if error.code == _NO_TURN:
            return runs.deferred(account, run.slot)
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
    heard: list[MonitorError] = []
    collector = replace(collector, exchange=collector.exchange.heard_by(heard.append))
    reading = await _read(collector, run, account, book)
    if any(error.code == _NO_TURN for error in heard):
        return runs.deferred(account, run.slot)
    read_ms = _since_ms(clock, began)
    for _ in range(_ATTEMPTS):
        if _is_passed(account, run, reading):
            return AccountReport(account.id, account.name, runs.FRESH, run.slot)
        began = clock.now()
        outcome = await _decide(collector, run, account, reading)
        told = book.draft()
        watch.failures(told, heard)
        telling.lists(told, account.state, outcome)
        telling.guesses(told, account.policy, outcome, outcome.booked)
        telling.outcome(told, outcome, {"read_ms": read_ms, "decide_ms": _since_ms(clock, began)})
        logs = (*book.entries, *told.entries)
        try:
            await collector.store.commit(account, run.id, outcome, runs.status_of(outcome, heard), logs)
        except VersionMoved:
            account = await renewed(collector.store, account.id, outcome.prices)
        else:
            book.take()  # they are kept with the commit
            told.publish()
            return runs.stored(account, run.slot, outcome)
    return AccountReport(account.id, account.name, runs.BUSY, run.slot)


async def _read(collector: Collector, run: _Run, account: Account, book: Logbook) -> Reading:
    """Read the account, once more at a new time if money moved in between."""
    key = keycheck.credentials(collector.vault, account.id, account.sealed_key)
    allowed = collector.allow_trading_keys
    if account.in_trouble:
        await keycheck.confirm(collector.exchange, key, allow_trading=allowed)
    reading = await _look(collector, run, account, key, run.market)
    if reading.checked is not None:
        keycheck.refuse(reading.checked.risky, allow_trading=allowed)
    if surveying.crosses(account.state, account.policy, reading, run.slot):
        book.tell("account.reread", "money moved while the account was read, so it is read once more")
        seen = turning.turning_back(reading, account.state)
        again = await _look(collector, run, account, key, lambda: read_market(collector.exchange))
        reading = replace(with_rows_of(reading, again), seen=seen)
    tell_unread(book, reading)
    return surveying.as_of_balances(reading)


async def _look(collector: Collector, run: _Run, account: Account, key: Credentials, market: Market) -> Reading:
    """Read the account once: what is due, and what is not due too where its value jumped or that took long."""
    reading = await read_account(collector.exchange, key, account.state, market, collector.clock)
    return await widened(collector.exchange, key, account.state, account.policy, reading, run.slot)


async def _decide(collector: Collector, run: _Run, account: Account, reading: Reading) -> Outcome:
    """Fetch what deciding takes beyond the reading, if anything is new, and decide."""
    state, policy, store = account.state, account.policy, collector.store
    asked = (reading.at,) if run.order.retake == "rebalance" else ()
    state = replace(state, rebalances=(*state.rebalances, *asked), last_prices={**state.last_prices, **reading.closed})
    found = surveying.survey(state, policy, reading, run.slot)
    truth = await store.truth(account.id) if found.needs_truth else None
    found = surveying.survey(state, policy, reading, run.slot, truth) if truth is not None else found
    instants = surveying.lookbacks(state, found, truth)
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
