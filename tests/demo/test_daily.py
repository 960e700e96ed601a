"""The daily account snapshots: the world's own worth at the end of each day, as the exchange tells it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange
from lib.demo.instants import from_ms, to_ms
from lib.demo.world import World
from tests.demo.conftest import BORN_AT, Asker, refused

PATH = "/sapi/v1/accountSnapshot"
DAY = timedelta(days=1)
DAY_MS = 86_400_000


def worth(world: World, row: Any) -> Decimal:
    """What a row is worth at the prices of its instant."""
    data, at = row["data"], from_ms(row["updateTime"])
    if row["type"] == "spot":
        parts = [(one["asset"], Decimal(one["free"]) + Decimal(one["locked"])) for one in data["balances"]]
    else:
        parts = [(one["asset"], Decimal(one["marginBalance"])) for one in data["assets"]]
    return sum((quantity * world.market.usd(asset, at) for asset, quantity in parts), Decimal(0))


@pytest.mark.parametrize(("kind", "wallet"), [("SPOT", "spot"), ("FUTURES", "usdm")])
def test_each_day_ends_with_what_the_world_held(
    ask: Asker, clock: WorldClock, world: World, kind: str, wallet: str
) -> None:
    clock.set(BORN_AT + 40 * DAY)
    answer = ask.signed("Main", PATH, f"type={kind}&limit=30")
    assert (answer["code"], answer["msg"]) == (200, "")
    rows = answer["snapshotVos"]
    assert [row["updateTime"] % DAY_MS for row in rows] == [DAY_MS - 1000] * 30
    assert [row["updateTime"] for row in rows] == sorted(row["updateTime"] for row in rows)
    assert rows[-1]["updateTime"] > to_ms(clock.now() - DAY)
    for row in rows:
        assert row["type"] == kind.lower()
        true = world.wallet_totals("Main", from_ms(row["updateTime"]))[wallet]
        assert abs(worth(world, row) - true) < Decimal("0.01")


def test_without_a_limit_there_are_seven_and_none_before_the_account_held_anything(
    ask: Asker, clock: WorldClock
) -> None:
    clock.set(BORN_AT + 2 * DAY)
    spot = ask.signed("Spot", PATH, "type=SPOT&limit=30")["snapshotVos"]
    assert [from_ms(row["updateTime"]).date() - BORN_AT.date() for row in spot] == [n * DAY for n in range(-4, 2)]
    assert ask.signed("Spot", PATH, "type=FUTURES")["snapshotVos"] == []
    assert ask.signed("Spot", PATH, "type=MARGIN")["snapshotVos"] == []
    clock.set(BORN_AT + 20 * DAY)
    assert len(ask.signed("Spot", PATH, "type=SPOT")["snapshotVos"]) == 7


def test_a_span_holds_and_no_month_is_wider_than_a_month(ask: Asker, clock: WorldClock) -> None:
    clock.set(BORN_AT + 60 * DAY)
    rows = ask.signed("Main", PATH, "type=SPOT&limit=30")["snapshotVos"]
    first, last = rows[10]["updateTime"], rows[20]["updateTime"]
    assert (
        ask.signed("Main", PATH, f"type=SPOT&limit=30&startTime={first}&endTime={last}")["snapshotVos"] == rows[10:21]
    )
    wide = f"type=SPOT&startTime={first}&endTime={first + 30 * DAY_MS}"
    assert refused(ask.signed_response("Main", PATH, wide)) == (400, -1127)
    assert refused(ask.signed_response("Main", PATH, f"type=SPOT&startTime={last}&endTime={first}")) == (400, -1023)


def test_bad_parameters_are_refused_and_five_calls_fill_the_pool(
    ask: Asker, exchange: DemoExchange, clock: WorldClock
) -> None:
    assert refused(ask.signed_response("Main", PATH)) == (400, -1102)
    assert refused(ask.signed_response("Main", PATH, "type=EARN")) == (400, -1130)
    assert refused(ask.signed_response("Main", PATH, "type=SPOT&limit=31")) == (400, -1130)
    assert refused(ask.signed_response("Main", PATH, "type=SPOT&limit=6")) == (400, -1130)
    assert ask.signed_response("Main", PATH, "type=SPOT").status == 200
    assert ask.signed_response("Main", PATH, "type=SPOT").status == 429
    assert {asked.weight for asked in exchange.requests} == {2400}
    clock.pass_time(60)
    used = dict(ask.signed_response("Main", PATH, "type=SPOT").headers)
    assert used["X-SAPI-USED-IP-WEIGHT-1M"] == "2400"
