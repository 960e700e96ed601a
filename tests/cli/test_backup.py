"""`./monitor backup` and `./monitor restore`, over the demo exchange: of another Postgres and of the embedded one."""

import json
import shutil
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lib import settings
from lib.cli import terminal
from lib.demo.exchange import keys_of
from lib.local.postgres import Server
from lib.store.schema import SCHEMA_VERSION
from lib.vault import generate_key
from tests.cli.conftest import Command, Served
from tests.database import _fresh


@pytest.fixture
def another(postgres_server: Server) -> Iterator[str]:
    """A database as a new server has it, the address as a person writes it."""
    for dsn in _fresh(postgres_server, "template0"):
        yield dsn.replace("@/", "@localhost/")


def add_main(command: Command, exchange: Served, own: dict[str, str]) -> None:
    key = next(key for key in keys_of(exchange.exchange.world) if key.account == "Main")
    keys = {"BINANCE_API_KEY": key.api_key, "BINANCE_API_SECRET": str(key.secret)}
    added = command("accounts", "add", "Main", **own, **keys)
    assert added.code == 0, added.err


def shown(command: Command, own: dict[str, str]) -> dict[str, Any]:
    done = command("history", "main", "--json", **own)
    assert done.code == 0, done.err
    answer: dict[str, Any] = json.loads(done.out)
    return answer


def test_another_postgres_is_saved_and_comes_back_with_its_keys(
    command: Command, exchange: Served, own: dict[str, str], another: str, tmp_path: Path
) -> None:
    add_main(command, exchange, own)
    file = tmp_path / "monitor.dump"
    saved = command("backup", "--json", str(file), **own)
    assert saved.code == 0, saved.err
    assert json.loads(saved.out) == {"file": str(file), "bytes": file.stat().st_size}
    assert "ENCRYPTION_KEY" in saved.err
    elsewhere = own | {"DATABASE_URL": another}
    restored = command("restore", "--json", str(file), **elsewhere)
    assert (restored.code, json.loads(restored.out)) == (0, {"file": str(file), "version": SCHEMA_VERSION})
    assert shown(command, elsewhere) == shown(command, own)
    assert command("accounts", "check", **elsewhere).code == 0  # its key opens, and Binance takes it
    assert command("collect", "--force", **elsewhere).code == 0
    other_key = command("accounts", "check", **elsewhere | {"ENCRYPTION_KEY": generate_key()})
    assert other_key.code == 1
    again = command("restore", str(file), **elsewhere)
    assert (again.code, "has its tables already" in again.err) == (2, True)
    assert command("backup", str(file), **own).code == 2


def test_a_whole_life_from_the_first_key_to_a_restore_on_another_disk(
    command: Command, exchange: Served, own: dict[str, str], tmp_path: Path
) -> None:
    """Create keys, migrate, add an account, collect, look, rotate, back up, destroy, restore: the same figures."""
    hosts = {name: value for name, value in own.items() if name.startswith("BINANCE_")}
    assert command("init", DASHBOARD_PASSWORD="correct horse battery").code == 0
    nothing = command("backup", str(tmp_path / "nothing.dump"), **hosts)
    assert (nothing.code, "holds nothing yet" in nothing.err) == (2, True)
    assert command("migrate", **hosts).code == 0
    add_main(command, exchange, hosts)
    assert command("collect", "--force", **hosts).code == 0
    before, file = shown(command, hosts), command("export", "main", **hosts).out

    former, fresh = settings.read({}, terminal.DOTENV), command("keygen").out.strip()
    assert former.encryption_key is not None
    written = terminal.DOTENV.read_text()
    old = b64encode(former.encryption_key).decode()
    assert old in written
    terminal.DOTENV.write_text(f"{written.replace(old, fresh)}ENCRYPTION_KEYS_OLD={old}\n")
    assert command("rotate-key", **hosts).code == 0
    terminal.DOTENV.write_text(written.replace(old, fresh))

    assert command("backup", str(tmp_path / "monitor.dump"), **hosts).code == 0
    shutil.rmtree(tmp_path / "data")
    assert command("restore", str(tmp_path / "monitor.dump"), **hosts).code == 0
    assert shown(command, hosts) == before
    assert command("export", "main", **hosts).out == file
    assert command("accounts", "check", **hosts).code == 0
    assert command("collect", "--force", **hosts).code == 0


def test_a_hosted_store_is_saved_over_its_direct_address_alone(command: Command, tmp_path: Path) -> None:
    hosted = {
        "SUPABASE_URL": "https://abcdefgh.supabase.co",
        "SUPABASE_SECRET_KEY": "sb_secret_x",
        "ENCRYPTION_KEY": generate_key(),
    }
    for name in ("backup", "restore"):
        done = command(name, str(tmp_path / "monitor.dump"), **hosted)
        assert done.code == 2
        assert "SUPABASE_DB_URL is not set" in done.err
