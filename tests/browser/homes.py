"""Houses over the lives: one for all who only read, and some of one's own."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from tests.browser.lives import Life, Lives
from tests.browser.real import House, serving
from tests.spine import opened


@dataclass(slots=True)
class Homes:
    """What is served in this session."""

    lives: Lives
    stack: AsyncExitStack
    common: dict[str, House] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, life: Life) -> House:
        """The demo over this life, which everybody shares: for those who leave it as it is."""
        lived = await self.lives.of(life)
        async with self.turn:
            if life.name not in self.common:
                spine = await self.stack.enter_async_context(opened(self._copy(life), lived.world, lived.now))
                self.common[life.name] = await self.stack.enter_async_context(serving(spine))
        return self.common[life.name]

    @asynccontextmanager
    async def own(
        self,
        life: Life,
        environment: Mapping[str, str] | None = None,
        *,
        later: timedelta = timedelta(),
        writes: bool = False,
    ) -> AsyncIterator[House]:
        """A house with its own clock, exchange and settings; one that `writes` has its own database, too."""
        lived = await self.lives.of(life)
        async with AsyncExitStack() as stack:
            dsn = stack.enter_context(self.lives.copy(lived)) if writes else self._copy(life)
            spine = await stack.enter_async_context(opened(dsn, lived.world, lived.now + later))
            yield await stack.enter_async_context(serving(spine, environment))

    def _copy(self, life: Life) -> str:
        """The copy that all who only read share."""
        if life.name not in self.copies:
            self.copies[life.name] = self.stack.enter_context(self.lives.copy(self.lives.lived[life.name]))
        return self.copies[life.name]
