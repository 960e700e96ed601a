"""`./monitor recompute`: rebuild what is derived, and say how much of it was something else."""

import argparse

from lib.cli import terminal
from lib.domain.requests import ALL_ACCOUNTS
from lib.usecases.recompute import Rebuilt, recompute


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "recompute", help="rebuild benchmark, indices, events and days from what they follow from"
    )
    parser.add_argument("account", nargs="?", default=ALL_ACCOUNTS, help="an account's id (default: all)")
    parser.add_argument("--json", action="store_true", help="print what changed for a program")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Rebuild and show what changed."""
    rebuilt = terminal.wait_for(_recompute(parsed.account))
    if parsed.json:
        terminal.show_json({"accounts": rebuilt})
        return terminal.FINE
    counts = [(one.rows, one.changed_rows, one.changed_events, one.changed_days) for one in rebuilt]
    rows = [(one.account, *map(str, count)) for one, count in zip(rebuilt, counts, strict=True)]
    terminal.show_table(("account", "rows", "rows changed", "events changed", "days changed"), rows)
    print("\nWhat was stored is what follows from the truth." if not any(one.changed for one in rebuilt) else "")
    return terminal.FINE


async def _recompute(account: str) -> tuple[Rebuilt, ...]:
    async with terminal.home() as home:
        return await recompute(home.wired.store, account)
