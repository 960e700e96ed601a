"""Runs collect at the start of every slot, and again within five minutes unless that settled it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from lib import log
from lib.domain.schedule import slot_start
from lib.errors import MonitorError
from lib.usecases.collect import collect
from lib.usecases.runs import OK
from lib.wiring import Wired

_RETRY_S = 300.0


async def run(wired: Wired, wait: Callable[[float], Awaitable[None]]) -> None:
    """Collect for ever. `wait` lets seconds of real time pass: on a world's clock they would be gone at once."""
    while True:
        settled = await _once(wired)
        now, minutes = wired.clock.now(), wired.settings.collect_every_minutes
        until_next_s = (slot_start(now, minutes) + timedelta(minutes=minutes) - now).total_seconds()
        await wait(until_next_s if settled else min(until_next_s, _RETRY_S))


async def _once(wired: Wired) -> bool:
    try:
        report = await collect(wired.collector)
    except MonitorError as error:
        log.error("run failed", error)
        return False
    except Exception as failure:  # noqa: BLE001 - the next slot must be tried whatever this one did
        log.error("run failed", failure)
        return False
    return report.status == OK  # where nothing is due, another run may hold the accounts, and never finish
