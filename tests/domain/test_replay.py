"""The fold over events: by hand, beside a naive model, and cut wherever one likes."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.benchmark import (
    DOLLAR_MATCHED,
    FRACTION_MATCHED,
    PROPORTIONAL,
    TARGET_WEIGHTS,
    Policy,
)
from lib.domain.money import exact
from lib.domain.prices import MissingPrice
from lib.domain.replay import Checkpoint, Event, Facts, Row, Story, against, extend, replay
from lib.domain.schedule import Band, Daily, Rule, Weekly, due
from tests.builders import amounts, at, decs, flow, history, point, policy
from tests.strategies import facts, weights

HAIR = Decimal("1e-30")
WITHDRAWALS = (DOLLAR_MATCHED, FRACTION_MATCHED)


def test_a_day_by_hand() -> None:
    """Monday: 1000 at 10:00, 300 in at 11:00, rebalance at 12:00, 300 out at 12:30, snapshots at 12:15 and 13:00."""
    prices = history(
        ("10:00", {"BTC": "100", "ETH": "10"}),  # 1000 buys 5 BTC and 50 ETH
        ("11:00", {"BTC": "200", "ETH": "10"}),  # worth 1500; 300 buys 0.75 BTC and 15 ETH: 5.75 and 65, 1800
        ("12:00", {"BTC": "200", "ETH": "20"}),  # worth 2450; half each: 6.125 BTC and 61.25 ETH
        ("12:15", {"BTC": "200", "ETH": "24"}),  # worth 1225 + 1470 = 2695
        ("12:30", {"BTC": "200", "ETH": "4"}),  # worth 1225 + 245 = 1470; 294 is a fifth: 4.9 BTC and 49 ETH
        ("13:00", {"BTC": "100", "ETH": "10"}),  # worth 490 + 490 = 980
    )
    told = replay(
        Facts(
            policy(),
            [point("10:00", "1000"), point("12:15", "2000"), point("13:00", "1500")],
            [flow("11:00", "300", "1200"), flow("12:30", "-294", "1800"), flow("10:00", "77"), flow("13:30", "5")],
            prices,
        )
    )
    assert [(event.at, event.kind, event.usd, event.value_usd) for event in told.events] == [
        (at("10:00"), "start", *decs(1000, 1000)),
        (at("11:00"), "deposit", *decs(300, 1800)),
        (at("12:00"), "rebalance", *decs(0, 2450)),
        (at("12:30"), "withdrawal", *decs(-294, 1176)),
    ]
    assert [event.benchmark.units for event in told.events] == [
        amounts(BTC="5", ETH="50"),
        amounts(BTC="5.75", ETH="65"),
        amounts(BTC="6.125", ETH="61.25"),
        amounts(BTC="4.9", ETH="49"),
    ]
    start, noon, end = told.rows
    assert (start.benchmark_usd, start.nav_index, start.benchmark_index) == decs(1000, 1, 1)
    assert start.note == "start"
    # benchmark: 1500/1000 · 2450/1800 · 2695/2450 = 1.5 · 2695/1800
    assert (noon.benchmark_usd, noon.flow_usd) == decs(2695, 300)
    assert noon.rung == 3
    assert abs(noon.benchmark_index - Decimal("1.5") * 2695 / 1800) < Decimal("1e-25")
    # account: 1200/1000 · 2000/1500 = 1.6; then 1800/2000 · 1500/1506
    assert abs(noon.nav_index - Decimal("1.6")) < HAIR
    assert abs(end.nav_index - Decimal("1.6") * Decimal("0.9") * 1500 / 1506) < Decimal("1e-25")
    assert (end.benchmark_usd, end.flow_usd) == decs(980, -294)
    # then 1470/2695 · 980/1176
    assert abs(end.benchmark_index - noon.benchmark_index * 1470 * 980 / (2695 * 1176)) < Decimal("1e-25")
    assert told.checkpoint == Checkpoint(at("10:00"), end, told.events[-1].benchmark)


def test_flows_come_before_the_rebalance_of_their_instant() -> None:
    prices = history(("10:00", {"BTC": "100", "ETH": "10"}), ("12:00", {"BTC": "300", "ETH": "10"}))
    told = replay(Facts(policy(), [point("10:00", "1000"), point("12:00", "9")], [flow("12:00", "400")], prices))
    assert [event.kind for event in told.events] == ["start", "deposit", "rebalance"]
    # 5 BTC and 50 ETH are 2000, with 400 it is 2400: 4 BTC and 120 ETH
    assert told.events[-1].benchmark.units == amounts(BTC="4", ETH="120")


def test_rebalances_are_due_after_the_inception_and_up_to_the_last_snapshot_one_by_one() -> None:
    week = [(f"{day} 12:00", {"BTC": str(price), "ETH": "10"}) for day, price in ((5, 10), (12, 20), (19, 30), (26, 5))]
    told = replay(Facts(policy(), [point("5 12:00", "100"), point("26 12:00", "1")], [], history(*week)))
    assert [event.at.day for event in told.events] == [5, 12, 19, 26]
    # 100 at 10: 5 and 5. At 20 worth 150: 3.75, 7.5. At 30: 112.5 + 75 = 187.5: 3.125, 9.375. At 5: 15.625 + 93.75
    assert told.events[2].benchmark.units == amounts(BTC="3.125", ETH="9.375")
    assert told.rows[-1].benchmark_usd == Decimal("109.375")


def test_nothing_is_rebalanced_while_there_is_nothing() -> None:
    prices = history(("10:00", {"BTC": "100", "ETH": "10"}), ("12 13:00", {"BTC": "100", "ETH": "10"}))
    told = replay(Facts(policy(), [point("10:00", "0"), point("12 13:00", "500")], [flow("12 13:00", "500")], prices))
    assert [event.kind for event in told.events] == ["start", "deposit"]
    assert told.rows[-1].benchmark_index == 1  # a sub-period that starts at 0 counts as 1
    assert told.events[-1].benchmark.units == amounts(BTC="2.5", ETH="25")


def test_a_rebalance_that_was_asked_for_is_one_more() -> None:
    prices = history(("10:00", {"BTC": "100", "ETH": "10"}), ("11:00", {"BTC": "300", "ETH": "10"}))
    points = [point("10:00", "1000"), point("11:30", "9")]
    asked = [at("09:00"), at("10:00"), at("11:00"), at("11:31")]
    told = replay(Facts(policy(weekly=False), points, [], prices, asked))
    assert [(event.at, event.kind) for event in told.events] == [(at("10:00"), "start"), (at("11:00"), "rebalance")]


def test_a_price_is_the_latest_at_or_before_and_one_never_seen_is_named() -> None:
    prices = history(("10:00", {"BTC": "100", "ETH": "10"}), ("10:30", {"BTC": "200"}))
    told = replay(Facts(policy(), [point("10:00", "1000"), point("11:00", "1")], [], prices))
    assert told.rows[-1].benchmark_usd == 1500
    with pytest.raises(MissingPrice, match="BTC"):
        replay(Facts(policy(), [point("09:00", "1000")], [], prices))


def test_without_a_snapshot_there_is_no_story() -> None:
    assert replay(Facts(policy(), [], [flow("10:00", "5")], history())) == Story(None)


@exact
def naive(told: Facts) -> list[tuple[datetime, Decimal, Decimal]]:
    """Units in a dictionary, a loop over everything that happens: (at, value, index) of each snapshot."""
    points = sorted(told.points, key=lambda each: each.at)
    first, weights = points[0], told.policy.weights
    due_at = {*told.rebalances, *due(told.policy.rebalance, first.at, points[-1].at)}
    happens = [(each.at, 0, each.usd) for each in told.flows] + [(when, 1, Decimal(0)) for when in due_at]
    happens = [one for one in happens if first.at < one[0] <= points[-1].at]
    instants = {
        when: sum((usd for at_, kind, usd in happens if (at_, kind) == (when, 0)), Decimal(0)) for when, *_ in happens
    }
    price = told.prices.at(first.at, weights).usd
    units = {coin: share * max(first.nav_usd, Decimal(0)) / price[coin] for coin, share in weights.items()}
    worth = sum((units[coin] * price[coin] for coin in units), Decimal(0))
    index, found = Decimal(1), []
    for when in sorted({*instants, *(each.at for each in points)}):
        price = told.prices.at(when, weights).usd
        before = sum((units[coin] * price[coin] for coin in units), Decimal(0))
        index *= before / worth if worth > 0 else 1
        usd = instants.get(when, Decimal(0))
        if usd > 0:
            units = {coin: units[coin] + share * usd / price[coin] for coin, share in weights.items()}
        elif usd < 0:
            left = max(before + usd, Decimal(0))
            units = {coin: units[coin] * left / before if before else Decimal(0) for coin in units}
        worth = sum((units[coin] * price[coin] for coin in units), Decimal(0))
        if when in due_at:
            units = {coin: share * worth / price[coin] for coin, share in weights.items()}
        if when in {each.at for each in points}:
            found.append((when, worth, index))
    return found


@given(facts())
def test_a_naive_model_gives_the_same_benchmark(told: Facts) -> None:
    rows = replay(told).rows
    expected = naive(told)
    assert [row.at for row in rows] == [when for when, _, _ in expected]
    for row, (_, worth, index) in zip(rows, expected, strict=True):
        assert abs(row.benchmark_usd - worth) <= HAIR * max(worth, Decimal(1))
        assert abs(row.benchmark_index - index) <= HAIR * max(index, Decimal(1))


@given(facts(), st.lists(st.integers(0, 10), max_size=4))
def test_extending_gives_what_replaying_gives_however_the_points_are_cut(told: Facts, cuts: list[int]) -> None:
    points = sorted(told.points, key=lambda each: each.at)
    edges = [0, *sorted(cut for cut in cuts if cut < len(points)), len(points)]
    checkpoint = None
    rows: list[Row] = []
    events: list[Event] = []
    for since, until in pairwise(edges):
        story = extend(checkpoint, replace(told, points=points[since:until]))
        checkpoint = story.checkpoint
        rows += story.rows
        events += story.events
    assert Story(checkpoint, tuple(rows), tuple(events)) == replay(told)
    assert extend(checkpoint, told) == Story(checkpoint)  # once more changes nothing


RULES = (None, Weekly(), Daily(7), Band(Decimal("0.02")))


@given(
    facts(),
    weights(),
    st.sampled_from(RULES),
    st.sampled_from(("0", "25")),
    st.booleans(),
    st.sampled_from(WITHDRAWALS),
)
def test_against_another_benchmark_an_account_is_what_a_full_replay_gives(
    told: Facts, share: dict[str, Decimal], rule: Rule, cost_bp: str, proportional: bool, withdrawals: str
) -> None:
    deposits = PROPORTIONAL if proportional else TARGET_WEIGHTS
    other = replace(told, policy=Policy(share, rule, deposits, withdrawals, Decimal(cost_bp)))
    assert against(replay(told).rows, other) == replay(other)


def test_against_another_benchmark_an_account_without_a_snapshot_stays_without_rows() -> None:
    facts_of_none = Facts(policy(), [], [], history())
    assert against((), facts_of_none) == Story(None)


@given(facts(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(told: Facts, chance: Random) -> None:
    points, flows, asked = [*told.points, *told.points], list(told.flows), [*told.rebalances, *told.rebalances]
    for each in (points, flows, asked):
        chance.shuffle(each)
    assert replay(replace(told, points=points, flows=flows, rebalances=asked)) == replay(told)


@given(facts())
def test_units_and_indices_are_never_negative_and_value_moves_by_flows_alone(told: Facts) -> None:
    story = replay(told)
    for event in story.events:
        assert min(event.benchmark.units.values()) >= 0
        assert event.value_usd >= 0
    assert all(row.nav_index >= 0 and row.benchmark_index > 0 for row in story.rows)
    shortfalls = [event.benchmark.shortfall_usd for event in story.events]
    assert shortfalls == sorted(shortfalls)
    assert sum((row.flow_usd for row in story.rows), Decimal(0)) == _counted(told, story)


@exact
def _counted(told: Facts, story: Story) -> Decimal:
    since, until = story.rows[0].at, story.rows[-1].at
    return sum((each.usd for each in told.flows if since < each.at <= until), Decimal(0))


@given(facts(), st.integers(1, 5))
def test_a_flow_and_its_opposite_at_one_instant_leave_no_trace(told: Facts, place: int) -> None:
    when = min(each.at for each in told.points) + place * (at("10:07") - at("10:00"))
    both = [flow(when, "123.45", id_="a"), flow(when, "-123.45", id_="b")]
    assert replay(replace(told, flows=[*told.flows, *both])) == replay(told)
