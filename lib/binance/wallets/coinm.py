"""The COIN-M futures wallet: margin and profit in coins. Source: reference, D.10."""

import asyncio

from lib.binance.endpoints import COIN_ACCOUNT, COIN_POSITIONS
from lib.binance.schemas import futures
from lib.binance.transport import Send
from lib.binance.wallets.positions import inverse
from lib.binance.wallets.rows import holdings
from lib.domain.portfolio import COINM, WalletReading
from lib.ports import Credentials


async def read(send: Send, key: Credentials) -> WalletReading:
    """Read the wallet's margin balances, and its open positions, whose prices the account does not tell."""
    account, risks = await asyncio.gather(
        send(COIN_ACCOUNT, futures.COIN_ACCOUNT, "", key),
        send(COIN_POSITIONS, futures.POSITION_RISKS, "", key),
    )
    return WalletReading(
        holdings(COINM, ((row.asset, row.margin_balance) for row in account.assets)),
        tuple(inverse(COINM, row) for row in risks if row.position_amt),
        holdings(COINM, ((row.asset, row.unrealized_profit) for row in account.assets)),
    )
