"""`./monitor collect`: one run over the accounts that are due."""

import argparse

from lib.cli import terminal
from lib.domain.money import cents_text
from lib.domain.requests import CollectOrder
from lib.usecases import runs
from lib.usecases.collect import collect
from lib.usecases.runs import RunReport

_EXIT = {
    runs.OK: terminal.FINE,
    runs.NOTHING_DUE: terminal.FINE,
    runs.FAILED: terminal.FAILED,
    runs.PARTIAL: terminal.PARTLY,
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("collect", help="read the accounts that are due, once")
    parser.add_argument("--account", metavar="ID", help="only this account")
    parser.add_argument("--force", action="store_true", help="take the current slot anew though it is complete")
    parser.add_argument("--json", action="store_true", help="print the answer of /api/collect")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Run once and show what was done."""
    order = CollectOrder(parsed.account, "force" if parsed.force else "no")
    return show(terminal.wait_for(work(order)), order, as_json=parsed.json)


async def work(order: CollectOrder) -> RunReport:
    """Open the store and run."""
    async with terminal.home() as home:
        return await collect(home.wired.collector, order)


def show(report: RunReport, order: CollectOrder, *, as_json: bool) -> int:
    """Show a run, and return its exit code. What had to be done whatever is due, and was not, has failed."""
    if as_json:
        terminal.show_json(runs.answer(report))
    if report.status == runs.NOTHING_DUE and order.retake != "no":
        terminal.complain("nothing was done: whom it is about is paused, closed, without a key, or held by another run")
        return terminal.FAILED
    if as_json:
        return _EXIT[report.status]
    if report.status == runs.NOTHING_DUE:
        print("Nothing is due: no account that is collected lacks its snapshot of this slot.")
    else:
        rows = [
            (
                one.name,
                one.status,
                "" if one.nav_usd is None else cents_text(one.nav_usd),
                "" if one.benchmark_usd is None else cents_text(one.benchmark_usd),
                str(one.flows),
                one.failure.detail or "" if one.failure else ", ".join(one.missing),
            )
            for one in report.accounts
        ]
        terminal.show_table(("account", "status", "value USD", "benchmark USD", "flows", "missing"), rows)
    return _EXIT[report.status]
