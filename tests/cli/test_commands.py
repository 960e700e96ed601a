"""Every command: its help, its exit codes, and what it says to whom is wrong."""

import base64
import json
import socket
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from lib import settings
from lib.cli import terminal
from lib.local.home import SQL, database
from lib.store import sql_script
from tests.cli import process
from tests.cli.conftest import Command

COMMANDS: tuple[tuple[str, ...], ...] = (
    *((), ("init",), ("serve",), ("collect",), ("rebalance",), ("accounts",), ("accounts", "add")),
    *(("accounts", "list"), ("history",), ("migrate",), ("keygen",), ("demo",), ("demo", "exchange")),
)
OPENING = (("serve",), ("collect",), ("rebalance",), ("accounts", "list"), ("history",), ("migrate",))


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_help_is_everywhere_and_names_every_command(command: Command, arguments: tuple[str, ...]) -> None:
    done = command(*arguments, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"usage: monitor {' '.join(arguments)}".rstrip())
    for longer in COMMANDS:
        if longer and longer[:-1] == arguments:
            assert longer[-1] in done.out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "COMMAND"),
        (("frobnicate",), "frobnicate"),
        (("accounts",), "PART"),
        (("accounts", "add"), "name"),
        (("accounts", "add", "Main", "key", "secret"), "key secret"),  # a secret is never an argument
        (("history", "--range", "2d"), "--range"),
        (("history", "--json", "--csv"), "--csv"),
        (("collect", "--bogus"), "--bogus"),
        (("logs", "--limit", "0"), "--limit: must be a whole number from 1 to 500, not '0'"),
        (("logs", "--limit", "2000"), "not '2000'"),
        (("flows", "add", "main", "9999-12-31T23:59:59-10:00", "5", "--reason", "x"), "at: must be a time"),
        (("demo", "exchange", "--port", "99999"), "--port"),
        (("demo", "exchange", "--port", "-1"), "--port"),
        (("demo", "exchange", "--port", "http"), "--port"),
    ],
)
def test_wrong_use_is_exit_2_with_what_was_wrong(command: Command, arguments: tuple[str, ...], named: str) -> None:
    done = command(*arguments)
    assert (done.code, done.out) == (2, "")
    assert named in done.err
    assert len(done.err) < 600
    assert "Traceback" not in done.err


@pytest.mark.parametrize("arguments", OPENING, ids=" ".join)
@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "eighty"), ("DEMO_MODE", "maybe"), ("ENCRYPTION_KEY", "hunter2"), ("DATABASE_URL", "hunter2@db")],
)
def test_a_wrong_setting_is_exit_2_with_its_name_and_never_its_secret(
    command: Command, arguments: tuple[str, ...], name: str, value: str
) -> None:
    done = command(*arguments, **{name: value})
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"monitor: {name} ")
    assert "hunter2" not in done.err


