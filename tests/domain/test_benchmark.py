"""The benchmark's steps in round numbers, and the laws behind them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given

from lib.domain.benchmark import Benchmark, Policy, deposit, rebalance, start, value, withdraw
from lib.domain.flows import InvalidFlow
from lib.domain.money import exact
from lib.domain.prices import MissingPrice, Prices
from lib.errors import InvalidInput
from tests.builders import amounts, at, benchmark, net, prices
from tests.strategies import benchmarks, positive_usd
from tests.strategies import prices as some_prices

PRICES = prices(BTC="100000", ETH="2500")
HAIR = Decimal("1e-30")
EMPTY = benchmark(BTC="0", ETH="0")


def near(found: Decimal, expected: Decimal) -> bool:
    """Equal up to the last of fifty digits, relative to what was moved."""
    return abs(found - expected) <= HAIR * max(abs(expected), Decimal(1))


@exact
def worth(held: Benchmark, now: Prices) -> Decimal:
    return value(held, now)


@pytest.mark.parametrize(
    ("weights", "message"),
    [({}, "positive"), ({"BTC": "0", "ETH": "1"}, "positive"), ({"BTC": "0.5", "ETH": "0.4"}, "add up to 1, got 0.9")],
)
def test_weights_are_positive_and_make_one(weights: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidInput, match=message) as caught:
        Policy(amounts(**weights))
    assert caught.value.field == "weights"


def test_it_starts_with_target_weights_of_the_first_nav() -> None:
    # 10000: 5000 of BTC at 100000 is 0.05, 5000 of ETH at 2500 is 2
    assert start(Policy().weights, Decimal(10_000), PRICES).units == amounts(BTC="0.05", ETH="2")


@pytest.mark.parametrize("nav", ["0", "-250"])
def test_with_nothing_or_debts_it_starts_at_nothing(nav: str) -> None:
    assert start(Policy().weights, Decimal(nav), PRICES).units == amounts(BTC="0", ETH="0")


@pytest.mark.parametrize(
    ("usd", "btc", "eth"),
    [
        pytest.param("10000", "0.05", "2", id="round amount"),
        pytest.param("0.02", "0.0000001", "0.000004", id="one cent each"),
    ],
)
def test_a_deposit_buys_both_coins_in_equal_dollars(usd: str, btc: str, eth: str) -> None:
    assert deposit(EMPTY, net("10:00", usd), PRICES).units == amounts(BTC=btc, ETH=eth)


def test_a_deposit_leaves_what_drifted_where_it_is() -> None:
    held = deposit(benchmark(BTC="1", ETH="0"), net("10:00", "1000"), PRICES)
    assert held.units == amounts(BTC="1.005", ETH="0.2")


def test_the_dollar_can_be_held_too() -> None:
    weights = amounts(USD="0.75", BTC="0.25")
    assert start(weights, Decimal(8000), PRICES).units == amounts(USD="6000", BTC="0.02")


def test_a_withdrawal_sells_the_same_fraction_of_each_coin() -> None:
    # worth 10000; 2500 is a quarter of it
    held = withdraw(benchmark(BTC="0.05", ETH="2"), net("10:00", "-2500"), PRICES)
    assert (held.units, held.exhausted_at, held.shortfall_usd) == (amounts(BTC="0.0375", ETH="1.5"), None, Decimal(0))


def test_a_withdrawal_of_all_of_it_exhausts_nothing() -> None:
    held = withdraw(benchmark(BTC="0.05", ETH="2"), net("10:00", "-10000"), PRICES)
    assert (held.units, held.exhausted_at, held.shortfall_usd) == (amounts(BTC="0", ETH="0"), None, Decimal(0))


def test_a_withdrawal_of_more_than_there_is_becomes_shortfall_and_exhausts_it_for_good() -> None:
    # worth 10000; of 10400 then 400 are missing; later 100 more out of nothing
    held = withdraw(benchmark(BTC="0.05", ETH="2"), net("10:00", "-10400"), PRICES)
    assert (held.units, held.exhausted_at, held.shortfall_usd) == (amounts(BTC="0", ETH="0"), at("10:00"), Decimal(400))
    held = withdraw(held, net("11:00", "-100"), PRICES)
    assert (held.exhausted_at, held.shortfall_usd) == (at("10:00"), Decimal(500))
    held = deposit(held, net("12:00", "1000"), PRICES)  # buys target weights, in full
    assert (held.units, held.exhausted_at, held.shortfall_usd) == (
        amounts(BTC="0.005", ETH="0.2"),
        at("10:00"),
        Decimal(500),
    )
    held = withdraw(held, net("13:00", "-1300"), PRICES)
    assert (held.exhausted_at, held.shortfall_usd) == (at("10:00"), Decimal(800))


@pytest.mark.parametrize(("btc", "eth"), [("3", "7"), ("7", "3"), ("97", "11"), ("0.07", "130.3")])
def test_the_last_of_fifty_digits_is_no_shortfall_and_nothing_left(btc: str, eth: str) -> None:
    """A withdrawal of all of it left 1e-46 or counted as exhausted, as the rounding of w * NAV / p fell out."""
    when = prices(BTC=btc, ETH=eth)
    for usd in range(9_980, 10_000):
        held = start(EMPTY.weights, Decimal(usd), when)
        gone = withdraw(held, net("10:00", f"-{usd}"), when)
        assert (gone.units, gone.exhausted_at, gone.shortfall_usd) == (amounts(BTC="0", ETH="0"), None, Decimal(0))
        assert withdraw(held, net("10:00", f"-{usd}.00000001"), when).exhausted_at == at("10:00")
        assert worth(withdraw(held, net("10:00", f"-{usd - 1}.99999999"), when), when) > 0


def test_rebalancing_brings_back_the_weights() -> None:
    # 1 BTC and nothing else is 100000: half of it is 0.5 BTC, half is 20 ETH
    assert rebalance(benchmark(BTC="1", ETH="0"), PRICES).units == amounts(BTC="0.5", ETH="20")


@pytest.mark.parametrize("usd", ["0", "-1"])
def test_a_deposit_of_nothing_or_less_is_refused(usd: str) -> None:
    with pytest.raises(InvalidFlow, match=f"deposit at 2026-01-05T10:00:00.* must be positive, got {usd} USD"):
        deposit(EMPTY, net("10:00", usd), PRICES)


@pytest.mark.parametrize("usd", ["0", "1"])
def test_a_withdrawal_of_nothing_or_less_is_refused(usd: str) -> None:
    with pytest.raises(InvalidFlow, match=f"withdrawal at 2026-01-05T10:00:00.* must be negative, got {usd} USD"):
        withdraw(EMPTY, net("10:00", usd), PRICES)


def test_a_price_that_is_missing_is_named() -> None:
    with pytest.raises(MissingPrice, match="ETH"):
        start(Policy().weights, Decimal(1), prices(BTC="1"))


@given(benchmarks(), positive_usd, some_prices)
def test_a_deposit_adds_exactly_its_worth(held: Benchmark, usd: Decimal, now: Prices) -> None:
    paid = deposit(held, net("10:00", str(usd)), now)
    assert near(worth(paid, now), worth(held, now) + usd)
    assert all(paid.units[coin] > held.units[coin] for coin in held.units)


@given(benchmarks(), positive_usd, some_prices)
def test_a_withdrawal_takes_exactly_its_worth_or_all_there_is(held: Benchmark, usd: Decimal, now: Prices) -> None:
    had, left = worth(held, now), withdraw(held, net("10:00", str(-usd)), now)
    assert near(worth(left, now), max(had - usd, Decimal(0)))
    assert near(left.shortfall_usd, max(usd - had, Decimal(0)))
    assert (left.exhausted_at is not None) == (usd > had)
    assert all(0 <= left.units[coin] <= held.units[coin] for coin in held.units)


@given(benchmarks(), some_prices)
def test_a_rebalance_moves_no_value_and_reaches_the_weights(held: Benchmark, now: Prices) -> None:
    had, moved = worth(held, now), rebalance(held, now)
    assert near(worth(moved, now), had)
    for coin, weight in held.weights.items():
        assert near(moved.units[coin] * now.of(coin), weight * had)
    assert rebalance(moved, now).units.keys() == held.units.keys()


@given(benchmarks(), positive_usd, positive_usd, some_prices)
def test_exhausted_is_for_good(held: Benchmark, usd: Decimal, later: Decimal, now: Prices) -> None:
    assume(usd > worth(held, now))
    gone = withdraw(held, net("10:00", str(-usd)), now)
    for then in (deposit(gone, net("11:00", str(later)), now), withdraw(gone, net("11:00", str(-later)), now)):
        assert then.exhausted_at == at("10:00")
        assert then.shortfall_usd >= gone.shortfall_usd
    assert replace(rebalance(gone, now), units=gone.units) == gone
