"""`./monitor accounts`: add an account after checking its key, list those that are there, check their keys."""

import argparse
import getpass
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from lib.cli import doctor, terminal
from lib.domain.money import cents_text
from lib.domain.requests import CollectOrder
from lib.errors import InvalidInput, NotFound
from lib.local.doctor import check_exchange, gather_exchange
from lib.local.doctor.finding import Finding
from lib.usecases import accounts, keycheck, runs
from lib.usecases.collect import collect
from lib.usecases.runs import RunReport

_KEY, _SECRET = "BINANCE_API_KEY", "BINANCE_API_SECRET"
_PEM = "-----BEGIN "


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("accounts", help="add, list and check accounts")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    adding = parts.add_parser("add", help="check a key that can only read, and store the account")
    adding.add_argument("name", help="what you call the account")
    adding.set_defaults(run=run_add)
    adding.description = (
        f"Key and secret are asked for without echo, or read from {_KEY} and {_SECRET}. For an RSA or Ed25519 key the "
        "secret is the private key in PEM, or the path of its file."
    )
    listing = parts.add_parser("list", help="list the accounts with their latest figures")
    listing.add_argument("--json", action="store_true", help="print the answer of /api/accounts")
    listing.set_defaults(run=run_list)
    checking = parts.add_parser("check", help="ask Binance about the keys, and name what is wrong and what to do")
    checking.add_argument("name", nargs="?", help="only this account, by its id or name")
    checking.add_argument("--json", action="store_true", help="print the findings for a program")
    checking.set_defaults(run=run_check)


def run_add(parsed: argparse.Namespace) -> int:
    """Add the account and take its first snapshot."""
    api_key, secret = _ask(_KEY, "API key"), _secret(_ask(_SECRET, "Secret, or the path of a private key's file"))
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


def run_check(parsed: argparse.Namespace) -> int:
    """Show what Binance says to each key from this machine."""
    return doctor.show(terminal.wait_for(_check(parsed.name)), as_json=parsed.json)


async def _check(name: str | None) -> tuple[Finding, ...]:
    async with terminal.home() as home:
        wired = home.wired
        known = [one for one in await wired.store.accounts() if one.state != "closed"]
        asked = [one for one in known if name is None or name in (one.id, one.name)]
        if name is not None and not asked:
            raise NotFound(f"there is no account {name!r}")
        sealed = [(one.name, await wired.store.load(one.id)) for one in asked]
        keys = [
            (name, keycheck.credentials(wired.vault, one.id, one.sealed_key)) for name, one in sealed if one.sealed_key
        ]
        return check_exchange.check(await gather_exchange.look(wired.settings, wired.exchange, wired.clock, keys))


async def _add(name: str, api_key: str, secret: str) -> RunReport:
    async with terminal.home() as home:
        account = await accounts.add(home.wired.collector, name, api_key, secret)
        return await collect(home.wired.collector, CollectOrder(account.id))


async def _list() -> dict[str, Any]:
    async with terminal.home() as home:
        wired = home.wired
        return await accounts.listing(wired.store, wired.clock, wired.settings.collect_every_minutes)


def _line(account: dict[str, Any]) -> tuple[str, ...]:
    latest = account["latest"]
    figures = (latest["nav"], latest["benchmark"], account["difference"]) if latest else ()
    shown = [cents_text(Decimal(figure)) for figure in figures] or ["", "", ""]
    return (account["id"], account["name"], account["status"]["code"], *shown)


def _secret(given: str) -> str:
    """Return a secret as it was given, or the private key in the file that was named.

    In the environment a PEM block may stand in one line, its lines parted by a backslash and n.
    """
    if given.startswith(_PEM):
        return given.replace("\\n", "\n")
    path = Path(given).expanduser()
    try:
        if not path.is_file():
            return given
        text = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):  # a secret may be no possible path at all
        return given
    if not text.startswith(_PEM):
        raise InvalidInput(_SECRET, "names a file that is no private key in PEM")
    return text


def _ask(variable: str, label: str) -> str:
    """Take a secret from the environment or ask for it without echo; it is never an argument."""
    given = os.environ.get(variable) or (getpass.getpass(f"{label}: ") if sys.stdin.isatty() else "")
    if not given.strip():
        raise InvalidInput(variable, "is not set, and there is no terminal to ask on")
    return given.strip()
