from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.demo.events import Deposit, Withdrawal, starts_at
from lib.demo.scenario import SEED, build
from lib.demo.world import World
from lib.errors import NotFound
from tests.demo.conftest import BORN_AT

WORLD = build(SEED, BORN_AT)
NAMES = [account.name for account in WORLD.accounts]
END = BORN_AT + timedelta(days=90)
SECOND = timedelta(seconds=1)
instants = st.integers(0, 150 * 86_400).map(lambda s: BORN_AT + timedelta(seconds=s))


def movements(kind: type, world: World = WORLD) -> list[tuple[str, Deposit | Withdrawal]]:
    return [
        (name, movement)
        for name in NAMES
        for movement in world.movements(name, END)
        if isinstance(movement, kind) and starts_at(movement) > BORN_AT
    ]


def worth(name: str, at: datetime, prices_at: datetime) -> Decimal:
    """Return what is held at `at`, at the prices of another instant, the open positions left out."""
    books = WORLD.books(name, at)
    return Decimal(
        sum(
            (held.free + held.locked + held.withdrawing) * WORLD.market.usd(asset, prices_at)
            for (_, asset), held in books.balances.items()
        )
    )


def test_the_accounts_are_worth_what_they_are_meant_to_be() -> None:
    about = {"Main": 96_000, "Spot": 24_000, "Mixed": 48_000}
    for name, usd in about.items():
        assert abs(WORLD.nav(name, BORN_AT) / usd - 1) < Decimal("0.05")


@settings(deadline=None)
@given(instants, st.sampled_from(NAMES))
def test_the_wallets_sum_to_the_nav(at: datetime, name: str) -> None:
    assert sum(WORLD.wallet_totals(name, at).values()) == WORLD.nav(name, at)
    rows = sum(row.quantity * WORLD.market.usd(row.asset, at) for row in WORLD.holdings(name, at))
    assert rows == WORLD.nav(name, at)


@settings(deadline=None)
@given(st.lists(instants, min_size=1, max_size=4))
def test_the_order_of_asking_does_not_matter(asked: list[datetime]) -> None:
    fresh = build(SEED, BORN_AT)
    for at in asked:
        assert all(fresh.holdings(name, at) == WORLD.holdings(name, at) for name in NAMES)


@pytest.mark.parametrize("seed", [1, 3, SEED])
def test_every_planned_payment_can_be_paid(seed: int) -> None:
    world = build(seed, BORN_AT)
    for name in NAMES:
        assert world.books(name, BORN_AT + timedelta(days=400)).refused == frozenset()


def test_every_kind_of_payment_happens() -> None:
    ins = [movement for _, movement in movements(Deposit) if isinstance(movement, Deposit)]
    outs = [movement for _, movement in movements(Withdrawal) if isinstance(movement, Withdrawal)]
    assert {movement.asset for movement in ins} >= {"USDT", "BTC", "ETH", "SOL"}
    assert any(movement.wallet == "funding" for movement in ins)
    assert any(movement.internal for movement in ins)
    assert any(movement.cancelled for movement in outs)
    assert all(timedelta(hours=1) < movement.ended_at - movement.applied_at < timedelta(hours=9) for movement in outs)
    straddling = [
        m for m in ins if int(m.inserted_at.timestamp()) // 21_600 != int(m.credited_at.timestamp()) // 21_600
    ]
    assert len(straddling) >= 4


def test_the_truth_of_a_withdrawal_leaves_when_it_completes_with_its_fee() -> None:
    for name, movement in movements(Withdrawal):
        assert isinstance(movement, Withdrawal)
        at = movement.ended_at
        before, after = worth(name, at - SECOND, at), worth(name, at, at)
        left = 0 if movement.cancelled else (movement.amount + movement.fee) * WORLD.market.usd(movement.asset, at)
        assert before - after == left
        applied = movement.applied_at
        assert worth(name, applied - SECOND, applied) == worth(name, applied, applied)


def test_the_truth_of_a_deposit_enters_when_it_is_credited() -> None:
    for name, movement in movements(Deposit):
        assert isinstance(movement, Deposit)
        at = movement.credited_at
        gained = worth(name, at, at) - worth(name, at - SECOND, at)
        assert gained == movement.amount * WORLD.market.usd(movement.asset, at)


