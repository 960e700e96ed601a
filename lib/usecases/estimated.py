"""Tell what was before the first snapshot, as the estimate it is: beside the series, never in them."""

from collections.abc import Mapping, Sequence

from lib.domain.aggregate import Stay
from lib.domain.estimates import Estimate, together
from lib.domain.figures import Span
from lib.domain.money import cents_text
from lib.domain.replay import Row
from lib.domain.requests import HistoryRequest
from lib.records import AccountPart


def estimated(
    request: HistoryRequest,
    rows: Sequence[Row],
    shown: Span | None,
    histories: Sequence[AccountPart],
    stays: Sequence[Stay] | None,
) -> Mapping[str, list[object]]:
    """Return the days before the inception that lie in the range, none where it begins after the inception.

    Of all accounts it is the sum of those that were there from the beginning. Source: product, 5 and 6.
    """
    days: tuple[Estimate, ...] = ()
    if shown is not None and shown.base == 0:
        members = None if stays is None else {stay.member for stay in stays if stay.joined_at == rows[0].at}
        days = together([one.estimates for one in histories if members is None or one.id in members])
        since = request.since or (rows[-1].at - request.length if request.length else None)
        days = tuple(day for day in days if day.at < rows[0].at and (since is None or day.at >= since))
    return {
        "t": [int(day.at.timestamp()) for day in days],
        "nav": [cents_text(day.usd) for day in days],
    }
