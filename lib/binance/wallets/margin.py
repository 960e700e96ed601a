"""Cross and isolated margin, debt and interest subtracted. Source: reference, D.7."""

from lib.binance.endpoints import CROSS_MARGIN, ISOLATED_MARGIN
from lib.binance.schemas import margin
from lib.binance.transport import Send
from lib.binance.wallets.rows import holdings
from lib.domain import portfolio
from lib.domain.portfolio import WalletReading
from lib.ports import Credentials


async def cross(send: Send, key: Credentials) -> WalletReading:
    """Read the cross margin account: net assets, negative where more is owed than held."""
    account = await send(CROSS_MARGIN, margin.CROSS, "", key)
    return WalletReading(holdings(portfolio.CROSS_MARGIN, ((row.asset, row.net_asset) for row in account.user_assets)))


async def isolated(send: Send, key: Credentials) -> WalletReading:
    """Read every isolated pair, both of its assets net."""
    account = await send(ISOLATED_MARGIN, margin.ISOLATED, "", key)
    parts = ((row.asset, row.net_asset) for pair in account.assets for row in (pair.base_asset, pair.quote_asset))
    return WalletReading(holdings(portfolio.ISOLATED_MARGIN, parts))
