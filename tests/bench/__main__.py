"""`make bench`: measure what the budgets speak of, and print it beside them. Never fails a build."""

import argparse
import asyncio
import os
import platform
import sys
import time
from collections.abc import Awaitable, Callable

from lib import garbage, log
from tests.bench import collecting, crowded, functions, keeping, lives, many, reading, replaying, starting
from tests.bench.table import Row, Tell, missing, render

SECTIONS: dict[str, Callable[[Tell], Awaitable[list[Row]]]] = {
    "collect": collecting.rows,
    "many": many.rows,
    "replay": replaying.rows,
    "history": reading.rows,
    "storage": keeping.rows,
    "crowd": crowded.rows,
    "functions": functions.rows,
    "start": starting.rows,
    "chaos": lives.rows,
}


def main() -> int:
    """Measure the sections that are asked for, all by default, and print one table."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; all by default")
    chosen = parser.parse_args().sections or list(SECTIONS)
    if unknown := set(chosen) - SECTIONS.keys():
        parser.error(f"no section is called {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    garbage.look_rarely()  # as each process of the product does
    log.configure("ERROR")
    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  {text}", file=sys.stderr, flush=True)

    rows = [row for name in chosen for row in measured(name, tell)]
    print(f"\n{_machine()}\n\n{render(rows)}\n\n! over its bound. Medians of several runs; latency is injected.")
    return 0


def measured(name: str, tell: Tell) -> list[Row]:
    """Return the rows of a section; what goes wrong with it is a row, too, and the others are still measured."""
    try:
        return asyncio.run(_rows(name, tell))
    except Exception as problem:  # noqa: BLE001 - a measurement that fails must not hide the others
        return [missing(name, f"{type(problem).__name__}: {problem}")]


async def _rows(name: str, tell: Tell) -> list[Row]:
    return await SECTIONS[name](tell)


def _machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}{load}"


if __name__ == "__main__":
    sys.exit(main())
