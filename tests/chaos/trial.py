"""One history from its seed to the verdict, and the clean run of its world to hold it against."""

import traceback

from tests.chaos import worlds
from tests.chaos.census import Census
from tests.chaos.histories import Moment, Run, plan
from tests.chaos.judging import Ended, ended, judge_end, judge_moment
from tests.chaos.living import House


class Failed(AssertionError):
    """A history broke a law; the message has the seed and the command that lives it again."""


class Chaos:
    """Lives histories in one database; the clean run of a world is lived once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._clean: dict[int, dict[str, Ended]] = {}
        self.trace: list[str] = []
        self.census = Census()

    async def live(self, seed: int) -> None:
        """Live the history of that seed. Raises: Failed."""
        lived = plan(seed)
        clean = await self._clean_run(lived.world)
        life = await self._house.settle(worlds.place(lived.world), lived.hidden, dict(lived.alerts))
        try:
            for moment in lived.moments:
                await judge_moment(life, await life.play(moment))
            await judge_end(life, clean)
            self.census.add(lived, life)
        except Exception as problem:
            number = len(life.passed)
            where = traceback.format_exception(problem)[-3:]
            again = f".venv/bin/python -m tests.chaos {seed}"
            raise Failed(
                f"seed {seed}, after moment {number}: {problem!r}\n{''.join(where)}again: {again}"
            ) from problem
        finally:
            self.trace = life.turns.trace

    async def prepare(self, seed: int) -> None:
        """Live the clean run that a history of that seed is held against."""
        await self._clean_run(plan(seed).world)

    async def _clean_run(self, number: int) -> dict[str, Ended]:
        if number not in self._clean:
            place = worlds.place(number)
            life = await self._house.settle(place)
            for at in place.instants:
                await life.play(Moment(at, (Run(asks=at in place.acts),)))
            await judge_moment(life, life.passed[-1])
            self._clean[number] = await ended(life)
        return self._clean[number]
