"""Transfers between master and sub-account as the demo exchange lists them to either."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lib.demo.clock import WorldClock
from lib.demo.crossings import SubRow, transferred
from lib.demo.exchange import DemoExchange, keys_of
from lib.demo.instants import to_ms
from lib.demo.world import World
from tests.demo.conftest import BORN_AT, Asker, refused

OWN = "/sapi/v1/sub-account/transfer/subUserHistory"
LIST = "/sapi/v1/sub-account/list"
SPOT, UNIVERSAL = "/sapi/v1/sub-account/sub/transfer/history", "/sapi/v1/sub-account/universalTransfer"
FUTURES = "/sapi/v1/sub-account/futures/internalTransfer"
AT = BORN_AT + timedelta(hours=5)
MASTER, SUB = "master@example.com", "sub@example.com"


@pytest.fixture
def family(world: World) -> Asker:
    """Main is the master of Spot; 1 went down, 2 came back up between futures wallets. Mixed is on its own."""
    down = SubRow("USDT", Decimal(50), MASTER, SUB, frozenset({"spot", "universal"}))
    up = SubRow("USDT", Decimal(-20), SUB, MASTER, frozenset({"usdm"}))
    theirs = (transferred("1", AT, down), transferred("2", AT, up))
    seen = (replace(down, quantity=Decimal(-50)), replace(up, quantity=Decimal(20)))
    mine = tuple(transferred(crossing.id, AT, row) for crossing, row in zip(theirs, seen, strict=True))
    main, spot, mixed = (world.account(name) for name in ("Main", "Spot", "Mixed"))
    accounts = [
        replace(main, email=MASTER, extra=mine),
        replace(spot, email=SUB, master="Main", extra=theirs),
        mixed,
    ]
    clock = WorldClock(AT + timedelta(hours=1))
    born = World(world.seed, world.born_at, world.market, tuple(accounts))
    return Asker(DemoExchange(born, clock, keys_of(born)), clock)


def test_a_sub_account_is_told_what_went_unless_it_asks_for_what_came(family: Asker) -> None:
    assert [row["qty"] for row in family.signed("Spot", OWN)] == ["20"]
    assert [(row["qty"], row["type"]) for row in family.signed("Spot", OWN, "type=1")] == [("50", 1)]
    assert family.signed("Mixed", OWN, "type=1") == []
    assert refused(family.signed_response("Spot", OWN, "type=3")) == (400, -1130)
    assert family.signed("Spot", OWN, f"type=1&startTime={to_ms(AT) + 1}") == []


def test_a_master_lists_its_sub_accounts_and_nobody_else_has_any(family: Asker) -> None:
    assert [row["email"] for row in family.signed("Main", LIST)["subAccounts"]] == [SUB]
    for path in (LIST, SPOT, UNIVERSAL):
        assert refused(family.signed_response("Mixed", path)) == (400, -12022)


def test_a_master_sees_what_it_sent_by_default_and_one_transfer_in_two_lists(family: Asker) -> None:
    spot, universal = family.signed("Main", SPOT), family.signed("Main", UNIVERSAL)["result"]
    assert [(row["tranId"], row["from"], row["to"]) for row in spot] == [(1, MASTER, SUB)]
    assert [(row["tranId"], row["fromEmail"]) for row in universal] == [(1, MASTER)]
    assert family.signed("Main", SPOT, f"fromEmail={SUB.replace('@', '%40')}") == []
    both = "fromEmail=a%40b&toEmail=c%40d"
    assert refused(family.signed_response("Main", SPOT, both)) == (400, -1128)


def test_futures_transfers_are_listed_by_kind(family: Asker) -> None:
    asked = f"email={SUB.replace('@', '%40')}&futuresType="
    assert [row["tranId"] for row in family.signed("Main", FUTURES, asked + "1")["transfers"]] == ["2"]
    assert family.signed("Main", FUTURES, asked + "2")["transfers"] == []
    assert refused(family.signed_response("Main", FUTURES)) == (400, -1102)


def test_the_universal_window_is_under_seven_days(family: Asker) -> None:
    end = to_ms(AT)
    week = 7 * 86_400_000
    wide = f"startTime={end - week}&endTime={end}"
    assert refused(family.signed_response("Main", UNIVERSAL, wide)) == (400, -4047)
    assert family.signed("Main", UNIVERSAL, f"startTime={end - week + 1}&endTime={end}")["totalCount"] == 1


def test_what_one_loses_the_other_gains_and_neither_keeps_it_secret(family: Asker) -> None:
    world = family.exchange.world
    mine, theirs = (world.flows(name, BORN_AT, AT) for name in ("Main", "Spot"))
    assert [flow.quantity for flow in mine if flow.id in "12"] == [-50, 20]
    assert [flow.quantity for flow in theirs if flow.id in "12"] == [50, -20]
