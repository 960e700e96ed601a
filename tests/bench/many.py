"""A thousand accounts behind one address, on the world's clock: worked through run by run, with the real governor."""

import time
from collections import Counter
from datetime import datetime, timedelta

from tests.bench.postgres import databases
from tests.bench.table import Row, Tell, missing
from tests.spine import BORN_AT, Spine, crowd, opened

ACCOUNTS = 1000
SLOTS = 2
_RETRY = timedelta(minutes=5)  # as the scheduler does
_SHARE = 0.8
_MOST_RUNS = 12  # that fit into an hour


async def rows(tell: Tell) -> list[Row]:
    """Measure how a slot of an hour is worked through."""
    tell(f"many: {ACCOUNTS} accounts, {SLOTS} slots of an hour, a run every five minutes")
    with databases() as server:
        async with opened(server.fresh(), crowd(ACCOUNTS)) as spine:
            await spine.add_unasked()
            found = [row for slot in range(SLOTS) for row in await _slot(spine, slot, tell)]
            return [*found, *_at_the_exchange(spine)]


async def _slot(spine: Spine, slot: int, tell: Tell) -> list[Row]:
    """Run until every account has its snapshot of this hour."""
    start = BORN_AT + slot * timedelta(hours=1)
    began, served, runs = time.perf_counter(), Counter[str](), 0
    deferred: list[int] = []
    while len(served) < ACCOUNTS and runs < _MOST_RUNS:
        report = await spine.collect(max(_next(start, runs), spine.now))
        runs += 1
        served.update(one.id for one in report.accounts if one.status == "stored")
        deferred.append(sum(one.status == "deferred" for one in report.accounts))
        tell(f"many: {len(served)} of {ACCOUNTS} after run {runs}, {deferred[-1]} deferred")
    name = "first" if slot == 0 else "next"
    if len(served) < ACCOUNTS:
        return [missing(f"{ACCOUNTS} accounts, {name} hour", f"{ACCOUNTS - len(served)} were starved")]
    note = f"{sum(deferred)} times an account was deferred; {time.perf_counter() - began:.0f} s of real time"
    return [Row(f"{ACCOUNTS} accounts, {name} hour: runs until all are stored", runs, "", _MOST_RUNS, note)]


def _next(start: datetime, runs: int) -> datetime:
    return start + runs * _RETRY


def _at_the_exchange(spine: Spine) -> list[Row]:
    refused = Counter(call.status for call in spine.to_exchange.calls if call.status in (429, 418))
    pool, peak = max(spine.exchange.meter.peaks.items(), key=lambda item: item[1])
    told = ", ".join(f"{number} x {status}" for status, number in refused.items())
    return [
        Row("  requests the exchange found too many", refused.total(), "", None, told),
        Row("  fullest pool, of its limit", float(peak) * 100, "%", _SHARE * 100, pool),
    ]
