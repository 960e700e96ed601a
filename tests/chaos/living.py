"""Plays a plan through the whole product: the real use cases, the real database, the demo exchange beneath."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import httpx
import psycopg

from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, keys_of
from lib.demo.transport import DemoTransport
from lib.domain.replay import Row
from lib.domain.requests import CollectOrder
from lib.local import data_api
from lib.records import AccountHistory
from lib.usecases.alerting import Alerting
from lib.usecases.collect import DEADLINE_S, Collector, collect
from lib.usecases.runs import RunReport
from lib.wiring import StoreHome, Wired, build
from tests.chaos import post
from tests.chaos.flaw import Flaw
from tests.chaos.histories import DEPOSITS, WITHDRAWALS, Hidden, Moment, Run
from tests.chaos.post import MESSAGE_LEASE, WRITTEN, Mailbox, Postman
from tests.chaos.turns import InTurn, Turns
from tests.chaos.worlds import Place
from tests.spine import Spine, the_settings
from tests.wires import Death, Wire, at_call

LEASE = timedelta(seconds=DEADLINE_S + 10)

type End = RunReport | BaseException


@dataclass(frozen=True, slots=True)
class Passed:
    """How a moment went: when it really began and ended, and what came of its runs."""

    moment: Moment
    began: datetime
    ended: datetime
    ends: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What was stored before a moment passed, and after it."""

    passed: Passed
    before: Mapping[str, AccountHistory]
    after: Mapping[str, AccountHistory]

    def newest(self, name: str) -> list[Row]:
        """Return every row that was the newest one at some time in between."""
        old = self.before[name].rows[-1:] if name in self.before else ()
        since = old[0].at if old else self.passed.began
        return [*old, *(row for row in self.after[name].rows if row.at >= since)]


@dataclass(slots=True)
class House:
    """A database in which one life after the other is lived."""

    dsn: str
    database: psycopg.Connection
    transport: httpx.AsyncBaseTransport

    async def settle(
        self, place: Place, hidden: tuple[Hidden, ...] = (), limits: Mapping[str, str] | None = None
    ) -> "Life":
        """Forget who lived here, and stand at the start of a world with its accounts added."""
        self.database.execute(f"truncate accounts, prices, logs, chores, bans, {WRITTEN} restart identity cascade")
        clock = WorldClock(place.start)
        exchange = DemoExchange(place.world, clock, keys_of(place.world))
        to_exchange, to_store = Wire(DemoTransport(exchange)), Wire(self.transport)
        home = StoreHome(data_api.URL, data_api.SECRET_KEY, to_store)
        wired = build(the_settings(), store=home, exchange=to_exchange, clock=clock)
        spine = Spine(place.world, clock, exchange, to_exchange, to_store, wired, self.dsn, self.database)
        await spine.add_unasked()
        for account in place.world.accounts if limits else ():
            await wired.register.set_alerts(account.name.lower(), limits or {}, clock.now(), "settled")
        return Life(spine, place, Flaw(self.transport), hidden, limits or {})


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[House]:
    """Open a migrated database to live in."""
    async with data_api.connected(dsn, connections=4) as transport:
        with psycopg.connect(dsn, autocommit=True) as database:
            post.keep_what_is_written(database)
            yield House(dsn, database, transport)


@dataclass(slots=True)
class Process:
    """One process: its own memory, its own wires."""

    to_exchange: Wire
    to_store: Wire
    to_people: Wire
    wired: Wired
    postman: Postman
    death: Death | None = None

    @property
    def is_dead(self) -> bool:
        return self.death is not None and self.death.dead

    @property
    def wires(self) -> tuple[Wire, ...]:
        return self.to_exchange, self.to_store, self.to_people

    def collector(self, *, tells: bool) -> Collector:
        """The ports of a run."""
        wired = self.wired
        telling = Alerting(wired.alarms, self.postman, wired.store, wired.clock) if tells else None
        return replace(wired.collector, alerting=telling)

    def clear(self) -> None:
        """Take away what was to strike it."""
        for wire in self.wires:
            wire.clear()
        self.death = None


