"""The money-weighted return: the rate at which the flows of a range would have grown into its last value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from math import exp, expm1

from lib.domain.flows import NetFlow

_YEAR = timedelta(days=365)
_WIDEST = 40.0  # period factors are looked for in (e^-40, e^40)
_HALVINGS = 200
_DEGREES = 18  # of a Taylor series: (1/2)^18/18! is below a float's last digit
_STEEPEST = 700.0  # e to more than this is no float

NO_TIME = "no time has passed"
NO_RATE = "no rate explains these flows"
SEVERAL_RATES = "several rates explain these flows"
SHORT = "needs a year"
TOO_STEEP = "the rate is too large to be told"


@dataclass(frozen=True, slots=True)
class MoneyWeighted:
    """The return over the range and a year's rate as ratios; None with the reason where there is none."""

    period: float | None
    annual: float | None
    period_note: str | None = None
    annual_note: str | None = None


@dataclass(frozen=True, slots=True)
class _Term:
    """A payment and the share of the range it had to grow in, from 1 at its start to 0 at its end."""

    usd: float
    share: float


def money_weighted(
    start: datetime, start_usd: Decimal, end: datetime, end_usd: Decimal, flows: Sequence[NetFlow]
) -> MoneyWeighted:
    """Solve for the period's growth factor G: the start and each flow, grown by G to its share of time, give the end.

    One change of sign has one root; with more, all roots in (e^-40, e^40) are counted. A total loss is -1.
    Source: product, 4.6.
    """
    length = end - start
    if length <= timedelta(0):
        return MoneyWeighted(None, None, NO_TIME, NO_TIME)
    terms = [_Term(float(start_usd), 1.0)]
    terms += [_Term(float(flow.usd), (end - flow.at) / length) for flow in flows]
    terms.append(_Term(-float(end_usd), 0.0))
    growth, note = _growth(_joined(terms))
    if growth is None:
        return MoneyWeighted(None, None, note, note)
    period, period_note = _factor(growth)
    years = length / _YEAR
    annual, annual_note = _factor(growth / years) if years >= 1 else (None, SHORT)
    return MoneyWeighted(period, annual, period_note, annual_note)


def _factor(growth: float) -> tuple[float | None, str | None]:
    """Return e^growth - 1, or None and why; minus infinity is a total loss."""
    return (expm1(growth), None) if growth <= _STEEPEST else (None, TOO_STEEP)


def _growth(terms: Sequence[_Term]) -> tuple[float | None, str | None]:
    """Return ln G, or None and why."""
    signs = [term.usd > 0 for term in terms]
    changes = sum(one != other for one, other in pairwise(signs))
    if changes == 0:
        # Money went in and nothing was ever there again: all of it is lost.
        lost = bool(signs) and signs[0] and not any(term.share == 0 and term.usd < 0 for term in terms)
        return (float("-inf"), None) if lost else (None, NO_RATE)
    roots = [_single(terms)] if changes == 1 else _roots(terms)
    if len(roots) == 1:
        return roots[0], None
    return None, SEVERAL_RATES if roots else NO_RATE


def _joined(terms: Sequence[_Term]) -> list[_Term]:
    """Sum up the payments of one instant, latest share first; a sum of 0 is none."""
    sums: dict[float, float] = {}
    for term in terms:
        sums[term.share] = sums.get(term.share, 0.0) + term.usd
    return [_Term(usd, share) for share, usd in sorted(sums.items(), reverse=True) if usd]


def _roots(terms: Sequence[_Term]) -> list[float]:
    """Return every g in (-40, 40) at which the sum of usd * e^(g * share) is 0, in order.

    Between neighbouring edges the sum only rises or only falls, so that a change of its sign is one root.
    """
    edges = _edges(terms)
    values = [_value(terms, edge) for edge in edges]
    found: list[float] = []
    for (low, at_low), (high, at_high) in pairwise(zip(edges, values, strict=True)):
        if at_low == 0 and low > -_WIDEST:
            found.append(low)
        elif at_low * at_high < 0:
            found.append(_bisect(lambda growth: _value(terms, growth), low, high, rising=at_high > 0))
    return found


def _edges(terms: Sequence[_Term]) -> list[float]:
    """Return the whole numbers from -40 to 40 and, wherever a root is possible between two, the turns of the sum."""
    whole = [float(number) for number in range(-int(_WIDEST), int(_WIDEST) + 1)]
    gained = [sum(term.usd * exp(edge * term.share) for term in terms if term.usd > 0) for edge in whole]
    lost = [sum(-term.usd * exp(edge * term.share) for term in terms if term.usd < 0) for edge in whole]
    edges = set(whole)
    for position, (low, high) in enumerate(pairwise(whole)):
        # Both sums rise with g: where the smallest of one exceeds the largest of the other there is no root.
        if gained[position] <= lost[position + 1] and lost[position] <= gained[position + 1]:
            middle = (low + high) / 2
            edges.update(middle + turn for turn in _zeros(_slope_series(terms, middle)) if low < middle + turn < high)
    return sorted(edges)


def _slope_series(terms: Sequence[_Term], middle: float) -> list[float]:
    """Return the Taylor series of the sum's derivative around `middle`, exact to a float within a half of it."""
    parts = [term.usd * exp(middle * term.share) * term.share for term in terms]
    series = []
    for degree in range(1, _DEGREES + 1):
        series.append(sum(parts))
        parts = [part * term.share / degree for part, term in zip(parts, terms, strict=True)]
    return series


def _zeros(series: Sequence[float]) -> list[float]:
    """Return the zeros of a polynomial in (-1/2, 1/2), in order: those of its derivative part them."""
    if len(series) < 2:  # noqa: PLR2004 - a constant has none
        return []
    slope = [degree * factor for degree, factor in enumerate(series)][1:]
    found = []
    for low, high in pairwise([-0.5, *_zeros(slope), 0.5]):
        at_low, at_high = _polynomial(series, low), _polynomial(series, high)
        if at_low == 0:
            found.append(low)
        elif at_low * at_high < 0:
            found.append(_bisect(lambda place: _polynomial(series, place), low, high, rising=at_high > 0))
    return found


def _polynomial(series: Sequence[float], place: float) -> float:
    total = 0.0
    for factor in reversed(series):
        total = total * place + factor
    return total


def _single(terms: Sequence[_Term]) -> float:
    """Return the one root that one change of sign has, however far out it lies."""
    width = _WIDEST
    while _value(terms, -width) * _value(terms, width) > 0:
        width *= 2
    return _bisect(lambda growth: _value(terms, growth), -width, width, rising=_value(terms, width) > 0)


def _bisect(value: Callable[[float], float], low: float, high: float, *, rising: bool) -> float:
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if (value(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _value(terms: Sequence[_Term], growth: float) -> float:
    """Return the sum, scaled so that no power overflows."""
    largest = max(growth * term.share for term in terms)
    return sum(term.usd * exp(growth * term.share - largest) for term in terms)
