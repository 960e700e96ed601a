"""European options: margin and the worth of what is open. Source: reference, D.11."""

from lib.binance.endpoints import OPTIONS_ACCOUNT
from lib.binance.schemas import options
from lib.binance.transport import Send
from lib.binance.wallets.rows import holdings
from lib.domain.portfolio import OPTIONS, WalletReading
from lib.ports import Credentials


async def read(send: Send, key: Credentials) -> WalletReading:
    """Read the equity of each asset: margin balance plus the worth of the options."""
    account = await send(OPTIONS_ACCOUNT, options.ACCOUNT, "", key)
    return WalletReading(holdings(OPTIONS, ((row.asset, row.equity) for row in account.asset)))
