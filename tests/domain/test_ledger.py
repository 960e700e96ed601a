"""Booking by hand: what a movement was worth, and the account just before it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

import pytest

from lib.domain.flows import CashFlow, Movement, Stage
from lib.domain.ledger import Booked, book_movements, carry, fresh, value_before, wants_after, wants_of
from lib.domain.portfolio import OpenPosition
from lib.domain.prices import MissingPrice, PricePoint
from lib.domain.reading import Basis, Want
from tests.builders import amounts, at, dec, flow, priced
from tests.domain.life import paid_in, paid_out

BOOK = amounts(BTCUSDT="120", SOLUSDT="12", ETHUSDT="60")
TEN, HALF = at("10:00"), at("10:30:20")
LONG = OpenPosition("usdm", "BTCUSDT", "long", Decimal(3), Decimal(100))
SHORT = OpenPosition("usdm", "ETHUSDT", "short", Decimal(2), Decimal(50))
BASIS = Basis(TEN, (priced("BTC", "2", "100", TEN), priced("USDT", "500", "1", TEN), priced("OLD", "4", "5")), ())


def opens(when: str = "10:30:20", /, **prices: str | None) -> dict[Want, Decimal | None]:
    """The open of each coin's minute; None where there was no such candle."""
    return {Want(name, at(when)): None if text is None else Decimal(text) for name, text in prices.items()}


def booked(
    *movements: Movement,
    known: dict[Want, Decimal | None],
    basis: Basis | None = None,
    earlier: Sequence[CashFlow] = (),
    later: Sequence[CashFlow] = (),
    last: dict[str, PricePoint] | None = None,
    book: dict[str, Decimal] | None = None,
) -> Booked:
    return book_movements(
        movements,
        opens=known,
        bases={movement.at: basis for movement in movements},
        tracked=("BTC",),
        book=BOOK if book is None else book,
        last_prices=last or {},
        earlier=earlier,
        counted_at=lambda _: None,
        changed_by=lambda when: [each for each in later if each.at > when],
    )


def test_new_is_what_is_done_after_the_floor_and_unknown_each_once_oldest_first() -> None:
    late, early = paid_in("1", at("11:00")), paid_in("2", at("10:30"))
    others = [
        paid_in("known", at("11:00")),
        replace(paid_in("pending", at("11:00")), stage=Stage.PENDING),
        replace(paid_in("dropped", at("11:00")), stage=Stage.DROPPED),
        paid_in("floor", TEN),
    ]
    found = fresh([late, early, *others, late], {"deposit:known": TEN}, TEN)
    assert found == (early, late)


def test_a_flow_is_booked_at_the_open_of_its_minute_with_the_account_before_it() -> None:
    # 2 SOL at 11 are 22; before it 2 BTC at 110, 500 dollars and 4 OLD at 5 were 740
    (found,) = booked(paid_in("1", HALF, "SOL", "2"), known=opens(SOL="11", BTC="110"), basis=BASIS).flows
    assert found == CashFlow("deposit:1", HALF, Decimal(22), Decimal(740), "SOL", Decimal(2), "deposits")


def test_what_leaves_is_negative_and_without_a_basis_the_account_before_is_unknown() -> None:
    (found,) = booked(paid_out("1", HALF, "SOL", "2"), known=opens(SOL="11", BTC="110")).flows
    assert (found.usd, found.quantity, found.value_before_usd) == (Decimal(-22), Decimal(-2), None)


@pytest.mark.parametrize(
    ("known", "usd"),
    [
        pytest.param({"SOL": None, "BTC": "110"}, "24", id="no candle: today's price"),
        pytest.param({"SOL": "11", "BTC": None}, "22", id="no candle of the benchmark's coin: the basis' price"),
    ],
)
def test_a_minute_without_a_candle_holds_nothing_back(known: dict[str, str | None], usd: str) -> None:
    assert [each.usd for each in booked(paid_in("1", HALF, "SOL", "2"), known=opens(**known)).flows] == [Decimal(usd)]


