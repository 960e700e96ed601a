"""What the monitor does not ask for and other people's programs do: the same truth, told once more."""

from datetime import timedelta
from decimal import Decimal

import pytest

from lib.demo.clock import WorldClock
from lib.demo.contract_rules import NO_END_MS
from lib.demo.exchange import DemoExchange, keys_of
from lib.demo.listing import COLLATERAL, PERPETUALS
from lib.demo.world import World
from tests.demo.conftest import BORN_AT, Asker, refused

OPEN_AT = BORN_AT.replace(day=30)  # positions are open, and money moves


@pytest.fixture
def ask(world: World) -> Asker:
    clock = WorldClock(OPEN_AT)
    return Asker(DemoExchange(world, clock, keys_of(world)), clock)


def test_every_coin_is_told_with_what_of_it_lies_in_spot(ask: Asker) -> None:
    coins = {row["coin"]: row for row in ask.signed("Mixed", "/sapi/v1/capital/config/getall")}
    for held in ask.signed("Mixed", "/api/v3/account")["balances"]:
        told = coins.pop(held["asset"])
        assert (Decimal(told["free"]), Decimal(told["locked"])) == (Decimal(held["free"]), Decimal(held["locked"]))
        assert told["networkList"] or told["isLegalMoney"] or held["asset"].startswith("LD")
    assert coins == {}


@pytest.mark.parametrize("path", ["/fapi/v2/balance", "/fapi/v3/balance"])
def test_the_older_balances_are_the_wallets_without_their_profit(ask: Asker, path: str) -> None:
    assets = ask.signed("Mixed", "/fapi/v3/account")["assets"]
    rows = ask.signed("Mixed", path)
    assert [row["asset"] for row in rows] == list(COLLATERAL)
    assert [(row["balance"], row["crossUnPnl"], row["availableBalance"]) for row in rows] == [
        (one["walletBalance"], one["unrealizedProfit"], one["availableBalance"]) for one in assets
    ]
    assert any(Decimal(row["crossUnPnl"]) for row in rows)


def test_the_older_account_tells_the_same_of_every_contract(ask: Asker) -> None:
    new, old = ask.signed("Mixed", "/fapi/v3/account"), ask.signed("Mixed", "/fapi/v2/account")
    assert {name: old[name] for name in new if name.startswith("total")} == {
        name: new[name] for name in new if name.startswith("total")
    }
    by_symbol = {row["symbol"]: row for row in old["positions"]}
    assert list(by_symbol) == list(PERPETUALS)
    for row in new["positions"]:
        told = by_symbol.pop(row["symbol"])
        assert {name: told[name] for name in row} == row
        assert Decimal(told["entryPrice"])
    assert {Decimal(row["positionAmt"]) for row in by_symbol.values()} == {Decimal(0)}
    assert new["positions"]


def test_the_older_position_risk_has_every_contract_and_its_leverage(ask: Asker) -> None:
    new = {row["symbol"]: row for row in ask.signed("Mixed", "/fapi/v3/positionRisk")}
    for row in ask.signed("Mixed", "/fapi/v2/positionRisk"):
        told = new.pop(row["symbol"], None)
        assert row["leverage"] == "5"
        assert Decimal(row["positionAmt"]) == Decimal(told["positionAmt"] if told else 0)
        assert Decimal(row["unRealizedProfit"]) == Decimal(told["unRealizedProfit"] if told else 0)
    assert new == {}
    (one,) = ask.signed("Mixed", "/fapi/v2/positionRisk", "symbol=ETHUSDT")
    assert one["symbol"] == "ETHUSDT"


def test_the_account_says_that_it_has_one_collateral(ask: Asker) -> None:
    told = ask.signed("Mixed", "/fapi/v1/accountConfig")
    assert (told["multiAssetsMargin"], told["dualSidePosition"]) == (False, False)


def test_contracts_are_perpetual_and_their_steps_are_those_of_the_market(ask: Asker) -> None:
    contracts = {row["symbol"]: row for row in ask.public("/fapi/v1/exchangeInfo")["symbols"]}
    assert list(contracts) == list(PERPETUALS)
    assert {row["deliveryDate"] for row in contracts.values()} == {NO_END_MS}
    steps = {one["filterType"]: one for one in contracts["BTCUSDT"]["filters"]}
    assert (steps["PRICE_FILTER"]["tickSize"], steps["LOT_SIZE"]["stepSize"]) == ("0.01", "0.001")
    assert contracts["ADAUSDT"]["quantityPrecision"] == 0


