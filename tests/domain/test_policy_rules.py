"""The rules of a benchmark's policy: each by hand in round numbers, and the law behind it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lib.domain import benchmark as bench
from lib.domain.benchmark import DOLLAR_MATCHED, FRACTION_MATCHED, PROPORTIONAL, TARGET_WEIGHTS, Policy
from lib.domain.flows import CashFlow, InvalidFlow
from lib.domain.money import plain
from lib.domain.prices import MissingPrice, PriceHistory, PricePoint, history_of
from lib.domain.replay import Facts, Point, Story, replay
from lib.domain.schedule import Band, Daily, Monthly, Rule
from tests.builders import DAY, HOUR, MONDAY, amounts, at, benchmark, flow, history, net, point, prices

NOW = prices(BTC="100", ETH="10")
HELD = benchmark(BTC="3", ETH="10")  # 300 and 100: worth 400
TINY = Decimal("1e-20")

FLAT = history(("5 00:00", {"BTC": "100", "ETH": "10"}))
# BTC doubles on the 6th at noon, and is back on the 8th at noon.
DOUBLED = history(("5 00:00", {"BTC": "100", "ETH": "10"}), ("6 12:00", {"BTC": "200"}), ("8 12:00", {"BTC": "100"}))


def live(
    history: PriceHistory, points: Mapping[str, str], *flows: CashFlow, asked: tuple[str, ...] = (), **rules: Any
) -> Story:
    """Replay snapshots of (when, NAV) under a policy that never rebalances unless `rules` say so."""
    policy = replace(Policy(rebalance=None), **rules)
    whole = [point(when, nav) for when, nav in points.items()]
    return replay(Facts(policy, whole, flows, history, tuple(at(when) for when in asked)))


def told(story: Story) -> list[str]:
    """Events as `05 12:00 rebalance -1 1000`: when, what, its USD, the value after it."""
    return [
        f"{one.at:%d %H:%M} {one.kind} {plain(round(one.usd, 9))} {plain(round(one.value_usd, 9))}"
        for one in story.events
    ]


def units(story: Story) -> dict[str, str]:
    assert story.checkpoint is not None
    return {asset: plain(round(held, 9)) for asset, held in story.checkpoint.benchmark.units.items()}


# --- deposits


def test_a_proportional_deposit_buys_more_of_what_is_held() -> None:
    """100 into 400 is a quarter more of each: 3.75 BTC and 12.5 ETH, not half and half."""
    assert bench.deposit_proportionally(HELD, net("10:00", "100"), NOW).units == amounts(BTC="3.75", ETH="12.5")


def test_a_proportional_deposit_into_nothing_buys_target_weights() -> None:
    empty = benchmark(BTC="0", ETH="0")
    assert bench.deposit_proportionally(empty, net("10:00", "100"), NOW).units == amounts(BTC="0.5", ETH="5")


def test_refunding_an_exhausted_benchmark_buys_target_weights_in_full_and_leaves_it_exhausted() -> None:
    """1,000 of which 1,300 were taken: 300 are owed for good, and the 200 that come later buy 200 worth."""
    flows = (flow("5 10:00", "-1300"), flow("5 11:00", "200"))
    for deposits in (TARGET_WEIGHTS, PROPORTIONAL):
        story = live(FLAT, {"5 00:00": "1000", "5 12:00": "900"}, *flows, deposits=deposits)
        assert told(story) == ["05 00:00 start 1000 1000", "05 10:00 withdrawal -1300 0", "05 11:00 deposit 200 200"]
        assert units(story) == {"BTC": "1", "ETH": "10"}
        assert story.checkpoint is not None
        held = story.checkpoint.benchmark
        assert (held.exhausted_at, held.shortfall_usd) == (at("5 10:00"), Decimal(300))


@pytest.mark.parametrize("usd", ["0", "-1"])
def test_a_rule_for_deposits_refuses_what_is_none(usd: str) -> None:
    with pytest.raises(InvalidFlow):
        bench.deposit_proportionally(HELD, net("10:00", usd), NOW)


# --- withdrawals


@pytest.mark.parametrize(
    ("usd", "kept"),
    [
        pytest.param("-100", {"BTC": "1.5", "ETH": "5"}, id="half of the account"),
        pytest.param("-50", {"BTC": "2.25", "ETH": "7.5"}, id="a quarter"),
        pytest.param("-200", {"BTC": "0", "ETH": "0"}, id="all of it"),
        pytest.param("-300", {"BTC": "0", "ETH": "0"}, id="more than there was"),
    ],
)
def test_a_matched_fraction_leaves_the_benchmark_as_it_left_the_account(usd: str, kept: dict[str, str]) -> None:
    """The account was worth 200, whatever the benchmark is worth; nothing is ever owed."""
    found = bench.withdraw_fraction(HELD, net("10:00", usd), Decimal(200))
    assert found.units == amounts(**kept)
    assert (found.exhausted_at, found.shortfall_usd) == (None, Decimal(0))


@pytest.mark.parametrize("worth", ["0", "-10"])
def test_a_fraction_of_an_account_worth_nothing_is_all_of_it(worth: str) -> None:
    assert bench.withdraw_fraction(HELD, net("10:00", "-1"), Decimal(worth)).units == amounts(BTC="0", ETH="0")


@pytest.mark.parametrize("usd", ["0", "1"])
def test_a_rule_for_withdrawals_refuses_what_is_none(usd: str) -> None:
    with pytest.raises(InvalidFlow):
        bench.withdraw_fraction(HELD, net("10:00", usd), Decimal(200))


def test_a_known_value_before_is_the_one_matched() -> None:
    """A quarter of 2,000 leaves; the benchmark of 1,000 loses a quarter too, without a warning."""
    story = live(
        FLAT, {"5 00:00": "1000", "5 12:00": "1500"}, flow("5 10:00", "-500", "2000"), withdrawals=FRACTION_MATCHED
    )
    assert told(story)[1:] == ["05 10:00 withdrawal -500 750"]
    assert story.warnings == ()


def test_an_unknown_value_before_is_the_last_nav_and_the_flows_since_with_a_warning() -> None:
    """1,000 at the snapshot and 600 since are 1,600: 400 of them is a quarter of the benchmark's 1,600."""
    flows = (flow("5 09:00", "600"), flow("5 10:00", "-400"))
    story = live(FLAT, {"5 00:00": "1000", "5 12:00": "1500"}, *flows, withdrawals=FRACTION_MATCHED)
    assert told(story)[1:] == ["05 09:00 deposit 600 1600", "05 10:00 withdrawal -400 1200"]
    assert len(story.warnings) == 1
    assert "2026-01-05T10:00:00+00:00" in story.warnings[0]


