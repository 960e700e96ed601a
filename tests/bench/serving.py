"""A local server in demo mode with a data folder of its own: what `./monitor serve` does, for as long as needed."""

import asyncio
import sys
from pathlib import Path

from lib import log, settings
from lib.local.server import serve


def main(folder: str) -> None:
    """Serve on a free port until a signal comes, and say what is going on, line by line."""
    chosen = settings.read({"DEMO_MODE": "true", "HOST": "127.0.0.1", "PORT": "0"})
    log.configure("ERROR")
    asyncio.run(serve(chosen, Path(folder), lambda text: print(text, flush=True)))


if __name__ == "__main__":
    main(sys.argv[1])
