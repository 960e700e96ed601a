"""Open positions as the endpoints of all futures families tell them."""

from dataclasses import dataclass
from decimal import Decimal

from lib.demo.contracts import INVERSE, notional, profit, spot_symbol
from lib.demo.events import Owned
from lib.demo.holdings import Position
from lib.demo.routes import Signed
from lib.domain.money import exact

LEVERAGE = 5
MAINTENANCE_RATIO = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Row:
    """One open position. Units: notional, profit and margins in the asset it settles in; prices in USDT."""

    symbol: str
    position: Position
    mark: Decimal
    notional: Decimal
    profit: Decimal
    margin: Decimal
    maintenance: Decimal
    liquidation: Decimal


@exact
def rows_of(call: Signed, wallet: Owned, *, inverse: bool) -> list[Row]:
    """Return the open positions that pay into a wallet, of either kind, by name."""
    books, prices = call.world.books(call.key.account, call.now), call.world.market.prices_ms(call.now_ms)
    return [
        _row(symbol, position, prices[spot_symbol(symbol)])
        for symbol, position in sorted(books.positions.items())
        if position.wallet == wallet and (symbol in INVERSE) == inverse
    ]


def _row(symbol: str, position: Position, mark: Decimal) -> Row:
    size = notional(symbol, position, mark)
    away = Decimal(1) / LEVERAGE - MAINTENANCE_RATIO
    return Row(
        symbol=symbol,
        position=position,
        mark=mark,
        notional=size,
        profit=profit(symbol, position, mark),
        margin=abs(size) / LEVERAGE,
        maintenance=abs(size) * MAINTENANCE_RATIO,
        liquidation=position.entry * (1 - away if position.quantity > 0 else 1 + away),
    )
