"""Live histories by their seeds: `.venv/bin/python -m tests.chaos 12345`, or `--from 1 --count 1000`."""

import argparse
import asyncio
import sys
import time

from lib import log
from tests.bench.postgres import databases
from tests.chaos.histories import plan
from tests.chaos.living import opened
from tests.chaos.trial import Chaos, Failed


async def live(seeds: list[int], *, tell: bool) -> int:
    """Live them one after the other; return how many broke a law."""
    failed, began = 0, time.monotonic()
    with databases() as server:
        async with opened(server.fresh()) as house:
            chaos = Chaos(house)
            for number, seed in enumerate(seeds, start=1):
                try:
                    await chaos.live(seed)
                except Failed as failure:
                    failed += 1
                    print(failure, flush=True)
                    if tell:
                        print("\n".join(map(str, plan(seed).moments)))
                if number % 50 == 0:
                    print(f"{number} lived, {failed} failed, {time.monotonic() - began:.0f} s", flush=True)
    print("\n".join(chaos.census.lines()))
    print(f"{len(seeds)} histories, {failed} failed, {time.monotonic() - began:.1f} s")
    return failed


def main() -> int:
    """Return 1 where a law was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("seeds", nargs="*", type=int, metavar="SEED")
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--count", type=int, default=0)
    asked = parser.parse_args()
    log.configure("CRITICAL")
    seeds = asked.seeds or list(range(asked.first, asked.first + asked.count))
    return 1 if asyncio.run(live(seeds, tell=bool(asked.seeds))) else 0


if __name__ == "__main__":
    sys.exit(main())
