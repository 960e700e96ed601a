"""The same account against another benchmark: what a policy of it would give, computed and stored nowhere."""

from datetime import timedelta
from decimal import Decimal, localcontext
from typing import Any

import pytest

from lib.demo.faults import Fault
from lib.domain.benchmark import Policy
from lib.domain.money import EXACT, money_text
from lib.domain.portfolio import value_usd
from lib.domain.prices import PricePoint, history_of
from lib.domain.reading import Basis
from lib.domain.record import Record
from lib.domain.replay import Point
from lib.domain.requests import CollectOrder, HistoryRequest, WhatIf
from lib.domain.state import Truth
from lib.usecases import history, policy
from lib.usecases.restore import restore
from lib.usecases.whatif import NoStoredPrices, as_if
from tests.builders import amounts
from tests.spine import BORN_AT, Spine, hours

HOUR = timedelta(hours=1)
THIRD = "mixed"
NO_FALL = {"depth": 0, "from": None, "trough": None, "recovered": None, "days": None}
DAYS = (BORN_AT, *hours(BORN_AT, 40, step=6))
HALVES = WhatIf(amounts(BTC="0.5", ETH="0.5"))
SOL_AND_DOLLARS = WhatIf(amounts(SOL="0.5", USD="0.5"))
SOL_WORDS = {"weights": {"SOL": "0.5", "USD": "0.5"}}


async def told(spine: Spine, account: str, what: WhatIf | None = None) -> dict[str, Any]:
    return await history.read(spine.wired.store, HistoryRequest(account, points=2000, benchmark=what))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param({}, id="the usual policy"),
        pytest.param({"rebalance": None, "withdrawals": "fraction_matched"}, id="never rebalanced but at a wish"),
        pytest.param({"rebalance": {"band": "0.005"}, "cost_bp": "20", "deposits": "proportional"}, id="band"),
    ],
)
async def test_with_its_own_weights_an_account_has_its_own_benchmark(spine: Spine, words: dict[str, object]) -> None:
    """A rebalance at a person's wish was left out where the rule is never to rebalance."""
    await policy.change(spine.wired.collector, "main", words)
    await spine.collect_at(DAYS)
    await spine.collect(DAYS[-1] + HOUR, CollectOrder("main", retake="rebalance"))
    own = (await spine.histories())["Main"]
    assert [event.kind for event in own.events if event.at == own.rows[-1].at][-1] == "rebalance"
    found = await as_if(spine.wired.store, own, HALVES)
    assert (found.rows, found.events, found.policy) == (own.rows, own.events, own.policy)


async def test_it_is_what_a_change_of_the_policy_would_give_and_changes_nothing(spine: Spine) -> None:
    await spine.collect_at(DAYS)
    before, requests = spine.stored(), len(spine.to_exchange.calls)
    found = await told(spine, "spot", SOL_AND_DOLLARS)
    assert (spine.stored(), len(spine.to_exchange.calls)) == (before, requests)
    await policy.change(spine.wired.collector, "spot", SOL_WORDS)
    assert await told_without_notes(spine, "spot") == without_notes(found)


async def test_it_takes_the_last_stored_price_where_a_change_of_the_policy_fetches_one(spine: Spine) -> None:
    """Nobody kept a coin's price of the moment of another account's flow, and to look asks the exchange nothing."""
    await spine.collect_at(DAYS)
    for account in ("main", THIRD, "spot"):
        await policy.change(spine.wired.collector, account, SOL_WORDS)
    changed = {account: await told_without_notes(spine, account) for account in ("main", "all")}
    for account in ("main", THIRD, "spot"):
        await policy.change(spine.wired.collector, account, {"weights": {"BTC": "0.5", "ETH": "0.5"}})
    for account, answer in changed.items():
        assert without_notes(await told(spine, account, SOL_AND_DOLLARS)) == answer


async def told_without_notes(spine: Spine, account: str) -> dict[str, Any]:
    return without_notes(await told(spine, account))


def without_notes(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "events": [event for event in answer["events"] if event["kind"] != "restated"]}


async def test_dollars_alone_are_what_was_put_in(spine: Spine) -> None:
    await spine.collect_at(DAYS)
    for account in ("main", "spot", THIRD, "all"):
        answer = await told(spine, account, WhatIf(amounts(USD="1")))
        metrics = answer["metrics"]
        assert metrics["benchmark"] == metrics["put_in"]
        assert metrics["difference"] == metrics["pnl_since_inception"]
        assert metrics["benchmark_twr"] == pytest.approx(0, abs=1e-40)
        assert metrics["benchmark_max_drawdown"] == NO_FALL
        assert {str(below) for below in answer["series"]["benchmark_drawdown"]} == {"0.0"}
        assert "-0.0" not in map(str, answer["series"]["drawdown"])


