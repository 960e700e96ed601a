"""Say whether the product works, without an amount and without a secret."""

from collections.abc import Mapping
from datetime import timedelta

from lib.errors import MonitorError
from lib.ports import Clock, Store

VERSION = "0.1.0"
_STALE_SLOTS = 2


async def check(store: Store, clock: Clock, slot_minutes: int, house: Mapping[str, object]) -> dict[str, object]:
    """Return what a monitor wants to know; `status` is down when the database does not answer.

    `house` is what the page must know before anybody is let in.
    """
    try:
        newest = await store.newest()
    except MonitorError:
        return {**_report("down", "unreachable", None), **house}
    age = None if newest is None else clock.now() - newest
    late = age is not None and age > timedelta(minutes=_STALE_SLOTS * slot_minutes)
    seconds = None if age is None else round(age.total_seconds())
    return {**_report("degraded" if late else "ok", "ok", seconds), **house}


def _report(status: str, store: str, age_s: int | None) -> dict[str, object]:
    return {"status": status, "version": VERSION, "store": store, "newest_snapshot_age_s": age_s}
