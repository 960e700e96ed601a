"""`./monitor accounts`: add an account after checking its key, list those that are there."""

import argparse
import getpass
import os
import sys
from decimal import Decimal
from typing import Any

from lib.cli import terminal
from lib.domain.money import cents_text
from lib.domain.requests import CollectOrder
from lib.errors import InvalidInput
from lib.usecases import accounts, runs
from lib.usecases.collect import collect
from lib.usecases.runs import RunReport

_KEY, _SECRET = "BINANCE_API_KEY", "BINANCE_API_SECRET"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("accounts", help="add and list accounts")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    adding = parts.add_parser("add", help="check a key that can only read, and store the account")
    adding.add_argument("name", help="what you call the account")
    adding.set_defaults(run=run_add)
    adding.description = f"Key and secret are asked for without echo, or read from {_KEY} and {_SECRET}."
    listing = parts.add_parser("list", help="list the accounts with their latest figures")
    listing.add_argument("--json", action="store_true", help="print the answer of /api/accounts")
    listing.set_defaults(run=run_list)


def run_add(parsed: argparse.Namespace) -> int:
    """Add the account and take its first snapshot."""
    api_key, secret = _ask(_KEY, "API key"), _ask(_SECRET, "Secret")
    report = terminal.wait_for(_add(parsed.name, api_key, secret))
    one = report.accounts[0] if report.accounts else None
    if one is None or one.status != runs.STORED:
        why = "another run holds it" if one is None else one.failure.detail if one.failure else ", ".join(one.missing)
        terminal.say(f"{parsed.name} was added; its first snapshot is not complete yet: {why}")
        return terminal.PARTLY
    print(f"{parsed.name} was added, and its first snapshot was taken. The comparison has started.")
    return terminal.FINE


def run_list(parsed: argparse.Namespace) -> int:
    """Show the accounts."""
    answer = terminal.wait_for(_list())
    if parsed.json:
        terminal.show_json(answer)
        return terminal.FINE
    rows = [_line(account) for account in answer["accounts"]]
    if rows:
        terminal.show_table(("id", "name", "status", "value USD", "benchmark USD", "ahead USD"), rows)
    else:
        print("No account yet: ./monitor accounts add NAME")
    return terminal.FINE


async def _add(name: str, api_key: str, secret: str) -> RunReport:
    async with terminal.home() as home:
        account = await accounts.add(home.wired.collector, name, api_key, secret)
        return await collect(home.wired.collector, CollectOrder(account.id))


async def _list() -> dict[str, Any]:
    async with terminal.home() as home:
        return await accounts.listing(home.wired.collector)


def _line(account: dict[str, Any]) -> tuple[str, ...]:
    latest = account["latest"]
    figures = (latest["nav"], latest["benchmark"], account["difference"]) if latest else ()
    shown = [cents_text(Decimal(figure)) for figure in figures] or ["", "", ""]
    return (account["id"], account["name"], account["status"]["code"], *shown)


def _ask(variable: str, label: str) -> str:
    """Take a secret from the environment or ask for it without echo; it is never an argument."""
    given = os.environ.get(variable) or (getpass.getpass(f"{label}: ") if sys.stdin.isatty() else "")
    if not given.strip():
        raise InvalidInput(variable, "is not set, and there is no terminal to ask on")
    return given.strip()
