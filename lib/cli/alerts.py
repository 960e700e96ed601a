"""`./monitor alerts`: try whether alerts arrive, and list what is the matter now."""

import argparse

from lib.alert_records import Delivery
from lib.cli import terminal
from lib.errors import ConfigurationError
from lib.notify.services import Services
from lib.usecases import accounts, alerting


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("alerts", help="send a test message, or list what is the matter now")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    testing = parts.add_parser("test", help="send a test message to every service of ALERT_URLS")
    testing.add_argument("--json", action="store_true", help="print what came of it for a program")
    testing.set_defaults(run=run_test)
    listing = parts.add_parser("list", help="list what is the matter with accounts now")
    listing.add_argument("--json", action="store_true", help="print it for a program")
    listing.set_defaults(run=run_list)


def run_test(parsed: argparse.Namespace) -> int:
    """Send a test message; exit with 3 where some services did not take it, with 1 where none did.

    Raises: ConfigurationError where no service is named.
    """
    urls = terminal.read_settings().alert_urls
    if not urls:
        raise ConfigurationError("ALERT_URLS is not set: name a service in .env, and nothing else is needed")
    found = terminal.wait_for(alerting.test(Services(urls)))
    if parsed.json:
        terminal.show_json({"services": found})
    else:
        rows = [(str(one.place), one.service, "took it" if one.delivered else "did not take it") for one in found]
        terminal.show_table(("in ALERT_URLS", "service", "the message"), rows)
    return _exit_code(found)


def run_list(parsed: argparse.Namespace) -> int:
    """Show what is the matter."""
    rows = terminal.wait_for(_open())
    if parsed.json:
        terminal.show_json({"alerts": rows})
    elif rows:
        names = ("account", "kind", "since", "detail")
        shown = [
            (*(str(row[name]) for name in names[:2]), f"{row['since']:%Y-%m-%d %H:%M}", str(row["detail"]))
            for row in rows
        ]
        terminal.show_table(names, shown)
    else:
        print("Nothing is the matter.")
    return terminal.FINE


async def _open() -> list[dict[str, object]]:
    async with terminal.home() as home:
        return await accounts.open_alerts(home.wired.store)


def _exit_code(found: tuple[Delivery, ...]) -> int:
    taken = sum(one.delivered for one in found)
    return terminal.FINE if taken == len(found) else terminal.PARTLY if taken else terminal.FAILED
