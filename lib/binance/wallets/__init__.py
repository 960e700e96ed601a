"""What the wallets hold, one family a file, and what the exchange says they are worth."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from lib.binance.errors import BinanceError
from lib.binance.transport import Send
from lib.binance.wallets import coinm, earn, margin, options, portfolio_margin, spot, usdm
from lib.domain import portfolio
from lib.domain.portfolio import Wallet, WalletReading
from lib.ports import Credentials

type Reader = Callable[[Send, Credentials], Awaitable[WalletReading]]

READERS: Mapping[Wallet, Reader] = MappingProxyType(
    {
        portfolio.SPOT: spot.spot,
        portfolio.FUNDING: spot.funding,
        portfolio.USDM: usdm.read,
        portfolio.COINM: coinm.read,
        portfolio.CROSS_MARGIN: margin.cross,
        portfolio.ISOLATED_MARGIN: margin.isolated,
        portfolio.EARN: earn.read,
        portfolio.OPTIONS: options.read,
        portfolio.PORTFOLIO_MARGIN: portfolio_margin.read,
    }
)

# How a wallet that was never opened says so. A code means something else in another family.
_ABSENT: Mapping[Wallet, frozenset[int]] = MappingProxyType(
    {
        portfolio.CROSS_MARGIN: frozenset({-3003}),
        portfolio.ISOLATED_MARGIN: frozenset({-3003, -11001}),
        portfolio.PORTFOLIO_MARGIN: frozenset({-21001}),
    }
)


async def read(send: Send, key: Credentials, wallet: Wallet) -> WalletReading:
    """Read one wallet; one that does not exist is empty, and says so. Source: product, 4.2; reference, H.1."""
    try:
        return await READERS[wallet](send, key)
    except BinanceError as error:
        if error.reason in _ABSENT.get(wallet, frozenset()):
            return portfolio.ABSENT
        raise