def test_who_stops_reading_hears_nothing_more(tmp_path: Path) -> None:
    """It was a traceback."""
    with subprocess.Popen(
        process.command(tmp_path, "migrate", "--print"),
        env=process.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        running.stdout.close()
        _, err = running.communicate(timeout=process.PATIENCE_S)
    assert (running.returncode, err) == (1, "")


def test_a_file_where_the_data_should_lie_is_named_without_a_traceback(command: Command) -> None:
    terminal.DATA.write_text("")
    done = command("accounts", "list")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[-1] == f"monitor: {terminal.DATA / 'demo'}: Not a directory"


@pytest.mark.parametrize("arguments", OPENING, ids=" ".join)
def test_a_missing_setting_is_exit_2_with_its_name(command: Command, arguments: tuple[str, ...]) -> None:
    done = command(*arguments, DEMO_MODE="false", PORT="0")
    assert done.code == 2
    assert "ENCRYPTION_KEY is not set" in done.err
    assert "Demo mode" not in done.err


def test_a_database_that_is_away_is_exit_1_and_its_password_is_not_said(command: Command, own: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    away = own | {"DATABASE_URL": f"postgresql://me:hunter2@127.0.0.1:{port}/x?connect_timeout=1"}
    done = command("migrate", **away)
    assert done.code == 1
    assert done.err.startswith("monitor: ")
    assert "hunter2" not in done.err
    assert "Traceback" not in done.err


def test_keygen_prints_a_fresh_key_whatever_the_settings(command: Command) -> None:
    one, two = command("keygen"), command("keygen", PORT="broken", ENCRYPTION_KEY="broken")
    for done in (one, two):
        assert (done.code, done.err) == (0, "")
        assert len(base64.b64decode(done.out.strip(), validate=True)) == 32
    assert one.out != two.out


def test_init_writes_a_private_file_that_leaves_demo_mode_and_shows_no_secret(command: Command) -> None:
    done = command("init")
    assert done.code == 0
    assert stat.S_IMODE(terminal.DOTENV.stat().st_mode) == 0o600
    found = settings.read({}, terminal.DOTENV)
    assert (found.demo, settings.missing(found)) == (False, ())
    assert found.cron_secret
    assert found.api_token
    assert found.cron_secret != found.api_token
    for line in terminal.DOTENV.read_text().splitlines():
        assert line.startswith("#") or line.partition("=")[2] not in done.out + done.err


@pytest.mark.parametrize("password", ["correct horse", 'it\'s a \\ #"${HOME}"', "пароль=да!! ", "'quoted all over'"])
def test_init_keeps_a_password_as_it_was_typed(
    command: Command, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    typed = iter([password, password])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    done = command("init")
    assert (done.code, "log in on the page" in done.out) == (0, True)
    assert settings.read({}, terminal.DOTENV).dashboard_password == password.strip()
    assert password.strip() not in done.out + done.err


@pytest.mark.parametrize(("typed", "says"), [(["short", "short"], "at least 10"), (["long enough", "else"], "differ")])
def test_init_writes_nothing_where_the_password_will_not_do(
    command: Command, monkeypatch: pytest.MonkeyPatch, typed: list[str], says: str
) -> None:
    answers = iter(typed)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    done = command("init")
    assert (done.code, says in done.err) == (2, True)
    assert not terminal.DOTENV.exists()


def test_init_takes_the_password_of_the_environment_and_goes_without(command: Command) -> None:
    assert "No password was set" in command("init").out
    terminal.DOTENV.unlink()
    assert command("init", DASHBOARD_PASSWORD="from outside").code == 0
    assert settings.read({}, terminal.DOTENV).dashboard_password == "from outside"


@pytest.mark.parametrize("there", ["ENCRYPTION_KEY=mine\n", ""])
def test_init_never_overwrites(command: Command, there: str) -> None:
    terminal.DOTENV.write_text(there)
    done = command("init")
    assert done.code == 2
    assert ".env is there already" in done.err
    assert terminal.DOTENV.read_text() == there


def test_init_does_not_write_through_a_link(command: Command, tmp_path: Path) -> None:
    terminal.DOTENV.symlink_to(tmp_path / "elsewhere")
    assert command("init").code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_init_where_nothing_can_be_written_was_a_traceback(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "DOTENV", tmp_path / "nowhere" / ".env")
    done = command("init")
    assert done.code == 2
    assert ".env cannot be written" in done.err


def test_migrate_print_writes_the_script_and_needs_nothing(command: Command) -> None:
    done = command("migrate", "--print", PORT="broken")
    assert (done.code, done.err) == (0, "")
    assert done.out.strip() == sql_script.render(SQL).strip()


def test_migrate_brings_another_postgres_up_to_date_once(command: Command, empty_database: str) -> None:
    own = {"DATABASE_URL": empty_database.replace("@/", "@localhost/"), "ENCRYPTION_KEY": command("keygen").out.strip()}
    before = command("accounts", "list", **own)
    assert before.code == 1
    assert "./monitor migrate" in before.err
    first, second = command("migrate", **own), command("migrate", **own)
    assert (first.code, second.code) == (0, 0)
    assert first.out.count("applied ") == len(list((SQL / "migrations").glob("*.sql")))
    assert second.out.count("applied ") == 0
    version = int(first.out.split()[-1].rstrip("."))
    assert json.loads(command("migrate", "--json", **own).out) == {"applied": [], "version": version}
    listed = command("accounts", "list", **own)
    assert (listed.code, listed.err) == (0, "")
    assert listed.out == "No account yet: ./monitor accounts add NAME\n"


def test_migrate_brings_back_what_somebody_dropped_from_the_embedded_database(command: Command, tmp_path: Path) -> None:
    own = {"ENCRYPTION_KEY": command("keygen").out.strip()}
    first = command("migrate", "--json", **own)
    assert len(json.loads(first.out)["applied"]) == len(list((SQL / "migrations").glob("*.sql")))
    with database(settings.read(own), tmp_path / "data") as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("drop function public.newest_snapshot()")
        again = command("migrate", **own)
        assert (again.code, again.out.count("applied ")) == (0, 0)
        assert connection.execute("select public.newest_snapshot()").fetchone() == (None,)


def test_migrate_of_a_hosted_store_says_which_address_it_lacks(command: Command) -> None:
    done = command("migrate", SUPABASE_URL="https://abc.supabase.co", SUPABASE_SECRET_KEY="sb_secret_hunter2")
    assert done.code == 2
    assert "SUPABASE_DB_URL is not set" in done.err
    assert "migrate --print" in done.err
    assert "hunter2" not in done.err
