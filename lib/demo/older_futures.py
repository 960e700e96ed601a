"""USD-M calls that other programs still make: the account of v2, balances without positions, the account's mode."""

from decimal import Decimal

from lib.demo.contracts import profits
from lib.demo.futures import account_of, position
from lib.demo.holdings import ZERO, balance, total
from lib.demo.listing import COLLATERAL, PERPETUALS
from lib.demo.positions import LEVERAGE, rows_of
from lib.demo.routes import Route, Signed, SignedRoute, fixed, weighs
from lib.domain.money import exact, plain

_MOST_NOTIONAL = "1000000000"


def _multi_assets(call: Signed) -> bool:
    return ("usdm", "BNFCR") in call.world.books(call.key.account, call.now).balances


def _flags(call: Signed) -> dict[str, object]:
    return {
        "feeTier": 0,
        "canTrade": True,
        "canDeposit": True,
        "canWithdraw": True,
        "updateTime": 0,
        "multiAssetsMargin": _multi_assets(call),
        "tradeGroupId": -1,
    }


def account_config(call: Signed) -> object:
    """Answer with the mode the account is in."""
    return {**_flags(call), "dualSidePosition": False}


def account_v2(call: Signed) -> object:
    """Answer as the account of v3 does, with every contract's position, open or not, its entry and leverage."""
    totals, assets, _ = account_of(call)
    rows = [{**row, "marginAvailable": True} for row in assets]
    return {**_flags(call), **totals, "assets": rows, "positions": _all_positions(call)}


def _all_positions(call: Signed) -> list[dict[str, object]]:
    held = {row.symbol: row for row in rows_of(call, "usdm", inverse=False)}
    rows = []
    for symbol in PERPETUALS:
        row = held.get(symbol)
        entry = plain(row.position.entry) if row else "0.0"
        rows.append(
            {
                **(position(call, row) if row else _closed(symbol)),
                "positionInitialMargin": fixed(row.margin if row else ZERO),
                "openOrderInitialMargin": "0",
                "leverage": str(LEVERAGE),
                "isolated": False,
                "entryPrice": entry,
                "breakEvenPrice": entry,
                "maxNotional": _MOST_NOTIONAL,
                "bidNotional": "0",
                "askNotional": "0",
            }
        )
    return rows


def _closed(symbol: str) -> dict[str, object]:
    amounts = ("positionAmt", "isolatedMargin", "notional", "isolatedWallet", "initialMargin", "maintMargin")
    return {
        "symbol": symbol,
        "positionSide": "BOTH",
        "unrealizedProfit": "0.00000000",
        **dict.fromkeys(amounts, "0"),
        "updateTime": 0,
    }


@exact
def balances(call: Signed) -> object:
    """Answer with every collateral asset, zeros included, isolated profit left out as the exchange does."""
    books = call.world.books(call.key.account, call.now)
    profit = profits(books, call.world.market.prices_ms(call.now_ms)).get(("usdm", "USDT"), ZERO)
    _, assets, _ = account_of(call)
    return [
        {
            "accountAlias": "SgsR",
            "asset": asset,
            "balance": fixed(held := total(balance(books, "usdm", asset))),
            "crossWalletBalance": fixed(held),
            "crossUnPnl": fixed(profit if asset == "USDT" else ZERO),
            "availableBalance": row["availableBalance"],
            "maxWithdrawAmount": row["maxWithdrawAmount"],
            "marginAvailable": True,
            "updateTime": call.now_ms,
        }
        for asset, row in zip(COLLATERAL, assets, strict=True)
    ]


@exact
def position_risk_v2(call: Signed) -> object:
    """Answer with how every contract stands, open or not, and its leverage."""
    held = {row.symbol: row for row in rows_of(call, "usdm", inverse=False)}
    prices = call.world.market.prices_ms(call.now_ms)
    return [
        {
            "symbol": symbol,
            "positionAmt": str(row.position.quantity) if row else "0",
            "entryPrice": plain(row.position.entry) if row else "0.0",
            "breakEvenPrice": plain(row.position.entry) if row else "0.0",
            "markPrice": fixed(row.mark if row else prices[symbol]),
            "unRealizedProfit": fixed(row.profit if row else ZERO),
            "liquidationPrice": fixed(row.liquidation) if row else "0",
            "leverage": str(LEVERAGE),
            "maxNotionalValue": _MOST_NOTIONAL,
            "marginType": "cross",
            "isolatedMargin": "0.00000000",
            "isAutoAddMargin": "false",
            "positionSide": "BOTH",
            "notional": fixed(row.notional if row else Decimal(0)),
            "isolatedWallet": "0",
            "updateTime": call.now_ms if row else 0,
        }
        for symbol, row in ((symbol, held.get(symbol)) for symbol in PERPETUALS)
        if call.params.get("symbol") in (None, "", symbol)
    ]


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/fapi/v1/accountConfig"): SignedRoute(account_config, weighs(5)),
    ("GET", "/fapi/v2/account"): SignedRoute(account_v2, weighs(5)),
    ("GET", "/fapi/v2/balance"): SignedRoute(balances, weighs(5)),
    ("GET", "/fapi/v3/balance"): SignedRoute(balances, weighs(5)),
    ("GET", "/fapi/v2/positionRisk"): SignedRoute(position_risk_v2, weighs(5)),
}
