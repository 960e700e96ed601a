"""The laws bite: a product that is broken on purpose does not get through a history."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lib.binance.flows import fiat, subaccounts
from lib.domain import alerts, cycle, memory, pairs, survey, turning
from lib.domain.reading import Reading
from lib.domain.state import AccountState, Outcome
from lib.usecases import collect, flow_reading, opens
from tests.chaos import living
from tests.chaos.living import House
from tests.chaos.trial import Chaos, Failed

type Breaking = Callable[[pytest.MonkeyPatch, House], None]


@pytest.fixture
async def house(database: str) -> AsyncIterator[House]:
    async with living.opened(database) as opened:
        yield opened


def unread_is_empty(patch: pytest.MonkeyPatch, _: House) -> None:
    true = flow_reading._read

    async def wrong(*asked: Any) -> Any:
        rows = await true(*asked)
        return () if isinstance(rows, str) else rows

    patch.setattr(flow_reading, "_read", wrong)


def partial_is_whole(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(cycle, "missing_value", lambda *_: ())


def later_prices(patch: pytest.MonkeyPatch, _: House) -> None:
    def minute_start(at: datetime) -> datetime:
        return at.replace(second=0, microsecond=0) + timedelta(minutes=5)

    patch.setattr(opens, "minute_start", minute_start)


def late_money_restates_nothing(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(cycle, "_restated_from", lambda *_: None)


def ids_are_forgotten(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(memory, "_still_listed", lambda *_: {})


def held_snapshots_wait_for_nothing(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(cycle, "_still_lacks", lambda *_: False)


def what_moves_meanwhile_is_of_before(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(cycle, "moved_between", lambda *_: False)


def nothing_is_read_once_more(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(survey, "crosses", lambda *_: False)


def what_was_final_stays_so(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(turning, "turned", lambda *_: ())


def nothing_is_given_up(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(turning, "_between", lambda *_: set())


def what_turned_is_believed_at_first_sight(patch: pytest.MonkeyPatch, _: House) -> None:
    true = turning.turns

    def wrong(state: AccountState, reading: Reading, ledger: Any, floor: datetime) -> Any:
        return true(state, replace(reading, seen=turning.turning_back(reading, state)), ledger, floor)

    patch.setattr(turning, "turns", wrong)


def any_version_will_do(_: pytest.MonkeyPatch, house: House) -> None:
    _alter(house, "and a.version = p_version", "")


def partial_replaces_complete(_: pytest.MonkeyPatch, house: House) -> None:
    _alter(house, "where excluded.complete or (not s.complete and (excluded.whole or not s.whole))", "")


def _alter(house: House, true: str, wrong: str, function: str = "commit_outcome") -> None:
    wanted = f"select pg_get_functiondef('public.{function}'::regproc)".encode()
    ((body,),) = house.database.execute(wanted).fetchall()
    assert true in body
    house.database.execute(body.replace(true, wrong))


def own_money_comes_from_outside(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(fiat, "_FROM_OWN_BALANCE", "")


def sales_leave_the_account(patch: pytest.MonkeyPatch, _: House) -> None:
    true = pairs.count_once

    def wrong(new: Any, state: Any, _held: Any) -> Any:
        return true(new, state, ())

    patch.setattr(pairs, "count_once", wrong)


def what_goes_to_a_sub_account_comes_from_it(patch: pytest.MonkeyPatch, _: House) -> None:
    true = subaccounts._seen

    def wrong(subs: Any, ends: Any, *rest: Any) -> Any:
        return true(subs, ends[::-1], *rest)

    patch.setattr(subaccounts, "_seen", wrong)


def what_is_asked_for_is_not_kept(patch: pytest.MonkeyPatch, _: House) -> None:
    def wrong(value: Any, **changes: Any) -> Any:
        if isinstance(value, Outcome):
            changes.pop("rebalances", None)
        return replace(value, **changes)

    patch.setattr(collect, "replace", wrong)


def an_episode_begins_whenever_it_is_seen(patch: pytest.MonkeyPatch, house: House) -> None:
    true = alerts.settle

    def wrong(now: datetime, judgements: Any, episodes: Any) -> Any:
        found = tuple(judgements)
        return (*true(now, found, ()), *(change for change in true(now, found, episodes) if not change.begins))

    patch.setattr(alerts, "settle", wrong)
    _alter(house, "v_new := found;", "v_new := true;", "settle_alerts")


def a_drawdown_is_told_as_a_lag(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(alerts, "behind_ratio", alerts.drawdown_ratio)


@pytest.mark.parametrize(
    ("break_it", "seed"),
    [
        pytest.param(unread_is_empty, 3, id="an unread list counts as an empty one"),
        pytest.param(partial_is_whole, 3, id="a part counts as the whole"),
        pytest.param(later_prices, 1, id="flows and rebalances at a later price"),
        pytest.param(late_money_restates_nothing, 3, id="late money restates nothing"),
        pytest.param(ids_are_forgotten, 3, id="money is met again as new"),
        pytest.param(held_snapshots_wait_for_nothing, 5, id="held snapshots wait for nothing"),
        pytest.param(what_moves_meanwhile_is_of_before, 18, id="what moves while an account is read"),
        pytest.param(nothing_is_read_once_more, 2, id="nothing is read once more"),
        pytest.param(what_was_final_stays_so, 3, id="what was final stays so"),
        pytest.param(nothing_is_given_up, 46, id="nothing is given up"),
        pytest.param(what_turned_is_believed_at_first_sight, 11, id="what turned is believed at first sight"),
        pytest.param(any_version_will_do, 3, id="a commit on any version"),
        pytest.param(own_money_comes_from_outside, 5, id="coins bought for own euros come from outside"),
        pytest.param(sales_leave_the_account, 4, id="coins sold for own euros are gone"),
        pytest.param(what_goes_to_a_sub_account_comes_from_it, 1, id="transfers go the other way"),
        pytest.param(what_is_asked_for_is_not_kept, 1, id="a rebalance that was asked for is not kept"),
        pytest.param(an_episode_begins_whenever_it_is_seen, 1, id="an episode begins twice"),
        pytest.param(a_drawdown_is_told_as_a_lag, 1, id="a message says another figure"),
        pytest.param(partial_replaces_complete, 82, id="a partial snapshot replaces a complete one"),
    ],
)
async def test_a_broken_product_is_found(
    house: House, monkeypatch: pytest.MonkeyPatch, break_it: Breaking, seed: int
) -> None:
    chaos = Chaos(house)
    await chaos.prepare(seed)
    break_it(monkeypatch, house)
    with pytest.raises(Failed, match=f"again: .venv/bin/python -m tests.chaos {seed}"):
        await chaos.live(seed)
