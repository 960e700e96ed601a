"""`./monitor init`: write `.env` with fresh secrets, to leave demo mode."""

import argparse
import getpass
import os
import secrets
import sys

from lib import setting_values
from lib.cli import terminal
from lib.errors import ConfigurationError, InvalidInput
from lib.vault import generate_key

_SECRET_BYTES = 24
_PASSWORD = "DASHBOARD_PASSWORD"  # noqa: S105  the name of the setting


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("init", help="write .env with fresh secrets, to leave demo mode")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Write the file, readable by its owner only; one that is there is never touched."""
    if terminal.DOTENV.exists():  # before a password is asked for in vain
        raise _there_already()
    password = _ask()
    lines = (
        "# Written by ./monitor init. Keep it secret: ENCRYPTION_KEY opens the stored API secrets.",
        f"ENCRYPTION_KEY={generate_key()}",
        f"CRON_SECRET={secrets.token_urlsafe(_SECRET_BYTES)}",
        f"API_TOKEN={secrets.token_urlsafe(_SECRET_BYTES)}",
        f"{_PASSWORD}={_quoted(password)}" if password else f"# {_PASSWORD}=",
    )
    try:
        descriptor = os.open(terminal.DOTENV, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise _there_already() from None
    except OSError as error:
        raise ConfigurationError(f".env cannot be written to {terminal.DOTENV.parent}: {error.strerror}") from None
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(lines) + "\n")
    print("Wrote .env with an encryption key, a scheduler secret and a token to read with.")
    if password:
        print("Next: ./monitor accounts add NAME, then make run, and log in on the page with your password.")
    else:
        print(f"No password was set: with {_PASSWORD} in .env you can log in on the page and change things there.")
        print("Next: ./monitor accounts add NAME, then make run; open the page with the API_TOKEN of .env.")
    return terminal.FINE


def _ask() -> str | None:
    """Ask for the owner's password, twice and without echo; the environment beats asking, nothing typed sets none."""
    given = os.environ.get(_PASSWORD, "")
    if not given and sys.stdin.isatty():
        given = getpass.getpass("Password for the page (Enter for none): ")
        if given and getpass.getpass("Once more: ") != given:
            raise InvalidInput(_PASSWORD, "the two differ")
    try:
        return setting_values.password(given.strip()) if given.strip() else None
    except setting_values.Refused as refusal:
        raise InvalidInput(_PASSWORD, str(refusal)) from None


def _quoted(password: str) -> str:
    """Write a value so that it is read back as it is, whatever signs it has."""
    escaped = password.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _there_already() -> ConfigurationError:
    return ConfigurationError(".env is there already: edit it, or move it away first")
