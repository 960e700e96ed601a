"""Every list in which the exchange tells what crossed an account's border. Source: reference, F.1."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from lib.binance.flows import capital, fiat, p2p, pay, subaccounts
from lib.binance.flows.history import History, read
from lib.binance.flows.refusal import telling
from lib.binance.transport import Send
from lib.domain import sources
from lib.domain.flows import DEPOSITS, WITHDRAWALS, Movement
from lib.ports import Credentials

type Reader = Callable[[Send, Credentials, datetime, datetime], Awaitable[tuple[Movement, ...]]]


async def _read(
    history: History[Any, Any], send: Send, key: Credentials, start: datetime, end: datetime
) -> tuple[Movement, ...]:
    return await read(send, key, history, start, end)


SOURCES: Mapping[str, Reader] = MappingProxyType(
    {
        DEPOSITS: partial(_read, capital.DEPOSIT_ROWS),
        WITHDRAWALS: partial(_read, capital.WITHDRAWAL_ROWS),
        sources.PAY: partial(_read, pay.PAY_ROWS),
        sources.SUB_TRANSFERS_IN: partial(_read, subaccounts.IN_ROWS),
        sources.SUB_TRANSFERS_OUT: partial(_read, subaccounts.OUT_ROWS),
        sources.MASTER_TRANSFERS: subaccounts.of_master,
        sources.P2P: partial(_read, p2p.P2P_ROWS),
        sources.FIAT_DEPOSITS: partial(_read, fiat.DEPOSIT_ROWS),
        sources.FIAT_WITHDRAWALS: partial(_read, fiat.WITHDRAWAL_ROWS),
        sources.FIAT_BUYS: partial(_read, fiat.BUY_ROWS),
        sources.FIAT_SELLS: partial(_read, fiat.SELL_ROWS),
    }
)


async def movements(send: Send, key: Credentials, source: str, start: datetime, end: datetime) -> tuple[Movement, ...]:
    """Read every row of `source` listed in [start, end]. Raises: SourceRefused where it is refused for good."""
    with telling(source):
        return await SOURCES[source](send, key, start, end)