@pytest.mark.parametrize("lost", ["SOL", "BTC"])
def test_a_movement_waits_for_a_candle_that_could_not_be_fetched(lost: str) -> None:
    known = {want: price for want, price in opens(SOL="11", BTC="110").items() if want.name != lost}
    movement = paid_in("1", HALF, "SOL", "2")
    assert booked(movement, known=known) == Booked((), (movement,))


def test_it_waits_for_the_prices_of_its_basis_and_of_a_position_too() -> None:
    movement, basis = paid_in("1", HALF), replace(BASIS, positions=(LONG,))
    held = opens(BTC="110")
    assert booked(movement, known=held, basis=basis).waiting == (movement,)
    contract = {Want("BTCUSDT", HALF, contract=True): Decimal(110)}
    (found,) = booked(movement, known={**held, **contract}, basis=basis).flows
    assert found.value_before_usd == 770  # 740 and 3 · (110 − 100)


def test_without_a_price_list_everything_waits() -> None:
    movement = paid_in("1", HALF)
    assert booked(movement, known=opens(BTC="110"), book={}) == Booked((), (movement,))


def test_a_coin_whose_market_closed_counts_its_last_price() -> None:
    last = {"OLD": PricePoint("OLD", TEN, Decimal(5))}
    (found,) = booked(paid_out("1", HALF, "OLD", "3"), known=opens(BTC="110"), last=last).flows
    assert found.usd == -15
    with pytest.raises(MissingPrice, match="OLD"):
        booked(paid_out("1", HALF, "OLD", "3"), known=opens(BTC="110"))


def test_it_waits_for_its_own_price_at_the_flows_it_revalues() -> None:
    """Such a candle unfetched, its coins counted at the price of another minute in the value before those flows."""
    movement, later = paid_in("1", HALF, "SOL", "2"), [flow("10:40", "5", "100")]
    known = opens(SOL="11", BTC="110")
    assert booked(movement, known=known, later=later).waiting == (movement,)
    assert booked(movement, known={**known, **opens("10:40", SOL="13")}, later=later).waiting == ()
    assert wants_after(paid_in("2", HALF), later, BOOK) == frozenset()  # a dollar is a dollar


def test_flows_of_one_run_know_each_other_and_those_of_one_instant_do_not() -> None:
    same = [paid_in("b", HALF, quantity="7"), paid_in("a", HALF, quantity="9")]
    later = paid_in("c", at("10:40"))
    known = {**opens(BTC="100"), **opens("10:40", BTC="100")}
    found = booked(later, *same, known=known, basis=BASIS, earlier=[flow("10:20", "100"), flow("09:00", "1")]).flows
    assert [(each.id[-1], each.value_before_usd) for each in found] == [
        ("a", Decimal(820)),  # 720 and the 100 before
        ("b", Decimal(820)),
        ("c", Decimal(836)),
    ]


@pytest.mark.parametrize(
    ("positions", "contracts", "worth"),
    [
        pytest.param((LONG,), {"BTCUSDT": "90"}, "690", id="long and falling: 720 + 3 · (90 − 100)"),
        pytest.param((SHORT,), {"ETHUSDT": "45"}, "730", id="short and falling: 720 − 2 · (45 − 50)"),
        pytest.param((LONG, SHORT), {"BTCUSDT": "110", "ETHUSDT": "60"}, "730", id="both: 720 + 30 − 20"),
        pytest.param((LONG,), {"BTCUSDT": None}, "720", id="no candle: as it was"),
    ],
)
def test_open_positions_count_by_the_change_of_their_price(
    positions: tuple[OpenPosition, ...], contracts: dict[str, str | None], worth: str
) -> None:
    known = opens(BTC="100") | {
        Want(name, HALF, contract=True): None if text is None else Decimal(text) for name, text in contracts.items()
    }
    assert value_before(replace(BASIS, positions=positions), HALF, [], known, BOOK) == Decimal(worth)


# 300 dollars of BTC, 3 coins at 100, whose margin are 2 coins.
COIN_LONG = OpenPosition("coinm", "BTCUSD_PERP", "long", Decimal(3), Decimal(100), coin="BTC")
IN_COINS = replace(BASIS, holdings=(priced("BTC", "2", "100", wallet="coinm"),), positions=(COIN_LONG,))


