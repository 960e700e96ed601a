"""Random histories over the whole product keep the laws of judging.py; each seed lives the same life again."""

from collections.abc import AsyncIterator

import pytest

from tests.chaos import living, worlds
from tests.chaos.trial import Chaos

SEEDS = range(1, 51)


@pytest.fixture
async def chaos(database: str) -> AsyncIterator[Chaos]:
    async with living.opened(database) as house:
        yield Chaos(house)


@pytest.mark.parametrize("world", range(worlds.COUNT))
async def test_whatever_goes_wrong_the_end_is_that_of_a_clean_run_and_nothing_false_is_seen(
    chaos: Chaos, world: int
) -> None:
    for seed in SEEDS:
        if seed % worlds.COUNT == world:
            print("seed", seed)
            await chaos.live(seed)


async def test_a_seed_lives_the_same_life_again(chaos: Chaos) -> None:
    traces = []
    for _ in range(2):
        await chaos.live(11)
        traces.append(chaos.trace)
    assert len(traces[0]) > 200
    assert traces[0] == traces[1]
