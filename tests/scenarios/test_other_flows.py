"""Money on every way in and out, through the whole spine: booked once, to the cent, whatever was missed or late."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lib.demo.crossings import (
    Crossing,
    FiatOrderRow,
    FiatPaymentRow,
    P2pRow,
    SubRow,
    banked,
    exchanged,
    gifted,
    paid,
    paid_with,
    traded,
    transferred,
)
from lib.demo.events import Deposit, Event, Withdrawal
from lib.demo.faults import Fault
from lib.demo.world import World
from lib.domain.requests import FlowEntry, HistoryRequest, LogRequest
from lib.usecases import history, ledger
from tests.spine import BORN_AT, Spine, hours, the_world
from tests.usecases.conftest import OpenSpine
from tests.wires import without_rows

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
PAY, P2P = "/sapi/v1/pay/transactions", "/sapi/v1/c2c/orderMatch/listUserOrderHistory"
NO_RIGHT = b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'
NOON = BORN_AT + 5 * HOUR


def p2p(id_: str, at: datetime, side: Any = "BUY", amount: str = "900", ended: str = "COMPLETED") -> Crossing:
    shown = P2pRow(side, "USDT", Decimal(amount), Decimal("0.9"), "EUR", Decimal("0.87"), ended)
    return traded(id_, at, at + 3 * MINUTE, shown)


def bank(id_: str, at: datetime, kind: Any = 0, eur: str = "700", ended: str = "Successful") -> Crossing:
    return banked(id_, at, at + 26 * HOUR, FiatOrderRow(kind, "EUR", Decimal(eur), Decimal(1), ended))


def card(id_: str, at: datetime, method: str = "Credit Card", ended: str = "Completed") -> Crossing:
    amounts = (Decimal(200), "EUR", Decimal("0.00215"), "BTC", Decimal(3), Decimal("91300"))
    return exchanged(id_, at, at + 2 * MINUTE, FiatPaymentRow(0, *amounts, method, ended))


def sent_in(at: datetime, pay_id: str = "P_9") -> Deposit:
    name = "Off-chain transfer 123456789012"
    return Deposit("9", "SOL", Decimal(4), "spot", "SOL", "a", name, at - MINUTE, at, at, internal=True, pay_id=pay_id)


def sent_out(at: datetime) -> Withdrawal:
    applied, gone = at - MINUTE, at.replace(microsecond=0)
    ids = ("10", "USDT", Decimal(60), Decimal(0), "spot", "TRX", "a", "Off-chain transfer 1")
    return Withdrawal(*ids, applied.replace(microsecond=0), gone, internal=True, pay_id="P_10")


def every_way(at: datetime) -> tuple[Event, ...]:
    """One event of each kind and of each that is none, hours apart, an odd minute each."""
    return (
        paid("P_1", at + 17 * MINUTE, "USDT", Decimal(300)),
        paid_with("P_2", at + 90 * MINUTE, "EUR", Decimal(90), (("USDT", Decimal(80)), ("BTC", Decimal("0.0002")))),
        paid("P_3", at + 200 * MINUTE, "USDT", Decimal("12.5"), "funding", "PAY_REFUND"),
        p2p("20000000000000000001", at + 260 * MINUTE),
        p2p("20000000000000000002", at + 333 * MINUTE, "SELL", "250"),
        p2p("20000000000000000003", at + 390 * MINUTE, ended="CANCELLED"),
        bank("f-1", at + 401 * MINUTE),
        bank("f-2", at + 2 * DAY, 1, "120"),
        bank("f-3", at + 2 * DAY + HOUR, ended="Failed"),
        card("c-1", at + 3 * DAY),
        card("c-2", at + 3 * DAY + HOUR, "Cash Balance"),
        card("c-3", at + 3 * DAY + 2 * HOUR, ended="Failed"),
        sent_in(at + 77 * MINUTE),
        sent_out(at + 131 * MINUTE),
    )


def living(*events: Event) -> World:
    return the_world("Mixed").adding("Mixed", *events)


def booked(spine: Spine) -> list[tuple[str, datetime, Decimal, Decimal]]:
    found = spine.sql("select split_part(id, ':', 2), at, usd, quantity from flows")
    return sorted(((id_, at, usd, quantity) for id_, at, usd, quantity in found), key=_order)


def true_of(world: World, name: str, instants: Sequence[datetime]) -> list[tuple[str, datetime, Decimal, Decimal]]:
    flows = world.flows(name, instants[0], instants[-1])
    return sorted(((one.id, one.at, one.usd, one.quantity) for one in flows), key=_order)


def _order(flow: tuple[str, datetime, Decimal, Decimal]) -> tuple[datetime, str, Decimal]:
    return flow[1], flow[0], flow[3]


async def logged(spine: Spine, event: str) -> list[str]:
    found = await spine.wired.store.logs(LogRequest(limit=500, event=event))
    return [one.entry.message for one in reversed(found)]


@pytest.mark.parametrize("step", [1, 5], ids=["hourly", "every five hours"])
async def test_every_way_in_and_out_is_booked_once_to_the_cent(open_spine: OpenSpine, step: int) -> None:
    spine = await open_spine(living(*every_way(BORN_AT + 3 * HOUR)))
    instants = (BORN_AT, *hours(BORN_AT, 5 * 24 // step, step))
    await spine.collect_at(instants)
    assert booked(spine) == true_of(spine.world, "Mixed", instants)
    found = (await spine.histories())["Mixed"]
    assert [row.nav_usd for row in found.rows] == [spine.world.nav("Mixed", at) for at in instants]
    assert found.unexplained == ()
    aliases = await logged(spine, "account.alias")
    assert [line.split(" is ")[0] for line in aliases] == ["pay:P_9:SOL", "pay:P_10:USDT"]
    await spine.assert_sound()


async def test_ninety_days_of_the_demo_account_are_the_worlds_own_truth(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Mixed"))
    instants = (BORN_AT, *hours(BORN_AT, 7 * 91, 24 // 7))
    await spine.collect_at(instants[::2])
    assert booked(spine) == true_of(spine.world, "Mixed", instants[::2])
    sources = {source for (source,) in spine.sql("select distinct source from flows")}
    assert sources == {"deposits", "withdrawals", "pay", "p2p", "fiat_deposits", "fiat_buys"}
    assert (await spine.histories())["Mixed"].unexplained == ()


async def test_an_outage_of_two_hundred_days_loses_nothing(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Mixed"))
    instants = (BORN_AT, BORN_AT + 170 * DAY)  # what P2P tells reaches back half a year
    await spine.collect_at(instants)
    assert booked(spine) == true_of(spine.world, "Mixed", instants)
    main = await open_spine(the_world("Main"))
    away = (BORN_AT, BORN_AT + 200 * DAY)
    await main.collect_at(away)
    assert booked(main) == true_of(main.world, "Main", away)


async def test_what_completes_days_after_it_was_listed_is_booked_when_it_does(open_spine: OpenSpine) -> None:
    late = replace(bank("f-9", BORN_AT + 2 * HOUR), moved_at=BORN_AT + 12 * DAY, flowed_at=BORN_AT + 12 * DAY)
    spine = await open_spine(living(late))
    before, after = hours(BORN_AT, 22, 13), hours(BORN_AT + 12 * DAY, 4, 5)
    await spine.collect_at((BORN_AT, *before))
    assert spine.sql("select id from flows where id = 'fiat:f-9'") == []
    await spine.collect_at(after)
    assert spine.sql("select at from flows where id = 'fiat:f-9'") == [(late.flowed_at,)]


@pytest.mark.parametrize("failing", [PAY, "/sapi/v1/capital/deposit/hisrec"])
async def test_money_two_lists_tell_of_is_booked_once_and_alike_whichever_of_them_fails(
    open_spine: OpenSpine, failing: str
) -> None:
    """While deposits failed it was booked as Pay tells it: four seconds earlier, at times at another minute's price."""
    spine = await open_spine(living(sent_in(BORN_AT + 77 * MINUTE)))
    await spine.collect(BORN_AT)
    spine.exchange.faults = [Fault(failing, status=503)]
    for at in hours(BORN_AT, 3):
        await spine.collect(at)
    spine.exchange.faults = []
    await spine.collect_at(hours(BORN_AT + 3 * HOUR, 3))
    assert spine.sql("select id from flows") == [("deposit:9",)]
    assert booked(spine) == true_of(spine.world, "Mixed", (BORN_AT, spine.now))
    assert len(await logged(spine, "account.alias")) == 1
    await spine.assert_sound()


