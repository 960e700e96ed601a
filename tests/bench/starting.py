"""The first start of a local server until its history is built, the second, and the page on a screen."""

import asyncio
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.bench import serving
from tests.bench.page import chart_rows
from tests.bench.postgres import scratch
from tests.bench.table import Row, Tell

_FIRST_S, _LATER_S = 20, 5
_PATIENCE_S = 90
_PROGRESS = re.compile(r"history: (\d+) of (\d+) runs")


@dataclass(slots=True)
class _Started:
    """A server, and when it said what. Units: seconds since the start of its process."""

    url: str
    serving_s: float
    began: float
    lines: asyncio.StreamReader

    async def built(self) -> tuple[float, float, int]:
        """Return when building began and ended, and of how many runs."""
        begun_s, done, total = 0.0, 0, 1
        while done < total:
            line = await asyncio.wait_for(self.lines.readline(), _PATIENCE_S)
            if not line:
                raise RuntimeError("the server ended")
            if found := _PROGRESS.search(line.decode()):
                done, total = int(found[1]), int(found[2])
                begun_s = begun_s or self.since_s()
        return begun_s, self.since_s(), total

    async def history_shown(self) -> float:
        """Return when the newest history could be had."""
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as http:
            until = time.perf_counter() + _PATIENCE_S
            while True:
                answer = await http.get("/api/history", params={"account": "all", "range": "90d"})
                if answer.status_code == 200 and answer.json()["series"]["t"]:
                    return self.since_s()
                if time.perf_counter() > until:
                    break
                await asyncio.sleep(0.05)
        raise RuntimeError(f"no history after {_PATIENCE_S} s: {answer.status_code} {answer.text[:200]}")

    def since_s(self) -> float:
        return time.perf_counter() - self.began


async def rows(tell: Tell) -> list[Row]:
    """Start twice in one folder, and look at the page in the end."""
    with scratch() as folder:
        tell("start: building the demo's history")
        async with _started(folder) as first:
            begun_s, built_s, runs = await first.built()
            shown_s = await first.history_shown()
        tell("start: starting again, then loading the page")
        async with _started(folder) as second:
            later_s = await second.history_shown()
            pages = await chart_rows(second.url, tell)
    each_ms = (built_s - begun_s) / runs * 1e3
    note = f"serving after {first.serving_s:.1f} s, database and accounts until {begun_s:.1f} s, then the building"
    return [
        Row("first start until its history is there", shown_s, "s", _FIRST_S, note),
        Row("  building the demo's history", built_s - begun_s, "s", None, f"{runs} runs of {each_ms:.0f} ms"),
        Row("second start until its history is there", later_s, "s", _LATER_S,
            f"serving after {second.serving_s:.1f} s"),
        *pages,
    ]  # fmt: skip


@asynccontextmanager
async def _started(folder: Path) -> AsyncIterator[_Started]:
    """Start a server on `folder`, and stop it as Ctrl-C would."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", serving.__name__, str(folder), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        while not (found := re.search(r"Serving on (\S+)", (await process.stdout.readline()).decode())):
            if process.stdout.at_eof():
                raise RuntimeError("the server did not start")
        yield _Started(found[1], time.perf_counter() - began, began, process.stdout)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
