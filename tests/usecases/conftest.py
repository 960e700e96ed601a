"""Spines, each with a database of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, contextmanager

import pytest

from lib.demo.world import World
from lib.local.postgres import Server
from tests.database import _fresh
from tests.spine import BORN_AT, Spine, opened

type OpenSpine = Callable[..., Awaitable[Spine]]


@pytest.fixture
async def open_spine(postgres_server: Server, database_template: str) -> AsyncIterator[OpenSpine]:
    """Opens spines; with `beside` one more process on the database of another."""
    async with AsyncExitStack() as stack:

        async def open_one(world: World | None = None, beside: Spine | None = None, *, empty: bool = False) -> Spine:
            fresh = contextmanager(_fresh)
            dsn = beside.dsn if beside else stack.enter_context(fresh(postgres_server, database_template))
            at = beside.now if beside else BORN_AT
            spine = await stack.enter_async_context(opened(dsn, world or (beside.world if beside else None), at))
            if not beside and not empty:
                await spine.add_accounts()
            return spine

        yield open_one


@pytest.fixture
async def spine(open_spine: OpenSpine) -> Spine:
    """The three accounts, added and not collected yet."""
    return await open_spine()
