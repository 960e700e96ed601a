"""The laws bite: a product that is broken on purpose does not get through a history."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from lib.domain import cycle, memory
from lib.usecases import flow_reading, reading
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

    patch.setattr(reading, "minute_start", minute_start)


def late_money_restates_nothing(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(cycle, "_restated_from", lambda *_: None)


def ids_are_forgotten(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(memory, "_still_listed", lambda *_: {})


def held_snapshots_wait_for_nothing(patch: pytest.MonkeyPatch, _: House) -> None:
    patch.setattr(cycle, "_still_lacks", lambda *_: False)


def any_version_will_do(_: pytest.MonkeyPatch, house: House) -> None:
    _alter(house, "and a.version = p_version", "")


def partial_replaces_complete(_: pytest.MonkeyPatch, house: House) -> None:
    _alter(house, "where excluded.complete or (not s.complete and (excluded.whole or not s.whole))", "")


def _alter(house: House, true: str, wrong: str) -> None:
    ((body,),) = house.database.execute("select pg_get_functiondef('public.commit_outcome'::regproc)").fetchall()
    assert true in body
    house.database.execute(body.replace(true, wrong))


@pytest.mark.parametrize(
    ("break_it", "seed"),
    [
        pytest.param(unread_is_empty, 5, id="an unread list counts as an empty one"),
        pytest.param(partial_is_whole, 3, id="a part counts as the whole"),
        pytest.param(later_prices, 1, id="flows and rebalances at a later price"),
        pytest.param(late_money_restates_nothing, 3, id="late money restates nothing"),
        pytest.param(ids_are_forgotten, 3, id="money is met again as new"),
        pytest.param(held_snapshots_wait_for_nothing, 5, id="held snapshots wait for nothing"),
        pytest.param(any_version_will_do, 5, id="a commit on any version"),
        pytest.param(partial_replaces_complete, 59, id="a partial snapshot replaces a complete one"),
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
