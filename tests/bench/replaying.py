"""Five years of hours from values to figures, in a process of their own so that its memory can be told; and a file."""

import asyncio
import json
import resource
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

from lib.document.writing import write
from lib.domain.figures import figures, last
from lib.domain.flows import net_by_instant
from lib.domain.money import ZERO
from lib.domain.record import Record
from lib.domain.replay import replay
from lib.domain.state import Truth
from tests.bench import years
from tests.bench.postgres import scratch
from tests.bench.table import Row, Tell, middle

YEARS = 5
_BOUND_S, _COMMAND_S, _BOUND_MB = 0.4, 1.5, 150
_MONITOR = (sys.executable, "-m", "lib.cli")
_RUNS = 3
_ROOT = Path(__file__).parents[2]
_STEPS = ("prices by instant", "benchmark and index", "figures")


async def rows(tell: Tell) -> list[Row]:
    """Measure in a fresh process."""
    tell(f"replay: {YEARS} years of hours, {_RUNS} times")
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the process ended with {process.returncode}")
    told = json.loads(said)
    steps = ", ".join(f"{name} {middle(samples):.2f} s" for name, samples in told["steps"].items())
    whole = [sum(samples) for samples in zip(*told["steps"].values(), strict=True)]
    return [
        Row(f"replay, {YEARS} years hourly, values to figures", middle(whole), "s", _BOUND_S, steps),
        Row("  peak memory of its process", told["peak_mb"], "MB", _BOUND_MB, f"{told['values_mb']:.0f} MB before it"),
        _command(tell),
    ]


def _command(tell: Tell) -> Row:
    """Measure `./monitor replay FILE --json` from the start of its process to its end."""
    tell(f"replay: a file of {YEARS} years, {_RUNS} times")
    points, prices = years.points_and_prices(YEARS)
    truth = Truth(points, years.flows(points), prices, ())
    with scratch() as folder:
        file = folder / "history.json"
        file.write_text(write(Record("Bench", years.POLICY, truth, [60] * len(points))), encoding="utf-8")
        size_mb = file.stat().st_size / 1e6
        whole = [_run("replay", str(file), "--json") for _ in range(_RUNS)]
    began_s = middle([_run("replay", "--help") for _ in range(_RUNS)])
    note = f"a file of {size_mb:.1f} MB; {began_s:.2f} s until the command begins, which is what --help takes"
    return Row(f"replay, {YEARS} years hourly, the command", middle(whole), "s", _COMMAND_S, note)


def _run(*arguments: str) -> float:
    """Run a command of ours to its end and return how many seconds that took."""
    began = time.perf_counter()
    subprocess.run([*_MONITOR, *arguments], cwd=_ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def peak_mb() -> float:
    """Return the most memory this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def main() -> None:
    """Print the times of each step and the memory as JSON."""
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
