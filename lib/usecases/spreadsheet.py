"""A history as a table: every complete snapshot of a range, money as it is stored."""

from lib.domain.figures import account_index, benchmark_index
from lib.domain.money import plain
from lib.domain.requests import HistoryRequest
from lib.domain.statistics import drawdowns
from lib.ports import Store
from lib.usecases.told import gather

HEADS = (
    *("time", "nav_usd", "benchmark_usd", "nav_index", "benchmark_index"),
    *("drawdown", "benchmark_drawdown", "flow_usd"),
)
_DRAWDOWN_DIGITS = 8


async def tagged(store: Store, request: HistoryRequest) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return the heads and a row for each snapshot of the range, oldest first, with the editions they follow from.

    Money and indices have all the digits that are stored, drawdowns eight. Nothing is thinned.

    Raises: as `told.gather`. Source: product, 6.
    """
    asked = await gather(store, request)
    shown = asked.shown
    rows = asked.told.rows[shown.base : shown.end + 1] if shown else ()
    every = range(len(rows))
    falls = zip(drawdowns(account_index(rows), every), drawdowns(benchmark_index(rows), every), strict=True)
    body = [
        (
            *(row.at, plain(row.nav_usd), plain(row.benchmark_usd), plain(row.nav_index), plain(row.benchmark_index)),
            *(plain(round(fall, _DRAWDOWN_DIGITS)) for fall in pair),
            plain(row.flow_usd),
        )
        for row, pair in zip(rows, falls, strict=True)
    ]
    return asked.editions, [HEADS, *body]