def test_a_withdrawal_at_the_snapshot_itself_knows_its_value_before() -> None:
    """1,500 after 500 had left were 2,000."""
    story = live(FLAT, {"5 00:00": "1000", "5 12:00": "1500"}, flow("5 12:00", "-500"), withdrawals=FRACTION_MATCHED)
    assert told(story)[1:] == ["05 12:00 withdrawal -500 750"]
    assert story.warnings == ()


@pytest.mark.parametrize("withdrawals", [DOLLAR_MATCHED, FRACTION_MATCHED])
def test_flows_of_one_instant_are_one_flow_of_their_sum(withdrawals: str) -> None:
    flows = (
        flow("5 10:00", "-700", "1000"),
        flow("5 10:00", "300", "1000"),
        flow("5 11:00", "-9"),
        flow("5 11:00", "9"),
    )
    story = live(FLAT, {"5 00:00": "1000", "5 12:00": "600"}, *flows, withdrawals=withdrawals)
    assert told(story)[1:] == ["05 10:00 withdrawal -400 600"]
    assert story.warnings == ()


# --- rebalances and their cost


def test_the_cost_is_of_what_is_bought_and_sold_measured_before_it() -> None:
    """300 BTC and 100 ETH: 100 is sold and 100 bought. 1 % of 200 is 2, taken from 400 before the units are set."""
    found = bench.rebalance(HELD, NOW, Decimal(100))
    assert found.units == amounts(BTC="1.99", ETH="19.9")
    assert bench.value(found, NOW) == 398


def test_without_a_cost_a_rebalance_changes_no_value() -> None:
    assert bench.rebalance(HELD, NOW).units == amounts(BTC="2", ETH="20")


def test_a_cost_is_told_as_what_it_took_and_counts_as_performance() -> None:
    """BTC doubled: 1,000 and 500 are 250 from half and half. 0.5 % of 500 is 2.50."""
    story = live(DOUBLED, {"5 00:00": "1000", "7 00:00": "1000"}, asked=("6 13:00",), cost_bp=Decimal(50))
    assert told(story)[1:] == ["06 13:00 rebalance -2.5 1497.5"]
    assert story.rows[-1].benchmark_index == Decimal("1.4975")