@pytest.mark.parametrize(
    ("side", "contract", "coin", "worth"),
    [
        # 300/100 − 300/120 = 0.5 coins gained
        pytest.param("long", "120", "120", "300", id="2.5 coins at 120"),
        pytest.param("short", "120", "120", "180", id="1.5 coins at 120"),
        pytest.param("long", "120", "125", "312.5", id="2.5 coins at the coin's own 125"),
        pytest.param("long", "75", "75", "75", id="one coin lost at 75"),
        pytest.param("long", "120", None, "260", id="2 coins as they were and half a coin at the contract's price"),
        pytest.param("long", None, "120", "240", id="no candle of the contract: 2 coins at 120"),
    ],
)
def test_an_inverse_contract_gains_coins_and_not_dollars(
    side: Literal["long", "short"], contract: str | None, coin: str | None, worth: str
) -> None:
    held = replace(IN_COINS, positions=(replace(COIN_LONG, side=side),))
    known = opens(BTC=coin) | {Want("BTCUSD_PERP", HALF, contract=True): dec(contract)}
    assert value_before(held, HALF, [], known, BOOK) == Decimal(worth)


def test_the_price_of_an_inverse_contracts_coin_is_asked_for_though_none_is_held() -> None:
    bare = replace(IN_COINS, holdings=())
    assert wants_of(HALF, (), bare, (), BOOK) == {Want("BTC", HALF), Want("BTCUSD_PERP", HALF, contract=True)}


def test_before_a_flow_counts_what_came_since_the_basis_at_its_price_then() -> None:
    between = [
        CashFlow("at the basis", TEN, Decimal(1000)),
        CashFlow("in coins", at("10:10"), Decimal(20), None, "SOL", Decimal(2)),  # 2 SOL at 11
        CashFlow("no candle", at("10:15"), Decimal(-6), None, "ETH", Decimal(-1)),  # as booked
        CashFlow("dollars", at("10:20"), Decimal(8), None, "USDT", Decimal(8)),
        CashFlow("at its instant", HALF, Decimal(1000)),
    ]
    unpriced = replace(BASIS, holdings=(*BASIS.holdings, priced("NEW", "9", None)))
    known = opens(BTC="110", SOL="11", ETH=None)
    assert value_before(unpriced, HALF, between, known, BOOK) == 740 + 22 - 6 + 8


def test_a_flow_known_in_dollars_only_counts_its_dollars() -> None:
    """Entered without coins it counted nothing in the value before the next flow."""
    by_hand = CashFlow("by hand", at("10:10"), Decimal(30))
    assert value_before(BASIS, HALF, [by_hand], opens(BTC="110"), BOOK) == 770
    (changed,) = carry(by_hand, [flow("10:30:20", "5", "100")], {}, BOOK)
    assert changed.value_before_usd == 130


def test_wants_are_the_coins_the_basis_its_positions_and_what_came_between() -> None:
    between = [CashFlow("1", at("10:10"), Decimal(1), None, "SOL"), CashFlow("2", HALF, Decimal(1), None, "XRP")]
    basis = replace(BASIS, positions=(SHORT,))
    book = {**BOOK, "XRPUSDT": Decimal(1)}
    assert wants_of(HALF, ["USDT", "NONE"], basis, between, book) == {
        Want("BTC", HALF),
        Want("SOL", HALF),
        Want("ETHUSDT", HALF, contract=True),
    }
    assert wants_of(HALF, ["BTC", "USDT"], None, between, book) == {Want("BTC", HALF)}


def test_a_late_flow_is_carried_into_the_flows_after_it() -> None:
    late = CashFlow("late", TEN, Decimal(20), None, "SOL", Decimal(2))
    later = [flow("10:30:20", "5", "100"), flow("10:40", "5"), flow("10:50", "5", "200")]
    first, last = carry(late, later, opens(SOL="11") | opens("10:50", SOL=None), BOOK)
    assert (first.value_before_usd, last.value_before_usd) == (Decimal(122), Decimal(220))  # 2 · 11; as booked
    assert (first.id, last.id) == (later[0].id, later[2].id)  # an unknown value stays unknown
