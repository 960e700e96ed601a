"""`./monitor history`: an account's value and benchmark over time."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lib.cli import terminal
from lib.domain.money import cents, cents_text
from lib.domain.requests import ALL_ACCOUNTS, RANGES, HistoryRequest
from lib.usecases import history, spreadsheet
from lib.web import encode

_TABLE_POINTS = 40
_JSON_POINTS = 2000


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("history", help="show value and benchmark over time")
    parser.add_argument("account", nargs="?", default=ALL_ACCOUNTS, help="an account's id (default: all)")
    parser.add_argument("--range", choices=list(RANGES), default="all", help="how far back (default: all)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the answer of /api/history")
    form.add_argument("--csv", action="store_true", help="print every snapshot of the range, nothing thinned")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Show the history and its headline."""
    if parsed.csv:
        sys.stdout.write(encode.table(terminal.wait_for(_rows(HistoryRequest(parsed.account, RANGES[parsed.range])))))
        return terminal.FINE
    points = _JSON_POINTS if parsed.json else _TABLE_POINTS
    answer = terminal.wait_for(_read(HistoryRequest(parsed.account, RANGES[parsed.range], points=points)))
    if parsed.json:
        terminal.show_json(answer)
        return terminal.FINE
    series, metrics = answer["series"], answer["metrics"]
    if metrics is None:
        print("No complete snapshot yet.")
        return terminal.FINE
    columns = (series["t"], series["nav"], series["benchmark"], series["flow"])
    rows = [
        (f"{datetime.fromtimestamp(t, UTC):%Y-%m-%d %H:%M}", nav, benchmark, flow if Decimal(flow) else "")
        for t, nav, benchmark, flow in zip(*columns, strict=True)
    ]
    terminal.show_table(("UTC", "value USD", "benchmark USD", "flow USD"), rows)
    print(f"\n{headline(metrics)}")
    return terminal.FINE


def headline(metrics: dict[str, Any]) -> str:
    """Say in one sentence how the account stands against its benchmark."""
    difference = Decimal(metrics["difference"])
    ratio = metrics["active_return"]
    shown = "" if ratio is None else f", return {ratio * 100:+.2f} % against the benchmark in this range"
    if not any(cents(Decimal(metrics[name])) for name in ("nav", "benchmark", "difference")):
        return f"The account is empty: nothing to compare with the benchmark{shown}."
    by = f"{cents_text(abs(difference))} USD {'behind' if difference < 0 else 'ahead of'}"
    return f"{by if cents(difference) else 'Level with'} the benchmark since the start{shown}."


async def _read(request: HistoryRequest) -> dict[str, Any]:
    async with terminal.home() as home:
        return await history.read(home.wired.store, request)


async def _rows(request: HistoryRequest) -> Sequence[Sequence[object]]:
    async with terminal.home() as home:
        _, rows = await spreadsheet.tagged(home.wired.store, request)
        return rows
