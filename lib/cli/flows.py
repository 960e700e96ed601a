"""`./monitor flows`: the ledger of an account, and what a person has to say about it."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lib.cli import terminal
from lib.domain.requests import FlowChange, FlowEntry, FlowsRequest
from lib.errors import InvalidInput
from lib.local.home import Home
from lib.usecases import ledger


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("flows", help="the ledger: list, add, void, correct, internal")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    listing = parts.add_parser("list", help="every entry, newest first, and what is on its way")
    listing.add_argument("account", help="an account's id, or all")
    listing.add_argument("--json", action="store_true", help="print the answer of /api/flows")
    listing.set_defaults(run=run_list)
    for action, text in (("add", "book a flow that Binance does not tell"), ("correct", "book one in another's place")):
        part = parts.add_parser(action, help=text)
        part.add_argument("account", help="an account's id")
        if action == "correct":
            part.add_argument("flow", help="the id of the entry")
        part.add_argument("at", help="when it was credited or left: 2026-01-31T12:00:00Z")
        part.add_argument("quantity", help="how much came in; with a minus what left: -500")
        part.add_argument("--asset", default="USD", help="the coin (default: USD)")
        _with_reason(part, action)
    for action, text in (("void", "take an entry out of force"), ("internal", "say that it never left your hands")):
        part = parts.add_parser(action, help=text)
        part.add_argument("account", help="an account's id")
        part.add_argument("flow", help="the id of the entry")
        _with_reason(part, action)


def run_list(parsed: argparse.Namespace) -> int:
    """Show the ledger."""
    answer = terminal.wait_for(_opened(lambda home: ledger.read(home.wired.store, FlowsRequest(parsed.account))))
    if parsed.json:
        terminal.show_json(answer)
        return terminal.FINE
    rows = [_line(flow) for flow in (*answer["coming"], *answer["flows"])]
    if rows:
        terminal.show_table(("UTC", "account", "flow", "USD", "state", "id", "reason"), rows)
    else:
        print("No money in or out.")
    return terminal.FINE


def run_change(parsed: argparse.Namespace) -> int:
    """Change the ledger and show the entry."""
    entry = None
    if parsed.part in ("add", "correct"):
        entry = FlowEntry(_instant(parsed.at), _number(parsed.quantity), parsed.asset.upper(), parsed.reason)
    change = FlowChange(parsed.account, parsed.part, parsed.reason, getattr(parsed, "flow", None), entry)
    answer = terminal.wait_for(_opened(lambda home: ledger.change(home.wired.collector, change)))
    if parsed.json:
        terminal.show_json(answer)
        return terminal.FINE
    flow = answer["flow"]
    usd = flow["usd"].removeprefix("-")
    print(f"{flow['state']}: {flow['kind']} of {usd} USD at {flow['at']:%Y-%m-%d %H:%M} UTC, {flow['id']}")
    return terminal.FINE


def _with_reason(part: argparse.ArgumentParser, action: str) -> None:
    part.add_argument("--reason", required=True, help="why; it is kept with the entry")
    part.add_argument("--json", action="store_true", help="print the answer of /api/flows")
    part.set_defaults(run=run_change, part=action)


async def _opened(work: Callable[[Home], Any]) -> Any:
    async with terminal.home() as home:
        return await work(home)


def _line(flow: dict[str, Any]) -> tuple[str, ...]:
    what = f"{flow['kind']} {flow['quantity'].removeprefix('-')} {flow['asset']}"
    return (
        f"{flow['at']:%Y-%m-%d %H:%M}",
        flow["account"],
        what,
        flow.get("usd", ""),
        flow["state"],
        flow["id"],
        flow.get("reason") or "",
    )


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise InvalidInput("at", "must name its zone: 2026-01-31T12:00:00Z")
        return at.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter: the first and the last day of the calendar, in another zone
        raise InvalidInput("at", "must be a time like 2026-01-31T12:00:00Z") from None


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise InvalidInput("quantity", f"must be a number, got {text!r}") from None
    if not number.is_finite():
        raise InvalidInput("quantity", "must be a finite number")
    return number
