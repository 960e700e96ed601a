"""Tell what changed the value over a range: of one account, or of all while each was part of the sum."""

from collections.abc import Sequence
from datetime import datetime

from lib.domain.aggregate import Stay
from lib.domain.attribution import Stretch, attribute, in_cents
from lib.domain.figures import Span
from lib.domain.money import ZERO, cents_text, exact
from lib.domain.replay import Row
from lib.ports import Store
from lib.records import AccountPart

type Period = tuple[str, datetime, datetime]  # an account, and after when until when


async def attribution(
    store: Store,
    rows: Sequence[Row],
    shown: Span | None,
    histories: Sequence[AccountPart],
    stays: Sequence[Stay] | None,
) -> dict[str, object] | None:
    """Answer what changed the value in the range, None where there are no two snapshots in it.

    `rows` are the account's or, with `stays`, those of all. Source: product, 4.10 and 6.
    """
    if shown is None or shown.base == shown.end:
        return None
    begin, end = rows[shown.base], rows[shown.end]
    if stays is None:
        periods = [(one.id, begin.at, end.at) for one in histories]
    else:
        periods = _periods(begin, end, histories, stays)
    stretches = await store.changes(periods)
    return _answer(rows[shown.base : shown.end + 1], stretches, periods)


@exact
def _answer(rows: Sequence[Row], stretches: Sequence[Stretch], periods: Sequence[Period]) -> dict[str, object]:
    flows_usd = sum((row.flow_usd for row in rows[1:]), ZERO)
    told = in_cents(attribute(rows[0].nav_usd, rows[-1].nav_usd, flows_usd, stretches))
    return {
        "nav_from": cents_text(told.nav_from),
        "nav_to": cents_text(told.nav_to),
        "change": cents_text(told.nav_to - told.nav_from),
        "parts": {part: cents_text(usd) for part, usd in told.parts.items()},
        "residual": cents_text(told.residual),
        "known_from": _known_from(stretches, periods),
        "income_until": min((one.income_until for one in stretches if one.income_until is not None), default=None),
    }


def _known_from(stretches: Sequence[Stretch], periods: Sequence[Period]) -> datetime | None:
    """Return from when on all is measured where that is later than the beginning; the end where nothing is."""
    late = [
        until if one.known_at is None else one.known_at
        for one, (_, since, until) in zip(stretches, periods, strict=True)
        if one.known_at is None or one.known_at > since
    ]
    return max(late, default=None)


def _periods(begin: Row, end: Row, histories: Sequence[AccountPart], stays: Sequence[Stay]) -> list[Period]:
    """Return from which to which of its own snapshots each account was part of the sum within the range."""
    found = []
    by_slot = {one.id: {row.slot: row.at for row in one.rows} for one in histories}
    for stay in stays:
        first = max(stay.joined_slot, begin.slot)
        last = end.slot if stay.left_slot is None else min(stay.left_slot, end.slot)
        if first < last:
            at = by_slot[stay.member]
            found.append((stay.member, at[first], at[last]))
    return found
