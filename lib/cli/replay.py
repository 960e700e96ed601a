"""`./monitor replay`: the figures of history files, recomputed without a database."""

import argparse
import gc
import json
import sys
from collections.abc import Sequence
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
    parts = _parts(parsed.files)
    if parsed.json:
        _print(parts)
    else:
        _show(parts)
    return terminal.FINE


def _parts(files: Sequence[str]) -> tuple[replay.Part, ...]:
    """Recompute the files; what was read of them is forgotten before anything is written."""
    told = [_told(file, record) for file in files for record in read_file(file)]
    try:
        return replay.parts(told)
    except MissingPrice as error:
        raise InvalidInput("total", str(error)) from None


def _print(parts: Sequence[replay.Part]) -> None:
    """Print `replay.answer` part by part: the words of a long history take far more room than its values."""
    *accounts, total = parts
    sys.stdout.write('{"accounts": [')
    for place, one in enumerate(accounts):
        sys.stdout.write(f"{', ' if place else ''}{json.dumps(replay.in_words(one), default=encoded)}")
    sys.stdout.write(f'], "total": {json.dumps(replay.in_words(total), default=encoded)}}}\n')


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


def _show(parts: Sequence[replay.Part]) -> None:
    """Show each account's standing, the total of several last, and what there is to be warned of."""
    *accounts, _ = parts
    shown = parts if len(accounts) > 1 else accounts
    found: list[Any] = [replay.metrics_of(one) for one in shown]
    rows = [
        (
            one.name,
            f"{one.rows[0].at:%Y-%m-%d}",
            f"{one.rows[-1].at:%Y-%m-%d %H:%M}",
            *(cents_text(Decimal(metrics[name])) for name in ("nav", "benchmark", "difference")),
            *(_percent(metrics[name]) for name in ("twr", "benchmark_twr")),
        )
        for one, metrics in zip(shown, found, strict=True)
        if metrics
    ]
    heads = ("account", "since", "until UTC", "value USD", "benchmark USD", "ahead USD", "return", "benchmark")
    terminal.show_table(heads, rows)
    for one in accounts:
        for warning in one.warnings:
            terminal.complain(f"{one.name}: {warning}")
    if last := found[-1]:
        print(f"\n{headline(last)}")


def _percent(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio * 100:+.2f} %"
