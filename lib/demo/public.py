"""Public market data of the spot host."""

from decimal import Decimal

from lib.demo import candles, params
from lib.demo.listing import MARKETS, Listed, Status, lendable
from lib.demo.messages import Refused
from lib.demo.routes import Params, Public, PublicRoute, Route, fixed, weighs

_LIMITS = [
    {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000},
    {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 100},
    {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 200_000},
    {"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 300_000},
]


def ping(_call: Public) -> object:
    """Answer that we are here."""
    return {}


def time(call: Public) -> object:
    """Answer with the world's time."""
    return {"serverTime": call.now_ms}


def chosen(call: Public) -> tuple[Listed, ...]:
    """Return the markets that `symbol`, `symbols`, `symbolStatus` name. Raises: Refused."""
    asked, world, now = call.params, call.world, call.now
    symbol, symbols, wanted = asked.get("symbol"), asked.get("symbols"), params.status(asked)
    if symbol is not None and symbols is not None:
        raise Refused(400, -1128, "Combination of optional parameters invalid.")
    if symbol is not None:
        found = params.listed(symbol)
        if wanted and world.market.status(found, now) != wanted:
            raise Refused(400, -1220, "The symbol's status does not match the requested symbolStatus.")
        return (found,)
    markets = MARKETS if symbols is None else params.symbols(symbols)
    return tuple(market for market in markets if not wanted or world.market.status(market, now) == wanted)


def ticker_price(call: Public) -> object:
    """Answer with the last price of one symbol, of some, or of all."""
    prices = call.world.market.prices_ms(call.now_ms)
    rows = [{"symbol": market.symbol, "price": fixed(prices[market.symbol])} for market in chosen(call)]
    return rows[0] if "symbol" in call.params else rows


def klines(call: Public) -> object:
    """Answer with the candles of a range; one that ended has no later ones."""
    market = params.listed(params.required(call.params, "symbol"))
    asked = candle_range(call.params, default=500, most=1000)
    if market.status != "TRADING":
        return []
    until = min(call.now, call.world.market.ended_at(market) or call.now)
    return candles.candles(call.world.market, market.symbol, asked, until, fixed)


def candle_range(asked: Params, default: int, most: int) -> candles.Range:
    """Return which candles are wanted. Raises: Refused."""
    interval = params.required(asked, "interval")
    if interval not in candles.INTERVALS:
        raise Refused(400, -1120, "Invalid interval.")
    zone_ms = candles.zone(asked.get("timeZone") or "0")
    if zone_ms is None:
        raise params.invalid("timeZone")
    start_ms, end_ms = params.integer(asked, "startTime"), params.integer(asked, "endTime")
    return candles.Range(interval, start_ms, end_ms, params.limit(asked, default, most), zone_ms)


def exchange_info(call: Public) -> object:
    """Answer with the listed markets and the limits."""
    return {
        "timezone": "UTC",
        "serverTime": call.now_ms,
        "rateLimits": _LIMITS,
        "exchangeFilters": [],
        "symbols": [_described(market, call.world.market.status(market, call.now)) for market in chosen(call)],
    }


def _described(market: Listed, status: Status) -> dict[str, object]:
    tick, step = fixed(Decimal(1).scaleb(-market.digits)), fixed(market.step)
    return {
        "symbol": market.symbol,
        "status": status,
        "baseAsset": market.base,
        "baseAssetPrecision": 8,
        "quoteAsset": market.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "MARKET"],
        "icebergAllowed": False,
        "ocoAllowed": False,
        "isSpotTradingAllowed": status == "TRADING",
        "isMarginTradingAllowed": lendable(market),
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": "10000000.00000000", "tickSize": tick},
            {"filterType": "LOT_SIZE", "minQty": step, "maxQty": "90000000.00000000", "stepSize": step},
        ],
        "permissions": [],
        "permissionSets": [["SPOT", "MARGIN"] if lendable(market) else ["SPOT"]],
        "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
        "allowedSelfTradePreventionModes": ["EXPIRE_MAKER"],
    }


def _ticker_weight(asked: Params) -> int:
    return 2 if "symbol" in asked else 4


CHOICE = frozenset({"symbol", "symbols", "symbolStatus"})

ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/api/v3/ping"): PublicRoute(ping, weighs(1)),
    ("GET", "/api/v3/time"): PublicRoute(time, weighs(1)),
    ("GET", "/api/v3/ticker/price"): PublicRoute(ticker_price, _ticker_weight, CHOICE),
    ("GET", "/api/v3/klines"): PublicRoute(
        klines, weighs(2), frozenset({"symbol", "interval", "startTime", "endTime", "timeZone", "limit"})
    ),
    ("GET", "/api/v3/exchangeInfo"): PublicRoute(
        exchange_info, weighs(20), CHOICE | {"permissions", "showPermissionSets"}
    ),
}
