"""Reading the demo accounts through the real client gives the world's own truth, to the last digit."""

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from lib.binance.client import BinanceClient
from lib.binance.errors import KeyRefused, SourceRefused
from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, keys_of
from lib.demo.faults import Fault
from lib.demo.scenario import SEED, build
from lib.demo.transport import DemoTransport
from lib.demo.world import World
from lib.domain.flows import Movement, Stage
from lib.domain.pairs import count_once
from lib.domain.sources import MASTER_TRANSFERS
from lib.domain.state import AccountState
from lib.ports import Credentials

BORN = datetime(2026, 1, 1, tzinfo=UTC)
BY_TOTAL = ("trading_bots", "copy_trading")
NAMES = ("Main", "Spot", "Mixed")
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def world() -> World:
    return build(SEED, BORN)


@pytest.fixture
def clock() -> WorldClock:
    return WorldClock(BORN + timedelta(days=60, hours=7, seconds=11))


@pytest.fixture
def exchange(world: World, clock: WorldClock) -> DemoExchange:
    return DemoExchange(world, clock, keys_of(world))


@pytest.fixture
async def binance(exchange: DemoExchange, clock: WorldClock) -> AsyncIterator[BinanceClient]:
    async with httpx.AsyncClient(transport=DemoTransport(exchange)) as http:
        yield BinanceClient(http, clock)


def key_of(world: World, name: str) -> Credentials:
    account = world.account(name)
    return Credentials(name, account.api_key, account.api_secret)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("days", [0, 33, 60])
async def test_balances_are_the_worlds(
    binance: BinanceClient, world: World, clock: WorldClock, name: str, days: int
) -> None:
    clock.pass_time(days * 86_400.0)
    key, now = key_of(world, name), await binance.time()
    found: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for wallet in binance.readable:
        reading = await binance.wallet(key, wallet)
        for holding in (*reading.holdings, *reading.flexible):
            if not (holding.wallet == "spot" and holding.asset in ("LDUSDT", "LDETH")):  # mirrors of Earn
                found[holding.wallet, holding.asset] += holding.quantity
    true = {(row.wallet, row.asset): row.quantity for row in world.holdings(name, now) if row.wallet not in BY_TOTAL}
    assert found.keys() == true.keys()
    for place, quantity in true.items():
        assert abs(found[place] - quantity) * world.market.usd(place[1], now) < CENT


@pytest.mark.parametrize("name", NAMES)
async def test_totals_are_the_worlds(binance: BinanceClient, world: World, name: str) -> None:
    totals, now = await binance.totals(key_of(world, name)), await binance.time()
    for wallet, usd in world.wallet_totals(name, now).items():
        assert abs(totals.get(wallet, 0) - usd) < CENT
    assert abs(sum(totals.values()) - world.nav(name, now)) < CENT


@pytest.mark.parametrize("name", NAMES)
async def test_flows_are_the_worlds_at_the_open_of_their_minute(
    binance: BinanceClient, world: World, clock: WorldClock, name: str
) -> None:
    clock.pass_time(40 * 86_400.0)
    key, start, now = key_of(world, name), BORN - timedelta(days=30), clock.now()
    done: list[Movement] = [
        movement
        for source in binance.sources
        if source != MASTER_TRANSFERS
        for movement in await binance.movements(key, source, start, now)
        if movement.stage is Stage.DONE
    ]
    with pytest.raises(SourceRefused, match="master_transfers"):
        await binance.movements(key, MASTER_TRANSFERS, start, now)
    true = world.flows(name, start, now)
    assert len(true) > 5
    done = [*count_once(done, AccountState(), ()).movements]
    assert len(done) == len(true)
    found = {movement.id.split(":")[1]: movement for movement in done}
    for flow in true:
        movement = found[flow.id]
        assert (movement.asset, movement.quantity, movement.at) == (flow.asset, flow.quantity, flow.at)
        if flow.asset != "USDT":
            opened = await binance.candle_open(f"{flow.asset}USDT", flow.at.replace(second=0, microsecond=0))
            assert opened is not None
            assert abs(movement.quantity * opened - flow.usd) < CENT


async def test_open_positions_are_the_worlds(binance: BinanceClient, world: World, clock: WorldClock) -> None:
    seen = 0
    for _ in range(12):
        clock.pass_time(11 * 3600.0)
        reading = await binance.wallet(key_of(world, "Main"), "usdm")
        books, prices = world.books("Main", clock.now()), world.market.prices(clock.now())
        found = {p.symbol: (p.quantity if p.side == "long" else -p.quantity) for p in reading.positions}
        assert found == {symbol: held.quantity for symbol, held in books.positions.items() if held.quantity}
        for position in reading.positions:
            assert abs(position.price_usd - prices[position.symbol]) * position.quantity < CENT
            seen += 1
    assert seen > 5


async def test_prices_and_rights(binance: BinanceClient, world: World, clock: WorldClock) -> None:
    prices = await binance.prices()
    assert prices["BTCUSDT"] == world.market.prices(clock.now())["BTCUSDT"]
    assert "BTCBUSD" not in prices  # suspended
    rights = await binance.rights(key_of(world, "Spot"))
    assert (rights.uid, rights.may_read, rights.risky) == (str(world.account("Spot").uid), True, ())


async def test_a_skewed_clock_a_wrong_secret_and_a_drained_pool_against_a_second_opinion(
    binance: BinanceClient, exchange: DemoExchange, world: World, clock: WorldClock
) -> None:
    key = key_of(world, "Mixed")
    with pytest.raises(KeyRefused, match="-1022"):
        await binance.totals(Credentials("Mixed", key.api_key, "wrong"))
    before = clock.now()
    for _ in range(205):  # 60 of 12 000 a minute
        await binance.totals(key)
    assert clock.now() > before
    exchange.faults.append(Fault("/sapi/v1/asset", what="disconnect", times=2))
    assert await binance.totals(key)