@dataclass(slots=True)
class Life:
    """Everything that works on one database; `spine` looks on from beside, undisturbed."""

    spine: Spine
    place: Place
    flaw: Flaw
    hidden: tuple[Hidden, ...] = ()
    limits: Mapping[str, str] = field(default_factory=dict)  # of alerts; none: nobody is told of anything
    mailbox: Mailbox = field(default_factory=Mailbox)
    turns: Turns = field(default_factory=Turns)
    processes: dict[int, Process] = field(default_factory=dict)
    passed: list[Passed] = field(default_factory=list)
    judged: list[tuple[str, int]] = field(default_factory=list)  # the versions that were held against the laws last
    known: dict[str, AccountHistory] = field(default_factory=dict)  # what was stored then
    looks: list[Look] = field(default_factory=list)
    read: int = 0  # messages that were held against the laws

    async def play(self, moment: Moment) -> Passed:
        """Let everything of one moment happen, to its very end."""
        clock, exchange = self.spine.clock, self.spine.exchange
        clock.set(max(clock.now(), moment.at))
        began, exchange.faults, self.mailbox.deaf = clock.now(), list(moment.faults), moment.deaf
        if not self.passed or began >= self.passed[-1].began + LEASE:
            self.spine.expire_leases()
        if not self.passed or began >= self.passed[-1].ended + MESSAGE_LEASE:
            post.let_go(self.spine.database)
        self.flaw.renew(moment.database)
        before = asyncio.all_tasks()
        async with self.turns.opened(moment.turns) as handing_out:
            tasks = await self._run_all(moment)
            while left := asyncio.all_tasks() - before - {handing_out}:
                await asyncio.wait(left)
        exchange.faults = []
        self.processes = {number: one for number, one in self.processes.items() if not one.is_dead}
        for process in self.processes.values():
            process.clear()
        self.passed.append(Passed(moment, began, clock.now(), tuple(map(_end, tasks))))
        return self.passed[-1]

    async def _run_all(self, moment: Moment) -> list[asyncio.Task[RunReport]]:
        """Start the runs when their time has come, at the latest when all others have ended."""
        first, *others = moment.runs
        waiting = sorted(others, key=lambda run: run.after)
        tasks = [self._start(moment, first)]

        def watch(count: int) -> None:
            while waiting and waiting[0].after <= count:
                tasks.append(self._start(moment, waiting.pop(0)))

        self.turns.watchers.append(watch)
        ended = 0
        while ended < len(tasks) or waiting:
            if ended == len(tasks):
                tasks.append(self._start(moment, waiting.pop(0)))
            await asyncio.wait([tasks[ended]])
            ended += 1
        return tasks

    def _start(self, moment: Moment, run: Run) -> asyncio.Task[RunReport]:
        process = self.processes.get(run.process)
        if process is None or process.is_dead:
            process = self.processes[run.process] = self._process()
        if moment.leases_end:
            self.spine.expire_leases()
        order = CollectOrder(retake="rebalance" if run.asks else "force" if run.force else "no")
        task = asyncio.create_task(collect(process.collector(tells=bool(self.limits)), order))
        process.to_exchange.edits[:] = [self._hide]
        if run.dies_at is not None:
            process.death = Death(run.dies_at, run.answered)
            process.death.hang(*process.wires)
        if run.ends_at is not None:
            breaking_off = at_call(run.ends_at, "", lambda: _break_off(task))
            for wire in process.wires:
                wire.before.append(breaking_off)
        for slow in moment.slow:
            passing = partial(self.spine.clock.pass_time, slow.seconds)
            process.to_exchange.before.append(at_call(slow.call, slow.path, passing))
        return task

    def _process(self) -> Process:
        """Start a process that knows nothing but what is stored."""
        to_exchange = Wire(DemoTransport(self.spine.exchange))
        to_store, to_people = Wire(self.flaw), Wire(self.mailbox)
        home = StoreHome(data_api.URL, data_api.SECRET_KEY, InTurn(to_store, self.turns))
        exchange = InTurn(to_exchange, self.turns)
        wired = build(the_settings(), store=home, exchange=exchange, clock=self.spine.clock)
        return Process(to_exchange, to_store, to_people, wired, Postman(InTurn(to_people, self.turns)))

    def _hide(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        """Keep rows that are listed too late out of an answer that is whole."""
        if request.url.path not in (DEPOSITS, WITHDRAWALS) or response.status_code != httpx.codes.OK:
            return response
        hidden = {one.id for one in self.hidden if self.spine.now < one.until}
        try:
            rows = [row for row in json.loads(response.content) if row["id"] not in hidden]
        except ValueError:  # torn
            return response
        return httpx.Response(response.status_code, headers=response.headers, json=rows, request=request)


def _break_off(task: asyncio.Task[RunReport]) -> None:
    task.cancel()


def _end(task: asyncio.Task[RunReport]) -> End:
    if task.cancelled():
        return asyncio.CancelledError()
    return task.exception() or task.result()
