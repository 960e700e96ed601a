"""Money that two lists tell of counts once."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.flows import DEPOSITS, INTERNAL, WITHDRAWALS, Movement, Stage
from lib.domain.pairs import Counted, count_once, remembered
from lib.domain.sources import FIAT_BUYS, FIAT_DEPOSITS, FIAT_SELLS, PAY
from lib.domain.state import AccountState
from tests.builders import MINUTE, MONDAY, at


def paid(id_: str, when: datetime, quantity: str = "5", asset: str = "USDT") -> Movement:
    return Movement(f"pay:{id_}:{asset}", PAY, asset, Decimal(quantity), Stage.DONE, when, when)


def moved(id_: str, when: datetime, quantity: str = "5", asset: str = "USDT", detail: str = INTERNAL) -> Movement:
    source = DEPOSITS if Decimal(quantity) > 0 else WITHDRAWALS
    return Movement(f"{source}:{id_}", source, asset, Decimal(quantity), Stage.DONE, when, when, detail)


def fiat(source: str, id_: str, asset: str = "EUR", detail: str = "") -> Movement:
    kind = "fiat" if source == FIAT_DEPOSITS else "fiatpay"
    return Movement(f"{kind}:{id_}", source, asset, Decimal(5), Stage.DONE, MONDAY, MONDAY, detail)


def seen(*movements: Movement, **changes: object) -> AccountState:
    return replace(AccountState(twins=movements), **changes)  # type: ignore[arg-type]


def counted(*new: Movement, state: AccountState | None = None, held: tuple[str, ...] = ()) -> Counted:
    return count_once(new, state or AccountState(), held)


TEN = at("10:00")


@pytest.mark.parametrize(
    ("payment", "deposit", "are_one"),
    [
        pytest.param(paid("1", TEN), moved("1", TEN + 10 * MINUTE), True, id="ten minutes later"),
        pytest.param(paid("1", TEN), moved("1", TEN - 10 * MINUTE), True, id="ten minutes earlier"),
        pytest.param(paid("1", TEN), moved("1", TEN + 10 * MINUTE + timedelta(seconds=1)), False, id="too late"),
        pytest.param(paid("1", TEN), moved("1", TEN, detail="TRX"), False, id="from a chain"),
        pytest.param(paid("1", TEN), moved("1", TEN, "6"), False, id="another amount"),
        pytest.param(paid("1", TEN), moved("1", TEN, asset="BTC"), False, id="another coin"),
        pytest.param(paid("1", TEN, "-5"), moved("1", TEN), False, id="one went, one came"),
        pytest.param(paid("1", TEN, "-5"), moved("1", TEN, "-5"), True, id="both went"),
        pytest.param(paid("1", TEN, "-5"), replace(moved("1", TEN, "-6"), fee=Decimal(1)), True, id="without the fee"),
        pytest.param(paid("1", TEN, "-6"), replace(moved("1", TEN, "-6"), fee=Decimal(1)), True, id="with the fee"),
    ],
)
def test_which_payment_is_which_deposit(payment: Movement, deposit: Movement, are_one: bool) -> None:
    both = counted(payment, deposit)
    assert both.movements == ((deposit,) if are_one else (payment, deposit))
    assert both.aliases == ({payment.id: deposit.id} if are_one else {})
    late = counted(deposit, state=seen(payment))
    assert late.movements == (() if are_one else (deposit,))  # what was booked first stays
    assert late.aliases == ({deposit.id: payment.id} if are_one else {})
    other_way = counted(payment, state=seen(deposit))
    assert other_way.aliases == ({payment.id: deposit.id} if are_one else {})


def test_each_finds_the_nearest_and_none_is_taken_twice() -> None:
    early, late = moved("1", TEN), moved("2", TEN + 4 * MINUTE)
    both = counted(paid("a", TEN + 3 * MINUTE), paid("b", TEN - MINUTE), paid("c", TEN), early, late)
    assert both.aliases == {"pay:a:USDT": late.id, "pay:c:USDT": early.id}
    assert [movement.id for movement in both.movements] == ["pay:b:USDT", early.id, late.id]


def test_what_has_its_partner_takes_no_other() -> None:
    state = seen(moved("1", TEN), aliases={"pay:a:USDT": "deposits:1"})
    assert counted(paid("b", TEN), state=state).aliases == {}


def test_an_order_and_a_payment_of_one_number_are_one() -> None:
    order, payment = fiat(FIAT_DEPOSITS, "n-1"), fiat(FIAT_BUYS, "n-1", "BTC")
    assert counted(payment, order).aliases == {payment.id: order.id}
    assert counted(order, state=seen(payment)).aliases == {order.id: payment.id}
    assert counted(order, fiat(FIAT_BUYS, "n-2", "BTC")).aliases == {}


def test_a_sale_for_money_the_account_holds_stays_inside() -> None:
    sale, order = fiat(FIAT_SELLS, "n-1", "BTC", "EUR"), fiat(FIAT_DEPOSITS, "n-1")
    assert counted(sale, held=("EUR",)) == Counted((), {}, (sale,))
    assert counted(sale, held=("TRY",)) == Counted((sale,), {}, ())
    assert counted(sale, order, held=("EUR",)).movements == (order,)  # what stays inside is nobody's other half


def test_what_no_list_can_show_any_more_is_forgotten() -> None:
    old, young = moved("1", TEN), moved("2", TEN + MINUTE)
    state = seen(old, young, aliases={"pay:a:USDT": old.id, "pay:b:USDT": young.id})
    left = remembered(
        state, Counted((paid("c", TEN + 2 * MINUTE), moved("3", TEN + MINUTE, detail="TRX")), {}, ()), TEN
    )
    assert left == replace(state, twins=(old, young, paid("c", TEN + 2 * MINUTE)))
    left = remembered(state, Counted((), {}, ()), TEN + MINUTE)
    assert (left.twins, left.aliases) == ((young,), {"pay:b:USDT": young.id})


pairs = st.lists(st.tuples(st.integers(0, 40), st.integers(-3, 3).filter(bool)), max_size=6)


@given(pairs, st.lists(st.integers(0, 3), min_size=12, max_size=12), st.lists(st.booleans(), min_size=6, max_size=6))
def test_however_two_lists_are_read_as_much_counts_as_moved(
    payments: list[tuple[int, int]], runs: list[int], twice: list[bool]
) -> None:
    """Payments of which some show as deposits too, a minute later; each row becomes known in some run."""
    state, total = AccountState(), Decimal(0)
    rows: list[tuple[int, Movement]] = []
    for number, (minutes, size) in enumerate(payments):
        when = MONDAY + 30 * number * MINUTE + minutes % 9 * MINUTE
        rows.append((runs[2 * number], paid(str(number), when, str(size))))
        if twice[number]:
            rows.append((runs[2 * number + 1], moved(str(number), when + MINUTE, str(size))))
    for run in range(4):
        found = count_once([row for seen_in, row in rows if seen_in == run], state, ())
        total += sum((one.quantity for one in found.movements), Decimal(0))
        state = remembered(state, found, MONDAY)
    assert total == sum(size for _, size in payments)
    assert len(state.aliases) == sum(twice[: len(payments)])
