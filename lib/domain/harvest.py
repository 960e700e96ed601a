"""What a reading of futures income brings: each row counted once, and told in USD."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from lib.domain.cadence import SIX_HOURS, is_due
from lib.domain.income import Earned, IncomeMark, IncomeReading, IncomeRow
from lib.domain.money import ZERO, exact
from lib.domain.portfolio import COINM, USDM, Holding, Wallet, value_usd
from lib.domain.reading import Reading
from lib.domain.state import AccountState
from lib.domain.valuation import price_holding

FIRST_SPAN = timedelta(days=30)
SETTLING = timedelta(minutes=10)  # what is younger may be listed late: the funding of all takes its time
_KEPT = timedelta(days=90)  # the exchange forgets what is older


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a reading of income brings: the marks after it, what to store, and what could not be counted and why."""

    marks: Mapping[Wallet, IncomeMark]
    earned: tuple[Earned, ...]
    left_out: tuple[str, ...] = ()


def due(state: AccountState, reading: Reading, account: str) -> dict[Wallet, tuple[datetime, datetime]]:
    """Return which spans of the income of which wallets are to be read in this run, both ends inclusive.

    A wallet is asked for if it holds something or ever did, every six hours and while there is more to read. One never
    read begins at the inception, at most 30 days back: nothing earlier ever counts. Source: product, 5.
    """
    until = reading.at - SETTLING
    found = {}
    for wallet in (USDM, COINM):
        mark = state.income.get(wallet)
        if wallet in reading.failed_wallets or (mark is None and not _is_used(reading, wallet)):
            continue
        if mark is None:
            found[wallet] = (max(_floor(state, reading.at), until - FIRST_SPAN), until)
        elif mark.unfinished or is_due(mark.asked_at, reading.at, SIX_HOURS, account):
            found[wallet] = (max(mark.through, until - _KEPT), until)
    return {wallet: (start, end) for wallet, (start, end) in found.items() if start < end}


@exact
def harvest(state: AccountState, reading: Reading) -> Harvest:
    """Count each row that was read and not counted before, at the prices of this run.

    Idempotent: what a mark has passed never counts again, whoever read it in between. Rows of one instant and kind are
    summed up. A coin without a price, and a kind of income nobody has heard of, are left out: they show as residual.
    """
    marks = dict(state.income)
    sums: dict[tuple[datetime, str], Decimal] = {}
    left_out: dict[str, None] = {}
    for answer in reading.income:
        mark = marks.get(answer.wallet)
        for row in answer.rows:
            if mark is not None and _is_counted(row, mark):
                continue
            usd = _usd(state, reading, answer.wallet, row)
            if row.kind is None or usd is None:
                left_out[f"{row.name} in {row.asset}"] = None
            else:
                sums[row.at, row.kind] = sums.get((row.at, row.kind), ZERO) + usd
        marks[answer.wallet] = _passed(mark, answer, reading.at)
    earned = tuple(Earned(at, kind, usd) for (at, kind), usd in sorted(sums.items()) if usd)
    return Harvest(marks, earned, tuple(left_out))


def _passed(mark: IncomeMark | None, answer: IncomeReading, at: datetime) -> IncomeMark:
    """Return the mark after a reading; one decided on late, after a newer one was stored, moves it nowhere."""
    if mark is not None and answer.through < mark.through:
        return mark
    keys = {row.key for row in answer.rows if row.at == answer.through}
    if mark is not None and mark.through == answer.through:
        keys.update(mark.keys)
    asked_at = at if mark is None else max(mark.asked_at, at)
    return IncomeMark(asked_at, answer.through, tuple(sorted(keys)), answer.unfinished)


def _is_counted(row: IncomeRow, mark: IncomeMark) -> bool:
    return row.at < mark.through or (row.at == mark.through and row.key in mark.keys)


def _usd(state: AccountState, reading: Reading, wallet: Wallet, row: IncomeRow) -> Decimal | None:
    """Return what a row is worth at the prices of this run, None where its coin never had one."""
    held = Holding(wallet, row.asset, row.amount)
    priced = price_holding(held, reading.at, reading.book, state.last_prices)
    return None if priced.price_usd is None else value_usd(priced)


def _is_used(reading: Reading, wallet: Wallet) -> bool:
    answer = reading.wallets.get(wallet)
    return answer is not None and bool(answer.holdings or answer.positions)


def _floor(state: AccountState, at: datetime) -> datetime:
    """Return the inception, or the earliest instant that may still become it."""
    if state.checkpoint is not None:
        return state.checkpoint.inception
    return min([held.at for held in state.held], default=at)
