"""After a run: judge every account, keep what began and what is over, and tell the people who want to hear.

What is kept and its message are one transaction, so a process that dies before it has sent leaves the message to the
next run: people may hear a thing twice, and never not at all, of each account in order. Nothing of it can fail a run.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib import log
from lib.alert_ports import Alarms, Notifier
from lib.alert_records import Delivery, Message, Notice, Watched, WatchedAccount
from lib.domain import alerts, digest
from lib.errors import MonitorError
from lib.ports import Clock, Store
from lib.usecases import alert_words, digesting
from lib.usecases.logbook import Logbook

BEGAN, ENDED, DIGEST, SENT, FAILED, DROPPED = (
    "alert.began",
    "alert.ended",
    "alert.digest",
    "alerts.sent",
    "alerts.failed",
    "alerts.dropped",
)
_LEASE_S = 60  # longer than sending takes; for so long a message of a process that died waits
_OLDEST = timedelta(days=2)  # that no service took is no news any more
_DIGESTS_A_RUN = 20  # each reads a history; the others come with the next run


@dataclass(frozen=True, slots=True)
class Alerting:
    """The ports that telling people takes."""

    alarms: Alarms
    notifier: Notifier
    store: Store
    clock: Clock


async def tell(tools: Alerting, watched: Watched, run: str, slot_minutes: int) -> None:
    """Judge what was seen and tell it. A database that does not answer leaves it to the next run."""
    try:
        await _tell(tools, watched, Logbook(run, tools.clock), slot_minutes)
    except MonitorError as error:
        log.error("alerts not settled", error, run=run)
    except Exception as failure:  # noqa: BLE001 - the run is over and well; what went wrong here is told and no more
        log.error("alerts not settled", failure, run=run)


async def _tell(tools: Alerting, watched: Watched, book: Logbook, slot_minutes: int) -> None:
    now = tools.clock.now()
    notices = [notice for account in watched.accounts for notice in _episodes(account, now, slot_minutes)]
    notices += await _digests(tools, watched.accounts, now, book)
    if not notices and not watched.waiting:
        return
    for notice in notices:
        _note(book, notice)
    logs = book.take()
    messages, dropped = await tools.alarms.settle(book.run, notices, now, now - _OLDEST, _LEASE_S, logs)
    if dropped:
        book.fail(DROPPED, f"{dropped} messages that no service took for two days were dropped", messages=dropped)
    if messages:
        await _send(tools, messages, book)
    elif dropped:
        await tools.alarms.end(book.run, [], sent=False, logs=book.take())


async def _send(tools: Alerting, messages: Sequence[Message], book: Logbook) -> None:
    """Send what is waiting as one message, so that a bad hour of many accounts is not a flood.

    It is told once any service has taken it: who reads none of the others is not told twice.
    """
    deliveries = await tools.notifier.send(*alert_words.together(messages))
    sent = any(one.delivered for one in deliveries)
    failed = [one for one in deliveries if not one.delivered]
    if sent:
        count = len(messages)
        book.tell(SENT, f"{count} message{'s were' if count > 1 else ' was'} sent", messages=count)
    if failed:
        after = "others did" if sent else "the next run tries again"
        book.fail(FAILED, f"not taken by {alert_words.services(failed)}; {after}; ./monitor alerts test tries them")
    await tools.alarms.end(book.run, [one.number for one in messages], sent=sent, logs=book.take())


async def test(notifier: Notifier) -> tuple[Delivery, ...]:
    """Send a message that says nothing but that it arrives."""
    return await notifier.send(*alert_words.TEST)


def _episodes(account: WatchedAccount, now: datetime, slot_minutes: int) -> list[Notice]:
    judged = alerts.judge(now, account.sight, account.limits, slot_minutes, account.episodes)
    changes = alerts.settle(now, judged, account.episodes)
    return [alert_words.notice(account, change) for change in changes]


async def _digests(
    tools: Alerting, accounts: Sequence[WatchedAccount], now: datetime, book: Logbook
) -> tuple[Notice, ...]:
    due = [
        (account, period)
        for account in accounts
        if (period := digest.due(account.limits.digest, account.digest_until, now)) is not None
    ][:_DIGESTS_A_RUN]
    written = [digesting.write(tools.store, account, period) for account, period in due]
    found = await asyncio.gather(*written, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            book.fail(DIGEST, "a digest could not be written; the next run tries again", one)
    return tuple(one for one in found if isinstance(one, Notice))


def _note(book: Logbook, notice: Notice) -> None:
    of_account = book.of(notice.account)
    if notice.change == "begin":
        of_account.warn(BEGAN, notice.detail, kind=notice.kind)
    elif notice.change == "end":
        of_account.tell(ENDED, notice.body or "nobody wants to hear of it any more", kind=notice.kind)
    else:
        of_account.tell(DIGEST, "a digest is ready", until=notice.at)
    book.keep(of_account)
