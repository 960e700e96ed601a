import json
from decimal import Decimal

import pytest

from lib.binance.errors import MalformedAnswer
from lib.binance.wallets.totals import named
from lib.domain.portfolio import Holding, OpenPosition
from tests.binance.wire import KEY, answering, sample


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Spot", "spot"),
        ("Funding", "funding"),
        ("USDⓈ-M Futures", "usdm"),
        ("USDS-M Futures", "usdm"),
        ("USD-M Futures", "usdm"),
        ("COIN-M Futures", "coinm"),
        ("Cross Margin", "cross_margin"),
        ("Isolated Margin", "isolated_margin"),
        ("Earn", "earn"),
        ("Options", "options"),
        ("Portfolio Margin", "portfolio_margin"),
        ("Trading Bots", "trading_bots"),
        ("Copy Trading", "copy_trading"),
        ("Spot Wallet", "spot"),
        ("Alpha", "alpha"),
        ("Spot Copy Trading", "spot_copy_trading"),
        ("Web3 Wallet (MPC)", "web3_wallet_mpc"),
        ("新钱包", "新钱包"),
        ("—", "unnamed"),
    ],
)
def test_a_wallet_is_known_by_meaning_and_a_new_one_keeps_its_name(theirs: str, ours: str) -> None:
    assert named(theirs) == ours


async def test_totals_name_every_wallet_zeros_included() -> None:
    async with answering(sample("wallet_balance")) as binance:
        totals = await binance.totals(KEY)
    assert totals["usdm"] == Decimal("3012.1")
    assert totals["trading_bots"] == Decimal("12.5")
    assert totals["coinm"] == 0
    assert len(totals) == 10


async def test_two_rows_of_one_meaning_are_one_wallet() -> None:
    rows = [{"walletName": "Earn", "balance": "1"}, {"walletName": "Earn Wallet", "balance": 2.25}]
    async with answering(json.dumps(rows).encode()) as binance:
        assert await binance.totals(KEY) == {"earn": Decimal("3.25")}


async def test_spot_counts_free_locked_frozen_and_withdrawing_and_drops_zeros() -> None:
    async with answering(sample("user_asset")) as binance:
        reading = await binance.wallet(KEY, "spot")
    assert reading.holdings == (
        Holding("spot", "BTC", Decimal("0.65")),
        Holding("spot", "LDUSDT", Decimal("250.12345678")),
        Holding("spot", "币安人生", Decimal(7)),
    )
    assert reading.positions == ()


async def test_funding_counts_the_same_four() -> None:
    async with answering(sample("funding_asset")) as binance:
        assert (await binance.wallet(KEY, "funding")).holdings == (Holding("funding", "USDT", Decimal("1530.75")),)


async def test_amounts_as_json_numbers_never_pass_through_a_float() -> None:
    body = b'[{"asset":1,"free":0.1234567890123456789,"locked":0.1,"freeze":0.2,"withdrawing":0}]'
    async with answering(body) as binance:
        (holding,) = (await binance.wallet(KEY, "spot")).holdings
    assert holding == Holding("spot", "1", Decimal("0.4234567890123456789"))


async def test_one_asset_in_two_rows_is_one_holding() -> None:
    row = {"asset": "BTC", "free": "1", "locked": "0", "freeze": "0", "withdrawing": "0"}
    async with answering(json.dumps([row, row]).encode()) as binance:
        assert (await binance.wallet(KEY, "spot")).holdings == (Holding("spot", "BTC", Decimal(2)),)


async def test_a_row_without_a_part_of_the_balance_is_not_taken_for_less() -> None:
    async with answering(b'[{"asset":"BTC","free":"1","locked":"0","freeze":"0"}]') as binance:
        with pytest.raises(MalformedAnswer, match=r"\[0\]\.withdrawing"):
            await binance.wallet(KEY, "spot")


async def test_futures_count_margin_balances_debts_included_and_name_open_positions() -> None:
    async with answering(sample("futures_account")) as binance:
        reading = await binance.wallet(KEY, "usdm")
    assert reading.holdings == (
        Holding("usdm", "USDT", Decimal("3015.2")),
        Holding("usdm", "BNFCR", Decimal("-3.10")),
    )
    assert reading.positions == (OpenPosition("usdm", "BTCUSDT", "long", Decimal("0.01"), Decimal(91200)),)


@pytest.mark.parametrize(
    ("side", "amount", "notional", "expected"),
    [
        ("BOTH", "0.5", "1500", "long"),
        ("BOTH", "-0.5", "-1500", "short"),
        ("LONG", "0.5", "1500", "long"),
        ("SHORT", "-0.5", "-1500", "short"),
        ("SHORT", "0.5", "1500", "short"),
        (None, "-0.5", "-1500", "short"),
    ],
)
async def test_a_position_has_a_side_and_the_price_its_notional_says(
    side: str | None, amount: str, notional: str, expected: str
) -> None:
    position = {"symbol": "ETHUSDT", "positionAmt": amount, "notional": notional}
    flat = {"symbol": "SOLUSDT", "positionSide": "BOTH", "positionAmt": "0.000", "notional": "0"}
    position |= {"positionSide": side} if side else {}
    async with answering(json.dumps({"assets": [], "positions": [flat, position]}).encode()) as binance:
        (read,) = (await binance.wallet(KEY, "usdm")).positions
    assert (read.side, read.quantity, read.price_usd) == (expected, Decimal("0.5"), Decimal(3000))


async def test_a_futures_answer_without_positions_is_not_taken_for_none() -> None:
    async with answering(b'{"assets":[]}') as binance:
        with pytest.raises(MalformedAnswer, match="at positions"):
            await binance.wallet(KEY, "usdm")
