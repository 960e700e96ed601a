"""Another policy: the same as a fresh start with it, kept with when and from what."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from lib.demo.faults import Fault
from lib.domain.amendment import PriceNotFetched
from lib.domain.benchmark import Policy
from lib.domain.policies import from_words, in_words
from lib.domain.requests import CollectOrder, LogRequest
from lib.errors import InvalidInput, NotFound
from lib.usecases import policy
from lib.usecases.whatif import NoStoredPrices
from tests.scenarios.test_outages import CANDLES, DEPOSITS, paid_in, paid_out
from tests.spine import BORN_AT, Spine, hours, the_world
from tests.usecases.conftest import OpenSpine

HOUR = timedelta(hours=1)
DAYS = (BORN_AT, *hours(BORN_AT, 24, step=6))
ONLY_XRP: dict[str, object] = {"weights": {"XRP": "1"}}
RULES: list[dict[str, object]] = [
    {"rebalance": {"every": "day", "hour": 9}, "cost_bp": "12.5"},
    {"rebalance": {"band": "0.005"}},
    {"deposits": "proportional", "withdrawals": "fraction_matched"},
]
CHANGES = [
    pytest.param({"weights": {"BTC": "0.8", "ETH": "0.2"}}, id="weights"),
    pytest.param({"weights": {"BTC": "1"}, "rebalance": None}, id="one coin, never rebalanced"),
    *(pytest.param(one, id=name) for one, name in zip(RULES, ("daily with a cost", "band", "flow rules"), strict=True)),
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


async def test_a_coin_that_was_not_kept_for_a_while_once_counted_with_old_prices(open_spine: OpenSpine) -> None:
    """Neither snapshots nor flows of that time had its price: all of them took the last one before."""
    world = the_world("Main").adding("Main", paid_in("77", BORN_AT + timedelta(hours=1, minutes=19), "USDT", "40000"))
    spine, twin = await open_spine(world), await open_spine(world)
    for one in (spine, twin):
        await policy.change(one.wired.collector, "main", ONLY_XRP)
    days = (BORN_AT, *hours(BORN_AT, 8))
    await spine.collect_at(days[:1])
    await policy.change(spine.wired.collector, "main", {"weights": {"BTC": "1"}})
    await spine.collect_at(days[1:6])
    await policy.change(spine.wired.collector, "main", ONLY_XRP)
    await spine.collect_at(days[6:])
    await twin.collect_at(days)
    await spine.assert_sound()
    changed, fresh = (await spine.histories())["Main"], (await twin.histories())["Main"]
    assert [flow.id for flow in changed.flows] == ["deposit:77"]
    assert (changed.rows, changed.events) == (fresh.rows, fresh.events)


async def test_a_coin_that_was_not_kept_for_long_is_refused(
    open_spine: OpenSpine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "_MOST_FETCHED", 2)
    spine = await open_spine(the_world("Main"))
    await policy.change(spine.wired.collector, "main", ONLY_XRP)
    await spine.collect_at([BORN_AT])
    await policy.change(spine.wired.collector, "main", {"weights": {"BTC": "1"}})
    await spine.collect_at(hours(BORN_AT, 3))
    before = spine.stored()
    with pytest.raises(NoStoredPrices, match="no prices of XRP are stored for 3 snapshots of Main"):
        await policy.change(spine.wired.collector, "main", ONLY_XRP)
    assert spine.stored() == before


async def test_before_the_first_snapshot_any_coin_that_has_a_price_may_be_named(open_spine: OpenSpine) -> None:
    """One without a price was once taken, and no run could store anything after it."""
    spine = await open_spine(the_world("Main"))
    with pytest.raises(NoStoredPrices, match="NOPE has no price"):
        await policy.change(spine.wired.collector, "main", {"weights": {"NOPE": "1"}})
    await policy.change(spine.wired.collector, "main", ONLY_XRP)
    assert (await spine.one(BORN_AT)).status == "stored"


async def test_a_policy_may_change_while_the_first_snapshot_waits_for_its_flows(open_spine: OpenSpine) -> None:
    """The coin had no price of that snapshot, so every later run failed."""
    spine = await open_spine(the_world("Main"))
    spine.exchange.faults.append(Fault("/sapi/v1/capital/deposit/hisrec", status=400))
    assert (await spine.one(BORN_AT)).missing == ("flows:deposits",)
    await policy.change(spine.wired.collector, "main", ONLY_XRP)
    spine.exchange.faults.clear()
    assert (await spine.one(BORN_AT + HOUR)).status == "stored"
    await spine.assert_sound()
    begun, now = (await spine.histories())["Main"].rows
    grown = [spine.world.market.price("XRPUSDT", at) for at in (begun.at, now.at)]
    assert now.benchmark_usd / begun.benchmark_usd == pytest.approx(grown[1] / grown[0])


async def test_after_a_change_a_minute_without_a_candle_still_takes_the_price_before_it(open_spine: OpenSpine) -> None:
    """The last price before the newest snapshot was forgotten: the account went into error for good."""
    paid_at = BORN_AT + timedelta(hours=1, minutes=19)
    spine = await open_spine(the_world("Main").adding("Main", paid_in("77", paid_at)))
    await spine.collect_at([BORN_AT])
    await policy.change(spine.wired.collector, "main", {"weights": {"BTC": "1"}, "rebalance": None})
    spine.exchange.faults.append(Fault("/api/v3/klines", body=b"[]", status=200))
    report = await spine.one(BORN_AT + 2 * HOUR)
    assert (report.status, report.flows) == ("stored", 1)
    await spine.assert_sound()


@pytest.mark.parametrize("seed", range(4))
async def test_a_change_there_and_back_leaves_no_trace_whatever_failed_meanwhile(
    open_spine: OpenSpine, seed: int
) -> None:
    chance = Random(seed)
    whens = [BORN_AT + timedelta(seconds=chance.randrange(300, 50_000)) for _ in range(6)]
    moved = [
        chance.choice((paid_in, paid_out))(str(number), at, chance.choice(("USDT", "ETH", "BNB")), "0.5")
        for number, at in enumerate(whens)
    ]
    world = the_world("Main").adding("Main", *moved)
    spine, twin = await open_spine(world), await open_spine(world)
    parts = chance.choice(RULES)
    words = in_words(from_words({"weights": {"XRP": "0.6", "BTC": "0.4"}, **parts}))
    broken = {at: chance.choice((DEPOSITS, CANDLES)) for at in range(15) if chance.random() < 0.3}
    asked = {at for at in range(1, 15) if at not in broken and chance.random() < 0.2}
    away, back = sorted(chance.sample(range(14), 2))
    for one in (spine, twin):
        desk = one.wired.collector
        await policy.change(desk, "main", words)
        for number, at in enumerate((BORN_AT, *hours(BORN_AT, 15))):
            one.exchange.faults = [Fault(broken[number], status=400)] if number in broken else []
            await one.collect(at)
            if number in asked:
                await one.collect(at + timedelta(minutes=7), CollectOrder("main", retake="rebalance"))
            one.exchange.faults = []
            if one is spine and number == away:
                await policy.change(desk, "main", {"weights": {"BTC": "1"}, "rebalance": None})
            if one is spine and number == back:
                await policy.change(desk, "main", words)
        await one.assert_sound()
    changed, same = (await spine.histories())["Main"], (await twin.histories())["Main"]
    assert (changed.policy, changed.rows, changed.events) == (same.policy, same.rows, same.events)
