"""What the wire tells of an account equals the world's truth, to the last of its eight decimals."""

from datetime import timedelta
from decimal import Decimal

import pytest

from lib.demo.events import Withdrawal
from lib.demo.listing import COLLATERAL, SPOT_ASSETS
from tests.demo.conftest import BORN_AT, Asker, refused

BALANCE = "/sapi/v1/asset/wallet/balance"
ASSETS = "/sapi/v3/asset/getUserAsset"
FUNDING = "/sapi/v1/asset/get-funding-asset"
NAMES = ("Main", "Spot", "Mixed")
OURS = {
    "Spot": "spot",
    "Funding": "funding",
    "USDⓈ-M Futures": "usdm",
    "COIN-M Futures": "coinm",
    "Earn": "earn",
    "Cross Margin": "cross_margin",
    "Isolated Margin": "isolated_margin",
    "Options": "options",
    "Trading Bots": "trading_bots",
    "Copy Trading": "copy_trading",
}
QUANTITIES = ("free", "locked", "freeze", "withdrawing")
DAYS = (0, 1, 9, 33, 34, 60, 88)


def itemised(ask: Asker, name: str) -> dict[tuple[str, str], Decimal]:
    """Read three of the wallets as a client does."""
    rows = {("spot", row["asset"]): row for row in ask.signed(name, ASSETS, method="POST")}
    rows |= {("funding", row["asset"]): row for row in ask.signed(name, FUNDING, method="POST")}
    found = {key: Decimal(sum(Decimal(row[q]) for q in QUANTITIES)) for key, row in rows.items()}
    for row in ask.signed(name, "/fapi/v3/account")["assets"]:
        if Decimal(row["marginBalance"]):
            found["usdm", row["asset"]] = Decimal(row["marginBalance"])
    return found


def flexible(ask: Asker, name: str) -> dict[str, Decimal]:
    rows = ask.signed(name, "/sapi/v1/simple-earn/flexible/position", "size=100")["rows"]
    return {row["asset"]: Decimal(row["totalAmount"]) for row in rows}


@pytest.mark.parametrize("name", NAMES)
def test_the_wallets_read_equal_the_truth(ask: Asker, name: str) -> None:
    for days in DAYS:
        ask.clock.set(BORN_AT + timedelta(days=days, hours=5, seconds=17))
        truth = ask.exchange.world.holdings(name, ask.clock.now())
        true = {(row.wallet, row.asset): row.quantity for row in truth}
        mirrored = {("spot", f"LD{asset}"): held for asset, held in flexible(ask, name).items()}
        expected = {place: held for place, held in true.items() if place[0] in ("spot", "funding", "usdm")}
        assert itemised(ask, name) == expected | mirrored


@pytest.mark.parametrize("name", NAMES)
def test_the_totals_equal_the_truth(ask: Asker, name: str) -> None:
    for days in DAYS:
        ask.clock.set(BORN_AT + timedelta(days=days, hours=7))
        truth = ask.exchange.world.wallet_totals(name, ask.clock.now())
        rows = ask.signed(name, BALANCE, "quoteAsset=USDT")
        assert len(rows) == 10
        for row in rows:
            usd = truth[OURS[row["walletName"]]]
            assert row["activate"] or not usd
            assert Decimal(row["balance"]) == round(usd, 8)


def test_the_totals_are_in_bitcoin_unless_asked_otherwise(ask: Asker) -> None:
    price = ask.exchange.world.market.usd("BTC", BORN_AT)
    in_btc, in_usdt = ask.signed("Main", BALANCE), ask.signed("Main", BALANCE, "quoteAsset=USDT")
    for btc, usdt in zip(in_btc, in_usdt, strict=True):
        assert abs(Decimal(btc["balance"]) - Decimal(usdt["balance"]) / price) < Decimal("0.00000002")
    assert refused(ask.signed_response("Main", BALANCE, "quoteAsset=NOPE")) == (400, -1130)


