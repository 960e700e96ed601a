"""Simple Earn, flexible and locked. Source: reference, D.6."""

import asyncio

from pydantic import TypeAdapter

from lib.binance.endpoints import FLEXIBLE_EARN, LOCKED_EARN, Endpoint
from lib.binance.errors import MalformedAnswer
from lib.binance.schemas import earn
from lib.binance.schemas.earn import Page
from lib.binance.signing import encode
from lib.binance.transport import Send
from lib.binance.wallets.rows import holdings
from lib.domain.portfolio import EARN, WalletReading
from lib.ports import Credentials

_SIZE = 100


async def read(send: Send, key: Credentials) -> WalletReading:
    """Read what is subscribed: flexible positions apart, since spot mirrors them as `LD…`.

    A locked position that is on its way back still belongs to the account; rewards count once they are paid.
    """
    flexible, locked = await asyncio.gather(
        _every(send, key, FLEXIBLE_EARN, earn.FLEXIBLE), _every(send, key, LOCKED_EARN, earn.LOCKED)
    )
    return WalletReading(
        holdings(EARN, ((row.asset, max(row.amount, row.redeeming_amt)) for row in locked)),
        flexible=holdings(EARN, ((row.asset, row.total_amount) for row in flexible)),
    )


async def _every[R](send: Send, key: Credentials, endpoint: Endpoint, shape: TypeAdapter[Page[R]]) -> list[R]:
    """Read page after page until as many rows are there as the exchange says. Raises: MalformedAnswer if it has not."""
    found: list[R] = []
    current = 1
    while True:
        page = await send(endpoint, shape, encode({"current": current, "size": _SIZE}), key)
        rows = page.rows or []
        found += rows
        if len(found) >= page.total:
            return found
        if not rows:
            raise MalformedAnswer(endpoint.call, 200, "rows: fewer than the total")
        current += 1
