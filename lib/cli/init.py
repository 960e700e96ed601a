"""`./monitor init`: write `.env` with fresh secrets, to leave demo mode."""

import argparse
import os
import secrets

from lib.cli import terminal
from lib.errors import ConfigurationError
from lib.vault import generate_key

_SECRET_BYTES = 24


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("init", help="write .env with fresh secrets, to leave demo mode")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Write the file, readable by its owner only; one that is there is never touched."""
    lines = (
        "# Written by ./monitor init. Keep it secret: ENCRYPTION_KEY opens the stored API secrets.",
        f"ENCRYPTION_KEY={generate_key()}",
        f"CRON_SECRET={secrets.token_urlsafe(_SECRET_BYTES)}",
        f"API_TOKEN={secrets.token_urlsafe(_SECRET_BYTES)}",
    )
    try:
        descriptor = os.open(terminal.DOTENV, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigurationError(".env is there already: edit it, or move it away first") from None
    except OSError as error:
        raise ConfigurationError(f".env cannot be written to {terminal.DOTENV.parent}: {error.strerror}") from None
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(lines) + "\n")
    print("Wrote .env with an encryption key, a scheduler secret and a token to read with.")
    print("Next: ./monitor accounts add NAME, then make run; open the page with the API_TOKEN of .env.")
    return terminal.FINE
