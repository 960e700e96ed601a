"""A process of its own that collects once, up to the point at which it is killed."""

import asyncio
import sys
from datetime import datetime

import httpx

from tests.spine import Spine, opened, the_world
from tests.wires import Turn

IN_THE_MIDDLE = "in the middle"


async def work(dsn: str, at: datetime, committed: int) -> None:
    """Collect at `at`; once so many accounts are committed say so, and let the next commit wait for ever."""
    async with opened(dsn, the_world(), at) as spine:
        spine.to_store.before.append(_stopping(spine, committed))
        await spine.collect()


def _stopping(spine: Spine, committed: int) -> Turn:
    gate = asyncio.Semaphore(1)  # one commit after the other

    async def turn(request: httpx.Request) -> None:
        if not request.url.path.endswith("commit_outcome"):
            return
        await gate.acquire()
        if spine.to_store.count("commit_outcome") == committed:
            print(IN_THE_MIDDLE, flush=True)
            await asyncio.Event().wait()

    async def after(request: httpx.Request) -> None:
        if request.url.path.endswith("commit_outcome"):
            gate.release()

    spine.to_store.after.append(after)
    return turn


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])))
