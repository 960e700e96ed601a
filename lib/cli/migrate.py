"""`./monitor migrate`: bring the database's schema to what the code needs."""

import argparse

from lib import settings
from lib.cli import terminal
from lib.errors import ConfigurationError
from lib.local.home import SQL, database
from lib.store import migrations, sql_script
from lib.store.migrations import Applied


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("migrate", help="apply the database's migrations")
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--print", action="store_true", help="write one SQL file for the hosted SQL editor instead")
    forms.add_argument("--json", action="store_true", help="print what was applied for a program")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Apply what is missing, or print it."""
    if parsed.print:
        print(sql_script.render(SQL))
        return terminal.FINE
    found = terminal.read_settings()
    if found.supabase_url is not None and found.supabase_db_url is None:
        raise ConfigurationError(
            "SUPABASE_DB_URL is not set: give the session pooler's address, "
            "or paste the output of ./monitor migrate --print into the SQL editor"
        )
    dsn = found.supabase_db_url or found.database_url
    if dsn is None or found.demo:
        applied = _apply_embedded(found)
    else:
        applied = migrations.apply(dsn, SQL, local=found.supabase_url is None, anew=True)
    if parsed.json:
        terminal.show_json({"applied": applied.migrations, "version": applied.version})
        return terminal.FINE
    for name in applied.migrations:
        print(f"applied {name}")
    print(f"The database is at version {applied.version}.")
    return terminal.FINE


def _apply_embedded(found: settings.Settings) -> Applied:
    if not found.demo:
        settings.require(found)
    with database(found, terminal.DATA) as dsn:
        return migrations.apply(dsn, SQL, local=True, anew=True)
