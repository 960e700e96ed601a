"""`./monitor serve`: dashboard, API and scheduler in one process."""

import argparse

from lib import log
from lib.cli import terminal
from lib.local.server import serve


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("serve", help="serve dashboard and API, and collect every hour")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    settings = terminal.read_settings()
    log.configure(settings.log_level or "INFO")
    terminal.wait_for(serve(settings, terminal.DATA, terminal.say))
    terminal.say("Stopped.")
    return terminal.FINE
