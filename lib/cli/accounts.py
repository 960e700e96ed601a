"""`./monitor accounts`: add an account after checking its key, list, check, change and remove those that are there."""

import argparse
import getpass
import os
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lib.cli import doctor, terminal
from lib.domain import alert_limits
from lib.domain.alert_limits import DIGESTS
from lib.domain.money import cents_text
from lib.domain.requests import AccountChange, AccountEntry, AccountRemoval, KeyPair
from lib.errors import InvalidInput
from lib.local.doctor import check_exchange, gather_exchange
from lib.local.doctor.finding import Finding
from lib.records import UnknownAccount
from lib.usecases import accounts, keycheck, runs, upkeep

_KEY, _SECRET = "BINANCE_API_KEY", "BINANCE_API_SECRET"
_PEM = "-----BEGIN "


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("accounts", help="add, list, check, edit, pause and remove accounts")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    adding = parts.add_parser("add", help="check a key that can only read, and store the account")
    adding.add_argument("name", help="what you call the account")
    _with_json(adding)
    adding.set_defaults(run=run_add)
    adding.description = (
        f"Key and secret are asked for without echo, or read from {_KEY} and {_SECRET}. For an RSA or Ed25519 key the "
        "secret is the private key in PEM, or the path of its file."
    )
    listing = parts.add_parser("list", help="list the accounts with their latest figures")
    _with_json(listing)
    listing.set_defaults(run=run_list)
    checking = parts.add_parser("check", help="ask Binance about the keys, and name what is wrong and what to do")
    checking.add_argument("name", nargs="?", help="only this account, by its id or name")
    checking.add_argument("--json", action="store_true", help="print the findings for a program")
    checking.set_defaults(run=run_check)
    _add_edit(parts)
    for state, text in (("pause", "collect it no more for a while"), ("resume", "collect it again")):
        part = parts.add_parser(state, help=text)
        part.add_argument("account", help="an account's id")
        _with_json(part)
        part.set_defaults(run=run_turn)
    removing = parts.add_parser("remove", help="destroy its key and hide it; its history stays")
    removing.add_argument("account", help="an account's id")
    removing.add_argument("--erase", metavar="NAME", help="delete all that is stored of it instead; type its name")
    _with_json(removing)
    removing.set_defaults(run=run_remove)


def _with_json(part: argparse.ArgumentParser) -> None:
    part.add_argument("--json", action="store_true", help="print the answer of /api/accounts")