def test_missed_rebalances_are_made_up_one_by_one_at_their_own_prices() -> None:
    """Three days without a snapshot: after the 6th 1.5 times as much, half of it in BTC, which halves on the 8th."""
    story = live(DOUBLED, {"5 00:00": "1000", "9 00:00": "1000"}, rebalance=Daily(12))
    assert told(story)[1:] == [
        "05 12:00 rebalance 0 1000",
        "06 12:00 rebalance 0 1500",
        "07 12:00 rebalance 0 1500",
        "08 12:00 rebalance 0 1125",
    ]
    assert units(story) == {"BTC": "5.625", "ETH": "56.25"}
    assert live(DOUBLED, {"5 00:00": "1000", "9 00:00": "1000"}).rows[-1].benchmark_usd == 1000


def test_a_month_without_a_31st_is_rebalanced_on_its_last_day() -> None:
    facts = Facts(Policy(rebalance=Monthly(31, 0)), [point(MONDAY, "9"), point(MONDAY + 60 * DAY, "9")], (), FLAT)
    assert [f"{one.at:%m-%d}" for one in replay(facts).events] == ["01-05", "01-31", "02-28"]


def test_rebalances_are_due_after_the_inception_and_up_to_the_last_snapshot() -> None:
    story = live(FLAT, {"5 12:00": "1000", "6 12:00": "1000"}, rebalance=Daily(12))
    assert told(story) == ["05 12:00 start 1000 1000", "06 12:00 rebalance 0 1000"]


def test_at_one_instant_flows_come_before_the_rebalance() -> None:
    """BTC has doubled: 1,000 and 500, then 500 more at half and half, then 1,000 of each."""
    story = live(
        DOUBLED, {"5 00:00": "1000", "7 00:00": "1000"}, flow("6 12:00", "500"), asked=("6 12:00",), cost_bp=Decimal(1)
    )
    assert told(story)[1:] == ["06 12:00 deposit 500 2000", "06 12:00 rebalance -0.05 1999.95"]


def test_a_rebalance_asked_for_at_a_scheduled_instant_happens_once() -> None:
    story = live(FLAT, {"5 00:00": "1000", "5 13:00": "1000"}, asked=("5 12:00",), rebalance=Daily(12))
    assert told(story)[1:] == ["05 12:00 rebalance 0 1000"]


@pytest.mark.parametrize("rule", [Daily(12), Band(Decimal("0.01"))])
def test_nothing_happens_to_a_benchmark_worth_nothing(rule: Rule) -> None:
    story = live(DOUBLED, {"5 00:00": "0", "7 00:00": "-5", "9 00:00": "7"}, rebalance=rule, asked=("6 13:00",))
    assert told(story) == ["05 00:00 start 0 0"]
    assert [row.benchmark_index for row in story.rows] == [1, 1, 1]


# --- the band


def test_a_band_acts_at_a_snapshot_only() -> None:
    """BTC doubled at noon of the 6th and the first snapshot that sees it is that of the 7th."""
    band = Band(Decimal("0.1"))
    story = live(DOUBLED, {"5 00:00": "1000", "6 06:00": "1", "7 00:00": "1", "7 06:00": "1"}, rebalance=band)
    assert told(story)[1:] == ["07 00:00 rebalance 0 1500"]
    assert live(DOUBLED, {"5 00:00": "1000", "9 00:00": "1"}, rebalance=band).events[1:] == ()  # there and back


@pytest.mark.parametrize(("btc", "acts"), [("150", False), ("150.01", True), ("67", False), ("66", True)])
def test_a_band_acts_where_a_weight_is_further_away_than_it(btc: str, acts: bool) -> None:
    """150 against 100 is 0.6 of it: exactly ten points away, which is not further."""
    moved = history(("5 00:00", {"BTC": "100", "ETH": "10"}), ("6 00:00", {"BTC": btc}))
    story = live(moved, {"5 00:00": "1000", "6 00:00": "1"}, rebalance=Band(Decimal("0.1")))
    assert bool(story.events[1:]) is acts


