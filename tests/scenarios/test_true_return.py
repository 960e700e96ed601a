"""One world whose exact return is known, through the whole path: exchange, use cases and database."""

import pytest

from tests.domain.truth import FLOWS, gap, known_world, true_growth
from tests.spine import BORN_AT, hours
from tests.usecases.conftest import OpenSpine

DAYS = 60
SEED = 0  # leveraged


async def test_sixty_days_of_hours_return_what_the_world_returned(open_spine: OpenSpine) -> None:
    kind, world = known_world(SEED, DAYS)
    spine = await open_spine(world)
    await spine.collect_at((BORN_AT, *hours(BORN_AT, DAYS * 24)))
    (found,) = (await spine.histories()).values()
    last = found.rows[-1]
    true = true_growth(world, found.rows[0].at, last.at)
    assert kind == "leveraged"
    assert len(found.rows) == DAYS * 24 + 1
    assert len(found.flows) == FLOWS
    assert abs(float(last.nav_index - true)) * 10_000 < 1.5
    assert float(last.nav_index - true) == pytest.approx(gap(SEED, DAYS).bp / 10_000, abs=1e-12)
