"""The spot and the funding wallet. Source: reference, D.2 and D.5."""

from lib.binance.endpoints import FUNDING_ASSETS, SPOT_ASSETS, Endpoint
from lib.binance.schemas import wallets
from lib.binance.transport import Send
from lib.binance.wallets.rows import holdings
from lib.domain import portfolio
from lib.domain.portfolio import Wallet, WalletReading
from lib.ports import Credentials


async def spot(send: Send, key: Credentials) -> WalletReading:
    """Read the spot wallet, its `LD…` rows as they are: the domain decides whose they are."""
    return await _assets(send, key, portfolio.SPOT, SPOT_ASSETS)


async def funding(send: Send, key: Credentials) -> WalletReading:
    """Read the funding wallet."""
    return await _assets(send, key, portfolio.FUNDING, FUNDING_ASSETS)


async def _assets(send: Send, key: Credentials, wallet: Wallet, endpoint: Endpoint) -> WalletReading:
    rows = await send(endpoint, wallets.ASSET_ROWS, "", key)
    parts = ((row.asset, row.free + row.locked + row.freeze + row.withdrawing) for row in rows)
    return WalletReading(holdings(wallet, parts))
