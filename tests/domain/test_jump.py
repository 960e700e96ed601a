"""What prices, holdings and flows explain of a change of value, and what they do not."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import jump
from lib.domain.flows import CashFlow
from lib.domain.jump import KEPT, Jump, Sight, explain, find, remembered
from lib.domain.portfolio import OpenPosition, PricedHolding
from lib.domain.reading import Basis
from tests.builders import DAY, HOUR, amounts, at, priced
from tests.domain.truth import BORN_AT, FLOWS, KINDS, NAME, known_world, lived

TEN, ELEVEN = at("10:00"), at("11:00")
BOOK = amounts(BTCUSDT="102", ETHUSDT="50")


def position(quantity: str, price: str) -> OpenPosition:
    size = Decimal(quantity)
    return OpenPosition("usdm", "BTCUSDT", "long" if size > 0 else "short", abs(size), Decimal(price))


def basis(*held: PricedHolding, positions: tuple[OpenPosition, ...] = ()) -> Basis:
    return Basis(TEN, held or (priced("BTC", "50", "100", TEN), priced("USDT", "5000", "1", TEN)), positions)


def seen(*held: PricedHolding, positions: tuple[OpenPosition, ...] = (), when: datetime = ELEVEN) -> Sight:
    return Sight(when, when, held, positions, BOOK)


def btc(quantity: str) -> PricedHolding:
    return priced("BTC", quantity, "102", ELEVEN)


def usdt(quantity: str, wallet: str = "spot") -> PricedHolding:
    return priced("USDT", quantity, "1", ELEVEN, wallet)


def flow(quantity: str, when: datetime, asset: str = "USDT") -> CashFlow:
    return CashFlow("f", when, Decimal(quantity), asset=asset, quantity=Decimal(quantity))


MIDDLE = at("10:30")


@pytest.mark.parametrize(
    ("sight", "flows"),
    [
        pytest.param(seen(btc("50"), usdt("5000")), [], id="only prices moved"),
        pytest.param(seen(btc("60"), usdt("3985")), [], id="bought in between"),
        pytest.param(seen(btc("50"), usdt("4000"), usdt("1000", "usdm")), [], id="moved between wallets"),
        pytest.param(seen(btc("50"), usdt("9000")), [flow("4000", MIDDLE)], id="a deposit"),
        pytest.param(seen(btc("90"), usdt("5000")), [flow("40", MIDDLE, "BTC")], id="a deposit of coins"),
        pytest.param(seen(btc("50"), usdt("9000")), [flow("4000", ELEVEN)], id="at the very instant"),
        pytest.param(seen(btc("50"), usdt("9000")), [flow("4000", at("9:50"))], id="begun before, come since"),
        pytest.param(seen(btc("50"), usdt("5000")), [flow("4000", at("9:50"))], id="begun and come before"),
        pytest.param(seen(btc("50"), usdt("5019")), [], id="a little interest"),
        pytest.param(seen(btc("50"), usdt("5000"), when=TEN), [flow("4000", MIDDLE)], id="no time has passed"),
    ],
)
def test_what_is_explained(sight: Sight, flows: list[CashFlow]) -> None:
    assert find(basis(), sight, flows) is None


@pytest.mark.parametrize(
    ("sight", "flows", "usd"),
    [
        pytest.param(seen(btc("50"), usdt("9000")), [], "4000", id="came from nowhere"),
        pytest.param(seen(btc("50"), usdt("4000")), [], "-1000", id="went nowhere"),
        pytest.param(seen(btc("60"), usdt("5000")), [], "1020", id="coins from nowhere"),
        pytest.param(seen(btc("50"), usdt("5000")), [flow("4000", MIDDLE)], "-4000", id="a deposit that never came"),
        pytest.param(seen(btc("50"), usdt("9000")), [flow("1500", MIDDLE)], "2500", id="explained in part"),
        pytest.param(seen(btc("50"), usdt("9000")), [flow("1500", at("9:50"))], "4000", id="begun before, and less"),
        pytest.param(seen(btc("50"), usdt("9000")), [flow("4000", TEN - 2 * DAY)], "4000", id="a flow of long ago"),
    ],
)
def test_what_is_not(sight: Sight, flows: list[CashFlow], usd: str) -> None:
    found = find(basis(), sight, flows)
    assert found is not None
    assert (found.usd, found.at, found.since) == (Decimal(usd), ELEVEN, TEN)


def test_the_profit_of_an_open_position_is_explained() -> None:
    before = basis(priced("USDT", "10000", "1", TEN, "usdm"), positions=(position("500", "100"),))
    profit = seen(usdt("11000", "usdm"), positions=(position("500", "102"),))
    assert find(before, profit, []) is None
    closed = seen(usdt("11000", "usdm"))
    assert find(before, closed, []) is None  # at the last price of its symbol
    none = find(before, seen(usdt("13000", "usdm"), positions=(position("500", "102"),)), [])
    assert none is not None
    assert none.usd == 2000


def test_the_profit_of_an_inverse_contract_counts_at_the_price_of_its_coin() -> None:
    inverse = OpenPosition("coinm", "BTCUSD_PERP", "long", Decimal(500), Decimal(100), coin="BTC")
    before = Basis(TEN, (priced("BTC", "100", "100", TEN, "coinm"),), (inverse,))
    now = replace(inverse, price_usd=Decimal(120))  # as the contract stands; the coin itself is at 102
    gained = Decimal(500) * 20 / 120
    grown = seen(btc(str(100 + gained)), positions=(now,))
    assert find(before, grown, []) is None
    more = find(before, replace(grown, holdings=(btc(str(150 + gained)),)), [])
    assert more is not None
    assert abs(more.usd - 50 * 102) < Decimal("0.0001")


def test_a_wallet_known_only_by_its_total_may_move_a_little() -> None:
    before = basis(priced("USD", "1000", "1", TEN, "trading_bots"), priced("USDT", "100", "1", TEN))
    for total, is_jump in (("1060", False), ("1300", True), ("700", True)):
        sight = seen(priced("USD", total, "1", ELEVEN, "trading_bots"), usdt("100"))
        assert (find(before, sight, []) is not None) is is_jump


def test_more_may_happen_in_a_longer_time() -> None:
    before, after = basis(), (btc("0"), usdt("10450"))
    assert find(before, seen(*after), []) is not None
    assert find(before, seen(*after, when=TEN + 12 * HOUR), []) is None


@given(st.integers(-400, 400), st.integers(1, 60), st.integers(50, 150))
def test_nothing_is_a_jump_where_only_prices_move(quantity: int, minutes: int, price: int) -> None:
    held = (priced("BTC", str(quantity), "100", TEN), priced("USDT", "700", "1", TEN))
    now = (priced("BTC", str(quantity), str(price)), priced("USDT", "700", "1"))
    sight = Sight(TEN + minutes * (HOUR / 60), TEN, now, (), {"BTCUSDT": Decimal(price)})
    assert find(Basis(TEN, held, ()), sight, []) is None


JUMP = Jump(ELEVEN, ELEVEN, TEN, Decimal(4000), Decimal(50))


@pytest.mark.parametrize(
    ("flows", "known", "left"),
    [
        ([flow("4000", MIDDLE)], [], "0"),
        ([flow("3970", MIDDLE)], [], "0"),
        ([flow("1000", MIDDLE), flow("500", at("9:30"))], [], "3000"),  # that one was counted where it began
        ([flow("3500", MIDDLE), flow("500", at("9:30"))], [], "0"),
        ([flow("3500", MIDDLE)], [flow("500", at("9:30"))], "0"),
        ([flow("500", at("9:30"))], [], None),
        ([flow("-1000", MIDDLE)], [], "5000"),
        ([flow("9000", MIDDLE), flow("-5000", MIDDLE)], [], "0"),
        ([flow("4000", at("11:01"))], [], None),
        ([flow("4000", TEN - 2 * DAY)], [], None),
    ],
)
def test_a_flow_that_becomes_known_explains_what_it_can(
    flows: list[CashFlow], known: list[CashFlow], left: str | None
) -> None:
    assert explain([JUMP], flows, known) == (() if left is None else (replace(JUMP, usd=Decimal(left)),))


@given(st.lists(st.integers(-9000, 9000).map(lambda usd: flow(str(usd), MIDDLE)), max_size=5))
def test_flows_that_become_known_later_leave_what_they_would_have_left_at_once(flows: list[CashFlow]) -> None:
    before, sight = basis(priced("USDT", "10000", "1", TEN)), seen(usdt("14000"))
    first, at_once = find(before, sight, []), find(before, sight, flows)
    assert first is not None
    later = (*explain([first], flows), first)[0]
    assert later.usd == (at_once.usd if at_once is not None else 0)


def test_the_newest_unexplained_jumps_are_remembered() -> None:
    many = [replace(JUMP, slot=ELEVEN + n * HOUR, at=ELEVEN + n * HOUR) for n in range(KEPT + 5)]
    kept = remembered(many, [replace(many[-1], usd=Decimal(0)), replace(many[-2], usd=Decimal(7))])
    assert kept == (*many[4:-2], replace(many[-2], usd=Decimal(7)))
    assert jump.remembered((), ()) == ()


@pytest.mark.parametrize("seed", [0, 1, 2], ids=[*KINDS])
def test_a_busy_life_shows_no_jump_and_without_its_flows_shows_each(seed: int) -> None:
    """Leveraged, holding, or both: hour by hour trading, funding and fees are no jump, money of no list is one."""
    _, world = known_world(seed, days=20)
    assert lived(world, 20).jumps == []
    flows = world.flows(NAME, BORN_AT, BORN_AT + 20 * DAY)
    marked = lived(world, 20, blind=True).jumps
    assert len(marked) == len(flows) == FLOWS
    assert all(
        abs(found.usd - flow.usd) < Decimal("0.03") * abs(flow.usd) for found, flow in zip(marked, flows, strict=True)
    )
