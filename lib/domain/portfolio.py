"""What an account holds: assets in wallets, open futures positions, and their worth at one instant."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from lib.domain.money import ZERO

type Wallet = str  # one of the names below, or the slug of a wallet Binance added later

SPOT: Wallet = "spot"
FUNDING: Wallet = "funding"
USDM: Wallet = "usdm"
COINM: Wallet = "coinm"
CROSS_MARGIN: Wallet = "cross_margin"
ISOLATED_MARGIN: Wallet = "isolated_margin"
EARN: Wallet = "earn"
OPTIONS: Wallet = "options"

FUTURES_WALLETS = frozenset({USDM, COINM})


@dataclass(frozen=True, slots=True)
class Holding:
    """One asset in one wallet.

    Source: spot and funding rows (free + locked + frozen + withdrawing); futures `assets[]` (marginBalance).
    """

    wallet: Wallet
    asset: str  # exchange symbol, upper case: "BTC"
    quantity: Decimal  # units of `asset`; negative when the wallet owes


@dataclass(frozen=True, slots=True)
class OpenPosition:
    """One open futures position. Its profit is already inside the wallet's holdings; it is never added to NAV."""

    wallet: Wallet
    symbol: str  # contract: "BTCUSDT"
    side: Literal["long", "short"]
    quantity: Decimal  # coins, always positive
    price_usd: Decimal  # mark price of the contract when the wallet was read


@dataclass(frozen=True, slots=True)
class WalletReading:
    """What one wallet answered: all its holdings, zeros left out, and its open positions.

    `profits` are the open profits that are inside of the holdings, in coins, zeros left out.
    """

    holdings: tuple[Holding, ...] = ()
    positions: tuple[OpenPosition, ...] = ()
    profits: tuple[Holding, ...] = ()


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
