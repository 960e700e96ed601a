"""The USD-M futures wallet. Source: reference, D.8."""

from collections.abc import Mapping

from lib.binance.endpoints import FUTURES_ACCOUNT, FUTURES_POSITIONS
from lib.binance.schemas import futures
from lib.binance.schemas.futures import Position
from lib.binance.transport import Send
from lib.binance.wallets.positions import linear, side_of
from lib.binance.wallets.rows import holdings
from lib.domain.money import exact
from lib.domain.portfolio import USDM, OpenPosition, Side, Terms, WalletReading
from lib.ports import Credentials


async def read(send: Send, key: Credentials) -> WalletReading:
    """Read the wallet's margin balances, never its totals nor what is available, and its open positions."""
    account = await send(FUTURES_ACCOUNT, futures.FUTURES_ACCOUNT, "", key)
    return WalletReading(
        holdings(USDM, ((row.asset, row.margin_balance) for row in account.assets)),
        tuple(_open(position) for position in account.positions if position.position_amt),
        holdings(USDM, ((row.asset, row.unrealized_profit) for row in account.assets)),
    )


async def terms(send: Send, key: Credentials) -> Mapping[tuple[str, Side], Terms]:
    """Ask how the open positions stand, which the account does not tell."""
    rows = await send(FUTURES_POSITIONS, futures.POSITION_RISKS, "", key)
    found = (linear(USDM, row) for row in rows if row.position_amt)
    return {(position.symbol, position.side): position.terms for position in found if position.terms is not None}


@exact
def _open(position: Position) -> OpenPosition:
    """Return an open position; its mark price is in the notional."""
    price_usd = abs(position.notional / position.position_amt)
    return OpenPosition(USDM, position.symbol, side_of(position), abs(position.position_amt), price_usd)
