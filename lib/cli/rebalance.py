"""`./monitor rebalance`: bring benchmarks back to their weights."""

import argparse

from lib.cli import collect, terminal
from lib.domain.requests import CollectOrder


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("rebalance", help="apply due rebalances of the benchmark")
    parser.add_argument("--account", metavar="ID", help="only this account")
    parser.add_argument("--now", action="store_true", help="rebalance at once, as an entry of the ledger")
    parser.add_argument("--json", action="store_true", help="print the answer of /api/rebalance")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Run once and show what was done."""
    order = CollectOrder(parsed.account, "rebalance" if parsed.now else "no")
    return collect.show(terminal.wait_for(collect.work(order)), order, as_json=parsed.json)
