"""What the exchange says of a key and of the account behind it, in two cheap calls. Source: reference, D.3."""

import asyncio
from datetime import datetime

from lib.binance.endpoints import ACCOUNT_INFO, KEY_RESTRICTIONS
from lib.binance.rights import risky
from lib.binance.schemas import keys
from lib.binance.schemas.keys import AccountInfo
from lib.binance.transport import Send
from lib.domain import portfolio
from lib.domain.keys import KeyCheck
from lib.domain.portfolio import Wallet
from lib.ports import Credentials


async def read(send: Send, key: Credentials, at: datetime) -> KeyCheck:
    """Ask what the key may do and which wallets its account has."""
    rights, info = await asyncio.gather(
        send(KEY_RESTRICTIONS, keys.RESTRICTIONS, "", key), send(ACCOUNT_INFO, keys.ACCOUNT_INFO, "", key)
    )
    return KeyCheck(
        at=at,
        risky=risky(rights),
        ip_restricted=rights.ip_restrict,
        portfolio_margin=info.is_portfolio_margin_retail_enabled,
        unopened=_unopened(info),
    )


def _unopened(info: AccountInfo) -> tuple[Wallet, ...]:
    products: tuple[tuple[bool, tuple[Wallet, ...]], ...] = (
        (info.is_future_enabled, (portfolio.USDM, portfolio.COINM)),
        (info.is_margin_enabled, (portfolio.CROSS_MARGIN, portfolio.ISOLATED_MARGIN)),
        (info.is_options_enabled, (portfolio.OPTIONS,)),
    )
    return tuple(wallet for opened, wallets in products if not opened for wallet in wallets)