def _add_edit(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    editing = parts.add_parser(
        "edit", help="rename an account, give it another key, or say what you want to be told of"
    )
    editing.add_argument("account", help="an account's id")
    change = editing.add_mutually_exclusive_group()
    change.add_argument("--name", help="what you call it from now on; its id stays")
    change.add_argument("--key", action="store_true", help=f"asked for without echo, or read from {_KEY} and {_SECRET}")
    for name, text in (("behind", "it is so far behind its benchmark"), ("drawdown", "it fell so far from its peak")):
        editing.add_argument(f"--alert-{name}", metavar="PERCENT", help=f"tell me when {text}: 5%%, or off")
    editing.add_argument("--digest", choices=DIGESTS, help="how often to tell me how it went")
    _with_json(editing)
    editing.set_defaults(run=run_edit)


def run_add(parsed: argparse.Namespace) -> int:
    """Add the account and take its first snapshot."""
    answer = terminal.wait_for(_add(AccountEntry(parsed.name, KeyPair(*_asked()))))
    runs_one = (answer["run"] or {"accounts": []})["accounts"]
    one = runs_one[0] if runs_one else None
    whole = one is not None and one["status"] == runs.STORED
    if parsed.json:
        terminal.show_json(answer)
    elif whole:
        print(f"{answer['name']} was added, and its first snapshot was taken. The comparison has started.")
    else:
        why = "another run holds it" if one is None else one["error"] or ", ".join(one["missing"])
        terminal.say(f"{answer['name']} was added; its first snapshot is not complete yet: {why}")
    return terminal.FINE if whole else terminal.PARTLY


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
            raise UnknownAccount(name, [(one.id, one.name) for one in known])
        sealed = [(one.name, await wired.store.load(one.id)) for one in asked]
        keys = [
            (name, keycheck.credentials(wired.vault, one.id, one.sealed_key)) for name, one in sealed if one.sealed_key
        ]
        return check_exchange.check(await gather_exchange.look(wired.settings, wired.exchange, wired.clock, keys))


def run_edit(parsed: argparse.Namespace) -> int:
    """Rename an account, give it another key, or set what is told of it."""
    alerts = _alerts(parsed)
    if bool(alerts) == bool(parsed.name is not None or parsed.key):
        raise InvalidInput("edit", "takes --name, or --key, or some of --alert-behind, --alert-drawdown and --digest")
    if alerts:
        answer = terminal.wait_for(_change(AccountChange(parsed.account, alerts=alert_limits.changed(alerts))))
        told = ", ".join(f"{name} {_shown(value)}" for name, value in alerts.items())
        return _tell(parsed, answer, f"{parsed.account}: {told}.")
    key = KeyPair(*_asked()) if parsed.key else None
    answer = terminal.wait_for(_change(AccountChange(parsed.account, name=parsed.name, key=key)))
    return _tell(
        parsed,
        answer,
        f"{parsed.account} has another key." if parsed.key else f"{parsed.account} is called {parsed.name.strip()}.",
    )


def _tell(parsed: argparse.Namespace, answer: object, words: str) -> int:
    """Tell what was done, to a person or to a program."""
    if parsed.json:
        terminal.show_json(answer)
    else:
        print(words)
    return terminal.FINE


def _alerts(parsed: argparse.Namespace) -> dict[str, object]:
    """Return the parts of the alerts that change; a limit is typed as 5% or 0.05, and off is none."""
    given = {name: getattr(parsed, f"alert_{name}") for name in alert_limits.RATIOS}
    limits = {name: _ratio(text) for name, text in given.items() if text is not None}
    return limits if parsed.digest is None else {**limits, "digest": parsed.digest}


def _ratio(text: str) -> object:
    if text == "off":
        return None
    percent = text.removesuffix("%").strip()
    try:
        return text if percent == text else str(Decimal(percent) / 100)
    except InvalidOperation:
        return text  # what takes it says what it must be


def _shown(value: object) -> str:
    """Return a limit as a percentage; a digest is a word already."""
    if value is None:
        return "off"
    try:
        return f"{(Decimal(str(value)) * 100).normalize():f} %"
    except InvalidOperation:
        return str(value)


def run_turn(parsed: argparse.Namespace) -> int:
    """Pause an account or take it up again."""
    paused = parsed.part == "pause"
    answer = terminal.wait_for(_change(AccountChange(parsed.account, state="paused" if paused else "active")))
    return _tell(parsed, answer, f"{parsed.account} is {'paused' if paused else 'active again'}.")


def run_remove(parsed: argparse.Namespace) -> int:
    """Close an account, or erase it."""
    answer = terminal.wait_for(_remove(AccountRemoval(parsed.account, parsed.erase)))
    told = "was erased with all that was stored of it" if parsed.erase else "is closed: its key is destroyed"
    return _tell(parsed, answer, f"{parsed.account} {told}.")


async def _change(wanted: AccountChange) -> dict[str, object]:
    async with terminal.home() as home:
        return await upkeep.change(home.wired.register, home.wired.collector, wanted)


async def _remove(wanted: AccountRemoval) -> dict[str, object]:
    async with terminal.home() as home:
        return await upkeep.remove(home.wired.register, home.wired.collector, wanted)


async def _add(wanted: AccountEntry) -> dict[str, Any]:
    async with terminal.home() as home:
        return await upkeep.enter(home.wired.collector, wanted)


async def _list() -> dict[str, Any]:
    async with terminal.home() as home:
        return await accounts.listing(home.wired.collector)


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


def _asked() -> tuple[str, str]:
    return _ask(_KEY, "API key"), _secret(_ask(_SECRET, "Secret, or the path of a private key's file"))


def _ask(variable: str, label: str) -> str:
    """Take a secret from the environment or ask for it without echo; it is never an argument."""
    given = os.environ.get(variable) or (getpass.getpass(f"{label}: ") if sys.stdin.isatty() else "")
    if not given.strip():
        raise InvalidInput(variable, "is not set, and there is no terminal to ask on")
    return given.strip()
