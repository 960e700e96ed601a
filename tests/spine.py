"""The whole spine for tests: the real use cases over the demo exchange and a database of their own."""

import json
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from lib import settings
from lib.demo import scenario
from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, keys_of
from lib.demo.transport import DemoTransport
from lib.demo.world import World
from lib.domain.benchmark import Policy
from lib.domain.prices import history_of
from lib.domain.replay import Facts, replay
from lib.domain.requests import CollectOrder
from lib.local import data_api
from lib.records import AccountHistory, NewAccount
from lib.settings import Settings
from lib.usecases import accounts
from lib.usecases.collect import collect
from lib.usecases.runs import AccountReport, RunReport
from lib.vault import generate_key
from lib.wiring import StoreHome, Wired, build
from tests.wires import Wire

BORN_AT = datetime(2026, 8, 24, 7, 0, tzinfo=UTC)  # a Monday, five hours before a rebalance
ENCRYPTION_KEY = os.environ.get("TEST_ENCRYPTION_KEY") or generate_key()  # one for a process and those it starts
TABLES = {
    "accounts": "id, name, version, policy, state, status_code, status_detail, inception, lease_run",
    # Not what prices did so far: it is summed up from look to look.
    "snapshots": "account_id, slot, at, slot_minutes, nav_usd, complete, whole, missing, unreconciled, benchmark_usd, "
    "nav_index, benchmark_index, flow_usd, rung, note, unrealised_usd",
    "snapshot_details": "*",
    "flows": "account_id, id, at, usd, asset, quantity, value_before_usd, source, detail",
    "prices": "at, (select assets from price_lists where id = list), usd",  # lists are numbered as they come
    "rebalances": "*",
    "benchmark_events": "*",
    "income": "*",
    "estimates": "*",
    "days": "*",
}
ONLY_DETAILS = (
    "select s.account_id, s.slot from snapshots s full join snapshot_details d using (account_id, slot) "
    "where s.slot is null or d.slot is null and s.at > interval '-35 days' + "
    "(select max(at) from snapshots n where n.account_id = s.account_id)"
)
OTHER_DAYS = (
    "with told as (select n.* from accounts a cross join lateral private.days_of(a.id) n) "
    "(table days except table told) union all (table told except table days)"
)


def the_settings() -> Settings:
    """Settings of a demo without anything of this machine's environment."""
    return settings.read({"ENCRYPTION_KEY": ENCRYPTION_KEY, "DEMO_MODE": "true", "COLLECT_EVERY_MINUTES": "60"})


def the_world(*names: str) -> World:
    """The demo world with only these of its accounts, all three where none is named."""
    world = scenario.build(scenario.SEED, BORN_AT)
    kept = tuple(account for account in world.accounts if not names or account.name in names)
    return World(world.seed, world.born_at, world.market, kept)


def crowd(count: int) -> World:
    """A world with `count` ordinary accounts: spot, and every other one futures."""
    world = the_world("Main", "Spot")
    many = tuple(
        replace(
            world.accounts[place % 2],
            name=f"{world.accounts[place % 2].name} {place}",
            uid=900_000 + place,
            api_key=f"{world.accounts[place % 2].api_key[:-3]}{place:03}",
        )
        for place in range(count)
    )
    return World(world.seed, world.born_at, world.market, many)