async def test_money_that_pay_lists_first_is_booked_once(open_spine: OpenSpine) -> None:
    """The deposits answer, and do not have it yet: Pay's row is booked, and the other one is its alias later."""
    spine = await open_spine(living(sent_in(BORN_AT + 77 * MINUTE)))
    await spine.collect(BORN_AT)
    spine.to_exchange.edits.append(without_rows("/sapi/v1/capital/deposit/hisrec", "9"))
    await spine.collect_at(hours(BORN_AT, 3))
    spine.to_exchange.edits.clear()
    await spine.collect_at(hours(BORN_AT + 3 * HOUR, 3))
    assert spine.sql("select id, quantity from flows") == [("pay:P_9:SOL", Decimal(4))]
    assert len(await logged(spine, "account.alias")) == 1
    await spine.assert_sound()


async def test_only_a_list_that_was_due_holds_a_snapshot_back(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Spot"))
    await spine.collect(BORN_AT)
    spine.exchange.faults = [Fault(P2P, status=503)]
    reports = [await spine.one(at) for at in hours(BORN_AT, 7)]
    held = [report.missing for report in reports]
    assert 0 < held.count(()) < 7
    assert all(missing == ("flows:p2p",) for missing in held[held.count(()) :])  # from the hour it is due in, on
    spine.exchange.faults = []
    assert (await spine.one(BORN_AT + 8 * HOUR)).status == "stored"
    assert spine.sql("select count(*) from snapshots where not complete") == [(0,)]
    await spine.assert_sound()


async def test_a_list_refused_for_good_is_named_holds_nothing_back_and_is_tried_again_daily(
    open_spine: OpenSpine,
) -> None:
    spine = await open_spine(living(paid("P_5", BORN_AT + 5 * MINUTE, "USDT", Decimal(3))))
    spine.exchange.faults = [Fault(PAY, status=401, body=NO_RIGHT)]
    await spine.collect_at((BORN_AT, *hours(BORN_AT, 48)))
    assert spine.sql("select status_code, status_detail from accounts") == [("ok", "not told to this account: pay")]
    tries = sum(asked.path == PAY for asked in spine.exchange.requests)
    assert tries == 3  # the first run's and one on each of two days
    assert len(await logged(spine, "account.source_refused")) == 1
    assert await logged(spine, "exchange.call_failed") == []  # it says what the account is: no call failed
    spine.exchange.faults = []
    await spine.collect_at(hours(BORN_AT + 48 * HOUR, 24))
    assert spine.sql("select status_code, status_detail from accounts") == [("ok", None)]
    assert spine.sql("select id from flows where source = 'pay'") == [("pay:P_5:USDT",)]  # it had been there all along
    await spine.assert_sound()


async def test_a_refusal_says_nothing_while_the_key_itself_is_not_accepted(open_spine: OpenSpine) -> None:
    """A key without its address was refused everywhere; its lists must be read again as soon as it is good."""
    spine = await open_spine(the_world("Spot"))
    await spine.collect(BORN_AT)
    spine.exchange.faults = [
        Fault("/sapi/v1/asset/wallet/balance", status=503),
        *(Fault(family, status=401, body=NO_RIGHT) for family in ("/sapi", "/fapi", "/dapi", "/eapi", "/papi")),
    ]
    report = await spine.one(BORN_AT + HOUR)
    assert {"flows:deposits", "flows:withdrawals", "flows:pay"} <= {*report.missing}
    spine.exchange.faults = []
    assert (await spine.one(BORN_AT + 2 * HOUR)).status == "stored"
    assert spine.sql("select status_code, status_detail from accounts") == [("ok", None)]


async def test_a_jump_has_all_lists_asked_at_once_and_is_no_jump_where_one_of_them_explains_it(
    open_spine: OpenSpine,
) -> None:
    at, asked = BORN_AT + 5 * HOUR, []
    quiet, moved = the_world("Mixed"), living(p2p("20000000000000000009", at - 20 * MINUTE))
    twin, spine = await open_spine(quiet), await open_spine(moved)
    for each in (twin, spine):
        await each.collect_at((BORN_AT, *hours(BORN_AT, 4)))
        before = len(each.exchange.requests)
        await each.collect(at)
        asked.append({one.path for one in list(each.exchange.requests)[before:]})
    assert [P2P in paths for paths in asked] == [False, True]
    assert [id_ for id_, *_ in booked(spine)] == ["20000000000000000009"]
    assert (await spine.histories())["Mixed"].unexplained == ()
    assert await logged(spine, "account.unexplained") == []


async def test_a_jump_that_nothing_explains_is_marked_told_and_shown(open_spine: OpenSpine) -> None:
    spine = await open_spine(living(gifted("1", BORN_AT + 100 * MINUTE, "USDT", Decimal(5000))))
    await spine.collect_at((BORN_AT, *hours(BORN_AT, 4)))
    (jump,) = (await spine.histories())["Mixed"].unexplained
    assert jump.at == BORN_AT + 2 * HOUR
    assert abs(jump.usd - 5000) < 50
    (line,) = await logged(spine, "account.unexplained")
    assert line.startswith(f"{jump.usd:.2f} USD since")
    told: Any = await history.read(spine.wired.store, HistoryRequest("mixed"))
    (event,) = [event for event in told["events"] if event["kind"] == "unexplained"]
    assert (event["at"], event["account"]) == (jump.at, "mixed")
    entry = FlowEntry(BORN_AT + 100 * MINUTE, Decimal(5000), "USDT", "a gift card")
    await ledger.add(spine.wired.collector, "mixed", entry)
    assert (await spine.histories())["Mixed"].unexplained == ()
    await spine.assert_sound()


async def test_a_jump_is_explained_by_money_that_a_list_tells_of_later(open_spine: OpenSpine) -> None:
    moved = paid("P_8", BORN_AT + 100 * MINUTE, "USDT", Decimal(5000))
    spine = await open_spine(living(moved))
    await spine.collect_at((BORN_AT, *hours(BORN_AT, 1)))
    empty = Fault(PAY, status=200, body=b'{"code":"000000","success":true,"data":[]}')
    spine.exchange.faults = [empty]
    await spine.collect(BORN_AT + 2 * HOUR)
    assert len((await spine.histories())["Mixed"].unexplained) == 1
    spine.exchange.faults = []
    await spine.collect(BORN_AT + 3 * HOUR)
    assert (await spine.histories())["Mixed"].unexplained == ()
    assert len(await logged(spine, "account.explained")) == 1
    assert spine.sql("select jsonb_array_length(state -> 'jumps') from accounts") == [(0,)]
    await spine.assert_sound()


def family() -> World:
    """A master and its sub-account: transfers in both directions, in lists that overlap, and one of another sub."""
    world = the_world("Mixed", "Spot")
    mixed, spot = world.account("Mixed"), world.account("Spot")
    accounts = (
        replace(mixed, email="master@example.com"),
        replace(spot, email="sub@example.com", master="Mixed"),
    )
    world = World(world.seed, world.born_at, world.market, accounts)
    for id_, minutes, asset, size, families in (
        ("9223372036854775001", 80, "USDT", "700", {"spot", "universal"}),
        ("9223372036854775002", 145, "ETH", "0.3", {"universal"}),
        ("9223372036854775003", 190, "USDT", "-220", {"spot", "universal"}),
        ("9223372036854775004", 250, "USDT", "-90", {"usdm"}),
    ):
        quantity = Decimal(size)
        ends = ("master@example.com", "sub@example.com")
        sender, receiver = ends if quantity > 0 else ends[::-1]
        shown = SubRow(asset, quantity, sender, receiver, frozenset(families))  # type: ignore[arg-type]
        mine = replace(shown, quantity=-quantity)
        at = BORN_AT + minutes * MINUTE
        world = world.adding("Spot", transferred(id_, at, shown)).adding("Mixed", transferred(id_, at, mine))
    return world


async def test_transfers_between_master_and_sub_count_for_each_and_come_to_nothing_together(
    open_spine: OpenSpine,
) -> None:
    spine = await open_spine(family())
    instants = (BORN_AT, *hours(BORN_AT, 30))
    await spine.collect_at(instants)
    for name in ("Mixed", "Spot"):
        mine = spine.sql(
            "select split_part(id, ':', 2), at, usd, quantity from flows where account_id = %s order by at",
            name.lower(),
        )
        assert mine == true_of(spine.world, name, instants)
        assert len(mine) == 4
    assert spine.sql("select sum(quantity) from flows where id like 'sub:%%' group by asset") == [(0,), (0,)]
    assert all(one.unexplained == () for one in (await spine.histories()).values())
    await spine.assert_sound()


async def test_an_ordinary_account_keeps_its_budget_in_every_hour_of_a_day(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Main"))
    await spine.collect_at((BORN_AT, *hours(BORN_AT, 2)))
    looks = {"/sapi/v1/account/apiRestrictions", "/sapi/v1/account/info"}  # at the key, once a day
    for at in hours(BORN_AT + 2 * HOUR, 30):
        before, answered = len(spine.exchange.requests), len(spine.to_exchange.calls)
        report = await spine.one(at)
        if report.flows == 0 and report.rebalances == 0:
            asked = [one.path for one in list(spine.exchange.requests)[before:]]
            assert len([path for path in asked if path not in looks]) <= 10, asked
            assert len(asked) <= 11, asked
            assert {call.status for call in spine.to_exchange.calls[answered:]} == {200}
