"""Flows of one instant are one flow of their sum."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.flows import CashFlow, net_by_instant
from tests.builders import flow, net
from tests.strategies import flows


@pytest.mark.parametrize(
    ("moved", "netted"),
    [
        pytest.param([], [], id="none"),
        pytest.param([("10:00", "5", None)], [("10:00", "5", None)], id="one"),
        pytest.param([("10:00", "5", None), ("10:00", "-2", "9")], [("10:00", "3", "9")], id="one instant"),
        pytest.param([("10:00", "5", "9"), ("10:00", "-5", "9")], [], id="a sum of nothing is none"),
        pytest.param(
            [("11:00", "1", None), ("10:00", "2", None)], [("10:00", "2", None), ("11:00", "1", None)], id="two"
        ),
        pytest.param([("10:00", "5", "0"), ("10:00", "1", None)], [("10:00", "6", "0")], id="worth nothing before"),
    ],
)
def test_netting(moved: list[tuple[str, str, str | None]], netted: list[tuple[str, str, str | None]]) -> None:
    found = net_by_instant(flow(when, usd, before, str(place)) for place, (when, usd, before) in enumerate(moved))
    assert found == tuple(net(*one) for one in netted)


@given(st.lists(flows(), max_size=8), st.randoms(use_true_random=False))
def test_the_sum_stays_and_the_order_does_not_matter(moved: list[CashFlow], chance: object) -> None:
    turned = list(reversed(moved))
    netted = net_by_instant(moved)
    assert netted == net_by_instant(turned)
    assert sum(one.usd for one in netted) == sum(one.usd for one in moved)
    assert [one.at for one in netted] == sorted({one.at for one in netted})
    assert Decimal(0) not in {one.usd for one in netted}
