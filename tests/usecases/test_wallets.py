"""Which wallets a run asks for, what it learns beside them, and what becomes of answers that make no sense."""

from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from lib.demo import archetypes, scenario
from lib.demo.events import Deposit, Gain, Transfer
from lib.demo.faults import Fault
from lib.demo.world import World
from lib.domain.requests import LogRequest
from lib.domain.state import AccountState
from tests.spine import BORN_AT, Spine, hours, the_world
from tests.usecases.conftest import OpenSpine
from tests.wires import Edit, Rounds

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOTALS, INFO = "/sapi/v1/asset/wallet/balance", "/sapi/v1/account/info"
LOOKS = ("/sapi/v1/account/apiRestrictions", INFO)
SELDOM = ("/sapi/v1/accountSnapshot", "/api/v3/klines")  # the month before the start, once; candles of what is new
RISKS, PRICES, CANDLES = "/fapi/v3/positionRisk", "/api/v3/ticker/price", "/api/v3/klines"
MARK = "Geheimnis"
WALLETS = {
    "/sapi/v3/asset/getUserAsset": "spot",
    "/sapi/v1/asset/get-funding-asset": "funding",
    "/fapi/v3/account": "usdm",
    "/dapi/v1/account": "coinm",
    "/dapi/v1/positionRisk": "coinm",
    "/sapi/v1/margin/account": "cross_margin",
    "/sapi/v1/margin/isolated/account": "isolated_margin",
    "/sapi/v1/simple-earn/flexible/position": "earn",
    "/sapi/v1/simple-earn/locked/position": "earn",
    "/eapi/v1/marginAccount": "options",
}
PORTFOLIO = ("/papi/v1/balance", "/papi/v1/um/positionRisk", "/papi/v1/cm/positionRisk")


def archetype(*names: str) -> World:
    world = archetypes.build(scenario.SEED, BORN_AT)
    return World(world.seed, BORN_AT, world.market, tuple(one for one in world.accounts if one.name in names))


async def asked(spine: Spine) -> set[str]:
    """Run at the next full hour, and tell what was asked of it."""
    spine.to_exchange.calls.clear()
    await spine.collect(spine.now + HOUR)
    return {call.path for call in spine.to_exchange.calls}


async def state(spine: Spine) -> AccountState:
    (account,) = await spine.wired.store.accounts()
    return (await spine.wired.store.load(account.id)).state


async def test_only_what_the_totals_show_is_asked_for_and_once_more_after_it_emptied(open_spine: OpenSpine) -> None:
    spine = await open_spine(archetype("Margin"))
    await spine.collect_at([BORN_AT])
    margin = {"/sapi/v1/margin/account", "/sapi/v1/margin/isolated/account", "/sapi/v3/asset/getUserAsset"}
    assert await asked(spine) & {*WALLETS, *PORTFOLIO} == margin
    held = spine.world.books("Margin", spine.now).balances
    left = spine.now + HOUR / 2
    gone = [
        Gain(left, part, asset, -(row.free - row.borrowed - row.interest))
        for (part, asset), row in held.items()
        if part == "isolated_margin:ETHUSDT"
    ]
    spine.change_world(lambda world: world.adding("Margin", *gone))
    assert await asked(spine) & {*WALLETS, *PORTFOLIO} == margin  # it held something an hour ago
    assert await asked(spine) & {*WALLETS, *PORTFOLIO} == margin - {"/sapi/v1/margin/isolated/account"}
    await spine.assert_sound()


async def test_a_portfolio_margin_account_is_asked_in_place_of_the_wallets_it_contains(open_spine: OpenSpine) -> None:
    spine = await open_spine(archetype("Portfolio margin"))
    await spine.collect_at([BORN_AT])
    learned = (await state(spine)).checked
    assert learned is not None
    assert learned.portfolio_margin
    assert await asked(spine) & {*WALLETS, *PORTFOLIO} == {"/sapi/v3/asset/getUserAsset", *PORTFOLIO}
    assert {call.status for call in spine.to_exchange.calls} == {200}
    positions = (await state(spine)).basis
    assert positions is not None
    assert {(each.wallet, each.symbol, each.coin) for each in positions.positions} == {
        ("portfolio_margin", "BTCUSD_PERP", "BTC")
    }


