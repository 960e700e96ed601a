"""The file that makes a hosted database call us every hour, over stand-ins for the extensions that only a host has."""

import json
from typing import Any

import psycopg
import pytest

from lib.store import sql_files, sql_script
from tests.database import SQL

TRIGGER = SQL / "hosted" / "trigger.sql"
EXTENSIONS = ("create extension if not exists pg_cron;\n", "create extension if not exists pg_net;\n")
SECRET, ADDRESS = "s3cret-of-cron", "https://monitor.example.com/"
# The signatures are those of pg_cron 1.6, pg_net 0.14 and supabase_vault 0.3.
PLATFORM = """
create schema vault; create schema cron; create schema net;
create table vault.secrets (name text unique, decrypted_secret text);
create view vault.decrypted_secrets as select * from vault.secrets;
create table cron.job (jobname text primary key, schedule text, command text);
create table cron.job_run_details (end_time timestamptz);
create function cron.schedule(job_name text, schedule text, command text) returns bigint language sql as $$
    insert into cron.job values ($1, $2, $3)
        on conflict (jobname) do update set schedule = excluded.schedule, command = excluded.command;
    select 1::bigint
$$;
create table net.request (url text, body jsonb, headers jsonb, timeout_milliseconds integer);
create function net.http_post(
    url text, body jsonb default '{}', params jsonb default '{}',
    headers jsonb default '{"Content-Type": "application/json"}', timeout_milliseconds integer default 5000)
returns bigint language sql as $$ insert into net.request values ($1, $2, $4, $5); select 1::bigint $$;
"""


def trigger() -> str:
    text = TRIGGER.read_text()
    for extension in EXTENSIONS:
        assert extension in text
        text = text.replace(extension, "")
    return text


@pytest.fixture
def hosted(empty_database: str) -> Any:
    """A database that looks like a hosted one as far as the trigger can see."""
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(PLATFORM)
        yield connection


def keep_secrets(hosted: psycopg.Connection) -> None:
    query = "insert into vault.secrets values ('monitor_address', %s), ('monitor_cron_secret', %s)"
    hosted.execute(query, (ADDRESS, SECRET))


def test_the_job_calls_collect_with_the_secret_of_the_vault_and_waits_for_its_answer(
    hosted: psycopg.Connection,
) -> None:
    keep_secrets(hosted)
    hosted.execute(trigger().encode())
    jobs = {
        name: (schedule, command) for name, schedule, command in hosted.execute("select * from cron.job").fetchall()
    }
    schedule, command = jobs["monitor-collect"]
    assert schedule == "2,32 * * * *"
    hosted.execute(command.encode())
    (request,) = hosted.execute("select url, body, headers, timeout_milliseconds from net.request").fetchall()
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
    assert request == ("https://monitor.example.com/api/collect", {}, headers, 120_000)
    assert SECRET not in json.dumps(jobs)


def test_what_pg_cron_tells_is_thinned(hosted: psycopg.Connection) -> None:
    keep_secrets(hosted)
    hosted.execute(trigger().encode())
    hosted.execute("insert into cron.job_run_details values (now() - interval '8 days'), (now())")
    (command,) = hosted.execute("select command from cron.job where jobname = 'monitor-trim'").fetchone() or ("",)
    hosted.execute(command.encode())
    assert hosted.execute("select count(*) from cron.job_run_details").fetchone() == (1,)


def test_pasted_twice_it_is_there_once_and_a_changed_secret_counts_at_once(hosted: psycopg.Connection) -> None:
    keep_secrets(hosted)
    for _ in range(2):
        hosted.execute(trigger().encode())
    assert hosted.execute("select count(*) from cron.job").fetchone() == (2,)
    hosted.execute("update vault.secrets set decrypted_secret = 'another' where name = 'monitor_cron_secret'")
    (command,) = hosted.execute("select command from cron.job where jobname = 'monitor-collect'").fetchone() or ("",)
    hosted.execute(command.encode())
    assert hosted.execute("select headers->>'Authorization' from net.request").fetchall() == [("Bearer another",)]


@pytest.mark.parametrize("missing", ["monitor_address", "monitor_cron_secret"])
def test_a_secret_that_is_missing_is_named_and_no_job_is_made(hosted: psycopg.Connection, missing: str) -> None:
    keep_secrets(hosted)
    hosted.execute("delete from vault.secrets where name = %s", (missing,))
    with pytest.raises(psycopg.errors.RaiseException, match=missing) as refused:
        hosted.execute(trigger().encode())
    assert "vault.create_secret" in str(refused.value.diag.message_hint)
    assert hosted.execute("select count(*) from cron.job").fetchone() == (0,)


def test_it_is_applied_nowhere_else() -> None:
    applied = [*sql_files.migrations(SQL), *sql_files.reapplied(SQL), *sql_files.local(SQL)]
    assert all("hosted" not in file.place for file in applied)
    assert "pg_cron" not in sql_script.render(SQL)