def test_spot_comes_with_all_assets_or_only_what_is_there(ask: Asker) -> None:
    every = ask.signed("Mixed", "/api/v3/account")
    assert {row["asset"] for row in every["balances"]} == {*SPOT_ASSETS, "LDETH", "LDUSDT"}
    held = ask.signed("Mixed", "/api/v3/account", "omitZeroBalances=true")["balances"]
    assert {row["asset"] for row in held} == {"BNB", "BTC", "ETH", "LDETH", "LDUSDT", "SOL", "USDC", "USDT"}
    assert all(len(row["free"].partition(".")[2]) == 8 for row in held)
    assert every["uid"] == ask.exchange.world.account("Mixed").uid
    uids = {ask.signed(name, "/api/v3/account")["uid"] for name in NAMES}
    assert len(uids) == 3


def test_what_is_being_withdrawn_shows_only_in_the_wallet_rows(ask: Asker) -> None:
    known = ask.exchange.world.movements("Spot", BORN_AT + timedelta(days=90))
    leaving = next(m for m in known if isinstance(m, Withdrawal) and m.asset == "ETH")
    ask.clock.set(leaving.applied_at)
    row = next(r for r in ask.signed("Spot", ASSETS, method="POST") if r["asset"] == "ETH")
    assert Decimal(row["withdrawing"]) == leaving.amount + leaving.fee
    spot = next(r for r in ask.signed("Spot", "/api/v3/account")["balances"] if r["asset"] == "ETH")
    assert Decimal(spot["free"]) == Decimal(row["free"])
    ask.clock.set(leaving.ended_at)
    row = next(r for r in ask.signed("Spot", ASSETS, method="POST") if r["asset"] == "ETH")
    assert row["withdrawing"] == "0"


def test_amounts_of_the_wallet_rows_are_trimmed_and_valued_on_demand(ask: Asker) -> None:
    (row,) = ask.signed("Mixed", FUNDING, "asset=USDT", "POST")
    assert row == {
        "asset": "USDT",
        "free": "3500",
        "locked": "0",
        "freeze": "0",
        "withdrawing": "0",
        "btcValuation": "0",
    }
    (valued,) = ask.signed("Mixed", FUNDING, "asset=BTC&needBtcValuation=true", "POST")
    assert valued["btcValuation"] == "0.02000000"
    assert ask.signed("Main", FUNDING, method="POST") == []
    assert "ipoable" in ask.signed("Main", ASSETS, method="POST")[0]


def test_the_futures_account_adds_up(ask: Asker) -> None:
    ask.clock.set(BORN_AT + timedelta(days=20))
    told = ask.signed("Main", "/fapi/v3/account")
    rows = {row["asset"]: row for row in told["assets"]}
    assert tuple(rows) == COLLATERAL
    for row in rows.values():
        total = Decimal(row["walletBalance"]) + Decimal(row["unrealizedProfit"])
        assert Decimal(row["marginBalance"]) == total
    assert Decimal(rows["BNB"]["marginBalance"]) == Decimal("0.9")
    assert told["totalMarginBalance"] == rows["USDT"]["marginBalance"]
    profit = sum(Decimal(position["unrealizedProfit"]) for position in told["positions"])
    assert Decimal(rows["USDT"]["unrealizedProfit"]) == profit
    books = ask.exchange.world.books("Main", ask.clock.now())
    assert {p["symbol"]: Decimal(p["positionAmt"]) for p in told["positions"]} == {
        symbol: position.quantity for symbol, position in books.positions.items()
    }
    for position in told["positions"]:
        price = ask.exchange.world.market.price(position["symbol"], ask.clock.now())
        assert Decimal(position["notional"]) == Decimal(position["positionAmt"]) * price


def test_an_account_without_futures_has_rows_of_zero(ask: Asker) -> None:
    told = ask.signed("Spot", "/fapi/v3/account")
    assert told["positions"] == []
    assert {row["marginBalance"] for row in told["assets"]} == {"0.00000000"}
    assert ask.signed("Spot", "/sapi/v1/account/info")["isFutureEnabled"] is False
    assert ask.signed("Main", "/sapi/v1/account/info")["isFutureEnabled"] is True
