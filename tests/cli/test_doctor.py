"""`./monitor doctor` as a process of its own: what it prints, and its exit code."""

import json
from pathlib import Path

import psycopg
import pytest

from lib.vault import generate_key
from tests.cli.conftest import Served
from tests.cli.process import run

KEY = generate_key()
HOSTS = ("API", "FAPI", "DAPI", "EAPI", "DATA")
NOWHERE = {f"BINANCE_{host}_URL": "http://127.0.0.1:9" for host in HOSTS}


@pytest.fixture
def own(database: str, exchange: Served) -> dict[str, str]:
    return {
        **{f"BINANCE_{host}_URL": exchange.url for host in HOSTS},
        "DATABASE_URL": database.replace("@/", "@localhost/"),
        "ENCRYPTION_KEY": KEY,
        "CRON_SECRET": generate_key(),
        "API_TOKEN": generate_key(),
    }


def test_in_demo_mode_it_makes_nothing_and_finds_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor")
    assert (done.returncode, list(tmp_path.iterdir())) == (0, [])
    assert done.stdout.endswith("Everything that was looked at is fine.\n")


def test_only_warnings_are_another_exit_code_than_problems(own: dict[str, str], tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", **own)
    assert (done.returncode, done.stderr) == (3, "")
    assert "warning  accounts      there is none yet\n" in done.stdout
    assert "-> ./monitor accounts add NAME\n" in done.stdout
    assert done.stdout.endswith("\n\n1 warning.\n")


def test_a_problem_has_its_remedy_in_both_forms(own: dict[str, str], tmp_path: Path) -> None:
    with psycopg.connect(own["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("alter table public.flows disable row level security")
    done = run(tmp_path, "doctor", **own)
    assert done.returncode == 1
    assert "-> alter table public.flows enable row level security;\n" in done.stdout

    done = run(tmp_path, "doctor", "--json", **own)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["status"]) == (1, "problem")
    assert {
        "level": "problem",
        "subject": "row security",
        "message": "public.flows has row level security off",
        "remedy": "alter table public.flows enable row level security;",
    } in answer["findings"]


def test_wrong_settings_are_findings_and_no_wrong_use(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", "--json", ENCRYPTION_KEY="hidden", PORT="many")
    assert done.returncode == 1
    told = [finding["message"] for finding in json.loads(done.stdout)["findings"]]
    assert [each.split()[0] for each in told] == ["ENCRYPTION_KEY", "PORT"]
    assert "hidden" not in done.stdout + done.stderr


def test_a_database_that_does_not_answer_leaves_no_trace_of_the_password(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", DATABASE_URL="postgresql://me:hidden@127.0.0.1:1/x", ENCRYPTION_KEY=KEY, **NOWHERE)
    assert done.returncode == 1
    assert "cannot be reached" in done.stdout
    assert "hidden" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_exchange_and_every_key_are_looked_at(own: dict[str, str], exchange: Served, tmp_path: Path) -> None:
    account = exchange.exchange.world.account("Main")
    keys = {"BINANCE_API_KEY": account.api_key, "BINANCE_API_SECRET": account.api_secret}
    assert run(tmp_path, "accounts", "add", "Main", **own, **keys).returncode == 0
    done = run(tmp_path, "doctor", **own)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"ok       exchange        {exchange.url} answers this machine\n" in done.stdout
    assert "ok       keys            Main: reads every wallet, usable from any address\n" in done.stdout
    done = run(tmp_path, "doctor", "--json", **own | NOWHERE)
    told = [one for one in json.loads(done.stdout)["findings"] if one["subject"] == "exchange"]
    assert (done.returncode, len(told)) == (1, len(HOSTS))
    assert all("BINANCE_" in one["remedy"] for one in told)
