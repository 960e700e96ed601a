"""/api/demo against the real demo home: what a person does to the world, and how the product takes it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import psycopg
import pytest

from lib.domain.requests import CollectOrder
from lib.local import data_api
from lib.local.demo import HISTORY, Demo, build_history, open_demo
from lib.local.diary import Diary
from lib.local.site import site
from lib.usecases.collect import collect
from lib.wiring import StoreHome, Wired
from tests.local.test_site import client_of, is_problem
from tests.spine import BORN_AT, the_settings

NOW = BORN_AT + HISTORY + timedelta(minutes=17)  # when the server is started
AGAIN = CollectOrder(retake="force")
DEPOSIT: dict[str, object] = {
    "action": "deposit",
    "account": "Spot",
    "asset": "USDT",
    "amount": "5000",
    "kind": "network",
}


@dataclass(slots=True)
class Server:
    """What is open while a server runs; its wall stands still until a test moves it."""

    demo: Demo
    wired: Wired
    client: httpx.AsyncClient

    async def act(self, **body: object) -> dict[str, Any]:
        answer = await self.client.post("/api/demo", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def standing(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.get("/api/demo")).json()
        return found

    async def nav(self, account: str) -> Decimal:
        """The newest complete value, in USD."""
        found = next(one for one in await self.wired.store.accounts() if one.id == account)
        assert found.latest is not None
        return found.latest.row.nav_usd

    async def booked(self, account: str) -> dict[str, Decimal]:
        """What the ledger has of the last day: quantities by id."""
        since = (self.demo.clock.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        found = (await self.client.get(f"/api/flows?account={account}&from={since}")).json()["flows"]
        return {entry["id"]: Decimal(entry["quantity"]) for entry in found}


@asynccontextmanager
async def started(dsn: str, wall: datetime = NOW) -> AsyncIterator[Server]:
    """A server over that database, whose 90 days count as built with a snapshot in each of their last two hours."""
    async with data_api.connected(dsn, connections=4) as transport:
        home = StoreHome(data_api.URL, data_api.SECRET_KEY, transport)
        demo, wired = await open_demo(the_settings(), home, lambda: wall, Diary(dsn))
        if demo.progress.building:
            for hours in (1, 0):
                demo.clock.set(BORN_AT + HISTORY - timedelta(hours=hours))
                assert (await collect(wired.collector)).status == "ok"
            demo.progress.done = demo.progress.total
        assert [one async for one in build_history(demo, wired)] == []

        async def wiring() -> Wired:
            return wired

        async with client_of(site(wiring, lambda: demo)) as client:
            yield Server(demo, wired, client)
        await demo.close()
        await wired.close()


@pytest.fixture
async def server(database: str) -> AsyncIterator[Server]:
    async with started(database) as found:
        yield found


async def test_it_is_whole_and_at_rest_at_first(server: Server) -> None:
    assert await server.standing() == {
        "building": None,
        "passing": None,
        "scenario": "choppy",
        "broken": None,
        "accounts": ["Main", "Spot", "Mixed"],
    }


async def test_a_deposit_is_on_its_way_and_the_run_that_is_named_books_it(server: Server) -> None:
    before = await server.nav("spot")
    done = await server.act(**DEPOSIT)
    assert done["run"] == "ok"
    slot = datetime.fromisoformat(done["books_at"])
    assert server.demo.clock.now() < slot <= server.demo.clock.now() + timedelta(minutes=60)
    assert await server.booked("spot") == {}
    assert abs(await server.nav("spot") - before) < before / 20, "it does not count before it has come"
    server.demo.clock.set(slot)
    assert (await collect(server.wired.collector)).status == "ok"
    assert list((await server.booked("spot")).values()) == [Decimal(5000)]
    (flow,) = server.demo.world.flows("Spot", NOW, slot)
    assert (flow.kind, flow.quantity) == ("deposit", Decimal(5000))


@pytest.mark.parametrize("kind", ["pay", "internal", "network"])
@pytest.mark.parametrize(("way", "sign"), [("deposit", 1), ("withdrawal", -1)])
async def test_money_of_any_kind_is_booked_once_and_as_the_world_knows_it(
    server: Server, way: str, sign: int, kind: str
) -> None:
    done = await server.act(action=way, account="Mixed", asset="USDC", amount="150.5", kind=kind)
    assert (done["run"], done["booked"]) == ("ok", kind == "pay")
    server.demo.clock.pass_time(3600)
    assert (await collect(server.wired.collector)).status == "ok"
    (quantity,) = (await server.booked("mixed")).values()
    fee = Decimal("3.5") if (way, kind) == ("withdrawal", "network") else 0
    assert quantity == sign * (Decimal("150.5") + fee)
    since = NOW - timedelta(seconds=1)
    assert [flow.quantity for flow in server.demo.world.flows("Mixed", since, server.demo.clock.now())] == [quantity]


@pytest.mark.parametrize(
    ("way", "asset", "amount", "kind"),
    [
        ("deposit", "USDT", "4000", "p2p"),
        ("deposit", "BTC", "0.05", "card"),
        ("deposit", "EUR", "4000", "bank"),
        ("withdrawal", "USDT", "4000", "p2p"),
        ("withdrawal", "EUR", "150", "bank"),
    ],
)
async def test_what_is_listed_apart_is_booked_by_the_run_that_reads_its_list(
    server: Server, way: str, asset: str, amount: str, kind: str
) -> None:
    await server.act(action=way, account="Mixed", asset=asset, amount=amount, kind=kind)
    for _ in range(2):  # the lists that cost most are read twice a day
        server.demo.clock.pass_time(6 * 3600)
        assert (await collect(server.wired.collector)).status == "ok"
    (quantity,) = (await server.booked("mixed")).values()
    assert quantity == Decimal(amount) * (1 if way == "deposit" else -1)


async def test_a_gift_card_is_in_no_list_so_it_is_a_jump_that_nothing_explains(server: Server) -> None:
    done = await server.act(action="deposit", account="Spot", asset="USDT", amount="4000", kind="gift")
    assert (done["run"], done["booked"]) == ("ok", False)
    history = (await server.client.get("/api/history?account=spot")).json()
    assert [event["kind"] for event in history["events"] if event["kind"] == "unexplained"] == ["unexplained"]


async def test_a_withdrawal_is_fetched_from_where_the_money_lies(server: Server) -> None:
    before = await server.nav("main")
    await server.act(action="withdrawal", account="Main", asset="USDT", amount="20000", kind="network")
    server.demo.clock.pass_time(3600)
    await collect(server.wired.collector)
    assert list((await server.booked("main")).values()) == [Decimal(-20001)]
    assert before - 25000 < await server.nav("main") < before - 15000


async def test_a_coin_that_has_no_price_waits_for_one_and_counts_nothing(server: Server) -> None:
    await server.act(action="deposit", account="Spot", asset="XYZ", amount="1250", kind="network")
    server.demo.clock.pass_time(3600)
    assert (await collect(server.wired.collector)).status == "ok"
    (_, spot, _) = (await server.client.get("/api/accounts")).json()["accounts"]
    assert spot["latest"]["unpriced"] == [{"asset": "XYZ", "quantity": "1250"}]
    assert await server.booked("spot") == {}


async def test_another_market_reigns_from_now_on_and_the_past_stays(server: Server) -> None:
    at, market = server.demo.clock.now(), server.demo.world.market
    assert (await server.act(action="scenario", scenario="crash"))["scenario"] == "crash"
    assert server.demo.world.market.prices(at) == market.prices(at)
    later = at + timedelta(hours=6)
    assert server.demo.world.market.price("BTCUSDT", later) < market.price("BTCUSDT", later) * Decimal("0.9")


async def test_time_passes_run_by_run_and_leaves_no_gap(server: Server) -> None:
    began = server.demo.clock.now()
    assert (await server.act(action="pass", time="1d"))["passing"] == {"done": 0, "total": 24}
    is_problem(await server.client.post("/api/demo", json=DEPOSIT), 503, "unavailable")
    is_problem(await server.client.post("/api/demo", json={"action": "pass", "time": "1h"}), 503, "unavailable")
    (task,) = server.demo.tasks
    await task
    assert (await server.standing())["passing"] is None
    assert timedelta(days=1) < server.demo.clock.now() - began < timedelta(days=1, minutes=1)
    history = (await server.client.get("/api/history?account=spot&range=24h")).json()
    assert (len(history["series"]["t"]), history["gaps"]) == (25, [])


async def test_a_server_that_stops_stops_the_time_that_passes(server: Server) -> None:
    await server.act(action="pass", time="1w")
    (task,) = server.demo.tasks
    await server.demo.close()
    assert task.cancelled()


@pytest.mark.parametrize(
    ("what", "run", "code"),
    [
        ("429", "failed", "error"),
        ("418", "failed", "error"),
        ("5xx", "failed", "error"),
        ("slow", "ok", "ok"),
        ("clock_skew", "ok", "ok"),
        ("wallet_down", "partial", "partial"),
    ],
)
async def test_what_breaks_is_seen_at_once_and_heals_when_it_is_mended(
    server: Server, what: str, run: str, code: str
) -> None:
    done = await server.act(action="break", what=what)
    assert (done["run"], done["broken"]) == (run, what)
    (main, *_) = (await server.client.get("/api/accounts")).json()["accounts"]
    assert main["status"]["code"] == code
    mended = await server.act(action="mend")
    assert (mended["run"], mended["broken"]) == ("ok", None)
    (main, *_) = (await server.client.get("/api/accounts")).json()["accounts"]
    assert main["status"]["code"] == "ok"


async def test_a_ban_ends_by_itself(server: Server) -> None:
    await server.act(action="break", what="418")
    server.demo.clock.pass_time(1801)
    assert (await server.standing())["broken"] is None
    assert (await collect(server.wired.collector)).status == "ok"


async def test_what_was_done_outlives_the_server(database: str) -> None:
    async with started(database) as server:
        await server.act(action="scenario", scenario="bull")
        await server.act(**DEPOSIT)
        await server.act(action="withdrawal", account="Main", asset="USDT", amount="20000", kind="network")
        await server.act(action="pass", time="1h")
        (task,) = server.demo.tasks
        await task
        now, world = server.demo.clock.now(), server.demo.world
        values = [await server.nav(name) for name in ("main", "spot", "mixed")]
    async with started(database, NOW + timedelta(hours=5)) as server:
        assert (await server.standing())["scenario"] == "bull"
        assert [await server.nav(name) for name in ("main", "spot", "mixed")] == values
        later = NOW + timedelta(days=3)
        assert [server.demo.world.nav(one.name, later) for one in world.accounts] == [
            world.nav(one.name, later) for one in world.accounts
        ]
        off = server.demo.clock.now() - now - timedelta(hours=5)
        assert abs(off) < timedelta(minutes=1), "it was down for five hours, and these passed for the world, too"


@pytest.mark.parametrize(("what", "run"), [("wallet_down", "partial"), ("clock_skew", "ok")])
async def test_what_is_broken_stays_so_until_it_is_mended_whatever_server_runs(
    database: str, what: str, run: str
) -> None:
    async with started(database) as server:
        await server.act(action="break", what="429")
        await server.act(action="break", what=what)
    async with started(database, NOW + timedelta(hours=1)) as server:
        assert (await server.standing())["broken"] == what
        assert (await collect(server.wired.collector, AGAIN)).status == run
        assert (await server.act(action="mend"))["run"] == "ok"
    async with started(database, NOW + timedelta(hours=2)) as server:
        assert (await server.standing())["broken"] is None
        assert (await collect(server.wired.collector, AGAIN)).status == "ok"


async def test_a_ban_ends_while_no_server_runs(database: str) -> None:
    async with started(database) as server:
        await server.act(action="break", what="418")
    async with started(database, NOW + timedelta(hours=1)) as server:
        assert (await server.standing())["broken"] is None
        assert (await collect(server.wired.collector)).status == "ok"


async def test_a_world_that_is_born_anew_knows_nothing_of_what_was_done_to_the_old_one(database: str) -> None:
    async with started(database) as server:
        await server.act(action="scenario", scenario="bull")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("truncate accounts cascade")
    async with started(database) as server:
        assert (await server.standing())["scenario"] == "choppy"
        assert await server.demo.diary.read() == ()


REFUSED: list[tuple[dict[str, object], str]] = [
    ({}, "action"),
    ({"action": "explode"}, "action"),
    ({"action": "scenario"}, "scenario"),
    ({"action": "scenario", "scenario": "sideways"}, "scenario"),
    ({"action": "scenario", "scenario": "bull", "what": "429"}, "what"),
    ({"action": "pass", "time": "1y"}, "time"),
    ({"action": "break", "what": "everything"}, "what"),
    ({"action": "mend", "what": "429"}, "what"),
    (DEPOSIT | {"amount": "0"}, "amount"),
    (DEPOSIT | {"amount": "-5"}, "amount"),
    (DEPOSIT | {"amount": "1e400"}, "amount"),
    (DEPOSIT | {"amount": "NaN"}, "amount"),
    (DEPOSIT | {"amount": "0.000000001"}, "amount"),
    (DEPOSIT | {"asset": "<b>"}, "asset"),
    (DEPOSIT | {"asset": "LDBTC"}, "asset"),
    (DEPOSIT | {"kind": "bank"}, "asset"),
    (DEPOSIT | {"asset": "EUR"}, "asset"),
    (DEPOSIT | {"asset": "XYZ", "kind": "card"}, "asset"),
    (DEPOSIT | {"kind": "pigeon"}, "kind"),
    (DEPOSIT | {"action": "withdrawal", "kind": "card"}, "kind"),
    (DEPOSIT | {"action": "withdrawal", "amount": "900000"}, "amount"),
    (DEPOSIT | {"action": "withdrawal", "asset": "SOL", "amount": "3"}, "amount"),
]


async def test_what_cannot_be_is_refused_by_name_and_changes_nothing(server: Server) -> None:
    world, now = server.demo.world, server.demo.clock.now()
    for body, named in REFUSED:
        answer = await server.client.post("/api/demo", json=body)
        is_problem(answer, 400, "invalid_input")
        assert answer.json()["detail"].startswith(f"{named}: "), body
    assert (server.demo.world, server.demo.clock.now()) == (world, now)
    assert await server.demo.diary.read() == ()


async def test_a_write_that_is_none_is_refused(server: Server) -> None:
    post = server.client.post
    is_problem(await post("/api/demo", json=DEPOSIT | {"account": "Nobody"}), 404, "not_found")
    is_problem(await post("/api/demo?x=1", json=DEPOSIT), 400, "invalid_input")
    is_problem(await server.client.get("/api/demo?x=1"), 400, "invalid_input")
    is_problem(await post("/api/demo", data={"action": "mend"}), 400, "invalid_input")
    is_problem(
        await post("/api/demo", content=b"{", headers={"Content-Type": "application/json"}), 400, "invalid_input"
    )
    is_problem(await post("/api/demo", json={"action": "x" * 70_000}), 413, "too_large")
    is_problem(await post("/api/demo", json=DEPOSIT, headers={"Origin": "https://elsewhere"}), 403, "other_site")
