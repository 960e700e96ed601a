"""The COIN-M futures family: its account in coins, its positions in contracts, and its market data."""

from decimal import Decimal

from lib.demo import candles, params
from lib.demo.contracts import INVERSE, funding_rate, profits, spot_symbol
from lib.demo.events import Owned
from lib.demo.futures import asset_row, klines_weight
from lib.demo.holdings import ZERO, balance, total
from lib.demo.instants import from_ms
from lib.demo.messages import Refused
from lib.demo.positions import LEVERAGE, Row, rows_of
from lib.demo.public import candle_range, time
from lib.demo.routes import Public, PublicRoute, Route, Signed, SignedRoute, fixed, weighs
from lib.domain.money import exact

COINS = ("BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "LINK")
_EIGHT_HOURS_MS = 8 * 3_600_000
_DEFAULT_CANDLES = 500


@exact
def account(call: Signed) -> object:
    """Answer with every coin, zeros included, and every contract, open or not."""
    books = call.world.books(call.key.account, call.now)
    earned, rows = profits(books, call.world.market.prices_ms(call.now_ms)), rows_of(call, "coinm", inverse=True)
    assets = []
    for coin in COINS:
        mine = [row for row in rows if INVERSE[row.symbol].coin == coin]
        margin, kept = (sum((part(row) for row in mine), ZERO) for part in (_margin, _maintenance))
        held = total(balance(books, "coinm", coin))
        assets.append(asset_row(coin, held, earned.get(("coinm", coin), ZERO), margin, kept, call.now_ms))
    return {
        "feeTier": 0,
        "canTrade": True,
        "canDeposit": True,
        "canWithdraw": True,
        "updateTime": 0,
        "assets": assets,
        "positions": [{**row, "initialMargin": "0", "maintMargin": "0"} for row in positions(call, "coinm")],
    }


def _margin(row: Row) -> Decimal:
    return row.margin


def _maintenance(row: Row) -> Decimal:
    return row.maintenance


def position_risk(call: Signed) -> object:
    """Answer with how every contract stands, open or not."""
    return positions(call, "coinm")


@exact
def positions(call: Signed, wallet: Owned) -> list[dict[str, object]]:
    """Return every inverse contract with what is open of it. Units: amounts in contracts, notional in coins."""
    held = {row.symbol: row for row in rows_of(call, wallet, inverse=True)}
    prices = call.world.market.prices_ms(call.now_ms)
    return [_told(symbol, held.get(symbol), prices[spot_symbol(symbol)], call.now_ms) for symbol in INVERSE]


def _told(symbol: str, row: Row | None, mark: Decimal, now_ms: int) -> dict[str, object]:
    return {
        "symbol": symbol,
        "positionAmt": str(row.position.quantity) if row else "0",
        "entryPrice": fixed(row.position.entry if row else ZERO),
        "markPrice": fixed(mark),
        "unRealizedProfit": fixed(row.profit if row else ZERO),
        "liquidationPrice": fixed(row.liquidation) if row else "0",
        "leverage": str(LEVERAGE),
        "maxQty": "1000",
        "marginType": "cross",
        "isolatedMargin": "0.00000000",
        "isAutoAddMargin": "false",
        "positionSide": "BOTH",
        "notionalValue": fixed(row.notional if row else ZERO),
        "isolatedWallet": "0",
        "updateTime": now_ms if row else 0,
    }


@exact
def balances(call: Signed) -> object:
    """Answer with every coin, isolated profit left out as the exchange does."""
    books = call.world.books(call.key.account, call.now)
    earned = profits(books, call.world.market.prices_ms(call.now_ms))
    rows = []
    for coin in COINS:
        held, profit = total(balance(books, "coinm", coin)), earned.get(("coinm", coin), ZERO)
        rows.append(
            {
                "accountAlias": "SgsR",
                "asset": coin,
                "balance": fixed(held),
                "withdrawAvailable": fixed(held),
                "crossWalletBalance": fixed(held),
                "crossUnPnl": fixed(profit),
                "availableBalance": fixed(max(ZERO, held + profit)),
                "updateTime": call.now_ms,
            }
        )
    return rows


def asked_of(call: Public) -> tuple[str, ...]:
    """Return the contract that is asked for, or all. Raises: Refused."""
    name = call.params.get("symbol")
    if name and name not in INVERSE:
        raise Refused(400, -1121, "Invalid symbol.")
    return (name,) if name else tuple(INVERSE)


def ticker_price(call: Public) -> object:
    """Answer with the last price of contracts, always as a list."""
    prices = call.world.market.prices_ms(call.now_ms)
    return [
        {"symbol": name, "ps": _pair(name), "price": str(prices[spot_symbol(name)]), "time": call.now_ms}
        for name in asked_of(call)
    ]


def premium_index(call: Public) -> object:
    """Answer with mark and index price of contracts, always as a list."""
    prices = call.world.market.prices_ms(call.now_ms)
    funded_ms = call.now_ms - call.now_ms % _EIGHT_HOURS_MS
    return [
        {
            "symbol": name,
            "pair": _pair(name),
            "markPrice": fixed(prices[spot_symbol(name)]),
            "indexPrice": fixed(prices[spot_symbol(name)]),
            "estimatedSettlePrice": fixed(prices[spot_symbol(name)]),
            "lastFundingRate": fixed(funding_rate(call.world.seed, spot_symbol(name), from_ms(funded_ms))),
            "interestRate": "0.00010000",
            "nextFundingTime": funded_ms + _EIGHT_HOURS_MS,
            "time": call.now_ms,
        }
        for name in asked_of(call)
    ]


def exchange_info(call: Public) -> object:
    """Answer with the contracts and what one of each is worth."""
    limit = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 2400}
    symbols = [
        {
            "symbol": name,
            "pair": _pair(name),
            "contractType": "PERPETUAL",
            "contractStatus": "TRADING",
            "contractSize": int(contract.size_usd),
            "marginAsset": contract.coin,
            "baseAsset": contract.coin,
            "quoteAsset": "USD",
        }
        for name, contract in INVERSE.items()
    ]
    return {"timezone": "UTC", "serverTime": call.now_ms, "rateLimits": [limit], "symbols": symbols}


def klines(call: Public) -> object:
    """Answer with the candles of a contract."""
    name = params.required(call.params, "symbol")
    if name not in INVERSE:
        raise Refused(400, -1121, "Invalid symbol.")
    asked = candle_range(call.params, default=_DEFAULT_CANDLES, most=1500)
    return candles.candles(call.world.market, spot_symbol(name), asked, call.now, str)


def _pair(symbol: str) -> str:
    return symbol.partition("_")[0]


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/dapi/v1/time"): PublicRoute(time, weighs(1)),
    ("GET", "/dapi/v1/ticker/price"): PublicRoute(ticker_price, lambda asked: 1 if asked.get("symbol") else 2),
    ("GET", "/dapi/v1/premiumIndex"): PublicRoute(premium_index, weighs(10)),
    ("GET", "/dapi/v1/exchangeInfo"): PublicRoute(exchange_info, weighs(1)),
    ("GET", "/dapi/v1/klines"): PublicRoute(klines, klines_weight),
    ("GET", "/dapi/v1/account"): SignedRoute(account, weighs(5)),
    ("GET", "/dapi/v1/balance"): SignedRoute(balances, weighs(1)),
    ("GET", "/dapi/v1/positionRisk"): SignedRoute(position_risk, weighs(1)),
}
