"""What the wallets hold, and what the exchange says they are worth. Source: reference, D.2, D.3, D.5 and D.8."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from lib.binance.endpoints import FUNDING_ASSETS, FUTURES_ACCOUNT, SPOT_ASSETS, WALLET_TOTALS, Endpoint
from lib.binance.schemas import futures, wallets
from lib.binance.schemas.futures import Position
from lib.binance.signing import encode
from lib.binance.transport import Send
from lib.domain import portfolio
from lib.domain.money import ZERO, exact
from lib.domain.portfolio import Holding, OpenPosition, Wallet, WalletReading
from lib.ports import Credentials

_IN_USDT = encode({"quoteAsset": "USDT"})
_NOISE = frozenset({"wallet", "account", "futures", "trading"})
_MEANINGS: Mapping[frozenset[str], Wallet] = MappingProxyType(
    {
        frozenset({"spot"}): portfolio.SPOT,
        frozenset({"funding"}): portfolio.FUNDING,
        frozenset({"usds", "m"}): portfolio.USDM,
        frozenset({"usd", "m"}): portfolio.USDM,
        frozenset({"usdt", "m"}): portfolio.USDM,
        frozenset({"usdsm"}): portfolio.USDM,
        frozenset({"coin", "m"}): portfolio.COINM,
        frozenset({"coinm"}): portfolio.COINM,
        frozenset({"cross", "margin"}): portfolio.CROSS_MARGIN,
        frozenset({"isolated", "margin"}): portfolio.ISOLATED_MARGIN,
        frozenset({"earn"}): portfolio.EARN,
        frozenset({"option"}): portfolio.OPTIONS,
        frozenset({"options"}): portfolio.OPTIONS,
        frozenset({"portfolio", "margin"}): "portfolio_margin",
        frozenset({"bots"}): "trading_bots",
        frozenset({"copy"}): "copy_trading",
    }
)


def named(wallet_name: str) -> Wallet:
    """Return our name of a wallet, by meaning rather than spelling; a wallet nobody has heard of is slugged."""
    plain = unicodedata.normalize("NFKC", wallet_name).casefold()  # the circled S of USD-M becomes a letter
    words = re.findall(r"\w+", plain)
    return _MEANINGS.get(frozenset(words) - _NOISE) or "_".join(words) or "unnamed"


async def totals(send: Send, key: Credentials) -> Mapping[Wallet, Decimal]:
    """Return the exchange's own total of every wallet. Units: USDT."""
    rows = await send(WALLET_TOTALS, wallets.WALLET_TOTALS, _IN_USDT, key)
    return _summed((named(row.wallet_name), row.balance) for row in rows)


async def spot(send: Send, key: Credentials) -> WalletReading:
    """Read the spot wallet, its `LD…` rows as they are: the domain decides whose they are."""
    return await _assets(send, key, portfolio.SPOT, SPOT_ASSETS)


async def funding(send: Send, key: Credentials) -> WalletReading:
    """Read the funding wallet."""
    return await _assets(send, key, portfolio.FUNDING, FUNDING_ASSETS)


async def usdm(send: Send, key: Credentials) -> WalletReading:
    """Read the USD-M futures wallet and its open positions."""
    account = await send(FUTURES_ACCOUNT, futures.FUTURES_ACCOUNT, "", key)
    return WalletReading(
        _holdings(portfolio.USDM, ((row.asset, row.margin_balance) for row in account.assets)),
        tuple(_open(position) for position in account.positions if position.position_amt),
        _holdings(portfolio.USDM, ((row.asset, row.unrealized_profit) for row in account.assets)),
    )


async def _assets(send: Send, key: Credentials, wallet: Wallet, endpoint: Endpoint) -> WalletReading:
    rows = await send(endpoint, wallets.ASSET_ROWS, "", key)
    return WalletReading(
        _holdings(wallet, ((row.asset, row.free + row.locked + row.freeze + row.withdrawing) for row in rows))
    )


def _holdings(wallet: Wallet, parts: Iterable[tuple[str, Decimal]]) -> tuple[Holding, ...]:
    """Return the holdings the parts make, the zeros left out."""
    return tuple(Holding(wallet, asset, quantity) for asset, quantity in _summed(parts).items() if quantity)


@exact
def _summed(parts: Iterable[tuple[str, Decimal]]) -> Mapping[str, Decimal]:
    """Sum the parts by name. A generator is consumed in here, so that its own sums are exact too."""
    sums: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for name, quantity in parts:
        sums[name] += quantity
    return dict(sums)


@exact
def _open(position: Position) -> OpenPosition:
    """Return an open position; its mark price is in the notional."""
    price_usd = abs(position.notional / position.position_amt)
    quantity = abs(position.position_amt)
    return OpenPosition(portfolio.USDM, position.symbol, _side(position), quantity, price_usd)


def _side(position: Position) -> Literal["long", "short"]:
    if position.position_side == "BOTH":
        return "long" if position.position_amt > 0 else "short"
    return "long" if position.position_side == "LONG" else "short"
