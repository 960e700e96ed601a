"""The USD-M futures family: its account in single-asset mode, and its market data."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from lib.demo import candles, params
from lib.demo.contracts import funding_rate, profits
from lib.demo.holdings import ZERO, balance, total
from lib.demo.instants import from_ms
from lib.demo.listing import COLLATERAL, PERPETUALS
from lib.demo.messages import Refused
from lib.demo.positions import Row, rows_of
from lib.demo.public import candle_range, time
from lib.demo.routes import Params, Public, PublicRoute, Route, Signed, SignedRoute, fixed, weighs
from lib.domain.money import exact

type Told = dict[str, object]

_EIGHT_HOURS_MS = 8 * 3_600_000
_INTEREST_RATE = "0.00010000"
_DEFAULT_CANDLES = 500
_CANDLE_WEIGHTS = ((99, 1), (499, 2), (1000, 5))  # up to so many candles


def account(call: Signed) -> object:
    """Answer with every collateral asset, zeros included, and the open positions."""
    totals, assets, positions = account_of(call)
    return {**totals, "assets": assets, "positions": positions}


@exact
def account_of(call: Signed) -> tuple[Told, list[Told], list[Told]]:
    """Return the totals, the assets and the open positions.

    The totals count USDT alone, or in multi-assets mode, which futures credits bring, all in USD; then what is
    available is told of every asset, owned or not.
    """
    books = call.world.books(call.key.account, call.now)
    positions = [position(call, row) for row in rows_of(call, "usdm", inverse=False)]
    profit = profits(books, call.world.market.prices_ms(call.now_ms)).get(("usdm", "USDT"), ZERO)
    margin = sum((Decimal(str(row["initialMargin"])) for row in positions), ZERO)
    maintenance = sum((Decimal(str(row["maintMargin"])) for row in positions), ZERO)
    assets = []
    for asset in COLLATERAL:
        of_usdt = (profit, margin, maintenance) if asset == "USDT" else (ZERO, ZERO, ZERO)
        assets.append(asset_row(asset, total(balance(books, "usdm", asset)), *of_usdt, call.now_ms))
    if ("usdm", "BNFCR") in books.balances:
        return _in_multi_assets_mode(call, assets), assets, positions
    return _totals(assets[0]), assets, positions


def position(call: Signed, row: Row) -> Told:
    """Return an open position as the account tells it."""
    return {
        "symbol": row.symbol,
        "positionSide": "BOTH",
        "positionAmt": str(row.position.quantity),
        "unrealizedProfit": fixed(row.profit),
        "isolatedMargin": "0",
        "notional": fixed(row.notional),
        "isolatedWallet": "0",
        "initialMargin": fixed(row.margin),
        "maintMargin": fixed(row.maintenance),
        "updateTime": call.now_ms,
    }


@exact
def _in_multi_assets_mode(call: Signed, assets: list[Told]) -> Told:
    """Return the totals, and tell in each asset what is available of all."""

    def in_usd(name: str) -> Decimal:
        worth = call.world.market.worth
        return sum((Decimal(str(row[name])) * worth(str(row["asset"]), call.now) for row in assets), ZERO)

    summed = {name: fixed(in_usd(name)) for name in assets[0] if name not in ("asset", "updateTime")}
    free_usd = max(ZERO, in_usd("marginBalance") - in_usd("initialMargin"))
    for row in assets:
        price = call.world.market.worth(str(row["asset"]), call.now)
        row["availableBalance"] = fixed(free_usd / price if price else ZERO)
    return {**_totals(summed), "availableBalance": fixed(free_usd)}


@exact
def position_risk(call: Signed) -> object:
    """Answer with how every open position stands, without its leverage."""
    return [
        {
            **position(call, row),
            "entryPrice": str(row.position.entry),
            "breakEvenPrice": str(row.position.entry),
            "markPrice": fixed(row.mark),
            "unRealizedProfit": fixed(row.profit),
            "liquidationPrice": fixed(row.liquidation),
            "marginAsset": "USDT",
            "positionInitialMargin": fixed(row.margin),
            "openOrderInitialMargin": "0",
            "adl": 2,
            "bidNotional": "0",
            "askNotional": "0",
        }
        for row in rows_of(call, "usdm", inverse=False)
        if call.params.get("symbol") in (None, "", row.symbol)
    ]


def asset_row(
    asset: str, wallet: Decimal, profit: Decimal, margin: Decimal, maintenance: Decimal, now_ms: int
) -> dict[str, object]:
    """Return one asset of a futures wallet, with the profit and the margins of its positions."""
    available = max(ZERO, wallet + profit - margin)
    return {
        "asset": asset,
        "walletBalance": fixed(wallet),
        "unrealizedProfit": fixed(profit),
        "marginBalance": fixed(wallet + profit),
        "maintMargin": fixed(maintenance),
        "initialMargin": fixed(margin),
        "positionInitialMargin": fixed(margin),
        "openOrderInitialMargin": "0.00000000",
        "crossWalletBalance": fixed(wallet),
        "crossUnPnl": fixed(profit),
        "availableBalance": fixed(available),
        "maxWithdrawAmount": fixed(min(available, wallet)),
        "updateTime": now_ms,
    }


def _totals(usdt: Mapping[str, object]) -> Told:
    return {
        "totalInitialMargin": usdt["initialMargin"],
        "totalMaintMargin": usdt["maintMargin"],
        "totalWalletBalance": usdt["walletBalance"],
        "totalUnrealizedProfit": usdt["unrealizedProfit"],
        "totalMarginBalance": usdt["marginBalance"],
        "totalPositionInitialMargin": usdt["positionInitialMargin"],
        "totalOpenOrderInitialMargin": "0.00000000",
        "totalCrossWalletBalance": usdt["crossWalletBalance"],
        "totalCrossUnPnl": usdt["crossUnPnl"],
        "availableBalance": usdt["availableBalance"],
        "maxWithdrawAmount": usdt["maxWithdrawAmount"],
    }


def contract(name: str) -> str:
    """Return the name of a contract. Raises: Refused where there is none."""
    if params.listed(name).symbol not in PERPETUALS:
        raise Refused(400, -1121, "Invalid symbol.")
    return name


def asked_of(call: Public) -> tuple[str, ...]:
    """Return the contract that is asked for, or all. Raises: Refused."""
    name = call.params.get("symbol")
    return tuple(PERPETUALS) if not name else (contract(name),)


def ticker_price(call: Public) -> object:
    """Answer with the last price of one contract or of all; it is the spot price."""
    prices = call.world.market.prices_ms(call.now_ms)
    rows = [{"symbol": symbol, "price": str(prices[symbol]), "time": call.now_ms} for symbol in asked_of(call)]
    return rows[0] if call.params.get("symbol") else rows


def premium_index(call: Public) -> object:
    """Answer with mark and index price of one contract or of all: both are the spot price."""
    prices = call.world.market.prices_ms(call.now_ms)
    funded_ms = call.now_ms - call.now_ms % _EIGHT_HOURS_MS
    rows = []
    for symbol in asked_of(call):
        price = fixed(prices[symbol])
        rows.append(
            {
                "symbol": symbol,
                "markPrice": price,
                "indexPrice": price,
                "estimatedSettlePrice": price,
                "lastFundingRate": fixed(funding_rate(call.world.seed, symbol, from_ms(funded_ms))),
                "interestRate": _INTEREST_RATE,
                "nextFundingTime": funded_ms + _EIGHT_HOURS_MS,
                "time": call.now_ms,
            }
        )
    return rows[0] if call.params.get("symbol") else rows


def klines(call: Public) -> object:
    """Answer with the candles of a contract."""
    symbol = contract(params.required(call.params, "symbol"))
    asked = candle_range(call.params, default=_DEFAULT_CANDLES, most=1500)
    if asked.start_ms is not None and asked.end_ms is not None and asked.start_ms > asked.end_ms:
        raise Refused(400, -1023, "Start time is greater than end time.")
    return candles.candles(call.world.market, symbol, asked, call.now, str)


def klines_weight(asked: Params) -> int:
    """Return what so many candles weigh."""
    text = asked.get("limit") or ""
    wanted = int(text) if text.isascii() and text.isdigit() else _DEFAULT_CANDLES
    return next((weight for most, weight in _CANDLE_WEIGHTS if wanted <= most), 10)


def _one_or_all(one: int, every: int) -> Callable[[Params], int]:
    return lambda asked: one if asked.get("symbol") else every


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/fapi/v1/time"): PublicRoute(time, weighs(1)),
    ("GET", "/fapi/v1/ticker/price"): PublicRoute(ticker_price, _one_or_all(1, 2)),
    ("GET", "/fapi/v2/ticker/price"): PublicRoute(ticker_price, _one_or_all(1, 2)),
    ("GET", "/fapi/v1/premiumIndex"): PublicRoute(premium_index, _one_or_all(1, 10)),
    ("GET", "/fapi/v1/klines"): PublicRoute(klines, klines_weight),
    ("GET", "/fapi/v3/account"): SignedRoute(account, weighs(5)),
    ("GET", "/fapi/v3/positionRisk"): SignedRoute(position_risk, weighs(5)),
}
