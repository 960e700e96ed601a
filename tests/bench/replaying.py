"""Five years of hours from values to figures, in a process of their own so that its memory can be told."""

import asyncio
import json
import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from lib import garbage
from lib.document.writing import write
from lib.domain.figures import figures, last
from lib.domain.flows import net_by_instant
from lib.domain.money import ZERO
from lib.domain.record import Record
from lib.domain.replay import replay
from lib.domain.state import Truth
from tests.bench import years
from tests.bench.table import Row, Tell, middle

YEARS = 5
_BOUND_S, _COMMAND_S, _BOUND_MB = 0.4, 1.5, 150
_RUNS = 3
_STEPS = ("prices by instant", "benchmark and index", "figures")


_WATCHED = """
import resource, sys, time
from lib.cli.__main__ import main
main(["replay", sys.argv[1]])
print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


async def rows(tell: Tell) -> list[Row]:
    """Measure in fresh processes."""
    tell(f"replay: {YEARS} years of hours, {_RUNS} times")
    told = json.loads(await _said("-m", __name__))
    steps = ", ".join(f"{name} {middle(samples):.2f} s" for name, samples in told["steps"].items())
    whole = [sum(samples) for samples in zip(*told["steps"].values(), strict=True)]
    return [
        Row(f"replay, {YEARS} years hourly, values to figures", middle(whole), "s", _BOUND_S, steps),
        Row("  peak memory of its process", told["peak_mb"], "MB", _BOUND_MB, f"{told['values_mb']:.0f} MB before it"),
        *await _command(tell),
    ]


async def _command(tell: Tell) -> tuple[Row, Row]:
    """Measure `./monitor replay` from the start of its process to its end."""
    tell("replay: the command, from a file")
    points, prices = years.points_and_prices(YEARS)
    record = Record("Five", years.POLICY, Truth(points, years.flows(points), prices, ()), [60] * len(points))
    samples, busy, peaks = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "years.json"
        file.write_text(write(record), encoding="utf-8")
        for _ in range(_RUNS):
            began = time.perf_counter()
            *_, last_line = (await _said("-c", _WATCHED, str(file))).splitlines()
            samples.append(time.perf_counter() - began)
            spent, peak = map(float, last_line.split())
            busy.append(spent)
            peaks.append(in_mb(peak))
        size_mb = file.stat().st_size / 1e6
    note = f"{size_mb:.1f} MB of JSON; its process was busy for {middle(busy):.2f} s"
    return (
        Row(f"  ./monitor replay, {YEARS} years hourly", middle(samples), "s", _COMMAND_S, note),
        Row("  peak memory of the command", middle(peaks), "MB", _BOUND_MB),
    )


async def _said(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the process ended with {process.returncode}")
    return said.decode()


def peak_mb() -> float:
    """Return the most memory this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return in_mb(peak)


def in_mb(peak: float) -> float:
    """Return what the system calls its peak, which is bytes on one and kilobytes on the other, as megabytes."""
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def main() -> None:
    """Print the times of each step and the memory as JSON."""
    garbage.look_rarely()  # as each process of the product does
    points, prices = years.points_and_prices(YEARS)
    paid = years.flows(points)
    values_mb = peak_mb()
    samples: dict[str, list[float]] = {name: [] for name in _STEPS}
    for _ in range(_RUNS):
        ticks = [time.perf_counter()]
        facts = years.facts(points, prices, paid)
        ticks.append(time.perf_counter())
        story = replay(facts)
        ticks.append(time.perf_counter())
        shown = last(story.rows, None)
        assert shown is not None
        figures(story.rows, shown, ZERO, net_by_instant(paid))
        ticks.append(time.perf_counter())
        for name, (began, ended) in zip(_STEPS, pairwise(ticks), strict=True):
            samples[name].append(ended - began)
    print(json.dumps({"steps": samples, "values_mb": values_mb, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
