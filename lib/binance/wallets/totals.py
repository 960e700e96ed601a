"""What the exchange says each wallet is worth. Source: reference, D.3."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from lib.binance.endpoints import WALLET_TOTALS
from lib.binance.errors import BinanceError, NotPermitted
from lib.binance.schemas import wallets
from lib.binance.signing import encode
from lib.binance.transport import Send
from lib.binance.wallets.rows import summed
from lib.domain import portfolio
from lib.domain.portfolio import Wallet
from lib.ports import Credentials

_FOR_GOOD = frozenset({-1002, -4046})  # not authorized, agreement not confirmed
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
        frozenset({"portfolio", "margin"}): portfolio.PORTFOLIO_MARGIN,
        frozenset({"bots"}): "trading_bots",
        frozenset({"copy"}): "copy_trading",
    }
)


def named(wallet_name: str) -> Wallet:
    """Return our name of a wallet, by meaning rather than spelling; a wallet nobody has heard of is slugged."""
    plain = unicodedata.normalize("NFKC", wallet_name).casefold()  # the circled S of USD-M becomes a letter
    words = re.findall(r"\w+", plain)
    return _MEANINGS.get(frozenset(words) - _NOISE) or "_".join(words) or "unnamed"


async def read(send: Send, key: Credentials) -> Mapping[Wallet, Decimal]:
    """Return the exchange's own total of every wallet. Units: USDT. Raises: NotPermitted where it is never told."""
    try:
        rows = await send(WALLET_TOTALS, wallets.WALLET_TOTALS, _IN_USDT, key)
    except BinanceError as error:
        if error.reason in _FOR_GOOD:
            raise NotPermitted(error.call, error.status, error.reason, "its totals are not told") from None
        raise
    return summed((named(row.wallet_name), row.balance) for row in rows)
