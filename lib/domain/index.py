"""Returns with flows taken out: the rungs of product 4.6, and the index that chains them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from lib.domain.flows import NetFlow
from lib.domain.money import ONE, ZERO, exact

START, IDLE, WIPED_OUT, NEW_SEGMENT = "start", "idle", "wiped_out", "new_segment"

CARRIED, EMPTY_START, EXACT_CHAIN, DIETZ, ENDS_ONLY = 1, 2, 3, 4, 5

_QUARTER = Decimal("0.25")
_ALL = -ONE  # the return of a total loss


@dataclass(frozen=True, slots=True)
class Period:
    """The account between two complete snapshots. Flows lie in (start, end], netted by instant, oldest first."""

    start: datetime
    start_usd: Decimal
    end: datetime
    end_usd: Decimal
    flows: tuple[NetFlow, ...] = ()

    @property
    def inflow_usd(self) -> Decimal:
        return sum((flow.usd for flow in self.flows if flow.usd > 0), ZERO)

    @property
    def outflow_usd(self) -> Decimal:
        return -sum((flow.usd for flow in self.flows if flow.usd < 0), ZERO)


@dataclass(frozen=True, slots=True)
class Return:
    """The growth of one period as a ratio, and the rung of the ladder that gave it (None: no flow, no doubt)."""

    ratio: Decimal
    rung: int | None


@dataclass(frozen=True, slots=True)
class IndexStep:
    """The index at the end of a period, how it was found, and what is special about it."""

    index: Decimal
    rung: int | None
    note: str | None = None


type QuietStep = tuple[Decimal, int | None, str | None]  # an IndexStep's fields: these are made by the ten thousand


@exact
def quiet_step(index: Decimal, start_usd: Decimal, end_usd: Decimal) -> IndexStep:
    """Return the index after a period without flows, from the one before it. Source: product, 4.6."""
    return IndexStep(*_quiet(index, start_usd, end_usd))


@exact
def quiet_steps(index: Decimal, start_usd: Decimal, ends_usd: Iterable[Decimal]) -> list[QuietStep]:
    """Return the index after each of several periods without flows, of which one begins where the other ends."""
    steps = []
    for end_usd in ends_usd:
        step = _quiet(index, start_usd, end_usd)
        steps.append(step)
        index, start_usd = step[0], end_usd
    return steps


def _quiet(index: Decimal, start_usd: Decimal, end_usd: Decimal) -> QuietStep:
    if not index or start_usd < ONE:
        return index, CARRIED, IDLE
    ratio = end_usd / start_usd - ONE
    if ratio <= _ALL:
        return ZERO, None, WIPED_OUT
    return index * (ONE + ratio), None, None


@exact
def step(index: Decimal, period: Period) -> IndexStep:
    """Return the index after `period`, from the one before it.

    An index of 0 means wiped out: it stays so until a period with an inflow starts a new segment from 1.
    Source: product, 4.6.
    """
    if not period.flows:
        return quiet_step(index, period.start_usd, period.end_usd)
    if index == 0 and not period.inflow_usd:
        return IndexStep(ZERO, CARRIED, IDLE)
    found = period_return(period)
    if _is_idle(period):
        return IndexStep(index, found.rung, IDLE)
    if _is_wiped_out(period, found):
        return IndexStep(ZERO, found.rung, WIPED_OUT)
    if index == 0:
        return IndexStep(ONE + found.ratio, found.rung, NEW_SEGMENT)
    return IndexStep(index * (ONE + found.ratio), found.rung)


@exact
def period_return(period: Period) -> Return:
    """Return the account's growth over `period` by the first rung that applies. Source: product, 4.6."""
    v0, v1 = period.start_usd, period.end_usd
    if _is_idle(period):
        return Return(ZERO, CARRIED)
    if not period.flows:
        return Return(v1 / v0 - ONE, None)
    if v0 < 1:
        invested = v0 + period.inflow_usd
        return Return(_ends_only(period) if invested > 0 else ZERO, EMPTY_START)
    chained = _chain(period)
    if chained is not None:
        return Return(chained, EXACT_CHAIN)
    weighted = _modified_dietz(period)
    if weighted is not None:
        return Return(weighted, DIETZ)
    return Return(_ends_only(period), ENDS_ONLY)


def _is_idle(period: Period) -> bool:
    return period.start_usd < 1 and not period.inflow_usd


def _is_wiped_out(period: Period, found: Return) -> bool:
    fell = period.start_usd >= 1 and period.end_usd <= 0 and not period.outflow_usd
    return found.ratio <= -1 or fell


def _chain(period: Period) -> Decimal | None:
    """Multiply the growth between flows; None unless each flow's value before is known and a quarter of it stays."""
    growth, held = ONE, period.start_usd
    for flow in period.flows:
        before = period.end_usd - flow.usd if flow.at == period.end else flow.value_before_usd
        if before is None or before <= 0 or before + flow.usd < _QUARTER * before:
            return None
        growth *= before / held
        held = before + flow.usd
    return growth * (period.end_usd / held) - ONE


def _modified_dietz(period: Period) -> Decimal | None:
    v0, v1 = period.start_usd, period.end_usd
    length = _microseconds(period.end - period.start)
    weighted = sum((flow.usd * _microseconds(period.end - flow.at) / length for flow in period.flows), ZERO)
    base = v0 + weighted
    if base <= _QUARTER * (v0 + period.inflow_usd) or v1 <= _QUARTER * v0:
        return None
    ratio = (v1 - v0 - sum((flow.usd for flow in period.flows), ZERO)) / base
    return ratio if ratio > -1 else None


def _microseconds(length: timedelta) -> Decimal:
    return Decimal(length // timedelta(microseconds=1))


def _ends_only(period: Period) -> Decimal:
    return (period.end_usd + period.outflow_usd) / (period.start_usd + period.inflow_usd) - ONE