def test_margin_brackets_are_those_the_positions_are_told_with(ask: Asker) -> None:
    rows = ask.signed("Mixed", "/fapi/v1/leverageBracket")
    assert [row["symbol"] for row in rows] == list(PERPETUALS)
    ratio = {row["symbol"]: row["brackets"][0]["maintMarginRatio"] for row in rows}
    for row in ask.signed("Mixed", "/fapi/v3/account")["positions"]:
        assert abs(float(row["notional"])) * ratio[row["symbol"]] == pytest.approx(float(row["maintMargin"]), abs=1e-8)
    assert refused(ask.signed_response("Mixed", "/fapi/v1/leverageBracket", "symbol=NOSUCH")) == (400, -1121)
    (one,) = ask.signed("Mixed", "/dapi/v2/leverageBracket", "symbol=BTCUSD_PERP")
    assert one["brackets"][0]["qtyFloor"] == 0


@pytest.mark.parametrize("path", ["/sapi/v1/margin/allPairs", "/sapi/v1/margin/isolated/allPairs"])
def test_the_pairs_of_margin_are_those_whose_sides_are_lent(ask: Asker, path: str) -> None:
    listed = ask.public("/api/v3/exchangeInfo")["symbols"]
    assert [row["symbol"] for row in ask.public(path)] == [
        row["symbol"] for row in listed if row["isMarginTradingAllowed"]
    ]
    assert {(row["base"], row["quote"]) for row in ask.public(path)} >= {("ETH", "USDT"), ("BTC", "USDT")}


@pytest.mark.parametrize("path", ["/fapi/v1/ping", "/dapi/v1/ping"])
def test_the_futures_hosts_answer_a_ping(ask: Asker, path: str) -> None:
    assert ask.public(path) == {}


@pytest.mark.parametrize(
    ("path", "symbol"),
    [("/api/v3", "BTCUSDT"), ("/fapi/v1", "BTCUSDT"), ("/dapi/v1", "BTCUSD_PERP")],
)
def test_a_days_ticker_goes_from_the_price_of_yesterday_to_that_of_now(ask: Asker, path: str, symbol: str) -> None:
    told = ask.public(f"{path}/ticker/24hr", f"symbol={symbol}")
    row = told[0] if isinstance(told, list) else told
    market = ask.exchange.world.market
    now, before = market.price("BTCUSDT", OPEN_AT), market.price("BTCUSDT", OPEN_AT - timedelta(days=1))
    assert (Decimal(row["openPrice"]), Decimal(row["lastPrice"])) == (before, now)
    assert Decimal(row["priceChange"]) == now - before
    assert Decimal(row["lowPrice"]) <= min(now, before) <= max(now, before) <= Decimal(row["highPrice"])
    assert row["closeTime"] - row["openTime"] == 86_400_000
    assert row["lastId"] - row["firstId"] + 1 == row["count"] > 0
    assert row["symbol"] == symbol


def test_all_tickers_are_one_a_market_and_a_market_at_rest_had_no_trades(ask: Asker) -> None:
    rows = {row["symbol"]: row for row in ask.public("/api/v3/ticker/24hr")}
    prices = {row["symbol"]: row["price"] for row in ask.public("/api/v3/ticker/price")}
    assert {symbol: row["lastPrice"] for symbol, row in rows.items()} == prices
    assert (rows["BTCBUSD"]["count"], rows["BTCBUSD"]["lastId"]) == (0, -1)
    assert len(ask.public("/fapi/v1/ticker/24hr")) == len(PERPETUALS)


@pytest.mark.parametrize(
    ("path", "query", "weight"),
    [
        ("/api/v3", "symbol=BTCUSDT", 2),
        ("/api/v3", 'symbols=["BTCUSDT","ETHUSDT"]', 2),
        ("/api/v3", "", 80),
        ("/fapi/v1", "symbol=BTCUSDT", 1),
        ("/fapi/v1", "", 40),
    ],
)
def test_a_days_ticker_weighs_what_it_should(ask: Asker, path: str, query: str, weight: int) -> None:
    ask.public(f"{path}/ticker/24hr", query)
    assert ask.exchange.requests[-1].weight == weight