@pytest.mark.parametrize(("before", "after"), [("3", "4.5"), ("13", "19.5"), ("27", "40.5")])
def test_the_last_of_fifty_digits_is_not_further_away(before: str, after: str) -> None:
    """Exactly ten points made a band of ten points act: 0.1 and 2e-50."""
    moved = history(("5 00:00", {"BTC": before, "ETH": "13"}), ("6 00:00", {"BTC": after}))
    assert live(moved, {"5 00:00": "1000", "6 00:00": "1"}, rebalance=Band(Decimal("0.1"))).events[1:] == ()


def test_a_band_acts_after_the_flows_of_its_snapshot() -> None:
    """1,000 and 500 are 2/3 BTC, too far; with 6,000 more at half and half it is 4,000 of 7,500, which is not."""
    band = Band(Decimal("0.1"))
    story = live(DOUBLED, {"5 00:00": "1000", "7 00:00": "1"}, flow("7 00:00", "6000"), rebalance=band)
    assert told(story)[1:] == ["07 00:00 deposit 6000 7500"]


def test_a_band_pays_its_cost_at_the_snapshot() -> None:
    story = live(DOUBLED, {"5 00:00": "1000", "7 00:00": "1"}, rebalance=Band(Decimal("0.1")), cost_bp=Decimal(50))
    assert told(story)[1:] == ["07 00:00 rebalance -2.5 1497.5"]
    assert story.rows[-1].benchmark_usd == Decimal("1497.5")
    assert story.rows[-1].benchmark_index == Decimal("1.4975")


def test_a_band_looks_at_every_weight() -> None:
    """A third coin doubles: 0.1 of the money becomes 0.2 / 1.1, eight points more than it should be."""
    moved = history(("5 00:00", {"BTC": "1", "ETH": "1", "SOL": "1"}), ("6 00:00", {"SOL": "2"}))
    weights = amounts(BTC="0.45", ETH="0.45", SOL="0.1")
    for width, events in (("0.08", 1), ("0.09", 0)):
        story = live(moved, {"5 00:00": "1000", "6 00:00": "1"}, weights=weights, rebalance=Band(Decimal(width)))
        assert len(story.events) - 1 == events


# --- prices


def test_dollars_need_no_price() -> None:
    story = live(history(), {"5 00:00": "1000", "6 00:00": "1"}, flow("5 10:00", "-250"), weights=amounts(USD="1"))
    assert told(story)[1:] == ["05 10:00 withdrawal -250 750"]


def test_a_price_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingPrice, match="ETH"):
        live(history(("5 00:00", {"BTC": "1"})), {"5 00:00": "1000"})


# --- laws


@st.composite
def markets(draw: st.DrawFn) -> PriceHistory:
    """Prices of BTC and ETH at every sixth hour of three weeks."""
    moves = st.lists(st.integers(20, 500), min_size=84, max_size=84)
    columns = {"BTC": draw(moves), "ETH": draw(moves)}
    return history_of(
        PricePoint(asset, MONDAY + 6 * step * HOUR, Decimal(usd))
        for asset, column in columns.items()
        for step, usd in enumerate(column)
    )


POINTS = tuple(Point(MONDAY + 10 * step * HOUR, MONDAY + 10 * step * HOUR, Decimal(1000)) for step in range(50))
RULES = st.sampled_from([None, Daily(6), Daily(3), Monthly(20, 12), Band(Decimal("0.02")), Band(Decimal("0.2"))])
MOVED = st.lists(st.tuples(st.integers(1, 490), st.integers(-300, 300).filter(bool)), max_size=8)


def paid(moved: list[tuple[int, int]]) -> list[CashFlow]:
    return [flow(MONDAY + hour * HOUR, str(usd), "1000", str(number)) for number, (hour, usd) in enumerate(moved)]


def near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= TINY * max(Decimal(1), abs(one))


@given(markets(), MOVED, RULES, st.sampled_from(["0", "30"]))
def test_with_proportional_deposits_no_flow_moves_the_index(
    market: PriceHistory, moved: list[tuple[int, int]], rule: Rule, cost: str
) -> None:
    policy = Policy(rebalance=rule, deposits=PROPORTIONAL, cost_bp=Decimal(cost))
    moving = replay(Facts(policy, POINTS, paid(moved), market))
    assume(moving.checkpoint is not None and moving.checkpoint.benchmark.exhausted_at is None)
    still = replay(Facts(policy, POINTS, (), market))
    for one, other in zip(moving.rows, still.rows, strict=True):
        assert near(one.benchmark_index, other.benchmark_index)


