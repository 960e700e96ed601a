"""Futures income: what a wallet earned and paid, walked through by time. Source: reference, D.8, D.10 and F.1."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from lib.binance.endpoints import COINM_INCOME, USDM_INCOME, Endpoint
from lib.binance.errors import MalformedAnswer
from lib.binance.instants import from_ms, to_ms
from lib.binance.schemas import income
from lib.binance.schemas.income import Income
from lib.binance.signing import encode
from lib.binance.transport import Send
from lib.domain.income import COMMISSION, FUNDING, OTHER, REALISED, REWARDS, IncomeReading, IncomeRow
from lib.domain.portfolio import COINM, USDM, Wallet
from lib.ports import Credentials

PAGE = 1000
MOST_PAGES = 10  # in one run: 300 of a minute's 2400, so that others have room; the next run goes on

_ENDPOINTS: Mapping[Wallet, Endpoint] = MappingProxyType({USDM: USDM_INCOME, COINM: COINM_INCOME})
# From wallet to wallet or from coin to coin: no income.
_MOVED = frozenset(
    {
        "TRANSFER",
        "INTERNAL_TRANSFER",
        "CROSS_COLLATERAL_TRANSFER",
        "COIN_SWAP_DEPOSIT",
        "COIN_SWAP_WITHDRAW",
        "STRATEGY_UMFUTURES_TRANSFER",
        "AUTO_EXCHANGE",
    }
)
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "REALIZED_PNL": REALISED,
        "DELIVERED_SETTELMENT": REALISED,  # the exchange's own spelling
        "OPTIONS_SETTLE_PROFIT": REALISED,
        "FUNDING_FEE": FUNDING,
        "SPECIAL_FUNDING_FEE": FUNDING,
        "COMMISSION": COMMISSION,
        "FEE_RETURN": COMMISSION,
        "WELCOME_BONUS": REWARDS,
        "REFERRAL_KICKBACK": REWARDS,
        "COMMISSION_REBATE": REWARDS,
        "API_REBATE": REWARDS,
        "CONTEST_REWARD": REWARDS,
        "BFUSD_REWARD": REWARDS,
        "INSURANCE_CLEAR": OTHER,
        "OPTIONS_PREMIUM_FEE": OTHER,
        "POSITION_LIMIT_INCREASE_FEE": OTHER,
    }
)


async def read(send: Send, key: Credentials, wallet: Wallet, start: datetime, end: datetime) -> IncomeReading:
    """Read the income listed in [start, end], both inclusive, oldest first, each row once, at most ten pages of it.

    The exchange gives the oldest rows of a span; after a full page the walk goes on at that page's last instant.
    Raises: MalformedAnswer where a full page brings nothing new: its instant would never be passed.
    """
    endpoint = _ENDPOINTS[wallet]
    found: dict[str, Income] = {}
    since_ms, until_ms = to_ms(start), to_ms(end)
    for _ in range(MOST_PAGES):
        span = {"startTime": since_ms, "endTime": until_ms, "limit": PAGE}
        rows = await send(endpoint, income.INCOMES, encode(span), key)
        known = len(found)
        found.update((_key(row), row) for row in rows)
        if len(rows) < PAGE:
            return IncomeReading(wallet, end, _told(found))
        if len(found) == known:
            raise MalformedAnswer(endpoint.call, 200, "its rows: a full page brought nothing new")
        since_ms = max(row.time for row in rows)
    return IncomeReading(wallet, from_ms(since_ms), _told(found), unfinished=True)


def _told(found: Mapping[str, Income]) -> tuple[IncomeRow, ...]:
    ordered = sorted(found.items(), key=lambda item: (item[1].time, item[0]))
    return tuple(
        IncomeRow(key, _KINDS.get(row.income_type), row.income_type, row.asset, row.income, from_ms(row.time))
        for key, row in ordered
        if row.income and row.income_type not in _MOVED
    )


def _key(row: Income) -> str:
    """Name a row: its id is unique per account and kind only."""
    return f"{row.income_type}:{row.tran_id}:{row.symbol}:{row.asset}"
