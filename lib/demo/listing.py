"""What the demo exchange lists: assets with their character, and the markets between them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

type Status = Literal["TRADING", "BREAK"]


@dataclass(frozen=True, slots=True)
class Asset:
    """How an asset's price moves.

    Units: `level` in USDT at the market's epoch (for TRY: TRY per USDT); `beta` is its share in the common move;
    `own_volatility` is a daily standard deviation as a ratio.
    """

    name: str
    level: float
    beta: float
    own_volatility: float


@dataclass(frozen=True, slots=True)
class Listed:
    """One listed symbol; `digits` are the decimals of its price tick, `step` is the smallest change of a quantity."""

    symbol: str
    base: str
    quote: str
    digits: int
    step: Decimal
    status: Status = "TRADING"
    ends_on_day: int | None = None  # of the world's life


ASSETS = (
    Asset("BTC", 91_000, 1.0, 0.008),
    Asset("ETH", 3_020, 1.12, 0.016),
    Asset("BNB", 880, 0.8, 0.014),
    Asset("SOL", 138, 1.15, 0.023),
    Asset("XRP", 2.2, 0.95, 0.023),
    Asset("ADA", 0.42, 1.0, 0.025),
    Asset("DOGE", 0.14, 1.05, 0.027),
    Asset("LINK", 13.1, 1.05, 0.023),
    Asset("LDO", 0.62, 1.1, 0.03),
    Asset("USDC", 0.9998, 0.0, 0.00006),
    Asset("FDUSD", 0.9986, 0.0, 0.00012),
    Asset("EUR", 1.16, 0.01, 0.004),
    Asset("TRY", 42.4, 0.0, 0.001),
    Asset("BAKE", 0.09, 1.1, 0.03),
)

MARKETS = (
    Listed("ETHBTC", "ETH", "BTC", 5, Decimal("0.0001")),
    Listed("BNBBTC", "BNB", "BTC", 6, Decimal("0.001")),
    Listed("BTCUSDT", "BTC", "USDT", 2, Decimal("0.00001")),
    Listed("ETHUSDT", "ETH", "USDT", 2, Decimal("0.0001")),
    Listed("BNBUSDT", "BNB", "USDT", 2, Decimal("0.001")),
    Listed("SOLUSDT", "SOL", "USDT", 2, Decimal("0.001")),
    Listed("XRPUSDT", "XRP", "USDT", 4, Decimal("0.1")),
    Listed("ADAUSDT", "ADA", "USDT", 4, Decimal("0.1")),
    Listed("DOGEUSDT", "DOGE", "USDT", 5, Decimal("1")),
    Listed("LINKUSDT", "LINK", "USDT", 2, Decimal("0.01")),
    Listed("LDOUSDT", "LDO", "USDT", 4, Decimal("0.01")),
    Listed("USDCUSDT", "USDC", "USDT", 5, Decimal("1")),
    Listed("FDUSDUSDT", "FDUSD", "USDT", 4, Decimal("1")),
    Listed("EURUSDT", "EUR", "USDT", 4, Decimal("0.1")),
    Listed("USDTTRY", "USDT", "TRY", 2, Decimal("1")),
    Listed("BAKEUSDT", "BAKE", "USDT", 5, Decimal("0.1"), ends_on_day=40),
    Listed("BTCBUSD", "BTC", "BUSD", 2, Decimal("0.00001"), status="BREAK"),
)

BY_SYMBOL = {market.symbol: market for market in MARKETS}
SPOT_ASSETS = tuple(dict.fromkeys(name for market in MARKETS for name in (market.base, market.quote)))

# USD-M perpetuals: the smallest change of a quantity, per symbol. Their price is the spot price.
PERPETUALS = {
    "BTCUSDT": Decimal("0.001"),
    "ETHUSDT": Decimal("0.001"),
    "BNBUSDT": Decimal("0.01"),
    "SOLUSDT": Decimal("0.01"),
    "XRPUSDT": Decimal("0.1"),
    "ADAUSDT": Decimal("1"),
    "DOGEUSDT": Decimal("1"),
    "LINKUSDT": Decimal("0.01"),
}

# What the USD-M wallet accepts as collateral: the rows of its `assets[]`, zeros included.
COLLATERAL = ("USDT", "USDC", "FDUSD", "USD1", "U", "BTC", "ETH", "BNB", "BFUSD", "RWUSD", "LDUSDT", "BNFCR")

# What margin accounts can borrow; pairs between these trade on margin.
LENT = ("BTC", "ETH", "BNB", "SOL", "USDT", "USDC")


def lendable(market: Listed) -> bool:
    """Tell whether both sides of a market can be borrowed."""
    return market.base in LENT and market.quote in LENT