@given(markets(), MOVED, RULES, st.sampled_from([DOLLAR_MATCHED, FRACTION_MATCHED]), st.sampled_from(["0", "30"]))
def test_value_index_and_events_agree(
    market: PriceHistory, moved: list[tuple[int, int]], rule: Rule, withdrawals: str, cost: str
) -> None:
    """No unit is negative; only flows and costs part the value from its own prices; costs are never paid out."""
    policy = Policy(rebalance=rule, withdrawals=withdrawals, cost_bp=Decimal(cost))
    story = replay(Facts(policy, POINTS, paid(moved), market))
    before = story.events[0].benchmark
    for event in story.events[1:]:
        now = market.at(event.at, before.units)
        was, became = bench.value(before, now), event.value_usd
        assert min(event.benchmark.units.values()) >= 0
        assert near(bench.value(event.benchmark, now), became)
        if event.kind == "withdrawal" and withdrawals == DOLLAR_MATCHED:
            owed = event.benchmark.shortfall_usd - before.shortfall_usd
            assert near(became - owed, was + event.usd)
            assert owed >= 0
        elif event.kind == "withdrawal":
            assert 0 <= became <= was
            assert event.benchmark.shortfall_usd == 0
        else:
            assert near(became, was + event.usd)
        if event.kind == "rebalance":
            assert event.usd <= 0
            assert bench.drift(event.benchmark, now) <= TINY
        before = event.benchmark


@given(markets(), MOVED)
def test_a_flow_and_its_opposite_at_one_instant_change_nothing(
    market: PriceHistory, moved: list[tuple[int, int]]
) -> None:
    there = paid(moved)
    back = [replace(one, id=f"{one.id} back", usd=-one.usd) for one in there]
    assert replay(Facts(Policy(), POINTS, [*there, *back], market)) == replay(Facts(Policy(), POINTS, (), market))


@given(markets(), MOVED, RULES)
def test_the_benchmark_never_looks_at_the_account(
    market: PriceHistory, moved: list[tuple[int, int]], rule: Rule
) -> None:
    other = [replace(one, nav_usd=one.nav_usd if one is POINTS[0] else Decimal(77)) for one in POINTS]
    policy = Policy(rebalance=rule)
    one, two = (replay(Facts(policy, points, paid(moved), market)) for points in (POINTS, other))
    assert one.events == two.events
    assert [row.benchmark_usd for row in one.rows] == [row.benchmark_usd for row in two.rows]


@given(markets(), MOVED, st.sampled_from([None, Daily(6), Monthly(20, 12)]), st.sets(st.integers(1, 48)))
def test_fewer_snapshots_make_the_same_benchmark(
    market: PriceHistory, moved: list[tuple[int, int]], rule: Rule, left_out: set[int]
) -> None:
    """Save for a band, which acts at snapshots, what it holds follows from time alone."""
    some = [one for position, one in enumerate(POINTS) if position not in left_out]
    all_of, few = (replay(Facts(Policy(rebalance=rule), points, paid(moved), market)) for points in (POINTS, some))
    assert all_of.events == few.events
    assert near(all_of.rows[-1].benchmark_index, few.rows[-1].benchmark_index)


@given(markets(), st.integers(1, 83), st.integers(0, 5000))
def test_a_cost_is_the_turnover_s_share_and_leaves_the_rest_at_target(
    market: PriceHistory, step: int, cost_bp: int
) -> None:
    now = market.at(MONDAY + 6 * step * HOUR, ("BTC", "ETH"))
    then = market.at(MONDAY, ("BTC", "ETH"))
    held = bench.start(amounts(BTC="0.3", ETH="0.7"), Decimal(1000), then)
    worth, found = bench.value(held, now), bench.rebalance(held, now, Decimal(cost_bp))
    moved = (abs(held.weights[asset] * worth - held.units[asset] * now.of(asset)) for asset in held.units)
    assert near(bench.value(found, now), worth - sum(moved, Decimal(0)) * cost_bp / 10_000)
    assert bench.drift(found, now) <= TINY


def test_a_rebalance_at_a_snapshot_is_not_due_again_after_it() -> None:
    story = live(FLAT, {"5 12:00": "1", "6 12:00": "1", "7 12:00": "1"}, rebalance=Daily(12))
    assert [one.at for one in story.events] == [MONDAY + timedelta(hours=12 + 24 * day) for day in range(3)]
