"""A thousand random histories of what goes wrong (tests/chaos), and how many of them break a law."""

import asyncio
import os
import re
import sys
import time
from itertools import pairwise

from tests.bench.table import Row, Tell

HISTORIES = 1000
_FAILED = re.compile(r"^seed (\d+),", re.MULTILINE)
_LIVED = re.compile(r"^(\d+) histories,", re.MULTILINE)


async def rows(tell: Tell) -> list[Row]:
    """Live them on all cores; each seed that breaks a law is told with the command that lives it again."""
    tell(f"chaos: {HISTORIES} random histories, which takes some minutes")
    workers = os.cpu_count() or 1
    bounds = [1 + HISTORIES * number // workers for number in range(workers + 1)]
    began = time.perf_counter()
    told = "\n".join(await asyncio.gather(*(_live(first, end - first) for first, end in pairwise(bounds))))
    each_s = (time.perf_counter() - began) / HISTORIES
    broken = _FAILED.findall(told)
    lived = sum(map(int, _LIVED.findall(told)))
    note = f"again: .venv/bin/python -m tests.chaos {' '.join(broken)}" if broken else ""
    return [
        Row(
            "random histories lived", lived, "", None, f"seeds 1 to {HISTORIES}, {each_s:.2f} s each on {workers} cores"
        ),
        Row("  that broke a law", len(broken), "", None, note),
    ]


async def _live(first: int, count: int) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos", "--from", str(first), "--count", str(count)),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    return told.decode()
