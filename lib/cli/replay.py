"""`./monitor replay`: the figures of history files, recomputed without a database."""

import argparse
import gc
import json
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from lib.cli import terminal
from lib.cli.history import headline
from lib.document.errors import InvalidDocument
from lib.document.reading import read
from lib.domain.money import cents_text
from lib.domain.prices import MissingPrice
from lib.domain.record import Record
from lib.errors import InvalidInput
from lib.usecases import replay
from lib.web.encode import encoded


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("replay", help="recompute the figures of history files, without a database")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a history file; - is the standard input")
    parser.add_argument("--json", action="store_true", help="print every row, event and figure")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Recompute the files and show what came out."""
    gc.disable()  # a long history is a million values that stay until the end: nothing to collect
    try:
        return _replay(parsed)
    finally:
        gc.enable()


def _replay(parsed: argparse.Namespace) -> int:
    records = [(file, record) for file in parsed.files for record in read_file(file)]
    told = [_told(file, record) for file, record in records]
    try:
        answer: dict[str, Any] = replay.answer(told)
    except MissingPrice as error:
        raise InvalidInput("total", str(error)) from None
    if parsed.json:
        print(json.dumps(answer, default=encoded))
    else:
        _show([*answer["accounts"], answer["total"]])
    return terminal.FINE


def read_file(file: str) -> tuple[Record, ...]:
    """Read a history file. Raises: InvalidDocument naming the file and the place in it."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidDocument(file, "", error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise InvalidDocument(file, "", "is no text in UTF-8") from None
    return read(text, file)


def _told(file: str, record: Record) -> replay.Told:
    try:
        return replay.tell(record)
    except MissingPrice as error:
        raise InvalidDocument(file, "prices", str(error)) from None


def _show(accounts: Sequence[Mapping[str, Any]]) -> None:
    """Show each account's standing, the total last, and what there is to be warned of."""
    shown = [one for one in accounts if one["metrics"]]
    rows = [
        (
            one["name"],
            one["series"][0]["at"][:10],
            one["series"][-1]["at"][:16].replace("T", " "),
            *(cents_text(Decimal(one["metrics"][name])) for name in ("nav", "benchmark", "difference")),
            *(_percent(one["metrics"][name]) for name in ("twr", "benchmark_twr")),
        )
        for one in shown
    ]
    heads = ("account", "since", "until UTC", "value USD", "benchmark USD", "ahead USD", "return", "benchmark")
    terminal.show_table(heads, rows)
    for one in accounts[:-1]:
        for warning in one["warnings"]:
            terminal.complain(f"{one['name']}: {warning}")
    if total := accounts[-1]["metrics"]:
        print(f"\n{headline(total)}")


def _percent(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio * 100:+.2f} %"
