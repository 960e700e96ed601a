"""`./monitor keygen`: a fresh key for ENCRYPTION_KEY."""

import argparse

from lib.cli import terminal
from lib.vault import generate_key


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("keygen", help="make an encryption key")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Print a fresh key."""
    print(generate_key())
    return terminal.FINE
