"""The rules of the futures contracts: what is listed with which steps, and how much margin a size needs."""

from decimal import Decimal

from lib.demo.contracts import INVERSE
from lib.demo.futures import contract
from lib.demo.instants import to_ms
from lib.demo.listing import BY_SYMBOL, COLLATERAL, PERPETUALS
from lib.demo.positions import LEVERAGE, MAINTENANCE_RATIO
from lib.demo.public import ping
from lib.demo.routes import Public, PublicRoute, Route, Signed, SignedRoute, weighs
from lib.domain.money import plain

LIMITS = [
    {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 2400},
    {"rateLimitType": "ORDERS", "interval": "MINUTE", "intervalNum": 1, "limit": 1200},
    {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 300},
]
NO_END_MS = 4_133_404_800_000  # in the year 2100: how a contract without an end is told
_AUTO_EXCHANGE = {"BNFCR": "-5000"}  # the balance at which a debt is exchanged
_LARGEST = 1_000_000_000


def linear(call: Public) -> object:
    """Answer with the USD-M contracts, the collateral and the limits."""
    born_ms = to_ms(call.world.born_at)
    return {
        "timezone": "UTC",
        "serverTime": call.now_ms,
        "futuresType": "U_MARGINED",
        "rateLimits": LIMITS,
        "exchangeFilters": [],
        "assets": [
            {"asset": asset, "marginAvailable": True, "autoAssetExchange": _AUTO_EXCHANGE.get(asset, "0")}
            for asset in COLLATERAL
        ],
        "symbols": [_linear(symbol, step, born_ms) for symbol, step in PERPETUALS.items()],
    }


def _linear(symbol: str, step: Decimal, born_ms: int) -> dict[str, object]:
    market = BY_SYMBOL[symbol]
    return {
        "symbol": symbol,
        "pair": symbol,
        "status": "TRADING",
        "baseAsset": market.base,
        "quoteAsset": market.quote,
        "marginAsset": market.quote,
        **contract_terms(market.digits, step, born_ms),
        "underlyingSubType": [],
        "settlePlan": 0,
        "filters": filters(market.digits, step),
    }


def contract_terms(digits: int, step: Decimal, born_ms: int) -> dict[str, object]:
    """Return what all contracts tell of their terms: they are perpetual, and older than the world."""
    return {
        "contractType": "PERPETUAL",
        "deliveryDate": NO_END_MS,
        "onboardDate": born_ms - 365 * 86_400_000,
        "maintMarginPercent": plain(MAINTENANCE_RATIO * 100),
        "requiredMarginPercent": plain(Decimal(100) / LEVERAGE),
        "pricePrecision": digits,
        "quantityPrecision": max(0, -int(step.normalize().as_tuple().exponent)),
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "triggerProtect": "0.0500",
        "liquidationFee": "0.012500",
        "marketTakeBound": "0.05",
        "orderTypes": ["LIMIT", "MARKET"],
        "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
    }


def filters(digits: int, step: Decimal) -> list[dict[str, object]]:
    """Return the bounds and the steps of price and quantity."""
    tick, least = plain(Decimal(1).scaleb(-digits)), plain(step)
    lot = {"minQty": least, "maxQty": "1000000", "stepSize": least}
    return [
        {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": "10000000", "tickSize": tick},
        {"filterType": "LOT_SIZE", **lot},
        {"filterType": "MARKET_LOT_SIZE", **lot},
        {"filterType": "MAX_NUM_ORDERS", "limit": 200},
    ]


def linear_brackets(call: Signed) -> object:
    """Answer with the one bracket each USD-M contract has. Units: bounds in USDT."""
    asked = call.params.get("symbol")
    return [_brackets(symbol, "notional") for symbol in ((contract(asked),) if asked else PERPETUALS)]


def inverse_brackets(call: Signed) -> object:
    """Answer with the one bracket each COIN-M contract has. Units: bounds in coins."""
    return [_brackets(symbol, "qty") for symbol in INVERSE if call.params.get("symbol") in (None, "", symbol)]


def _brackets(symbol: str, bound: str) -> dict[str, object]:
    bracket = {
        "bracket": 1,
        "initialLeverage": LEVERAGE,
        f"{bound}Cap": _LARGEST,
        f"{bound}Floor": 0,
        "maintMarginRatio": float(MAINTENANCE_RATIO),
        "cum": 0.0,
    }
    return {"symbol": symbol, "notionalCoef": 1.0, "brackets": [bracket]}


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/fapi/v1/ping"): PublicRoute(ping, weighs(1)),
    ("GET", "/dapi/v1/ping"): PublicRoute(ping, weighs(1)),
    ("GET", "/fapi/v1/exchangeInfo"): PublicRoute(linear, weighs(1)),
    ("GET", "/fapi/v1/leverageBracket"): SignedRoute(linear_brackets, weighs(1)),
    ("GET", "/dapi/v2/leverageBracket"): SignedRoute(inverse_brackets, weighs(1)),
}
