"""One dollar put in at the start: a history without its amounts, from which none can be recovered.

Everything told of it follows from index values alone. The benchmark is the policy's own growth without the account's
flows: a deposit moves the weights towards their target by its share of the whole, so a benchmark with flows would tell
that share to whoever knows the prices of its coins.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lib.domain.benchmark import Policy
from lib.domain.money import ONE, ZERO
from lib.domain.prices import PriceHistory
from lib.domain.replay import Facts, Point, Row, replay


def one_dollar(
    rows: Sequence[Row], policy: Policy, prices: PriceHistory, rebalances: Sequence[datetime] = ()
) -> tuple[Row, ...]:
    """Return the rows of an account that began with 1 USD and grew as this one did, without a flow.

    Raises: MissingPrice.
    """
    points = [Point(row.at, row.slot, ONE) for row in rows]
    alone = replay(Facts(policy, points, (), prices, rebalances)).rows
    return tuple(
        replace(
            row,
            nav_usd=row.nav_index,
            benchmark_usd=benchmark.benchmark_index,
            benchmark_index=benchmark.benchmark_index,
            flow_usd=ZERO,
            rung=None,
        )
        for row, benchmark in zip(rows, alone, strict=True)
    )