@pytest.mark.parametrize(("name", "wallets"), [("Empty", set()), ("Margin", {"cross_margin", "isolated_margin"})])
async def test_without_the_totals_all_that_was_opened_is_asked_and_nothing_fails(
    open_spine: OpenSpine, name: str, wallets: set[str]
) -> None:
    spine = await open_spine(archetype(name))
    await spine.collect_at([BORN_AT])
    spine.exchange.faults = [Fault(TOTALS, status=400)]
    opened = {path for path, wallet in WALLETS.items() if wallet in wallets | {"spot", "funding", "earn"}}
    found = await asked(spine)
    assert found & {*WALLETS, *PORTFOLIO} == opened
    assert INFO in found
    assert {call.path for call in spine.to_exchange.calls if call.status != 200} == {TOTALS}
    assert spine.reports[-1].status == "ok"
    assert spine.sql("select unreconciled from snapshots order by at") == [(False,), (True,)]


async def test_without_totals_and_check_what_was_opened_since_is_still_found(open_spine: OpenSpine) -> None:
    """What was closed at the last check held money by then, and NAV would have been without it."""
    spine = await open_spine(archetype("Spot only"))
    await spine.collect_at([BORN_AT])
    moved = Transfer(BORN_AT + HOUR / 2, "USDT", Decimal(500), "spot", "coinm")
    spine.change_world(lambda world: world.adding("Spot only", moved))
    spine.exchange.faults = [Fault(TOTALS, status=400), Fault(INFO, status=503)]
    assert set(WALLETS) <= await asked(spine)


async def test_money_known_only_by_a_total_that_is_not_told_makes_the_snapshot_partial(open_spine: OpenSpine) -> None:
    spine = await open_spine(archetype("Bots"))
    await spine.collect_at([BORN_AT])
    spine.exchange.faults = [Fault(TOTALS, status=400)]
    report = await spine.one(BORN_AT + HOUR)
    assert (report.status, report.missing) == ("partial", ("copy_trading", "trading_bots"))
    spine.exchange.faults = []
    assert (await spine.one(BORN_AT + HOUR * 3 / 2)).status == "stored"
    await spine.assert_sound()


async def test_the_key_is_checked_once_a_day_beside_the_wallets(open_spine: OpenSpine) -> None:
    spine = await open_spine(archetype("Spot only"))
    await spine.collect_at([BORN_AT])
    first = (await state(spine)).checked
    for at in hours(BORN_AT, 30):
        spine.to_exchange.calls.clear()
        await spine.collect(at)
        usual = [call for call in spine.to_exchange.calls if call.path not in SELDOM]
        assert len(usual) <= 11
        assert len([call for call in usual if call.path not in LOOKS]) <= 10
    again = (await state(spine)).checked
    assert first is not None
    assert again is not None
    assert first.at == BORN_AT < again.at <= BORN_AT + DAY
    assert sum(asked.path == INFO for asked in spine.exchange.requests) == 2


async def test_open_positions_are_kept_with_how_they_stand_and_missing_terms_hold_nothing_back(
    open_spine: OpenSpine,
) -> None:
    spine = await open_spine(the_world("Main"))
    at = BORN_AT + timedelta(hours=60)
    await spine.collect_at([at])
    basis = (await state(spine)).basis
    assert basis is not None
    assert basis.positions
    books = spine.world.books("Main", at)
    for each in basis.positions:
        assert each.terms is not None
        assert (each.terms.entry_usd, each.terms.leverage) == (books.positions[each.symbol].entry, Decimal(5))
    spine.exchange.faults = [Fault(RISKS, status=503)]
    assert (await spine.one(at + HOUR)).status == "stored"
    basis = (await state(spine)).basis
    assert basis is not None
    assert basis.positions
    assert {each.terms for each in basis.positions} == {None}


async def test_a_coin_whose_market_ended_counts_what_it_last_traded_at_with_its_age(open_spine: OpenSpine) -> None:
    """It counted what it was worth at the last snapshot before the end, and moved no more."""
    spine = await open_spine(archetype("Delisted"))
    end = BORN_AT + timedelta(days=40)
    await spine.collect_at([end - HOUR / 2])
    assert CANDLES in await asked(spine)
    last = (await state(spine)).last_prices["BAKE"]
    assert last.usd == spine.world.market.price("BAKEUSDT", end)
    assert end - timedelta(minutes=1) <= last.at <= end
    assert spine.reports[-1].accounts[0].nav_usd == spine.world.nav("Delisted", spine.now)
    assert CANDLES not in await asked(spine)  # looked up once
    assert spine.to_exchange.count(PRICES) == 1


