"""A policy in words: what is written is read again, what is absent has its default, what is bad is named."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.benchmark import Policy
from lib.domain.policies import from_words, in_words
from lib.domain.schedule import Band, Daily, Monthly, Rule, Weekly
from lib.errors import InvalidInput
from tests.builders import amounts

USUAL = {
    "weights": {"BTC": "0.5", "ETH": "0.5"},
    "deposits": "target_weights",
    "withdrawals": "dollar_matched",
    "rebalance": {"every": "week", "weekday": 0, "hour": 12},
    "cost_bp": "0",
    "risk_free": "0",
}

RULES = st.one_of(
    st.none(),
    st.builds(Daily, st.integers(0, 23)),
    st.builds(Weekly, st.integers(0, 6), st.integers(0, 23)),
    st.builds(Monthly, st.integers(1, 31), st.integers(0, 23)),
    st.builds(Band, st.decimals("0.0001", "0.9999", places=4)),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    names = sorted(draw(st.sets(st.sampled_from(["BTC", "ETH", "SOL", "USD"]), min_size=1)))
    cuts = sorted(draw(st.sets(st.integers(1, 9999), min_size=len(names) - 1, max_size=len(names) - 1)))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    return Policy(
        weights={name: Decimal(part) / 10_000 for name, part in zip(names, parts, strict=True)},
        rebalance=draw(RULES),
        deposits=draw(st.sampled_from(["target_weights", "proportional"])),
        withdrawals=draw(st.sampled_from(["dollar_matched", "fraction_matched"])),
        cost_bp=draw(st.decimals(0, 5000, places=2)),
        risk_free=draw(st.decimals(-1, 1, places=4)),
    )


def test_the_usual_policy_in_words() -> None:
    assert in_words(Policy()) == USUAL
    assert from_words(USUAL) == from_words({}) == Policy()


@given(policies())
def test_what_is_written_is_read_again(policy: Policy) -> None:
    words = in_words(policy)
    assert from_words(words) == policy
    assert from_words(json.loads(json.dumps(words))) == policy
    assert in_words(from_words(words)) == words


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (None, None),
        ({"every": "day", "hour": 0}, Daily(0)),
        ({"every": "week", "weekday": 6, "hour": 23}, Weekly(6, 23)),
        ({"every": "month", "day": 31, "hour": 5}, Monthly(31, 5)),
        ({"band": "0.05"}, Band(Decimal("0.05"))),
        ({"band": 0.05}, Band(Decimal("0.05"))),
        ({"every": "week", "weekday": "2", "hour": "9"}, Weekly(2, 9)),
        ({"every": "week"}, Weekly(0, 12)),
        ({"every": "day"}, Daily(12)),
        ({"every": "day", "hour": 3, "minute": 7}, Daily(3)),
    ],
)
def test_rules_in_words(words: object, rule: Rule) -> None:
    """Numbers may be texts, an absent key has that of Monday 12:00, an unknown one is ignored."""
    assert from_words({"rebalance": words}).rebalance == rule


def test_numbers_may_be_numbers() -> None:
    found = from_words({"weights": {"ETH": 0.1, "BTC": 0.9}, "cost_bp": 7.5, "risk_free": 0.04})
    assert found == Policy(amounts(BTC="0.9", ETH="0.1"), cost_bp=Decimal("7.5"), risk_free=Decimal("0.04"))
    assert list(found.weights) == ["BTC", "ETH"]


def test_what_is_unknown_is_ignored() -> None:
    assert from_words({**USUAL, "colour": "green"}) == Policy()


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        pytest.param("weights", {}, "weights", id="no weights"),
        pytest.param("weights", [0.5, 0.5], "weights", id="a list"),
        pytest.param("weights", "BTC", "weights", id="a text"),
        pytest.param("weights", {"BTC": "0.5", "ETH": "0.4"}, "weights", id="less than one"),
        pytest.param("weights", {"BTC": "0.5", "ETH": "0.6"}, "weights", id="more than one"),
        pytest.param("weights", {"BTC": "1", "ETH": "0"}, "weights", id="a weight of nothing"),
        pytest.param("weights", {"BTC": "1.5", "ETH": "-0.5"}, "weights", id="a negative one"),
        pytest.param("weights", {"BTC": "half"}, "weights.BTC", id="a word"),
        pytest.param("weights", {"BTC": None}, "weights.BTC", id="null"),
        pytest.param("weights", {"BTC": "NaN"}, "weights.BTC", id="not a number"),
        pytest.param("weights", {"BTC": True}, "weights.BTC", id="true"),
        pytest.param("deposits", "dollar_matched", "deposits", id="a rule of withdrawals"),
        pytest.param("deposits", 1, "deposits", id="a number for a rule"),
        pytest.param("withdrawals", "proportional", "withdrawals", id="a rule of deposits"),
        pytest.param("withdrawals", None, "withdrawals", id="null for a rule"),
        pytest.param("cost_bp", "-1", "cost_bp", id="a cost that pays"),
        pytest.param("cost_bp", "5001", "cost_bp", id="a cost that takes more than there is"),
        pytest.param("cost_bp", "Infinity", "cost_bp", id="an endless cost"),
        pytest.param("cost_bp", "1e-31", "cost_bp", id="a cost that nothing can take"),
        pytest.param("weights", {"BTC": "1e-31", "ETH": "1"}, "weights.BTC", id="a weight that nothing can hold"),
        pytest.param("risk_free", "1e300", "risk_free", id="a rate that no statistic can bear"),
        pytest.param("risk_free", "-1.0001", "risk_free", id="a rate that takes more than there is"),
        pytest.param("risk_free", "high", "risk_free", id="a word for a rate"),
        pytest.param("risk_free", [], "risk_free", id="a list for a rate"),
        pytest.param("rebalance", "weekly", "rebalance", id="a word for a rule"),
        pytest.param("rebalance", {"every": "year"}, "rebalance.every", id="yearly"),
        pytest.param("rebalance", {"every": "day", "hour": 24}, "rebalance.hour", id="24 o'clock"),
        pytest.param("rebalance", {"every": "day", "hour": -1}, "rebalance.hour", id="before midnight"),
        pytest.param("rebalance", {"every": "day", "hour": 1.5}, "rebalance.hour", id="half past"),
        pytest.param("rebalance", {"every": "day", "hour": True}, "rebalance.hour", id="true o'clock"),
        pytest.param("rebalance", {"every": "week", "weekday": 7}, "rebalance.weekday", id="an eighth day"),
        pytest.param("rebalance", {"every": "month", "day": 0}, "rebalance.day", id="before the first"),
        pytest.param("rebalance", {"every": "month", "day": 32}, "rebalance.day", id="the 32nd"),
        pytest.param("rebalance", {"band": "0"}, "rebalance.band", id="a band of nothing"),
        pytest.param("rebalance", {"band": "1"}, "rebalance.band", id="a band of everything"),
        pytest.param("rebalance", {"band": None}, "rebalance.band", id="no band"),
    ],
)
def test_what_is_bad_is_named(key: str, value: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        from_words({**USUAL, key: value})
    assert raised.value.field == field
    assert str(raised.value).startswith(f"{field}: ")
