"""What changed the value of all: the sum of the accounts over the time each took part, joins and leaves as flows."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from lib.domain.requests import HistoryRequest
from lib.usecases import accounts, history
from tests.spine import BORN_AT, Spine, hours, the_world
from tests.usecases.conftest import OpenSpine

HOUR = timedelta(hours=1)
ROUNDING = Decimal("0.06")  # eight parts of three accounts, each to the cent


async def attribution(spine: Spine, account: str, since: datetime, until: datetime) -> dict[str, Decimal]:
    answer: Any = await history.read(spine.wired.store, HistoryRequest(account, since=since, until=until))
    told = answer["attribution"]
    return {"change": Decimal(told["change"]), "residual": Decimal(told["residual"])} | {
        part: Decimal(usd) for part, usd in told["parts"].items()
    }


async def test_of_all_it_is_the_sum_over_the_time_each_was_there(open_spine: OpenSpine) -> None:
    """Mixed is there from the beginning to the end, Main joins after six hours and is paused after twenty."""
    spine = await open_spine(the_world("Main", "Mixed"), empty=True)
    joined, left, end = BORN_AT + 6 * HOUR, BORN_AT + 20 * HOUR, BORN_AT + 50 * HOUR
    await spine.add_accounts("Mixed")
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 5)])
    await spine.add_accounts("Main")
    await spine.collect_at(hours(BORN_AT + 5 * HOUR, 15))
    await accounts.pause(spine.wired.store, spine.clock, "main")
    await spine.collect_at(hours(left, 30))
    came, went = spine.world.nav("Main", joined), spine.world.nav("Main", left)

    async def assert_sum(since: datetime, until: datetime, flows: Decimal) -> None:
        stay = max(since, joined), min(until, left)
        total = await attribution(spine, "all", since, until)
        each = [await attribution(spine, "mixed", since, until)]
        if stay[0] < stay[1]:
            each.append(await attribution(spine, "main", *stay))
        for part, usd in total.items():
            extra = flows if part in ("flows", "change") else Decimal(0)
            assert abs(usd - extra - sum(one[part] for one in each)) <= ROUNDING, (part, since, until)

    await assert_sum(BORN_AT, end, came - went)
    await assert_sum(BORN_AT, BORN_AT + 3 * HOUR, Decimal(0))
    await assert_sum(BORN_AT, BORN_AT + 12 * HOUR, came)
    await assert_sum(BORN_AT + 8 * HOUR, BORN_AT + 15 * HOUR, Decimal(0))
    await assert_sum(BORN_AT + 10 * HOUR, end, -went)
    await assert_sum(BORN_AT + 30 * HOUR, end, Decimal(0))
