"""`./monitor logs`: what runs told, filtered, and followed as it comes."""

import json
import signal
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import Command, Served
from tests.cli.process import running
from tests.cli.test_own_accounts import add


@pytest.fixture
def told(command: Command, exchange: Served, own: dict[str, str]) -> dict[str, str]:
    """The settings of somebody of whom a run told: one account was added and collected."""
    assert add(command, exchange, own).code == 0
    return own


@pytest.mark.parametrize(
    ("arguments", "events"),
    [
        ((), ["account.stored", "run.finished"]),
        (("--limit", "1"), ["run.finished"]),
        (("--event", "account"), ["account.stored"]),
        (("--account", "main"), ["account.stored"]),
        (("--account", "all", "--limit", "1"), ["run.finished"]),
        (("--account", "main", "--event", "run"), []),
        (("--level", "warning"), []),
        (("--find", "1 STORED"), ["run.finished"]),
        (("--run", "nothing"), []),
    ],
)
def test_entries_are_shown_oldest_first_and_filtered(
    command: Command, told: dict[str, str], arguments: tuple[str, ...], events: list[str]
) -> None:
    shown, parsed = command("logs", *arguments, **told), command("logs", *arguments, "--json", **told)
    assert (shown.code, parsed.code, shown.err) == (0, 0, "")
    assert [line.split()[4] for line in shown.out.splitlines()] == events
    assert [json.loads(line)["event"] for line in parsed.out.splitlines()] == events


@pytest.mark.parametrize("limit", ["0", "501", "many"])
def test_a_number_beyond_what_is_read_is_wrong_use(command: Command, limit: str) -> None:
    done = command("logs", "--limit", limit)
    assert (done.code, done.out) == (2, "")
    assert "--limit" in done.err


def test_what_runs_go_on_telling_is_followed_until_ctrl_c(
    command: Command, told: dict[str, str], tmp_path: Path
) -> None:
    with running(tmp_path, "logs", "--follow", "--json", prints=True, **told) as following:
        first = json.loads(following.until("run.finished"))
        assert command("collect", "--force", **told).code == 0
        second = json.loads(following.until("run.finished"))
        assert following.stop(signal.SIGINT) == 0
    assert first["run"] != second["run"]
    events = [json.loads(line)["event"] for line in following.told]
    first_run = ["account.stored", "run.finished"]
    assert events == [*first_run, "account.restated", "account.stored", "account.estimated", "run.finished"]


def test_who_follows_waits_for_a_database_that_was_away(
    command: Command, told: dict[str, str], database: str, tmp_path: Path
) -> None:
    with (
        running(tmp_path, "logs", "--follow", prints=True, **told) as following,
        psycopg.connect(database, autocommit=True) as administrator,
    ):
        following.until("run.finished")
        (kept,) = administrator.execute("select pg_get_functiondef('read_logs'::regproc)").fetchone() or ("",)
        administrator.execute(
            "create or replace function read_logs(p_limit integer, p_levels text[] default null, p_account text default"
            " null, p_event text default null, p_run text default null, p_text text default null, p_after bigint"
            " default null, p_before bigint default null) returns jsonb language plpgsql as"
            " $$ begin raise sqlstate '57P03'; end $$"
        )
        following.until("looking again")
        administrator.execute(kept.encode())
        assert command("collect", "--force", **told).code == 0
        following.until("run.finished")


def test_a_command_tells_of_its_run_where_that_was_asked_for(command: Command, told: dict[str, str]) -> None:
    unasked = command("collect", "--force", **told)
    assert {json.loads(line)["level"] for line in unasked.err.splitlines()} <= {"warning"}  # of a clock that is off
    asked = command("collect", "--force", **told, LOG_LEVEL="INFO")
    assert [json.loads(line)["event"] for line in asked.err.splitlines()][-1] == "run.finished"
