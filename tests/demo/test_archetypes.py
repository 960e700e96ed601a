"""What the wire tells of the other wallets, in each family's own words, equals the world's truth."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lib.demo import archetypes
from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, keys_of
from lib.demo.scenario import SEED
from tests.demo.conftest import BORN_AT, Asker, refused

WEIGHT, SAPI = "X-MBX-USED-WEIGHT-1M", "X-SAPI-USED-IP-WEIGHT-1M"
CROSS, ISOLATED = "/sapi/v1/margin/account", "/sapi/v1/margin/isolated/account"
FLEXIBLE, LOCKED = "/sapi/v1/simple-earn/flexible/position", "/sapi/v1/simple-earn/locked/position"
WORLD = archetypes.build(SEED, BORN_AT)
BALANCE = "/sapi/v1/asset/wallet/balance"
DAYS = (0, 3, 17, 44, 80)


@pytest.fixture
def ask() -> Asker:
    clock = WorldClock(BORN_AT)
    return Asker(DemoExchange(WORLD, clock, keys_of(WORLD)), clock)


def moments(ask: Asker) -> Iterator[Any]:
    for days in DAYS:
        ask.clock.set(BORN_AT + timedelta(days=days, hours=5, seconds=17))
        yield ask.clock.now()


def true(ask: Asker, name: str, wallet: str) -> dict[str, Decimal]:
    rows = ask.exchange.world.holdings(name, ask.clock.now())
    return {row.asset: row.quantity for row in rows if row.wallet == wallet}


def told(rows: Any, *plus: str, minus: tuple[str, ...] = ()) -> dict[str, Decimal]:
    """Sum the named fields of each row by asset, the zeros left out."""
    sums = {
        row["asset"]: sum((Decimal(row[name] or 0) for name in plus), Decimal(0))
        - sum((Decimal(row[name] or 0) for name in minus), Decimal(0))
        for row in rows
    }
    return {asset: quantity for asset, quantity in sums.items() if quantity}


def test_coin_margined(ask: Asker) -> None:
    seen = 0
    for now in moments(ask):
        account = ask.signed("COIN-M", "/dapi/v1/account")
        assert told(account["assets"], "marginBalance") == true(ask, "COIN-M", "coinm")
        assert told(account["assets"], "walletBalance", "unrealizedProfit") == true(ask, "COIN-M", "coinm")
        assert told(ask.signed("COIN-M", "/dapi/v1/balance"), "balance", "crossUnPnl") == true(ask, "COIN-M", "coinm")
        sizes = {row["symbol"]: row["contractSize"] for row in ask.public("/dapi/v1/exchangeInfo")["symbols"]}
        for row in ask.signed("COIN-M", "/dapi/v1/positionRisk"):
            amount, mark = Decimal(row["positionAmt"]), Decimal(row["markPrice"])
            assert abs(Decimal(row["notionalValue"]) * mark - amount * sizes[row["symbol"]]) < Decimal("0.01")
            seen += bool(amount)
            if amount:
                entry = Decimal(row["entryPrice"])
                earned = amount * sizes[row["symbol"]] * (1 / entry - 1 / mark)
                assert abs(Decimal(row["unRealizedProfit"]) - earned) < Decimal("0.00000002")
            assert mark == ask.exchange.world.market.usd(row["symbol"][:3], now)
    assert seen > 4


def test_the_market_of_coin_contracts_is_that_of_their_coins(ask: Asker) -> None:
    at = f"startTime={int(BORN_AT.timestamp()) // 60 * 60_000}&interval=1m&limit=1"
    (candle,) = ask.public("/dapi/v1/klines", f"symbol=BTCUSD_PERP&{at}")
    (spot,) = ask.public("/api/v3/klines", f"symbol=BTCUSDT&{at}")
    assert Decimal(candle[1]) == Decimal(spot[1])
    (price,) = ask.public("/dapi/v1/ticker/price", "symbol=ETHUSD_PERP")
    assert (price["ps"], Decimal(price["price"])) == ("ETHUSD", WORLD.market.usd("ETH", ask.clock.now()))
    assert len(ask.public("/dapi/v1/premiumIndex")) == 3
    assert refused(ask.raw("/dapi/v1/klines", "symbol=BTCUSDT&interval=1m")) == (400, -1121)
    assert refused(ask.raw("/dapi/v1/ticker/price", "symbol=BTCUSDT")) == (400, -1121)


def test_margin_is_told_with_its_debts(ask: Asker) -> None:
    for _ in moments(ask):
        cross = ask.signed("Margin", CROSS)
        assert told(cross["userAssets"], "netAsset") == true(ask, "Margin", "cross_margin")
        parts = told(cross["userAssets"], "free", "locked", minus=("borrowed", "interest"))
        assert parts == true(ask, "Margin", "cross_margin")
        (pair,) = ask.signed("Margin", ISOLATED)["assets"]
        assert told([pair["baseAsset"], pair["quoteAsset"]], "netAsset") == true(ask, "Margin", "isolated_margin")
        worth = ask.exchange.world.wallet_totals("Margin", ask.clock.now())["cross_margin"]
        btc = Decimal(cross["totalNetAssetOfBtc"]) * WORLD.market.usd("BTC", ask.clock.now())
        assert abs(btc - worth) < Decimal("0.01")
    assert told(ask.signed("Margin", CROSS)["userAssets"], "interest")["ETH"] > 0
    assert "totalNetAssetOfBtc" not in ask.signed("Margin", ISOLATED, "symbols=ETHUSDT")
    assert ask.signed("Margin", ISOLATED, "symbols=BTCUSDT")["assets"] == []


def test_a_margin_account_that_was_never_opened_does_not_exist(ask: Asker) -> None:
    answer = ask.signed_response("Spot only", CROSS)
    assert json.loads(answer.body) == {"code": -3003, "msg": "Margin account does not exist."}
    assert answer.status == 400
    assert ask.signed("Spot only", ISOLATED)["assets"] == []


def test_earn_is_told_page_by_page_and_mirrored_in_spot(ask: Asker) -> None:
    for _ in moments(ask):
        rows = ask.signed("Earn", FLEXIBLE)
        locked = ask.signed("Earn", LOCKED)["rows"]
        both = told(rows["rows"], "totalAmount")
        for asset, amount in told(locked, "amount").items():
            both[asset] = both.get(asset, Decimal(0)) + amount
        assert both == true(ask, "Earn", "earn")
        spot = {row["asset"]: Decimal(row["free"]) for row in ask.signed("Earn", "/api/v3/account")["balances"]}
        assert {asset: spot[f"LD{asset}"] for asset in ("USDT", "ETH")} == told(rows["rows"], "totalAmount")
        assert spot["LDO"] > 0
        worth = ask.signed("Earn", "/sapi/v1/simple-earn/account")
        total = ask.exchange.world.wallet_totals("Earn", ask.clock.now())["earn"]
        assert abs(Decimal(worth["totalAmountInUSDT"]) - total) < Decimal("0.01")
    pages = [ask.signed("Earn", FLEXIBLE, f"current={page}&size=1") for page in (1, 2, 3)]
    assert [[row["asset"] for row in page["rows"]] for page in pages] == [["ETH"], ["USDT"], []]
    assert {page["total"] for page in pages} == {2}
    assert ask.signed("Empty", FLEXIBLE) == {"rows": [], "total": 0}


def test_what_serves_as_margin_is_still_listed_in_earn_and_no_longer_mirrored(ask: Asker) -> None:
    listed = told(ask.signed("LDUSDT", FLEXIBLE)["rows"], "totalAmount")["USDT"]
    spot = told(ask.signed("LDUSDT", "/api/v3/account", "omitZeroBalances=true")["balances"], "free")["LDUSDT"]
    margin = told(ask.signed("LDUSDT", "/fapi/v3/account")["assets"], "marginBalance")["LDUSDT"]
    assert [listed, spot, margin] == [5000, 2900, 2100]


def test_credits_mode_counts_all_assets_and_tells_what_is_available_of_those_not_owned(ask: Asker) -> None:
    for now in moments(ask):
        account = ask.signed("BNFCR", "/fapi/v3/account")
        rows = {row["asset"]: row for row in account["assets"]}
        assert told(account["assets"], "marginBalance") == true(ask, "BNFCR", "usdm")
        assert Decimal(rows["BNFCR"]["marginBalance"]) < 0
        worth = ask.exchange.world.wallet_totals("BNFCR", now)["usdm"]
        assert abs(Decimal(account["totalMarginBalance"]) - worth) < Decimal("0.01")
        assert Decimal(rows["ETH"]["marginBalance"]) == 0 < Decimal(rows["ETH"]["availableBalance"])
        (risk,) = ask.signed("BNFCR", "/fapi/v3/positionRisk")
        assert risk["unRealizedProfit"] == account["positions"][0]["unrealizedProfit"]
        assert "leverage" not in risk


def test_options_tell_equity(ask: Asker) -> None:
    for _ in moments(ask):
        assert told(ask.signed("Options", "/eapi/v1/marginAccount")["asset"], "equity") == true(
            ask, "Options", "options"
        )
    assert told(ask.signed("Spot only", "/eapi/v1/marginAccount")["asset"], "equity") == {}


def test_portfolio_margin_tells_one_row_an_asset_over_all_it_contains(ask: Asker) -> None:
    name = "Portfolio margin"
    seen, parts = 0, ("totalWalletBalance", "umUnrealizedPNL", "cmUnrealizedPNL")
    for now in moments(ask):
        rows = ask.signed(name, "/papi/v1/balance")
        equity = told(rows, *parts, minus=("crossMarginBorrowed", "crossMarginInterest"))
        assert equity == true(ask, name, "portfolio_margin")
        whole = told(rows, "crossMarginFree", "crossMarginLocked", "umWalletBalance", "cmWalletBalance")
        assert whole == told(rows, "totalWalletBalance")
        assert "" in {row["umUnrealizedPNL"] for row in rows}
        assert equity["USDC"] < 0
        worth = ask.exchange.world.wallet_totals(name, now)["portfolio_margin"]
        assert abs(Decimal(ask.signed(name, "/papi/v1/account")["actualEquity"]) - worth) < Decimal("0.01")
        totals = {row["walletName"]: Decimal(row["balance"]) for row in ask.signed(name, BALANCE, "quoteAsset=USDT")}
        inside = totals["Cross Margin"] + totals["USDⓈ-M Futures"] + totals["COIN-M Futures"]
        assert abs(inside - worth) < Decimal("0.01")
        linear = ask.signed(name, "/papi/v1/um/positionRisk")
        assert {row["leverage"] for row in linear} <= {"5"}
        seen += len(linear)
    assert seen
    assert {row["symbol"] for row in ask.signed(name, "/papi/v1/cm/positionRisk") if Decimal(row["positionAmt"])}
    info = ask.signed(name, "/sapi/v1/account/info")
    assert info["isPortfolioMarginRetailEnabled"] is True
    for path in ("/papi/v1/balance", "/papi/v1/um/positionRisk", "/papi/v1/cm/positionRisk", "/papi/v1/account"):
        assert refused(ask.signed_response("COIN-M", path)) == (400, -21001)


def test_a_market_that_ended_stays_on_the_board_with_its_last_price(ask: Asker) -> None:
    end = BORN_AT + timedelta(days=40)
    trading = "symbolStatus=TRADING"
    ask.clock.set(end)
    assert "BAKEUSDT" in {row["symbol"] for row in ask.public("/api/v3/ticker/price", trading)}
    ask.clock.set(end + timedelta(days=9))
    assert "BAKEUSDT" not in {row["symbol"] for row in ask.public("/api/v3/ticker/price", trading)}
    last = ask.public("/api/v3/ticker/price", "symbol=BAKEUSDT")["price"]
    assert Decimal(last) == WORLD.market.price("BAKEUSDT", end) == WORLD.market.usd("BAKE", ask.clock.now())
    assert refused(ask.raw("/api/v3/ticker/price", f"symbol=BAKEUSDT&{trading}")) == (400, -1220)
    (candle,) = ask.public("/api/v3/klines", "symbol=BAKEUSDT&interval=1m&limit=1")
    assert candle[0] <= end.timestamp() * 1000 < candle[0] + 60_000
    (symbol,) = ask.public("/api/v3/exchangeInfo", "symbol=BAKEUSDT")["symbols"]
    assert symbol["status"] == "BREAK"


def test_every_call_has_its_weight_in_its_own_pool(ask: Asker) -> None:
    def used(name: str, path: str, header: str) -> int:
        return int(dict(ask.signed_response(name, path).headers)[header])

    assert used("COIN-M", "/fapi/v3/account", WEIGHT) == 5
    assert used("COIN-M", "/dapi/v1/account", WEIGHT) == 10  # one pool for both kinds of futures
    assert used("COIN-M", "/dapi/v1/positionRisk", WEIGHT) == 11
    assert used("COIN-M", "/fapi/v3/positionRisk", WEIGHT) == 16
    assert used("Options", "/eapi/v1/marginAccount", WEIGHT) == 3
    assert used("Portfolio margin", "/papi/v1/balance", WEIGHT) == 20
    assert used("Portfolio margin", "/papi/v1/um/positionRisk", WEIGHT) == 25
    assert used("Portfolio margin", "/papi/v1/cm/positionRisk", WEIGHT) == 26
    for path, weight in ((CROSS, 10), (ISOLATED, 10), (FLEXIBLE, 150), (LOCKED, 150)):
        assert used("Margin", path, SAPI) == weight  # each endpoint by itself
    for _ in range(133):
        ask.signed_response("Options", "/eapi/v1/marginAccount")
    assert refused(ask.signed_response("Options", "/eapi/v1/marginAccount")) == (429, -1003)


def test_a_key_without_the_right_to_futures_is_refused_by_all_their_families(ask: Asker) -> None:
    (key,) = [key for key in ask.exchange.keys.values() if key.account == "COIN-M"]
    ask.exchange.keys[key.api_key] = type(key)(key.account, key.api_key, key.secret, futures=False)
    for path in ("/dapi/v1/account", "/eapi/v1/marginAccount", "/papi/v1/balance"):
        assert refused(ask.signed_response("COIN-M", path)) == (401, -2015)


def test_the_world_has_every_archetype_and_none_twice() -> None:
    assert len({account.uid for account in WORLD.accounts}) == len({a.api_key for a in WORLD.accounts}) == 13
    whole = archetypes.beside(archetypes.build(SEED, BORN_AT))
    assert len(whole.accounts) == 26
    for account in WORLD.accounts:
        assert WORLD.books(account.name, BORN_AT + timedelta(days=400)).refused == frozenset()
