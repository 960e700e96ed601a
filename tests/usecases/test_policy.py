"""Another policy: the same as a fresh start with it, kept with when and from what."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lib.demo.faults import Fault
from lib.domain.amendment import PriceNotFetched
from lib.domain.benchmark import Policy
from lib.domain.policies import from_words, in_words
from lib.domain.requests import LogRequest
from lib.errors import InvalidInput, NotFound
from lib.usecases import policy
from lib.usecases.whatif import NoStoredPrices
from tests.spine import BORN_AT, Spine, hours, the_world
from tests.usecases.conftest import OpenSpine

HOUR = timedelta(hours=1)
DAYS = (BORN_AT, *hours(BORN_AT, 24, step=6))
CHANGES = [
    pytest.param({"weights": {"BTC": "0.8", "ETH": "0.2"}}, id="weights"),
    pytest.param({"weights": {"BTC": "1"}, "rebalance": None}, id="one coin, never rebalanced"),
    pytest.param({"rebalance": {"every": "day", "hour": 9}, "cost_bp": "12.5"}, id="daily with a cost"),
    pytest.param({"rebalance": {"band": "0.005"}}, id="band"),
    pytest.param({"deposits": "proportional", "withdrawals": "fraction_matched"}, id="flow rules"),
    pytest.param({"weights": {"SOL": "0.5", "USD": "0.5"}}, id="a coin of day one, and dollars"),
]


async def born_with(open_spine: OpenSpine, words: dict[str, object]) -> Spine:
    """A twin whose accounts had that policy from the first run on."""
    twin = await open_spine(the_world("Spot"))
    await policy.change(twin.wired.collector, "spot", words)
    return twin


@pytest.mark.parametrize("words", CHANGES)
async def test_a_changed_policy_gives_what_a_fresh_start_with_it_gives(
    open_spine: OpenSpine, words: dict[str, object]
) -> None:
    spine, twin = await open_spine(the_world("Spot")), await born_with(open_spine, words)
    await spine.collect_at(DAYS)
    await policy.change(spine.wired.collector, "spot", words)
    await twin.collect_at(DAYS)
    for one in (spine, twin):
        await one.collect_at([DAYS[-1] + HOUR])
        await one.assert_sound()
    changed, fresh = (await spine.histories())["Spot"], (await twin.histories())["Spot"]
    assert changed.policy == fresh.policy == from_words(words)
    assert changed.rows == fresh.rows
    assert changed.events == fresh.events


async def test_changing_there_and_back_restores_everything(spine: Spine) -> None:
    await spine.collect_at(DAYS)
    before = (await spine.histories())["Main"]
    there: dict[str, object] = {"weights": {"ETH": "1"}, "rebalance": {"every": "day", "hour": 1}}
    await policy.change(spine.wired.collector, "main", there)
    assert (await spine.histories())["Main"].rows != before.rows
    await policy.change(spine.wired.collector, "main", in_words(Policy()))
    after = (await spine.histories())["Main"]
    assert (after.policy, after.rows, after.events) == (Policy(), before.rows, before.events)


async def test_the_change_is_kept_and_told(spine: Spine) -> None:
    await spine.collect_at([BORN_AT])
    spine.clock.set(BORN_AT + HOUR)
    await policy.change(spine.wired.collector, "main", {"cost_bp": "10"})
    kept = spine.sql("select changed_at, was ->> 'cost_bp', became ->> 'cost_bp' from policy_changes")
    assert kept == [(BORN_AT + HOUR, "0", "10")]
    (told,) = await spine.wired.store.logs(LogRequest(event="account.policy"))
    assert told.entry.message == "the benchmark was computed anew since the start: cost_bp changed"
    await policy.change(spine.wired.collector, "main", {"cost_bp": "10"})
    assert spine.sql("select count(*) from policy_changes") == [(1,)], "the same policy is no change"


async def test_what_cannot_be_is_refused_and_changes_nothing(spine: Spine) -> None:
    await spine.collect_at(DAYS)
    desk, before = spine.wired.collector, spine.stored()
    with pytest.raises(NoStoredPrices, match="no prices of EUR are stored since the start of Main"):
        await policy.change(replace(desk), "main", {"weights": {"EUR": "1"}})
    with pytest.raises(InvalidInput, match="weights: must add up to 1"):
        await policy.change(desk, "spot", {"weights": {"BTC": Decimal("0.4")}})
    with pytest.raises(NotFound, match="nobody"):
        await policy.change(desk, "nobody", {})
    spine.exchange.faults.append(Fault("/api/v3/klines", status=400, body=b'{"code":-1003,"msg":"no"}'))
    with pytest.raises(PriceNotFetched, match="the price of BTC at 24 Aug 2026 17:00 UTC could not be fetched"):
        await policy.change(desk, "spot", {"rebalance": {"every": "day", "hour": 17}})
    assert spine.stored() == before
