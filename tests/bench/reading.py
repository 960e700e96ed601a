"""The history of five years of hours, through the handler that is deployed: time, size, and where the time goes."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from lib.demo.clock import WorldClock
from lib.domain.requests import HistoryRequest
from lib.local import data_api
from lib.local.site import site
from lib.wiring import StoreHome, Wired, build
from tests.bench import years
from tests.bench.lag import Stopwatch
from tests.bench.postgres import databases
from tests.bench.storing import copy_account, store_years
from tests.bench.table import Row, Tell, middle
from tests.spine import the_settings

YEARS = 5
_BOUND_MS, _BOUND_KB = 150, 25
_WHAT_IF_MS = 1000
_WHAT_IF = "BTC:0.6,ETH:0.4"
_RUNS = 5


@dataclass(frozen=True, slots=True)
class _Asked:
    """One answer. Units: `busy_ms` of this process alone, `read_ms` with making values of what came."""

    whole_ms: float
    busy_ms: float
    database_ms: float
    read_ms: float
    answer: httpx.Response


async def rows(tell: Tell) -> list[Row]:
    """Measure one account, then All of one, then All of three."""
    found: list[Row] = []
    with databases() as server:
        dsn = server.fresh()
        tell(f"history: storing {YEARS} years of hours")
        store_years(dsn, YEARS)
        async with _serving(dsn) as (wired, watch, http):
            tell("history: reading one account")
            found += await _measure("one account", "main", wired, watch, http)
            tell("history: reading one account against another benchmark")
            found.append(await _what_if("main", watch, http))
            tell("history: reading All of one account, then of three")
            found += await _measure("All of one account", "all", wired, watch, http)
            copy_account(dsn, "main", "second", "third")
            found += await _measure("All of three accounts", "all", wired, watch, http)
            tell("history: reading 90 days of them")
            found.append(await _short(watch, http))
    return found


@asynccontextmanager
async def _serving(dsn: str) -> AsyncIterator[tuple[Wired, Stopwatch, httpx.AsyncClient]]:
    """Serve what `dsn` holds in this process, without a socket."""
    async with data_api.connected(dsn, connections=2) as transport:
        watch = Stopwatch(transport)
        clock = WorldClock(years.BORN_AT)
        wired = build(the_settings(), store=StoreHome(data_api.URL, data_api.SECRET_KEY, watch), clock=clock)

        async def wiring() -> Wired:
            return wired

        application = httpx.ASGITransport(site(wiring, lambda: None))
        async with httpx.AsyncClient(transport=application, base_url="http://127.0.0.1") as http:
            yield wired, watch, http


async def _measure(what: str, account: str, wired: Wired, watch: Stopwatch, http: httpx.AsyncClient) -> tuple[Row, Row]:
    asked = [await _ask(account, wired, watch, http) for _ in range(_RUNS)]
    whole = middle([one.whole_ms for one in asked])
    database, read = middle([one.database_ms for one in asked]), middle([one.read_ms for one in asked])
    answer = asked[0].answer
    note = (
        f"database {database:.0f} ms, making values of its rows {read - database:.0f}, figures and answer the rest; "
        f"this process was busy for {middle([one.busy_ms for one in asked]):.0f}"
    )
    raw = f"{len(answer.content) / 1e3:.0f} kB raw"
    return (
        Row(f"history, {YEARS} years hourly, {what}", whole, "ms", _BOUND_MS, note),
        Row("  its size as it is sent", answer.num_bytes_downloaded / 1e3, "kB", _BOUND_KB, raw),
    )


async def _what_if(account: str, watch: Stopwatch, http: httpx.AsyncClient) -> Row:
    whole_ms, database_ms = await _times(account, watch, http, benchmark=_WHAT_IF)
    note = f"{_WHAT_IF}, told anew from the first snapshot on; database {database_ms:.0f} ms"
    return Row(f"history, {YEARS} years hourly, what if", whole_ms, "ms", _WHAT_IF_MS, note)


async def _short(watch: Stopwatch, http: httpx.AsyncClient) -> Row:
    whole_ms, database_ms = await _times("all", watch, http, range="90d")
    note = f"All of three accounts; their index starts {YEARS} years ago; database {database_ms:.0f} ms"
    return Row("history, the last 90 days of it", whole_ms, "ms", _BOUND_MS, note)


async def _times(account: str, watch: Stopwatch, http: httpx.AsyncClient, **asked: str) -> tuple[float, float]:
    """Return how long an answer takes, and the database for it, in ms."""
    whole_ms, database_ms = [], []
    for _ in range(_RUNS):
        watch.total_s, began = 0.0, time.perf_counter()
        await _answered(http, account, **asked)
        whole_ms.append((time.perf_counter() - began) * 1e3)
        database_ms.append(watch.total_s * 1e3)
    return middle(whole_ms), middle(database_ms)


async def _answered(http: httpx.AsyncClient, account: str, **more: str) -> httpx.Response:
    answer = await http.get("/api/history", params={"account": account, "range": "all"} | more)
    answer.raise_for_status()
    return answer


async def _ask(account: str, wired: Wired, watch: Stopwatch, http: httpx.AsyncClient) -> _Asked:
    watch.total_s, began = 0.0, time.perf_counter()
    if account == "all":  # as the handler reads them
        await wired.store.parts()
    else:
        await wired.store.history(account, drawn=HistoryRequest(account))
    read_s, database_s = time.perf_counter() - began, watch.total_s
    began, busy = time.perf_counter(), time.process_time()
    answer = await _answered(http, account)
    whole_s, busy_s = time.perf_counter() - began, time.process_time() - busy
    return _Asked(whole_s * 1e3, busy_s * 1e3, database_s * 1e3, read_s * 1e3, answer)
