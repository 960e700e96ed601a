"""The portfolio margin family: one account over cross margin and both kinds of futures."""

from collections.abc import Mapping
from decimal import Decimal

from lib.demo import coin_futures
from lib.demo.contracts import profits
from lib.demo.holdings import Books, balance
from lib.demo.messages import Refused
from lib.demo.positions import LEVERAGE, rows_of
from lib.demo.public import time
from lib.demo.routes import PublicRoute, Route, Signed, SignedRoute, fixed, weighs
from lib.domain.money import exact

_CROSS, _UM, _CM = "portfolio_margin:cross", "portfolio_margin:um", "portfolio_margin:cm"


def _books(call: Signed) -> Books:
    """Return the account's books. Raises: Refused where it is no portfolio margin account."""
    books = call.world.books(call.key.account, call.now)
    if not any(part.startswith("portfolio_margin:") for part, _ in books.balances):
        raise Refused(400, -21001, "Request ID is not a Portfolio Margin Account.")
    return books


@exact
def balances(call: Signed) -> object:
    """Answer with every asset; profits of nothing are empty texts."""
    books = _books(call)
    earned = profits(books, call.world.market.prices_ms(call.now_ms))
    names = sorted({asset for part, asset in books.balances if part.startswith("portfolio_margin:")})
    return [_row(books, earned, asset) for asset in names]


def _row(books: Books, earned: Mapping[tuple[str, str], Decimal], asset: str) -> dict[str, object]:
    cross = balance(books, _CROSS, asset)
    um, cm = balance(books, _UM, asset).free, balance(books, _CM, asset).free
    held = cross.free + cross.locked
    return {
        "asset": asset,
        "totalWalletBalance": fixed(held + um + cm),
        "crossMarginAsset": fixed(held),
        "crossMarginBorrowed": fixed(cross.borrowed),
        "crossMarginFree": fixed(cross.free),
        "crossMarginInterest": fixed(cross.interest),
        "crossMarginLocked": fixed(cross.locked),
        "umWalletBalance": fixed(um),
        "umUnrealizedPNL": _or_empty(earned.get((_UM, asset))),
        "cmWalletBalance": fixed(cm),
        "cmUnrealizedPNL": _or_empty(earned.get((_CM, asset))),
        "updateTime": 0,
        "negativeBalance": "0",
    }


def _or_empty(amount: Decimal | None) -> str:
    return "" if amount is None else fixed(amount)


@exact
def account(call: Signed) -> object:
    """Answer with the account's equity. Units: USD."""
    _books(call)
    worth = fixed(call.world.wallet_totals(call.key.account, call.now)["portfolio_margin"])
    return {
        "uniMMR": "999",
        "accountEquity": worth,
        "actualEquity": worth,
        "accountInitialMargin": "0",
        "accountMaintMargin": "0",
        "accountStatus": "NORMAL",
        "virtualMaxWithdrawAmount": worth,
        "totalAvailableBalance": "",
        "totalMarginOpenLoss": "",
        "updateTime": call.now_ms,
    }


@exact
def linear_positions(call: Signed) -> object:
    """Answer with the open positions of contracts that pay in dollars."""
    _books(call)
    return [
        {
            "symbol": row.symbol,
            "positionAmt": str(row.position.quantity),
            "entryPrice": str(row.position.entry),
            "markPrice": fixed(row.mark),
            "unRealizedProfit": fixed(row.profit),
            "liquidationPrice": fixed(row.liquidation),
            "leverage": str(LEVERAGE),
            "maxNotionalValue": "20000000",
            "positionSide": "BOTH",
            "notional": fixed(row.notional),
            "updateTime": call.now_ms,
        }
        for row in rows_of(call, _UM, inverse=False)
    ]


def inverse_positions(call: Signed) -> object:
    """Answer with the contracts that pay in coins, open or not."""
    _books(call)
    return coin_futures.positions(call, _CM)


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/papi/v1/time"): PublicRoute(time, weighs(1)),
    ("GET", "/papi/v1/balance"): SignedRoute(balances, weighs(20)),
    ("GET", "/papi/v1/account"): SignedRoute(account, weighs(20)),
    ("GET", "/papi/v1/um/positionRisk"): SignedRoute(linear_positions, weighs(5)),
    ("GET", "/papi/v1/cm/positionRisk"): SignedRoute(inverse_positions, weighs(1)),
}