async def test_what_was_held_on_day_one_is_held_on_untouched(spine: Spine) -> None:
    """Each coin of day one by its share of what was worth more than nothing; nothing is rebalanced."""
    await spine.collect_at(DAYS[:6])
    store = spine.wired.store
    for one in (await spine.histories()).values():
        first, last = one.rows[0], one.rows[-1]
        assert one.flows == ()
        worth = worth_by_coin((await store.bases(one.id, [first.at + HOUR]))[first.at + HOUR])
        prices = history_of(await store.prices(sorted(worth), first.at))
        then, now = prices.at(first.at, worth), prices.at(last.at, worth)
        with localcontext(EXACT):
            units = {coin: first.nav_usd * usd / sum(worth.values()) / then.of(coin) for coin, usd in worth.items()}
            expected = sum((held * now.of(coin) for coin, held in units.items()), Decimal(0))
        found = await as_if(store, one, WhatIf(None))
        assert [event.kind for event in found.events] == ["start"]
        assert money_text(found.rows[-1].benchmark_usd) == money_text(expected)


def worth_by_coin(basis: Basis | None) -> dict[str, Decimal]:
    assert basis is not None
    worth: dict[str, Decimal] = {}
    for held in basis.holdings:
        worth[held.holding.asset] = worth.get(held.holding.asset, Decimal(0)) + value_usd(held)
    return {coin: usd for coin, usd in worth.items() if usd > 0}


async def test_a_coin_without_stored_prices_is_refused_by_name(spine: Spine) -> None:
    await spine.collect_at(DAYS[:2])
    with pytest.raises(NoStoredPrices, match="no prices of EUR are stored since the start of Main"):
        await told(spine, "main", WhatIf(amounts(EUR="1")))


@pytest.mark.parametrize("silent", [1, 2])
async def test_a_coin_that_nobody_kept_for_hours_is_refused_rather_than_drawn_flat(spine: Spine, silent: int) -> None:
    """Main does not keep SOL: while the keys of those that do are refused, its snapshots are without a price of it."""
    await spine.collect_at(hours(BORN_AT, 2))
    body = b'{"code":-2015,"msg":"Invalid API-key."}'
    refused = [Fault("/sapi/", account=name, status=401, body=body) for name in ("Spot", "Mixed")]
    spine.exchange.faults.extend(refused)
    for at in hours(BORN_AT + 2 * HOUR, silent):
        await spine.collect(at)
    spine.exchange.faults.clear()
    await spine.collect_at(hours(BORN_AT + (2 + silent) * HOUR, 2))
    main = (await spine.histories())["Main"]
    assert len(main.rows) == 4 + silent
    if silent == 1:
        assert (await as_if(spine.wired.store, main, SOL_AND_DOLLARS)).rows[-1].at == main.rows[-1].at
    else:
        with pytest.raises(
            NoStoredPrices, match=f"no price of SOL was kept for Main in the time before {main.rows[3].at:%d %b}"
        ):
            await as_if(spine.wired.store, main, SOL_AND_DOLLARS)


async def test_a_coin_of_the_benchmark_itself_may_have_older_prices(spine: Spine) -> None:
    """A history file's rows may be sparse, and a coin may lose its market: the account's own benchmark goes on, too."""
    ats = hours(BORN_AT, 12)
    known = [PricePoint(asset, at, spine.world.market.usd(asset, at)) for at in ats[::6] for asset in ("BTC", "ETH")]
    points = tuple(Point(at, at, Decimal(1000)) for at in ats)
    spine.clock.set(ats[-1] + HOUR)
    sparse = Record("Sparse", Policy(), Truth(points, (), tuple(known), ()), [60] * len(points))
    await restore(spine.wired.store, spine.clock, sparse, ())
    found = (await spine.histories())["Sparse"]
    bitcoin = await as_if(spine.wired.store, found, WhatIf(amounts(BTC="1")))
    assert [row.at for row in bitcoin.rows] == list(ats)


async def test_before_the_first_snapshot_there_is_nothing_to_compare(spine: Spine) -> None:
    answer = await told(spine, "main", HALVES)
    assert (answer["metrics"], answer["series"]["t"]) == (None, [])