@dataclass(slots=True)
class Spine:
    """One world, one exchange, one clock, one database, and what stands between them on the wires."""

    world: World
    clock: WorldClock
    exchange: DemoExchange
    to_exchange: Wire
    to_store: Wire
    wired: Wired
    dsn: str
    database: psycopg.Connection
    reports: list[RunReport] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def restart(self) -> None:
        """Go on as a new process would, which knows nothing but what is stored."""
        self.wired = _wired(self.to_exchange, self.to_store, self.clock)

    def change_world(self, change: Callable[[World], World]) -> None:
        self.world = self.exchange.world = change(self.world)

    async def add_accounts(self, *names: str) -> None:
        for account in self.world.accounts:
            if not names or account.name in names:
                await accounts.add(self.wired.collector, account.name, account.api_key, account.api_secret)

    async def add_unasked(self) -> None:
        """Add all accounts without asking the exchange about their keys."""
        await add_unasked(self.wired, self.world)

    async def collect(
        self, at: datetime | None = None, order: CollectOrder | None = None, *, slot_minutes: int = 60
    ) -> RunReport:
        """Run once, at `at` of the world's clock."""
        if at is not None:
            self.clock.set(at)
        self.reports.append(await collect(self.wired.collector_for(slot_minutes), order))
        return self.reports[-1]

    async def collect_at(self, instants: Iterable[datetime]) -> None:
        for at in instants:
            assert (await self.collect(at)).status == "ok"

    async def one(self, at: datetime | None = None, order: CollectOrder | None = None) -> AccountReport:
        """Run once over the only account that is due."""
        (account,) = (await self.collect(at, order)).accounts
        return account

    async def histories(self) -> dict[str, AccountHistory]:
        """Everything stored, by the account's name."""
        return {one.name: one for one in await self.wired.store.history(None, prices=True)}

    def sql(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        cursor = self.database.execute(query.encode(), parameters)
        return cursor.fetchall() if cursor.description else []

    def expire_leases(self) -> None:
        self.sql("update accounts set leased_until = clock_timestamp() - interval '1 second' where lease_run <> ''")

    def stored(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that is stored, without the names of runs: what two databases that lived the same life share."""
        return {table: sorted(self.sql(f"select {columns} from {table}"), key=str) for table, columns in TABLES.items()}

    async def assert_sound(self) -> None:
        """Nothing is half there: what is derived is what the truth gives from scratch, and each part has the other."""
        assert self.sql(ONLY_DETAILS) == []
        assert self.sql(OTHER_DAYS) == []
        for history in (await self.histories()).values():
            truth = await self.wired.store.truth(history.id)
            facts = Facts(history.policy, truth.points, truth.flows, history_of(truth.prices), truth.rebalances)
            story = replay(facts)
            state = (await self.wired.store.load(history.id)).state
            assert history.rows == story.rows
            assert history.events == story.events
            assert state.checkpoint == story.checkpoint
            assert history.inception == (story.checkpoint.inception if story.checkpoint else None)
            late = story.checkpoint.last.at if story.checkpoint else None
            assert set(state.ahead) == {flow for flow in truth.flows if late is None or flow.at > late}
            whole = {(one.at, one.slot) for one in history.partials if _can_come_later(one.missing)}
            assert {(held.at, held.slot) for held in state.held} == whole


async def add_unasked(wired: Wired, world: World) -> None:
    """Add the world's accounts without asking the exchange about their keys."""
    for account in world.accounts:
        id_, name = accounts.identified(account.name)
        secret = json.dumps({"api_key": account.api_key, "secret": account.api_secret})
        sealed = wired.vault.seal(id_, secret)
        await wired.store.add(NewAccount(id_, name, str(account.uid), wired.clock.now(), Policy(), sealed))


def _can_come_later(missing: Iterable[str]) -> bool:
    return all(name.startswith(("flows:", "price:")) and name != "flows:between" for name in missing)


@asynccontextmanager
async def opened(dsn: str, world: World | None = None, at: datetime = BORN_AT) -> AsyncIterator[Spine]:
    """A spine over the database of `dsn`, its world's clock standing at `at`."""
    world = world or the_world()
    clock = WorldClock(at)
    exchange = DemoExchange(world, clock, keys_of(world))
    to_exchange = Wire(DemoTransport(exchange))
    async with data_api.connected(dsn, connections=4) as transport:
        with psycopg.connect(dsn, autocommit=True) as database:
            to_store = Wire(transport)
            wired = _wired(to_exchange, to_store, clock)
            yield Spine(world, clock, exchange, to_exchange, to_store, wired, dsn, database)


def _wired(to_exchange: Wire, to_store: Wire, clock: WorldClock) -> Wired:
    home = StoreHome(data_api.URL, data_api.SECRET_KEY, to_store)
    return build(the_settings(), store=home, exchange=to_exchange, clock=clock)


def hours(start: datetime, count: int, step: int = 1) -> tuple[datetime, ...]:
    """`count` instants, `step` hours apart, the first one `step` after `start`."""
    return tuple(start + timedelta(hours=step * (number + 1)) for number in range(count))
