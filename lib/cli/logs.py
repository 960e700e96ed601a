"""`./monitor logs`: what runs told, and with --follow what they go on telling."""

import argparse
import asyncio
from contextlib import nullcontext, suppress
from dataclasses import replace

from lib.cli import terminal
from lib.domain.requests import DEFAULT_LOGS, LEVELS, LogRequest
from lib.errors import Unavailable
from lib.ports import Store
from lib.records import StoredLog
from lib.usecases.logs import find, in_words

_LOOK_AGAIN_S = 2.0
_MOST = 500


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("logs", help="show what runs told")
    parser.add_argument("--follow", action="store_true", help="go on with what is new, until Ctrl-C")
    parser.add_argument("--level", choices=LEVELS, help="this level and the graver ones")
    parser.add_argument("--account", metavar="ID", help="only this account")
    parser.add_argument("--event", help="only this event, or those that begin with it: account.flow, account")
    parser.add_argument("--run", metavar="ID", dest="of_run", help="only this run")
    parser.add_argument("--find", metavar="TEXT", help="only entries with this text")
    parser.add_argument(
        "--limit",
        type=_limit,
        metavar="N",
        default=DEFAULT_LOGS,
        help=f"how many, at most {_MOST} (default {DEFAULT_LOGS})",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(run=run)


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST)) and 0 < int(text) <= _MOST):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {_MOST}, not {text[:20]!r}")
    return int(text)


def run(parsed: argparse.Namespace) -> int:
    """Show the entries, oldest first, as a terminal is read."""
    with suppress(KeyboardInterrupt) if parsed.follow else nullcontext():
        terminal.wait_for(_show(parsed))
    return terminal.FINE


async def _show(parsed: argparse.Namespace) -> None:
    request = LogRequest(
        limit=parsed.limit,
        level=parsed.level,
        account=parsed.account,
        event=parsed.event,
        run=parsed.of_run,
        text=parsed.find,
    )
    async with terminal.home() as home:
        last = await _print(home.wired.store, request, as_json=parsed.json)
        if parsed.follow:
            await _follow(home.wired.store, replace(request, after=last, limit=_MOST), as_json=parsed.json)


async def _follow(store: Store, request: LogRequest, *, as_json: bool) -> None:
    """Print what comes, until this is cancelled; a database that is away is waited for."""
    away = False
    while True:
        await asyncio.sleep(_LOOK_AGAIN_S)
        try:
            last = await _print(store, request, as_json=as_json)
        except Unavailable as error:
            if not away:
                terminal.complain(f"{error}; looking again until it does")
            away = True
        else:
            away = False
            request = replace(request, after=max(last, request.after or 0))


async def _print(store: Store, request: LogRequest, *, as_json: bool) -> int:
    """Print what is found, and return the id to go on from."""
    found = await find(store, request)
    for stored in reversed(found):
        print(terminal.json_line(in_words(stored)) if as_json else _line(stored), flush=True)
    return max((stored.id for stored in found), default=0)


def _line(stored: StoredLog) -> str:
    entry = stored.entry
    return (
        f"{entry.at:%Y-%m-%d %H:%M:%S}  {entry.level:7}  {entry.account or '-':10}  {entry.event:18}  {entry.message}"
    )