def test_flows_have_their_completion_their_fee_and_the_minutes_open() -> None:
    flows = {flow.id: flow for name in NAMES for flow in WORLD.flows(name, BORN_AT, END)}
    assert len(flows) >= 20
    for _, movement in movements(Withdrawal):
        assert isinstance(movement, Withdrawal)
        if movement.cancelled:
            assert movement.id not in flows
        elif movement.ended_at <= END:
            flow = flows[movement.id]
            assert (flow.at, flow.quantity) == (movement.ended_at, -(movement.amount + movement.fee))
            assert flow.usd == flow.quantity * WORLD.market.minute_open(flow.asset, flow.at)


@settings(deadline=None)
@given(instants, instants, st.sampled_from(NAMES))
def test_flows_lie_after_the_start_and_up_to_the_end(first: datetime, second: datetime, name: str) -> None:
    start, end = sorted((first, second))
    every = WORLD.flows(name, BORN_AT, BORN_AT + timedelta(days=150))
    assert WORLD.flows(name, start, end) == tuple(flow for flow in every if start < flow.at <= end)


def test_a_period_begins_after_its_start_and_ends_with_its_end() -> None:
    flow = WORLD.flows("Main", BORN_AT, END)[0]
    assert flow in WORLD.flows("Main", flow.at - SECOND, flow.at)
    assert flow not in WORLD.flows("Main", flow.at, END)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_leaves_the_accounts_past_alone(name: str) -> None:
    at = BORN_AT + timedelta(days=60)
    crashed = WORLD.then(at, "crash")
    for days in (0, 20, 59, 60):
        assert crashed.nav(name, BORN_AT + timedelta(days=days)) == WORLD.nav(name, BORN_AT + timedelta(days=days))
    assert crashed.nav(name, at + timedelta(days=2)) != WORLD.nav(name, at + timedelta(days=2))
    assert crashed.movements(name, END) == WORLD.movements(name, END)


def test_an_added_deposit_enters_and_the_rest_stays() -> None:
    at = BORN_AT + timedelta(days=40)
    event = Deposit("x", "USDT", Decimal(500), "spot", "TRX", "DEMO", "de30", at, at + SECOND, at + SECOND)
    richer = WORLD.adding("Spot", event)
    assert richer.nav("Spot", at) == WORLD.nav("Spot", at)
    assert richer.nav("Spot", at + SECOND) == WORLD.nav("Spot", at + SECOND) + 500
    assert [flow.id for flow in richer.flows("Spot", at, at + SECOND)] == ["x"]


def test_the_trader_runs_ahead_and_the_holder_lags() -> None:
    """Each against half bitcoin, half ether bought at the birth; payments counted at their dollars."""
    growth = {coin: WORLD.market.usd(coin, END) / WORLD.market.usd(coin, BORN_AT) for coin in ("BTC", "ETH")}
    market = (growth["BTC"] + growth["ETH"]) / 2 - 1
    gains = {}
    for name in NAMES:
        paid_in = sum(flow.usd for flow in WORLD.flows(name, BORN_AT, END))
        gains[name] = (WORLD.nav(name, END) - paid_in) / WORLD.nav(name, BORN_AT) - 1
    assert gains["Main"] > market + Decimal("0.05")
    assert gains["Spot"] < market - Decimal("0.05")
    navs = [WORLD.nav("Main", BORN_AT + timedelta(days=n)) for n in range(91)]
    assert min(later / max(navs[: n + 1]) for n, later in enumerate(navs)) < Decimal("0.97")


def test_the_trader_mostly_has_positions_open_on_both_sides() -> None:
    books = [WORLD.books("Main", BORN_AT + timedelta(days=n, hours=12)) for n in range(1, 90)]
    assert sum(len(book.positions) >= 2 for book in books) > 70
    sides = {position.quantity > 0 for book in books for position in book.positions.values()}
    assert sides == {True, False}


def test_life_goes_on_after_the_first_quarter() -> None:
    later = BORN_AT + timedelta(days=300)
    for name in NAMES:
        assert WORLD.nav(name, later) > 1000
        assert len(WORLD.flows(name, END, later)) > 5


def test_an_unknown_account_is_named() -> None:
    with pytest.raises(NotFound, match="Nobody"):
        WORLD.nav("Nobody", BORN_AT)
