"""What an account holds: assets in wallets, open futures positions, and their worth at one instant."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from lib.domain.money import ZERO, exact

type Wallet = str  # one of the names below, or the slug of a wallet Binance added later

SPOT: Wallet = "spot"
FUNDING: Wallet = "funding"
USDM: Wallet = "usdm"
COINM: Wallet = "coinm"
CROSS_MARGIN: Wallet = "cross_margin"
ISOLATED_MARGIN: Wallet = "isolated_margin"
EARN: Wallet = "earn"
OPTIONS: Wallet = "options"
PORTFOLIO_MARGIN: Wallet = "portfolio_margin"

FUTURES_WALLETS = frozenset({USDM, COINM, PORTFOLIO_MARGIN})
UNIFIED = frozenset({USDM, COINM, CROSS_MARGIN})  # what a portfolio margin account takes the place of

type Side = Literal["long", "short"]


@dataclass(frozen=True, slots=True)
class Holding:
    """One asset in one wallet.

    Source: spot and funding rows (free + locked + frozen + withdrawing); futures `assets[]` (marginBalance).
    """

    wallet: Wallet
    asset: str  # exchange symbol, upper case: "BTC"
    quantity: Decimal  # units of `asset`; negative when the wallet owes


@dataclass(frozen=True, slots=True)
class Terms:
    """How an open position stands, as the exchange tells it."""

    entry_usd: Decimal
    leverage: Decimal | None
    margin: Literal["cross", "isolated"]
    liquidation_usd: Decimal | None  # None: nothing liquidates it
    unrealised_usd: Decimal


@dataclass(frozen=True, slots=True)
class OpenPosition:
    """One open futures position. Its profit is already inside the wallet's holdings; it is never added to NAV.

    An inverse contract is so many dollars of a coin and pays in that coin: its quantity is the coins it was worth
    when the wallet was read, and only at that price. `terms` None: they were not told.
    """

    wallet: Wallet
    symbol: str  # contract: "BTCUSDT", "BTCUSD_PERP"
    side: Side
    quantity: Decimal  # coins, always positive
    price_usd: Decimal  # mark price of the contract when the wallet was read
    coin: str | None = None  # what an inverse contract pays in; None: dollars
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class WalletReading:
    """What one wallet answered: all its holdings, zeros left out, and its open positions.

    `profits` are the open profits that are inside of the holdings, in coins, zeros left out.
    `flexible` are positions of Simple Earn that the spot wallet mirrors as `LD…`, apart from the other holdings.
    """

    holdings: tuple[Holding, ...] = ()
    positions: tuple[OpenPosition, ...] = ()
    profits: tuple[Holding, ...] = ()
    flexible: tuple[Holding, ...] = ()
    exists: bool = True


ABSENT = WalletReading(exists=False)


@dataclass(frozen=True, slots=True)
class PricedHolding:
    """A holding with the price it counts at; `price_usd` None means it never had one and counts 0."""

    holding: Holding
    price_usd: Decimal | None
    priced_at: datetime | None  # when that price was seen; the snapshot's own time if it is fresh


def value_usd(priced: PricedHolding) -> Decimal:
    """Return what the holding counts in NAV."""
    return ZERO if priced.price_usd is None else priced.holding.quantity * priced.price_usd


def signed_quantity(position: OpenPosition) -> Decimal:
    """Return the position's coins, negative when short."""
    return position.quantity if position.side == "long" else -position.quantity


@exact
def gained_usd(position: OpenPosition, price_usd: Decimal, coin_usd: Decimal | None) -> Decimal:
    """Return what the position gained since it was read, now that its contract is at `price_usd`.

    An inverse contract of N dollars gains N/p₀ − N/p₁ coins, which is quantity × (p₁ − p₀)/p₁, worth `coin_usd` each
    (None: the contract's own price).
    """
    gained = signed_quantity(position) * (price_usd - position.price_usd)
    return gained if position.coin is None or coin_usd is None else gained * coin_usd / price_usd
