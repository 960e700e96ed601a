"""`./monitor backup`: the whole database as one file."""

import argparse
from pathlib import Path

from lib.cli import terminal
from lib.local import backup
from lib.local.home import database

_KEEP = "Keep {} as well, in another place: without it the exchange keys in the file cannot be read again."


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("backup", help="write the whole database into a file, by pg_dump")
    parser.add_argument("file", metavar="FILE", type=Path, help="a file that is not there yet")
    parser.add_argument("--json", action="store_true", help="print what was written for a program")
    parser.description = "Runs may go on meanwhile: the file holds one instant."
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Write the file."""
    settings = terminal.read_settings()
    with database(settings, terminal.DATA) as dsn:
        backup.save(dsn, parsed.file)
    size_b = parsed.file.stat().st_size
    if parsed.json:
        terminal.show_json({"file": str(parsed.file), "bytes": size_b})
    else:
        terminal.say(f"Wrote {parsed.file} ({size_b / 1_000_000:.1f} MB).")
    terminal.say(_KEEP.format("the demo's key (.data/demo.key)" if settings.demo else "ENCRYPTION_KEY"))
    return terminal.FINE
