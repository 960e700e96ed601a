"""`./monitor restore`: a backup into an empty database."""

import argparse
from pathlib import Path

from lib.cli import terminal
from lib.local import backup
from lib.local.home import SQL, database
from lib.store import migrations


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("restore", help="bring a backup back into an empty database")
    parser.add_argument("file", metavar="FILE", type=Path, help="what ./monitor backup or pg_dump wrote")
    parser.add_argument("--json", action="store_true", help="print what was brought back for a program")
    parser.description = "All of it or nothing; an older release's schema is then brought up to date."
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Bring it back, then apply what this release has besides."""
    settings = terminal.read_settings()
    local = settings.demo or settings.supabase_url is None
    with database(settings, terminal.DATA) as dsn:
        if local:
            migrations.make_roles(dsn, SQL)
        backup.bring_back(dsn, parsed.file)
        applied = migrations.apply(dsn, SQL, local=local)
    if parsed.json:
        terminal.show_json({"file": str(parsed.file), "version": applied.version})
    else:
        terminal.say(f"Restored {parsed.file}; the schema is at version {applied.version}.")
    terminal.say("./monitor doctor tells whether ENCRYPTION_KEY opens the stored keys.")
    return terminal.FINE
