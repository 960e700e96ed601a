"""The product's return beside the world's own exact one: 60 days of hours, eight flows at random moments."""

import os

import pytest

from tests.domain.truth import KINDS, Gap, measure, rms_bp

BOUND_BP = 1.5
SEEDS = range(50 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 5)


@pytest.fixture(scope="module")
def gaps() -> list[Gap]:
    return list(measure(SEEDS))


def test_the_return_is_within_one_and_a_half_basis_points_of_the_true_one(gaps: list[Gap]) -> None:
    assert {gap.kind for gap in gaps} == KINDS.keys()
    assert rms_bp(gap.bp for gap in gaps) < BOUND_BP, [round(gap.bp, 2) for gap in gaps]


def test_it_is_several_times_nearer_than_a_closed_formula_for_each_hour(gaps: list[Gap]) -> None:
    assert rms_bp(gap.closed_bp for gap in gaps) > 4 * rms_bp(gap.bp for gap in gaps)
