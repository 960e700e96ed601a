"""One run with latency injected at the two transports, nothing new at the exchange."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.lag import Stopwatch, lag
from tests.bench.postgres import databases
from tests.bench.table import Row, Tell, middle
from tests.spine import Spine, crowd, opened
from tests.wires import Rounds

EXCHANGE_S, DATABASE_S = 0.05, 0.02
EXCHANGE_ROUNDS, DATABASE_ROUNDS = 4, 3
_BOUNDS_S = {1: 0.35, 10: 0.6, 100: 4.0}
_RUNS = {1: 7, 10: 7, 100: 3}
_REQUESTS_PER_ACCOUNT = 10
_CALLS_PER_RUN = 3
_FULLEST_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class _Run:
    """One run as it was timed. Units: `cpu_s` of this process, `exchange_s` of it inside the demo exchange."""

    wall_s: float
    cpu_s: float
    exchange_s: float


@dataclass(frozen=True, slots=True)
class _Counts:
    """What one run came to on the wires."""

    exchange_rounds: int
    database_rounds: int
    most_requests: int  # of any one account
    refused: int
    fullest: float  # pool, as a share of its limit
    calls: int
    weights: str


async def rows(tell: Tell) -> list[Row]:
    """Measure runs over one, ten and a hundred accounts."""
    found: list[Row] = []
    with databases() as server:
        for count, bound_s in _BOUNDS_S.items():
            tell(f"collect: adding {count} accounts, then {_RUNS[count]} runs")
            async with opened(server.fresh(), crowd(count)) as spine:
                await _begin(spine)
                counted = await _count(spine)
                runs = [await _time(spine) for _ in range(_RUNS[count])]
            found.extend(_told(count, bound_s, runs, counted))
    return found


async def _begin(spine: Spine) -> None:
    """Add the accounts, minute by minute so that no weight limit is reached, and take their first snapshots."""
    for account in spine.world.accounts:
        await spine.add_accounts(account.name)
        spine.clock.pass_time(10)
    await _run(spine)
    # Each account's past is estimated once in its life, one a run: that is behind them.
    spine.sql("update accounts set state = jsonb_set(state, '{estimated}', 'true')")
    await _run(spine)


async def _run(spine: Spine) -> None:
    """Run in a minute of its own: minutes are the slots, and the exchange's windows of weight."""
    spine.clock.pass_time(60 - spine.now.timestamp() % 60)
    report = await spine.collect(slot_minutes=1)
    if {account.status for account in report.accounts} != {"stored"}:
        raise AssertionError(f"a run stored not all: {report.status}")
    if any(account.flows or account.rebalances for account in report.accounts):
        raise AssertionError("something new happened in a run that should find nothing new")


async def _count(spine: Spine) -> _Counts:
    """Let the requests of one run go in step, and count."""
    spine.to_exchange.clear()
    spine.to_store.clear()
    spine.exchange.requests.clear()
    spine.exchange.meter.peaks.clear()
    exchange, database = Rounds(), Rounds()
    spine.to_exchange.before.append(exchange)
    spine.to_store.before.append(database)
    await _run(spine)
    per_account = Counter(asked.account for asked in spine.exchange.requests if asked.account)
    weights = spine.reports[-1].weight
    counts = _Counts(
        exchange.count,
        database.count,
        max(per_account.values()),
        sum(call.status != 200 for call in spine.to_exchange.calls),
        float(max(spine.exchange.meter.peaks.values())),
        len(spine.to_store.calls),
        ", ".join(f"{pool} {weight}" for pool, weight in sorted(weights.items())),
    )
    spine.to_exchange.clear()
    spine.to_store.clear()
    return counts


async def _time(spine: Spine) -> _Run:
    spine.to_exchange.before[:] = [lag(EXCHANGE_S)]
    spine.to_store.before[:] = [lag(DATABASE_S)]
    inner = spine.to_exchange.inner
    watch = spine.to_exchange.inner = Stopwatch(inner)
    wall, cpu = time.perf_counter(), time.process_time()
    await _run(spine)
    run = _Run(time.perf_counter() - wall, time.process_time() - cpu, watch.total_s)
    spine.to_exchange.inner = inner
    spine.to_exchange.clear()
    spine.to_store.clear()
    return run


def _told(count: int, bound_s: float, runs: list[_Run], counted: _Counts) -> Iterator[Row]:
    name = "1 account" if count == 1 else f"{count} accounts"
    floor_s = counted.exchange_rounds * EXCHANGE_S + counted.database_rounds * DATABASE_S
    cpu, exchange = middle([run.cpu_s for run in runs]), middle([run.exchange_s for run in runs])
    yield Row(
        f"collect, {name}, nothing new",
        middle([run.wall_s for run in runs]),
        "s",
        bound_s,
        f"floor {floor_s:.2f} s ({counted.exchange_rounds} x {EXCHANGE_S * 1000:.0f} ms + {counted.database_rounds} x "
        f"{DATABASE_S * 1000:.0f} ms); this process was busy for {cpu:.2f} s, {exchange:.2f} s of it as the demo "
        "exchange",
    )
    yield Row("  exchange rounds one after another", counted.exchange_rounds, "", EXCHANGE_ROUNDS)
    yield Row("  database rounds one after another", counted.database_rounds, "", DATABASE_ROUNDS)
    refused = f"{counted.refused} of them refused; " if counted.refused else ""
    note = f"{refused}weights of the run by pool: {counted.weights}"
    yield Row("  exchange requests per account", counted.most_requests, "", _REQUESTS_PER_ACCOUNT, note)
    yield Row("  fullest pool, of its limit", counted.fullest * 100, "%", _FULLEST_SHARE * 100)
    yield Row("  database calls per run", counted.calls, "", _CALLS_PER_RUN + count)
