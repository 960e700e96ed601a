"""`./monitor import`: accounts from history files, with figures computed from them."""

import argparse
from dataclasses import dataclass

from lib.cli import terminal
from lib.cli.replay import read_file
from lib.document.errors import InvalidDocument
from lib.domain.prices import MissingPrice
from lib.domain.record import Record
from lib.errors import InvalidInput
from lib.usecases.restore import restore


@dataclass(frozen=True, slots=True)
class _Restored:
    id: str
    name: str
    snapshots: int


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("import", help="restore accounts from history files")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a history file; - is the standard input")
    parser.add_argument("--json", action="store_true", help="print what was restored for a program")
    parser.description = "An account that is restored has no key: its figures are there, and nothing is collected."
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Read every file before the first account is stored, then store them one by one."""
    records = [(file, record) for file in parsed.files for record in read_file(file)]
    restored: list[_Restored] = []
    try:
        terminal.wait_for(_restore(records, restored, quiet=parsed.json))
    finally:  # where a file is refused, those before it are there all the same
        if parsed.json and restored:
            terminal.show_json({"accounts": restored})
    return terminal.FINE


async def _restore(records: list[tuple[str, Record]], restored: list[_Restored], *, quiet: bool) -> None:
    async with terminal.home() as home:
        wired = home.wired
        for file, record in records:
            try:
                account_id = await restore(wired.store, wired.clock, record, wired.exchange.sources)
            except MissingPrice as error:
                raise InvalidDocument(file, "prices", str(error)) from None
            except InvalidInput as error:
                raise InvalidDocument(file, error.field, str(error).removeprefix(f"{error.field}: ")) from None
            one = _Restored(account_id, record.name, len(record.truth.points))
            restored.append(one)
            if not quiet:
                print(f"{one.name} was restored as {one.id}: {one.snapshots} snapshots. It has no key.", flush=True)