async def test_a_coin_whose_market_ended_before_it_was_ever_seen_is_priced_too(open_spine: OpenSpine) -> None:
    spine = await open_spine(archetype("Delisted"))
    at = BORN_AT + timedelta(days=45)
    await spine.collect_at([at])
    assert spine.reports[-1].accounts[0].nav_usd == spine.world.nav("Delisted", at)


async def test_a_coin_that_never_had_a_market_is_looked_for_once_and_then_once_a_day(open_spine: OpenSpine) -> None:
    spine = await open_spine(archetype("Earn"))
    await spine.collect_at([BORN_AT])
    assert spine.to_exchange.count(PRICES) == 2
    counts = []
    for at in hours(BORN_AT, 26):
        spine.to_exchange.calls.clear()
        await spine.collect(at)
        counts.append(spine.to_exchange.count(PRICES))
    assert sorted(counts) == [*[1] * 25, 2]


async def test_every_kind_of_wallet_at_once_takes_no_more_rounds(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Mixed"))
    await spine.collect_at([BORN_AT, BORN_AT + HOUR])
    spine.to_exchange.clear()
    rounds = Rounds()
    spine.to_exchange.before.append(rounds)
    report = await spine.one(BORN_AT + 2 * HOUR)
    assert report.status == "stored"
    assert rounds.count <= 4
    assert len(spine.to_exchange.calls) <= 2 + 15  # of the lists, one that is asked every six hours
    assert {call.status for call in spine.to_exchange.calls} == {200}


@pytest.mark.parametrize("name", ["COIN-M", "Portfolio margin", "Margin", "Earn"])
async def test_the_value_before_a_flow_is_the_worlds_whatever_is_held(open_spine: OpenSpine, name: str) -> None:
    """Contracts that pay in coins too: their profit since the last snapshot is a part of it."""
    paid_at = BORN_AT + timedelta(hours=5)
    paid = Deposit("1", "USDT", Decimal(700), "spot", "TRX", "a", "t", paid_at - HOUR / 6, paid_at, paid_at)
    spine = await open_spine(archetype(name).adding(name, paid))
    await spine.collect_at([BORN_AT, paid_at + HOUR / 2])
    (flow,) = (await spine.histories())[name].flows
    true = spine.world.nav(name, paid_at - timedelta(milliseconds=1))
    assert flow.value_before_usd is not None
    assert abs(flow.value_before_usd / true - 1) < Decimal("0.00002")
    (account,) = await spine.wired.store.accounts()
    basis = (await spine.wired.store.bases(account.id, [paid_at]))[paid_at]
    assert basis is not None
    now = spine.world.market.usd
    moved = [abs(each.quantity * (now(str(each.coin), paid_at) - each.price_usd)) for each in basis.positions]
    assert (sum(moved) > true / 10_000) == (name in ("COIN-M", "Portfolio margin"))  # it would not pass without them


def garbled(path: str, body: bytes) -> Edit:
    def edit(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return httpx.Response(200, content=body, request=request) if request.url.path == path else response

    return edit


@pytest.mark.parametrize("body", [f'{{"{MARK}":["{MARK}"]}}', f'["{MARK}', f'"{MARK * 999}"', "[[1e999]]"])
async def test_an_answer_that_makes_no_sense_makes_its_wallet_missing_and_lands_in_no_log(
    open_spine: OpenSpine, body: str
) -> None:
    spine = await open_spine(the_world("Mixed"))
    await spine.collect_at([BORN_AT])
    for number, (path, wallet) in enumerate(WALLETS.items(), 1):
        spine.to_exchange.edits = [garbled(path, body.encode())]
        report = await spine.one(BORN_AT + number * HOUR)
        assert (report.status, report.missing) == ("partial", (wallet,)), path
    spine.to_exchange.edits = []
    assert (await spine.one(BORN_AT + 20 * HOUR)).status == "stored"
    assert MARK not in str(await spine.wired.store.logs(LogRequest(limit=500)))
    await spine.assert_sound()
