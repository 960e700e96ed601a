"""Five years of hours from values to figures, in a process of their own so that its memory can be told."""

import asyncio
import json
import resource
import sys
import time
from itertools import pairwise

from lib.domain.figures import figures, last
from lib.domain.flows import net_by_instant
from lib.domain.money import ZERO
from lib.domain.replay import replay
from tests.bench import years
from tests.bench.table import Row, Tell, middle

YEARS = 5
_BOUND_S, _BOUND_MB = 0.4, 150
_RUNS = 3
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
    ]


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
