"""`./monitor export`: an account as a history file."""

import argparse
from pathlib import Path

from lib.cli import terminal
from lib.document.writing import write
from lib.domain.record import Record
from lib.errors import InvalidInput
from lib.usecases.export import export


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("export", help="write accounts as history files, without secrets")
    parser.add_argument("account", help="an account's id, or all")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write there (default: standard output)")
    parser.description = "Writes one JSON document per account, one after another where there are several."
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Write the documents."""
    records = terminal.wait_for(_export(parsed.account))
    if not records:
        terminal.complain("there is no account to export")
        return terminal.FAILED
    text = "".join(map(write, records))
    if parsed.output is None:
        print(text, end="")
        return terminal.FINE
    try:
        parsed.output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(str(parsed.output), error.strerror or "cannot be written") from None
    terminal.say(f"Wrote {', '.join(record.name for record in records)} to {parsed.output}.")
    return terminal.FINE


async def _export(account: str) -> tuple[Record, ...]:
    async with terminal.home() as home:
        return await export(home.wired.store, account)
