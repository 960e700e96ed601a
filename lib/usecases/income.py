"""Gather futures income, where it is due. It is no flow: what cannot be read now holds nothing back."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from lib.domain.harvest import due
from lib.domain.income import IncomeReading
from lib.domain.portfolio import Wallet
from lib.domain.reading import Reading
from lib.domain.state import AccountState
from lib.errors import MonitorError
from lib.ports import Credentials, Exchange
from lib.usecases.logbook import Logbook
from lib.usecases.telling import INCOME


async def read_income(
    exchange: Exchange, key: Credentials, state: AccountState, reading: Reading
) -> Mapping[Wallet, IncomeReading | MonitorError]:
    """Read the income that is due, and why that of a wallet could not be read: it is due again in the next run."""
    spans = due(state, reading, key.account_id)
    answers = await asyncio.gather(*(_read(exchange, key, wallet, *span) for wallet, span in spans.items()))
    return dict(zip(spans, answers, strict=True))


def tell_unread(book: Logbook, reading: Reading) -> None:
    """Name the wallets whose income did not come."""
    for wallet, reason in reading.unread_income.items():
        book.warn(INCOME, f"futures income was not read, the next run tries again: {reason}", wallet=wallet)


async def _read(
    exchange: Exchange, key: Credentials, wallet: Wallet, start: datetime, end: datetime
) -> IncomeReading | MonitorError:
    try:
        return await exchange.income(key, wallet, start, end)
    except MonitorError as error:
        return error
