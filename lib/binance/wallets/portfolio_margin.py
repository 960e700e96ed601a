"""Portfolio margin: one account in place of cross margin and both futures wallets. Source: reference, D.11."""

import asyncio
from collections.abc import Iterable, Iterator
from decimal import Decimal

from lib.binance.endpoints import PORTFOLIO_BALANCE, PORTFOLIO_COIN_POSITIONS, PORTFOLIO_POSITIONS
from lib.binance.schemas import futures, portfolio_margin
from lib.binance.schemas.portfolio_margin import Balance
from lib.binance.transport import Send
from lib.binance.wallets.positions import inverse, linear
from lib.binance.wallets.rows import holdings
from lib.domain.portfolio import PORTFOLIO_MARGIN, WalletReading
from lib.ports import Credentials


async def read(send: Send, key: Credentials) -> WalletReading:
    """Read the equity of each asset, and the open positions of both kinds of contracts."""
    balances, linear_rows, inverse_rows = await asyncio.gather(
        send(PORTFOLIO_BALANCE, portfolio_margin.BALANCES, "", key),
        send(PORTFOLIO_POSITIONS, futures.POSITION_RISKS, "", key),
        send(PORTFOLIO_COIN_POSITIONS, futures.POSITION_RISKS, "", key),
    )
    return WalletReading(
        holdings(PORTFOLIO_MARGIN, _equities(balances)),
        (
            *(linear(PORTFOLIO_MARGIN, row) for row in linear_rows if row.position_amt),
            *(inverse(PORTFOLIO_MARGIN, row) for row in inverse_rows if row.position_amt),
        ),
        holdings(PORTFOLIO_MARGIN, ((row.asset, row.um_unrealized + row.cm_unrealized) for row in balances)),
    )


def _equities(rows: Iterable[Balance]) -> Iterator[tuple[str, Decimal]]:
    for row in rows:
        profit, debt = row.um_unrealized + row.cm_unrealized, row.cross_margin_borrowed + row.cross_margin_interest
        yield row.asset, row.total_wallet_balance + profit - debt
