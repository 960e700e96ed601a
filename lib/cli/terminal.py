"""What every command shares: settings, where data live, tables, progress, and the first line."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lib import settings
from lib.settings import Settings
from lib.web.encode import encoded

if TYPE_CHECKING:
    from lib.local.home import Home

ROOT = Path(__file__).parents[2]
DOTENV = ROOT / ".env"
DATA = ROOT / ".data"

FINE, FAILED, WRONG_USE, PARTLY = 0, 1, 2, 3

_DEMO_LINE = "Demo mode: invented accounts on an imitation of Binance. `./monitor init` starts with your own."


def say(text: str) -> None:
    """Tell a person what is going on, apart from the result that a program may read."""
    print(text, file=sys.stderr, flush=True)


def complain(text: str) -> None:
    """Say what is wrong."""
    say(f"monitor: {text}")


def read_settings() -> Settings:
    """Read the settings, and say so if they mean demo mode. Raises: ConfigurationError."""
    found = settings.from_environment(DOTENV)
    if found.demo:
        say(_DEMO_LINE)
    return found


@asynccontextmanager
async def home() -> AsyncIterator["Home"]:
    """Open the store and the exchange; in demo mode the history is built first if it is not there yet."""
    from lib.local.demo import build_history
    from lib.local.home import opened

    async with opened(read_settings(), DATA) as found:
        for notice in found.notices:
            say(notice)
        if found.demo is not None:
            step = max(found.demo.progress.total // 10, 1)
            async for progress in build_history(found.demo, found.wired):
                if progress.done % step == 0 or not progress.building:
                    say(f"Building 90 days of history: {progress.done} of {progress.total} runs")
        yield found


def wait_for[T](work: Coroutine[object, object, T]) -> T:
    """Run a coroutine to its end."""
    return asyncio.run(work)


def json_line(value: object) -> str:
    """Write a value for a program in one line."""
    return json.dumps(encoded(value), separators=(",", ":"))


def show_json(value: object) -> None:
    """Write the result for a program."""
    print(json.dumps(encoded(value), indent=2))


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write the result for a person; columns that hold numbers are aligned right."""
    columns = [[head, *(row[place] for row in rows)] for place, head in enumerate(heads)]
    widths = [max(map(len, column)) for column in columns]
    numeric = [bool(rows) and all(_is_number(row[place]) for row in rows) for place in range(len(heads))]
    for line in (heads, *rows):
        cells = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        ]
        print("  ".join(cells).rstrip())


def _is_number(cell: str) -> bool:
    return not cell.strip(" +-−$%.,0123456789")
