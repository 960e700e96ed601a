"""Two hundred requests at once on three server processes: how long they take, and whether memory stays."""

import asyncio

from tests import crowd
from tests.bench.postgres import databases, scratch
from tests.bench.table import Row, Tell


async def rows(tell: Tell) -> list[Row]:
    """Measure the second two hundred: the first have warmed the processes up."""
    tell(f"crowd: {crowd.REQUESTS} requests at once on {crowd.PROCESSES} processes, twice")
    with databases() as server, scratch() as home:
        came = await asyncio.to_thread(crowd.come, home, server.fresh())
    refused = sum(answer.status_code != 200 for _, answer in came.answers)
    note = f"a quarter of them forced runs; {refused} of {len(came.answers)} not answered with 200"
    return [
        Row(f"{crowd.REQUESTS} requests at once on {crowd.PROCESSES} processes", came.seconds, "s", note=note),
        Row("  growth of a process over them", came.grown_kb / 1e3, "MB"),
    ]
